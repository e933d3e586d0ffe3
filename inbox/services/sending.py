"""The one door out: an agent's words become a Message and, if a channel has to carry them, a Delivery."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.events import publish
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.ledger import WorkState
from helpdesk.foundation.signing import new_lowercase_token
from identity.models import Membership
from identity.services.resolution import resolve_sender
from identity.tenancy import require_workspace_id
from inbox.errors import AlreadySentError, CannotSendError, NotRetryableError, UnseenMessageError
from inbox.events import ConversationChanged, MessageQueued, MessageWithdrawn, NoteAdded
from inbox.locks import lock_conversation, lock_delivery, next_number
from inbox.models import (
    Attachment,
    AuthorKind,
    Channel,
    ChannelKind,
    Conversation,
    ConversationEvent,
    Delivery,
    DeliveryState,
    Direction,
    Draft,
    Message,
    Status,
)
from inbox.search.index import index_message
from inbox.services.receiving import email_of

#: Conversation columns a reply changes; kept on the message so that undo restores them exactly.
_RESTORED = ("status", "assignee_id", "waiting_since", "last_seq", "last_message_at")
_RESTORED_TOO = ("last_direction", "preview", "channel_ids", "last_channel_id", "snoozed_until")


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a reply would go. Addresses are plain; empty for channels without any."""

    channel: Channel
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


def reply_target(conversation: Conversation, channel: Channel | None = None) -> ReplyTarget:
    """Return where a reply goes by default: the channel the customer used last.

    For mail: to whoever wrote last, with everybody they copied, without our own addresses.
    """
    chosen = channel or conversation.last_channel
    if chosen.kind != ChannelKind.EMAIL:
        return ReplyTarget(channel=chosen)
    last: Message | None = (
        Message.objects.filter(
            conversation=conversation, channel__kind=ChannelKind.EMAIL, direction=Direction.IN
        )
        .order_by("-seq")
        .first()
    )
    if last is None or not last.author_address:
        address = email_of(conversation.contact)
        return ReplyTarget(channel=chosen, to=(address,) if address else ())
    ours = _own_addresses()
    copied = [
        str(one["address"]).lower() for one in [*last.to, *last.cc] if isinstance(one, Mapping)
    ]
    cc = [one for one in dict.fromkeys(copied) if one not in ours and not _is_plus_of(one, ours)]
    return ReplyTarget(
        channel=chosen,
        to=(last.author_address,),
        cc=tuple(one for one in cc if one != last.author_address.lower()),
    )


def send(
    *,
    conversation: Conversation,
    author: Membership | None,
    body_text: str,
    channel: Channel | None = None,
    private: bool = False,
    author_kind: str = AuthorKind.AGENT,
    send_at: datetime | None = None,
    to: Sequence[str] | None = None,
    cc: Sequence[str] | None = None,
    bcc: Sequence[str] = (),
    subject: str = "",
    attachments: Sequence[Attachment] = (),
    client_id: UUID | None = None,
    seen_seq: int | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Message:
    """Store a reply or note and plan its delivery, in the caller's scope and transaction.

    A repeated ``client_id`` returns the first message. ``send_at`` holds it back, for undo and
    schedule. Raises UnseenMessageError when the customer wrote after ``seen_seq``, and
    CannotSendError with a sentence when the channel can't carry it.
    """
    conversation = lock_conversation(conversation.pk)
    if client_id is not None:
        known: Message | None = Message.objects.filter(
            conversation=conversation, client_id=client_id
        ).first()
        if known is not None:
            return known
    if not body_text.strip() and not attachments:
        raise CannotSendError("Write something first, or add a file.", code="empty_message")
    if private:
        message = _write(conversation, author, author_kind, body_text, None, attachments)
        message.private = True
        message.client_id = client_id
        _save(message, conversation, attachments)
        _after_note(conversation, message)
        return message
    _refuse_unseen(conversation, seen_seq)
    target = _target(conversation, channel, to, cc)
    _refuse_unfit(target, body_text, attachments)
    message = _write(conversation, author, author_kind, body_text, target.channel, attachments)
    message.client_id = client_id
    message.subject = subject[:500]
    message.to = _as_recipients(target.to)
    message.cc = _as_recipients(target.cc)
    message.bcc = _as_recipients(bcc)
    message.attributes = {**(attributes or {}), "before": _snapshot(conversation)}
    if target.channel.kind == ChannelKind.EMAIL:
        message.provider_id = _new_message_id(conversation, message, target.channel)
    _save(message, conversation, attachments)
    delivery = _plan(message, target.channel, send_at)
    _after_reply(conversation, message, author, target.channel)
    Draft.objects.filter(conversation=conversation, membership=author, mode="reply").delete()
    publish(
        MessageQueued(
            workspace_id=require_workspace_id(),
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel_id=target.channel.pk,
            delivery_id=delivery.pk,
            instant=delivery.work_state == WorkState.DONE,
        )
    )
    return message


def start_conversation(
    *,
    channel: Channel,
    to: str,
    subject: str,
    body_text: str,
    author: Membership,
    attachments: Sequence[Attachment] = (),
    send_at: datetime | None = None,
) -> Message:
    """Write first. Raises CannotSendError when the channel only answers, or the address is none."""
    if not channel.capabilities.get("can_start"):
        raise CannotSendError(
            f"{channel.name} can only answer: a customer has to write there first.",
            code="cannot_start",
        )
    address = to.strip()
    if channel.kind == ChannelKind.EMAIL:
        _refuse_bad_address(address)
    contact = resolve_sender(kind="email", value=address, evidence="written to by an agent").contact
    now = timezone.now()
    conversation = Conversation(
        number=next_number(),
        contact=contact,
        channel=channel,
        last_channel=channel,
        channel_ids=[channel.pk],
        subject=subject[:500],
        last_message_at=now,
        last_direction=Direction.OUT,
        assignee=author,
        opened_because="started by an agent",
    )
    conversation.save(force_insert=True)
    return send(
        conversation=conversation,
        author=author,
        body_text=body_text,
        channel=channel,
        to=[address],
        subject=subject,
        attachments=attachments,
        send_at=send_at,
    )


def forward(
    *,
    conversation: Conversation,
    author: Membership,
    to: Sequence[str],
    body_text: str,
    message: Message | None = None,
) -> Message:
    """Send a message of the conversation on to somebody outside, with its files, by mail.

    Their answer threads back here as a third party's; the customer is not told.
    """
    source: Message | None = message or (
        Message.objects.filter(conversation=conversation, private=False).order_by("-seq").first()
    )
    if source is None:
        raise CannotSendError("There is no message to forward yet.", code="nothing_to_forward")
    channel = _mail_channel(conversation)
    files = [_copy_of(one) for one in Attachment.objects.filter(message=source).exclude(key="")]
    quoted = "\n".join(
        [
            "---------- Forwarded message ----------",
            f"From: {source.author_name} <{source.author_address}>".replace(" <>", ""),
            f"Date: {source.created_at:%Y-%m-%d %H:%M} UTC",
            f"Subject: {source.subject or conversation.subject}",
            "",
            source.body_text,
        ]
    )
    return send(
        conversation=conversation,
        author=author,
        body_text=f"{body_text.strip()}\n\n{quoted}".strip(),
        channel=channel,
        to=list(to),
        cc=[],
        subject=f"Fwd: {source.subject or conversation.subject}",
        attachments=files,
        attributes={"forward_of": str(source.pk)},
    )


def withdraw(*, message: Message, by: Membership) -> None:
    """Take back a message that still waits; the conversation is as it was before it.

    Raises AlreadySentError once a worker has it.
    """
    conversation = lock_conversation(message.conversation_id)
    newest = Delivery.objects.filter(message=message).order_by("-attempt").first()
    if newest is None:
        raise AlreadySentError("Only a message that is still waiting can be taken back.")
    delivery = lock_delivery(newest.pk)
    if delivery.work_state != WorkState.NEW or delivery.attempts:
        raise AlreadySentError("This message has left already and can't be taken back.")
    before = dict(message.attributes.get("before", {}))
    if before and conversation.last_seq == message.seq:
        for name, value in before.items():
            setattr(conversation, name, value)
        conversation.save()
    Attachment.objects.filter(message=message).update(message=None)
    gone = message.pk
    message.delete()
    publish(
        MessageWithdrawn(
            workspace_id=require_workspace_id(),
            conversation_id=conversation.pk,
            message_id=gone,
        )
    )


def retry(*, message: Message, by: Membership) -> Delivery:
    """Try a failed or unconfirmed message once more, as a new attempt that a person asked for."""
    conversation = lock_conversation(message.conversation_id)
    last = Delivery.objects.filter(message=message).order_by("-attempt").first()
    if last is None or last.state not in {DeliveryState.FAILED, DeliveryState.UNCONFIRMED}:
        raise NotRetryableError("Only a message that failed or is unconfirmed can be tried again.")
    if message.channel is None:
        raise NotFoundError("This message has no channel.")
    delivery = _plan(message, message.channel, None, attempt=last.attempt + 1)
    ConversationEvent.objects.create(
        conversation=conversation,
        kind="retried",
        actor=by,
        after_seq=conversation.last_seq,
        data={"message": str(message.pk)},
    )
    publish(
        MessageQueued(
            workspace_id=require_workspace_id(),
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel_id=message.channel.pk,
            delivery_id=delivery.pk,
            instant=delivery.work_state == WorkState.DONE,
        )
    )
    return delivery


# --- rules ---------------------------------------------------------------------------------------


def _refuse_unseen(conversation: Conversation, seen_seq: int | None) -> None:
    if seen_seq is None or conversation.last_inbound_seq <= seen_seq:
        return
    unseen = Message.objects.filter(
        conversation=conversation, direction=Direction.IN, seq__gt=seen_seq
    ).values_list("pk", flat=True)
    raise UnseenMessageError(
        "The customer has written again since you last looked. Read it, then send or change.",
        extra={"unseen_ids": [str(pk) for pk in unseen]},
    )


def _target(
    conversation: Conversation,
    channel: Channel | None,
    to: Sequence[str] | None,
    cc: Sequence[str] | None,
) -> ReplyTarget:
    target = reply_target(conversation, channel)
    if not target.channel.is_active:
        raise CannotSendError(
            f"{target.channel.name} is switched off. Switch it on in the settings, "
            "or answer on another channel.",
            code="channel_off",
        )
    if target.channel.kind != ChannelKind.EMAIL:
        if target.channel.pk not in conversation.channel_ids:
            raise CannotSendError(
                f"The customer has not written on {target.channel.name}, so it can't reach them.",
                code="unreachable",
            )
        return target
    recipients = tuple(one.strip() for one in to) if to is not None else target.to
    copies = tuple(one.strip() for one in cc) if cc is not None else target.cc
    if not recipients:
        raise CannotSendError(
            "There is no e-mail address to send to. Enter one, or answer on another channel.",
            code="no_recipient",
        )
    for address in (*recipients, *copies):
        _refuse_bad_address(address)
    return ReplyTarget(channel=target.channel, to=recipients, cc=copies)


def _refuse_bad_address(address: str) -> None:
    local, at, domain = address.rpartition("@")
    if not (at and local and ("." in domain or domain == "localhost")) or any(
        c.isspace() or c in ",;<>\r\n" for c in address
    ):
        raise CannotSendError(f"“{address}” is not an e-mail address.", code="bad_address")


def _refuse_unfit(target: ReplyTarget, body_text: str, files: Sequence[Attachment]) -> None:
    limits = target.channel.capabilities
    longest = int(limits.get("max_text") or 0)
    if longest and len(body_text) > longest:
        raise CannotSendError(
            f"{target.channel.name} takes {longest:,} characters; this has {len(body_text):,}.",
            code="too_long",
        )
    most = int(limits.get("max_attachments") or 0)
    if len(files) > most:
        raise CannotSendError(
            f"{target.channel.name} takes {most} files in a message.", code="too_many_files"
        )
    total = sum(one.size for one in files)
    largest = int(limits.get("max_attachment_bytes") or 0)
    if total > largest:
        raise CannotSendError(
            f"The files are larger than {largest // (1024 * 1024)} MB together. "
            "Send a link instead.",
            code="file_too_large",
        )


# --- rows ----------------------------------------------------------------------------------------


def _write(
    conversation: Conversation,
    author: Membership | None,
    author_kind: str,
    body_text: str,
    channel: Channel | None,
    attachments: Sequence[Attachment],
) -> Message:
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


def _save(message: Message, conversation: Conversation, files: Sequence[Attachment]) -> None:
    message.save(force_insert=True)
    if files:
        Attachment.objects.filter(pk__in=[one.pk for one in files], message=None).update(
            message=message
        )
    index_message(
        message_id=message.pk,
        conversation_id=conversation.pk,
        subject=f"{message.subject} #{conversation.number}",
        body=message.body_text,
        people=message.author_name,
        extra=" ".join(one.name for one in files),
    )


def _plan(
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


def _snapshot(conversation: Conversation) -> dict[str, Any]:
    snapshot: dict[str, Any] = {}
    for name in (*_RESTORED, *_RESTORED_TOO):
        value = getattr(conversation, name)
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, UUID):
            value = str(value)
        elif isinstance(value, list):
            value = [str(one) for one in value]
        snapshot[name] = value
    return snapshot


def _after_reply(
    conversation: Conversation, message: Message, author: Membership | None, channel: Channel
) -> None:
    now = timezone.now()
    if author is not None and conversation.assignee_id is None:
        conversation.assignee = author
    conversation.last_seq = message.seq
    conversation.last_message_at = now
    conversation.last_direction = Direction.OUT
    conversation.preview = " ".join(message.body_text.split())[:200] or "(a file)"
    conversation.waiting_since = None
    if channel.pk not in conversation.channel_ids:
        conversation.channel_ids = [*conversation.channel_ids, channel.pk]
    if conversation.status in {Status.OPEN, Status.SNOOZED} and "forward_of" not in (
        message.attributes
    ):
        conversation.status = Status.WAITING
        conversation.snoozed_until = None
    conversation.save()


def _after_note(conversation: Conversation, message: Message) -> None:
    conversation.last_seq = message.seq
    conversation.save(update_fields=["last_seq", "updated_at"])
    Draft.objects.filter(conversation=conversation, membership=message.author, mode="note").delete()
    publish(
        NoteAdded(
            workspace_id=require_workspace_id(),
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    )
    publish(
        ConversationChanged(workspace_id=require_workspace_id(), conversation_id=conversation.pk)
    )


def _as_recipients(addresses: Sequence[str]) -> list[dict[str, str]]:
    return [{"address": one, "name": ""} for one in addresses]


def _new_message_id(conversation: Conversation, message: Message, channel: Channel) -> str:
    domain = channel.address.rpartition("@")[2] or "localhost"
    random = secrets.token_hex(8)
    return f"<c{conversation.pk.hex}.{message.pk.hex}.{random}@{domain}>"


def _own_addresses() -> set[str]:
    return {
        address.lower()
        for address in Channel.objects.filter(kind=ChannelKind.EMAIL).values_list(
            "address", flat=True
        )
    }


def _is_plus_of(address: str, ours: set[str]) -> bool:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in ours


def _mail_channel(conversation: Conversation) -> Channel:
    if conversation.last_channel.kind == ChannelKind.EMAIL:
        return conversation.last_channel
    found: Channel | None = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True).first()
    if found is None:
        raise CannotSendError(
            "Forwarding needs an e-mail channel. Set one up in the settings.",
            code="no_mail_channel",
        )
    return found


def _copy_of(attachment: Attachment) -> Attachment:
    """A second row for the same stored file, so that each message owns its attachments."""
    return Attachment.objects.create(
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        key=attachment.key,
        content_id=attachment.content_id,
        inline=attachment.inline,
    )
