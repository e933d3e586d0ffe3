"""Channels and their accounts, and the step that makes a provider's event durable."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from channels_app.contract import Account, Keys
from channels_app.models import ChannelAccount, InboundEvent
from helpdesk.foundation import rows
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.signing import new_lowercase_token
from identity.tenancy import require_workspace_id, tenant_scope
from inbox.capabilities import Capabilities
from inbox.models import Channel

#: What makes an event the same one again.
ONCE = "workspace_id, channel_id, dedupe_key"
#: A changed credential works everywhere within this many seconds.
_ROUTE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Route:
    """A channel as its webhook door needs it, read once in a while, not once per event."""

    workspace_id: UUID
    channel_id: UUID
    kind: str
    hook_key: str
    account: Account


_routes: dict[UUID, tuple[float, Route | None]] = {}


def create_channel(
    *,
    kind: str,
    name: str,
    capabilities: Capabilities,
    address: str = "",
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    hook_key: str = "",
) -> Channel:
    """Make a channel with its account, ready to receive, in the open scope."""
    with transaction.atomic():
        channel = Channel.objects.create(
            kind=kind,
            name=name,
            address=address.strip().lower(),
            public_key=f"pk_{new_lowercase_token(15)}",
            capabilities=capabilities.as_json(),
        )
        ChannelAccount.objects.create(
            channel=channel,
            hook_key=hook_key or new_lowercase_token(),
            settings=dict(settings or {}),
            secrets=dict(secrets or {}),
        )
    return channel


def update_account(
    *,
    channel: Channel,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> ChannelAccount:
    """Merge settings and secrets in; an empty secret removes it. Clears the trouble banner."""
    account = ChannelAccount.objects.select_for_update().get(channel=channel)
    account.settings = {**account.settings, **(settings or {})}
    merged = {**account.secrets, **(secrets or {})}
    account.secrets = {name: value for name, value in merged.items() if value}
    account.trouble = ""
    account.save()
    transaction.on_commit(lambda: forget_route(channel.pk))
    return account


def account_of(channel: Channel) -> Account:
    """Return what the adapter may know of a channel, secrets opened."""
    return _as_account(channel, ChannelAccount.objects.get(channel=channel))


def report_trouble(*, channel_id: UUID, text: str) -> None:
    """Keep a refusal of our credentials where the settings page and banner show it."""
    ChannelAccount.objects.filter(channel_id=channel_id).exclude(trouble=text).update(trouble=text)


def route_of(channel_id: UUID) -> Route | None:
    """Return the channel a hook names, across workspaces, or None. Cached for ten seconds."""
    known = _routes.get(channel_id)
    now = time.monotonic()
    if known is not None and now - known[0] < _ROUTE_SECONDS:
        return known[1]
    route = _read_route(channel_id)
    if len(_routes) > 10_000:
        _routes.clear()
    _routes[channel_id] = (now, route)
    return route


def forget_route(channel_id: UUID) -> None:
    """Read the channel anew at its next event, in this process."""
    _routes.pop(channel_id, None)


def ingest_raw_event(
    *,
    route: Route,
    source: str,
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    old: bool = False,
) -> tuple[UUID, bool]:
    """Make one raw event durable. Returns (event id, whether it is new).

    One statement, one short transaction: the provider gets its answer when this has committed.
    """
    event = InboundEvent(
        id=uuid7(),
        workspace_id=route.workspace_id,
        channel_id=route.channel_id,
        source=source,
        dedupe_key=keys.dedupe[:200],
        order_key=f"{route.kind}:{keys.order}"[:200],
        headers=dict(headers),
        body=body,
        old=old,
    )
    with tenant_scope(route.workspace_id):
        if rows.insert(event, or_ignore=ONCE):
            return event.pk, True
        known: UUID = InboundEvent.objects.values_list("pk", flat=True).get(
            channel_id=route.channel_id, dedupe_key=event.dedupe_key
        )
    return known, False


def _read_route(channel_id: UUID) -> Route | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM route_channel(%s)", [channel_id])
        row = cursor.fetchone()
    if row is None:
        return None
    with tenant_scope(row[0]):
        account = (
            ChannelAccount.objects.select_related("channel").filter(channel_id=channel_id).first()
        )
        if account is None:
            return None
        return Route(
            workspace_id=require_workspace_id(),
            channel_id=channel_id,
            kind=account.channel.kind,
            hook_key=account.hook_key,
            account=_as_account(account.channel, account),
        )


def _as_account(channel: Channel, account: ChannelAccount) -> Account:
    return Account(
        channel_id=str(channel.pk),
        workspace_id=str(channel.workspace_id),
        address=channel.address,
        name=channel.name,
        settings=account.settings,
        secrets=account.secrets,
    )
