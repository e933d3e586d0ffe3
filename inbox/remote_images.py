"""Links to remote pictures that lead through us, so that a sender learns nothing of the reader."""

import time

from django.core.signing import BadSignature, Signer
from django.urls import reverse

#: A link is the same all day, so that browsers keep the picture, and dies the day after.
DAY = 24 * 3600


def remote_path(url: str) -> str:
    """Return our own address of a foreign picture."""
    today = int(time.time()) // DAY
    token = _signer().sign_object([today, url], compress=True)
    return reverse("inbox:remote_image", args=[token])


def open_remote(token: str) -> str | None:
    """Return the picture's address of a link, or None when it is forged or too old."""
    try:
        day, url = _signer().unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(url) if int(time.time()) // DAY - int(day) <= 1 else None


def _signer() -> Signer:
    return Signer(salt="inbox.remote_image")
