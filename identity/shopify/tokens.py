"""Tokens from Shopify: exchanged for a page's token or a code, and refreshed.

Offline tokens live an hour, their refresh tokens ninety days; both change at each refresh, and the
old refresh token works until the new one was used, so that a lost answer can be asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from identity.shopify.client import Client, base_url, shared_client
from identity.shopify.errors import (
    AnswerLostError,
    ShopFrozenError,
    ShopGoneError,
    TokenRefusedError,
)
from identity.shopify.session import SessionTokenError

logger = structlog.get_logger(__name__)

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name, not a secret
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


@dataclass(frozen=True, slots=True)
class Grant:
    """A pair of tokens and what it allows."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: tuple[str, ...]
    expires_at: datetime | None
    refresh_expires_at: datetime | None

    @property
    def secrets(self) -> dict[str, str]:
        """Return what is kept sealed."""
        return {"access_token": self.access_token, "refresh_token": self.refresh_token}


def exchange_page_token(shop: str, token: str, *, client: Client | None = None) -> Grant:
    """Get a token for a shop whose admin shows our page. Raises SessionTokenError."""
    body = {
        "grant_type": _EXCHANGE,
        "subject_token": token,
        "subject_token_type": _ID_TOKEN,
        "requested_token_type": _OFFLINE,
        "expiring": "1",
    }
    return _ask(shop, body, client, tries=2)


def exchange_code(shop: str, code: str, *, client: Client | None = None) -> Grant:
    """Get a token for the code that the consent page sent back."""
    return _ask(shop, {"code": code, "expiring": "1"}, client, tries=1)


def refresh(shop: str, refresh_token: str, *, client: Client | None = None) -> Grant:
    """Get the next pair. Raises TokenRefusedError when the shop has to be opened by a person."""
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _ask(shop, body, client, tries=3)


def _ask(shop: str, body: Mapping[str, Any], client: Client | None, *, tries: int) -> Grant:
    url = f"{base_url(shop)}/admin/oauth/access_token"
    app = {
        "client_id": settings.SHOPIFY_API_KEY,
        "client_secret": settings.SHOPIFY_API_SECRET,
    }
    now = timezone.now()
    status, answer = (client or shared_client()).post_json(url, {**app, **body}, tries=tries)
    if status == 200 and isinstance(answer.get("access_token"), str):
        return Grant(
            access_token=answer["access_token"],
            refresh_token=str(answer.get("refresh_token") or ""),
            scopes=tuple(part for part in str(answer.get("scope") or "").split(",") if part),
            expires_at=_after(now, answer.get("expires_in")),
            refresh_expires_at=_after(now, answer.get("refresh_token_expires_in")),
        )
    error = str(answer.get("error") or "")
    logger.warning("shopify.no_token", shop=shop, status=status, error=error[:60])
    if error == "invalid_subject_token":
        raise SessionTokenError("This page was open for too long. Open it again.")
    if status == 402:
        raise ShopFrozenError("Shopify has paused this shop. Its owner can mend that with Shopify.")
    if status == 404:
        raise ShopGoneError("There is no such shop any more.")
    if 400 <= status < 500:
        raise TokenRefusedError("The shop gives us no key. Open the app in Shopify once.")
    raise AnswerLostError("Shopify did not answer. Try again in a minute.")


def _after(now: datetime, seconds: Any) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if isinstance(seconds, int) and seconds else None
