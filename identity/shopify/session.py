"""What we take from Shopify's own Python package, and the only file that imports it.

Session tokens, OAuth signatures, shop domains and scopes: the parts without state. Never its global
session, its GraphQL class or a resource: they share one shop between threads. It is imported where
it is used, because importing it loads a class for every REST resource (12 MB).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from helpdesk.foundation.errors import HelpdeskError

#: The tenth of a domain that ShopifyAPI lets through and a header must not hold.
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com\Z")
#: ShopifyAPI accepts tokens without these.
_TIMES = ("exp", "nbf", "iat")


class SessionTokenError(HelpdeskError):
    """The page's token is missing, stale or not ours: the page asks for a new one."""

    code = "session_token"
    status = 401


class NotConfiguredError(HelpdeskError):
    """This installation has no Shopify app."""

    code = "shopify_not_configured"
    status = 503


@dataclass(frozen=True, slots=True)
class PageSession:
    """Who looks at the page inside Shopify's admin: a shop, and a user id of that shop."""

    shop: str
    user: str
    token: str


def secrets_in_use() -> tuple[str, ...]:
    """Return the app's secret, then the one before it while Shopify rotates."""
    both = (settings.SHOPIFY_API_SECRET, settings.SHOPIFY_OLD_API_SECRET)
    return tuple(secret for secret in both if secret)


def require_app() -> None:
    """Raise NotConfiguredError unless this installation has an app."""
    if not (settings.SHOPIFY_API_KEY and settings.SHOPIFY_API_SECRET):
        raise NotConfiguredError(
            "This installation is not set up for Shopify yet: set SHOPIFY_API_KEY and "
            "SHOPIFY_API_SECRET (docs/settings.md)."
        )


def shop_domain(text: str) -> str:
    """Return the shop's domain in its one form, or "" for anything else, look-alikes included."""
    from shopify.utils import shop_url

    found = shop_url.sanitize_shop_domain(text)
    return str(found) if found and _DOMAIN.match(found) else ""


def read_session_token(token: str) -> PageSession:
    """Return whose page it is. Raises SessionTokenError; the shop comes from the token alone."""
    from shopify import session_token

    for secret in secrets_in_use():
        try:
            claims = session_token.decode_from_header(
                f"{session_token.PREFIX}{token}", settings.SHOPIFY_API_KEY, secret
            )
        except session_token.SessionTokenError:
            continue
        shop = shop_domain(str(claims["dest"]))
        if not shop or any(claims.get(name) is None for name in _TIMES):
            break
        return PageSession(shop=shop, user=str(claims["sub"]), token=token)
    raise SessionTokenError("This page was open for too long. Open it again.")


def query_is_signed(params: Mapping[str, str]) -> bool:
    """Say whether an OAuth query string was signed by Shopify within the last day."""
    from shopify import Session

    if not params.get("timestamp", "").isdigit():
        return False
    for secret in secrets_in_use():
        # The secret is a class attribute there; a class of our own keeps it from everybody else.
        signer: Any = type("Signer", (Session,), {"secret": secret})
        if signer.validate_params(dict(params)):
            return True
    return False


def missing_scopes(granted: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Return what is wanted and not granted; write implies read."""
    from shopify import ApiAccess

    held = ApiAccess(list(granted))
    return [scope for scope in wanted if not held.covers(ApiAccess([scope]))]
