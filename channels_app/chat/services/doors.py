"""From a public key to its channel, and which pages may use it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection

from channels_app.models import ChannelAccount
from helpdesk.foundation.errors import HelpdeskError, NotFoundError

#: A key never moves to another channel, so this may be old; whether the channel is on is always read.
KEY_SECONDS = 60.0
_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Door:
    workspace_id: UUID
    channel_id: UUID


class ForeignOriginError(HelpdeskError):
    """A page that the merchant did not name."""

    code = "origin_refused"
    status = 403


_doors: dict[str, tuple[float, Door]] = {}


def door_of(public_key: str) -> Door:
    """Return where a public key leads, across workspaces. Raises NotFoundError."""
    known = _doors.get(public_key)
    now = time.monotonic()
    if known is not None and now - known[0] < KEY_SECONDS:
        return known[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT workspace_id, channel_id FROM route_public_key(%s)", [public_key[:40]]
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFoundError("There is no chat by this key.")
    if len(_doors) > _MOST_KEYS:
        _doors.clear()
    door = Door(workspace_id=row[0], channel_id=row[1])
    _doors[public_key] = (now, door)
    return door


def open_account(door: Door) -> ChannelAccount:
    """Return the account of a chat that is switched on, inside its scope. Raises NotFoundError."""
    account: ChannelAccount | None = (
        ChannelAccount.objects.select_related("channel")
        .filter(channel_id=door.channel_id, channel__kind="chat", channel__is_active=True)
        .first()
    )
    if account is None:
        raise NotFoundError("There is no chat by this key.")
    return account


def check_origin(origin: str | None, *, own_host: str, chosen: Mapping[str, Any]) -> None:
    """Refuse a page that the merchant did not name. No Origin: no browser page, the token decides.

    Raises ForeignOriginError.
    """
    if origin is None or is_own(origin, own_host) or origin_form(origin) in named_origins(chosen):
        return
    raise ForeignOriginError(
        "This page may not use this chat. Its owner can add it to the allowed pages in the settings."
    )


def is_own(origin: str, own_host: str) -> bool:
    """Say whether a page of ours asks; ``own_host`` is the request's checked Host."""
    parts = urlsplit(origin)
    return origin_form(origin) == origin_form(settings.BASE_URL) or (
        parts.scheme in {"http", "https"} and bool(own_host) and parts.netloc == own_host
    )


def named_origins(chosen: Mapping[str, Any]) -> set[str]:
    """Return the merchant's pages; a list, or text with one in each line."""
    given = chosen.get("allowed_origins") or []
    lines = given.split() if isinstance(given, str) else given
    return {form for form in (origin_form(str(one)) for one in lines) if form}


def origin_form(text: str) -> str:
    """Return scheme, host and port in the form browsers send; "" for anything else."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    standard = {"http": 80, "https": 443}[parts.scheme]
    suffix = f":{port}" if port and port != standard else ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{suffix}"
