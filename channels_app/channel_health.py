"""How a channel does, in one colour and one sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Max

from channels_app.models import ChannelAccount, MailboxCursor
from inbox.models import Channel, Conversation

Colour = Literal["good", "late", "off", "new"]


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One line of the list of channels."""

    channel: Channel
    account: ChannelAccount
    colour: Colour
    sentence: str
    last_message_at: datetime | None

    @property
    def by(self) -> str:
        """Return how mail comes in, for people."""
        way = str(self.account.settings.get("esp", ""))
        return {"imap": "IMAP", "raw": "a signed post", "ses": "Amazon SES"}.get(way, way.title())


def channels_with_health() -> list[ChannelHealth]:
    """Return every channel of the scope with its state, oldest first."""
    accounts = {one.channel_id: one for one in ChannelAccount.objects.all()}
    cursors = {one.channel_id: one for one in MailboxCursor.objects.all()}
    last = dict(
        Conversation.objects.values("last_channel_id")
        .annotate(newest=Max("last_message_at"))
        .values_list("last_channel_id", "newest")
    )
    return [
        _health(channel, accounts[channel.pk], cursors.get(channel.pk), last.get(channel.pk))
        for channel in Channel.objects.all()
        if channel.pk in accounts
    ]


def health_of(channel: Channel, account: ChannelAccount) -> ChannelHealth:
    """Return one channel's state."""
    cursor = MailboxCursor.objects.filter(channel=channel).first()
    last = Conversation.objects.filter(last_channel=channel).aggregate(
        newest=Max("last_message_at")
    )
    return _health(channel, account, cursor, last["newest"])


def _health(
    channel: Channel,
    account: ChannelAccount,
    cursor: MailboxCursor | None,
    last_message_at: datetime | None,
) -> ChannelHealth:
    def is_(colour: Colour, sentence: str) -> ChannelHealth:
        return ChannelHealth(channel, account, colour, sentence, last_message_at)

    if not channel.is_active:
        return is_("off", "Switched off. Nothing is sent.")
    if account.trouble:
        return is_("late", account.trouble)
    if cursor is not None and cursor.error:
        return is_("late", cursor.error)
    if missing := _missing(channel, account):
        return is_("late", missing)
    if last_message_at is None:
        return is_("new", "Nothing has come in yet. Send a test.")
    return is_("good", "Works.")


def _missing(channel: Channel, account: ChannelAccount) -> str:
    """Say what an e-mail channel still needs before it can work, or ""."""
    if channel.kind != "email":
        return ""
    chosen, secrets = account.settings, account.secrets
    if chosen.get("esp") == "imap" and not chosen.get("imap_host"):
        return "Can't receive yet: enter the IMAP server."
    if chosen.get("esp") == "mailgun" and not secrets.get("mailgun_signing_key"):
        return "Can't receive yet: enter Mailgun's signing key."
    if chosen.get("esp") == "ses" and not chosen.get("sns_topics"):
        return "Can't receive yet: enter the SNS topic."
    transport = chosen.get("transport", "smtp")
    if transport == "smtp" and not chosen.get("smtp_host"):
        return "Can't send yet: enter the SMTP server."
    if transport in {"mailgun", "postmark", "sendgrid"} and not secrets.get("api_key"):
        return "Can't send yet: enter the service's API key."
    return ""
