"""What admins do with channels: make, change, switch off and on, renew secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from channels_app.chat.adapter import CAPABILITIES as CHAT_CAN
from channels_app.chat.services.appearance import create_chat_channel
from channels_app.email.adapter import CAPABILITIES as MAIL_CAN
from channels_app.models import ChannelAccount
from channels_app.services import create_channel, forget_route, update_account
from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.signing import new_secret
from inbox.models import Channel, ChannelKind

#: Services that sign in to our hook with a user and a password we make.
BASIC_SERVICES = ("postmark", "sendgrid")


class AddressTakenError(HelpdeskError):
    """Two channels of one workspace can't share a mailbox: replies would have two homes."""

    code = "address_taken"
    status = 422


@dataclass(frozen=True, slots=True)
class NewSecret:
    """Shown once, on the answer that made it."""

    label: str
    value: str


def make_chat(*, name: str) -> Channel:
    """Make a chat with everything at its default."""
    return create_chat_channel(name=name, capabilities=CHAT_CAN)


def make_mailbox(*, name: str, address: str, receive: str) -> Channel:
    """Make an e-mail channel; credentials for the hooks are made with it."""
    _refuse_taken(address, None)
    return create_channel(
        kind=ChannelKind.EMAIL,
        name=name,
        address=address,
        capabilities=MAIL_CAN,
        settings={"esp": receive, "transport": "smtp", "smtp_security": "starttls"},
        secrets={
            "hook_secret": new_secret(),
            **{f"{service}_user": "helpdesk" for service in BASIC_SERVICES},
            **{f"{service}_password": new_secret(18) for service in BASIC_SERVICES},
        },
    )


def change_channel(
    *,
    channel: Channel,
    name: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    address: str = "",
) -> Channel:
    """Change name, address, settings and the secrets that were typed. Empty ones stay as they are.

    Raises AddressTakenError.
    """
    wanted = address.strip().lower() or channel.address
    if wanted != channel.address:
        _refuse_taken(wanted, channel)
    with transaction.atomic():
        channel.name, channel.address = name, wanted
        channel.save(update_fields=["name", "address"])
        typed = {key: value for key, value in secrets.items() if value}
        update_account(channel=channel, settings=settings, secrets=typed)
    return channel


def switch_off(*, channel: Channel) -> None:
    """Send nothing through it any more. What was said on it stays."""
    _switch(channel, active=False)


def switch_on(*, channel: Channel) -> None:
    """Let it send again."""
    _switch(channel, active=True)


def renew_widget_secret(*, channel: Channel) -> NewSecret:
    """Make a new key for signing shoppers; tokens signed with the old one are refused at once."""
    secret = new_secret()
    update_account(channel=channel, secrets={"widget_secret": secret})
    return NewSecret("Widget secret", secret)


def renew_hook_secret(*, channel: Channel) -> NewSecret:
    """Make what the inbound door checks anew, for the service the channel receives by."""
    account: ChannelAccount = ChannelAccount.objects.get(channel=channel)
    service = account.settings.get("esp", "raw")
    if service in BASIC_SERVICES:
        password = new_secret(18)
        update_account(
            channel=channel,
            secrets={f"{service}_user": "helpdesk", f"{service}_password": password},
        )
        return NewSecret("User and password", f"helpdesk:{password}")
    secret = new_secret()
    update_account(channel=channel, secrets={"hook_secret": secret})
    return NewSecret("Signing secret", secret)


def _switch(channel: Channel, *, active: bool) -> None:
    channel.is_active = active
    channel.save(update_fields=["is_active"])
    transaction.on_commit(lambda: forget_route(channel.pk))


def _refuse_taken(address: str, but: Channel | None) -> None:
    taken = Channel.objects.filter(kind=ChannelKind.EMAIL, address=address.strip().lower())
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        message = f"Another channel has the address {address}. Change that one, or use another."
        raise AddressTakenError(message, fields=[("address", message)])
