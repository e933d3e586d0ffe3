"""The rows of a reply: the message, its delivery, and what undo puts back."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpdesk.foundation import rows
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.ledger import WorkState
from helpdesk.foundation.signing import new_lowercase_token
from identity.models import Membership
from inbox.models import (
    Attachment,
    Channel,
    ChannelKind,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    Message,
)
from inbox.search.index import indexing

#: Conversation columns a reply changes; kept on the message so that undo restores them exactly.
RESTORED = (
    "status",
    "assignee_id",
    "waiting_since",
    "last_seq",
    "last_message_at",
    "last_direction",
    "preview",
    "channel_ids",
    "last_channel_id",
    "snoozed_until",
)


def new_message(
    conversation: Conversation,
    author: Membership | None,
    author_kind: str,
    body_text: str,
    channel: Channel | None,
    attachments: Sequence[Attachment],
) -> Message:
    """Return an unsaved message that would be the conversation's next."""
    return Message(
        id=uuid7(),
        conversation=conversation,
        seq=conversation.last_seq + 1,
        direction=Direction.OUT,
        author_kind=author_kind,
        author=author,
        author_name=author.name[:200] if author else "",
        channel=channel,
        body_text=body_text.replace("\x00", ""),
        has_attachments=bool(attachments),
    )


def store_message(
    message: Message, conversation: Conversation, files: Sequence[Attachment]
) -> None:
    """Insert the message with its files and make it searchable."""
    index = indexing(
        message_id=message.pk,
        conversation_id=conversation.pk,
        subject=f"{message.subject} #{conversation.number}",
        body=message.body_text,
        people=message.author_name,
        extra=" ".join(one.name for one in files),
    )
    rows.write(rows.inserting(message), index)
    if files:
        Attachment.objects.filter(pk__in=[one.pk for one in files], message=None).update(
            message=message
        )


def plan_delivery(
    message: Message, channel: Channel, send_at: datetime | None, attempt: int = 1
) -> Delivery:
    """Write the delivery. An instant channel has nothing left to do but to be read."""
    now = timezone.now()
    instant = bool(channel.capabilities.get("instant")) and (send_at is None or send_at <= now)
    return Delivery.objects.create(
        message=message,
        channel=channel,
        attempt=attempt,
        order_key=str(message.conversation_id),
        send_at=send_at,
        due_at=max(send_at, now) if send_at else now,
        state=DeliveryState.ACCEPTED if instant else DeliveryState.QUEUED,
        work_state=WorkState.DONE if instant else WorkState.NEW,
        finished_at=now if instant else None,
        bounce_token=new_lowercase_token() if channel.kind == ChannelKind.EMAIL else "",
    )


def snapshot(conversation: Conversation) -> dict[str, Any]:
    """Return, as JSON, what a reply is about to change; ``withdraw`` puts it back."""
    before: dict[str, Any] = {}
    for name in RESTORED:
        value = getattr(conversation, name)
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, UUID):
            value = str(value)
        elif isinstance(value, list):
            value = [str(one) for one in value]
        before[name] = value
    return before


def as_recipients(addresses: Sequence[str]) -> list[dict[str, str]]:
    """Return addresses in the form a message keeps them."""
    return [{"address": one, "name": ""} for one in addresses]


def new_message_id(conversation: Conversation, message: Message, channel: Channel) -> str:
    """Return a Message-ID that names conversation and message, and cannot be guessed."""
    domain = channel.address.rpartition("@")[2] or "localhost"
    random = secrets.token_hex(8)
    return f"<c{conversation.pk.hex}.{message.pk.hex}.{random}@{domain}>"
