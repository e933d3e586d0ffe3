"""A shop that waits to be told its workspace: kept sealed for half an hour, under a random key.

Its key is worth nothing to a stranger: taking it needs an admin's own sign-in, and then connects the
shop to the admin's own workspace. Losing it costs the merchant one more click.
"""

import json
from datetime import datetime

from django.core.cache import cache

from helpdesk.foundation.crypto import decrypt, encrypt
from helpdesk.foundation.signing import fingerprint, new_secret
from identity.commerce.facts import StoreFacts
from identity.services.stores import Credentials
from identity.shopify.install import Arrival

LIFETIME_SECONDS = 1800


def keep(arrival: Arrival, *, user: str) -> str:
    """Put an arrival aside and return its key."""
    key = new_secret()
    credentials = arrival.credentials
    told = {
        "facts": arrival.facts.to_json(),
        "owner_email": arrival.owner_email,
        "owner_name": arrival.owner_name,
        "secrets": credentials.secrets,
        "scopes": list(credentials.scopes),
        "expires_at": _text(credentials.expires_at),
        "refresh_expires_at": _text(credentials.refresh_expires_at),
        "user": user,
    }
    cache.set(_name(key), encrypt(json.dumps(told)), LIFETIME_SECONDS)
    return key


def look(key: str) -> tuple[Arrival, str] | None:
    """Return the arrival and the shop's user; None when its time is over."""
    sealed = cache.get(_name(key))
    if not sealed:
        return None
    told = json.loads(decrypt(sealed))
    arrival = Arrival(
        facts=StoreFacts.from_json(told["facts"]),
        owner_email=told["owner_email"],
        owner_name=told["owner_name"],
        credentials=Credentials(
            secrets=told["secrets"],
            scopes=tuple(told["scopes"]),
            expires_at=_time(told["expires_at"]),
            refresh_expires_at=_time(told["refresh_expires_at"]),
        ),
    )
    return arrival, str(told["user"])


def drop(key: str) -> None:
    """Forget an arrival that was taken."""
    cache.delete(_name(key))


def _name(key: str) -> str:
    return f"shopify-claim:{fingerprint(key)}"


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
