"""Links to pictures of shops that lead through us: no foreign host in the inbox, none learns who reads."""

import time
from functools import lru_cache
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

#: A link is the same all day, so that browsers keep the picture, and dies the day after.
DAY = 24 * 3600
#: Hosts that scale a picture when asked to, and the points needed for 40 on a dense screen.
SCALED_BY = frozenset({"cdn.shopify.com"})
WIDTH = 120


def picture_path(url: str) -> str:
    """Return our own address of a picture a shop named; empty for none."""
    return _path(url, int(time.time()) // DAY) if url else ""


@lru_cache(maxsize=4096)
def _path(url: str, today: int) -> str:
    token = _signer().sign_object([today, url], compress=True)
    return reverse("inbox:shop_picture", args=[token])


def open_picture(token: str) -> str | None:
    """Return what to fetch for a link, or None when it is forged or too old."""
    try:
        day, url = _signer().unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if int(time.time()) // DAY - int(day) > 1:
        return None
    return _small(str(url))


def is_of_the_operator(url: str) -> bool:
    """Say whether the operator named this place as the shops', as a demonstration does."""
    before, found, _ = settings.SHOPIFY_BASE_URL.partition("{shop}")
    return bool(found) and "/" in before.partition("://")[2] and url.startswith(before)


def _small(url: str) -> str:
    parts = urlsplit(url)
    if parts.hostname not in SCALED_BY or "width=" in parts.query:
        return url
    query = "&".join(one for one in (parts.query, urlencode({"width": WIDTH})) if one)
    return urlunsplit(parts._replace(query=query))


def _signer() -> Signer:
    return Signer(salt="inbox.shop_picture")
