"""The one door out: an agent's words become a Message and, if a channel has to carry them, a Delivery."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.events import publish
from helpdesk.foundation.ledger import WorkState
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
from inbox.services.outgoing_rows import (
    as_recipients,
    new_message,
    new_message_id,
    plan_delivery,
    snapshot,
    store_message,
)
from inbox.services.reply_target import checked_target, refuse_bad_address, refuse_unfit


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
        message = new_message(conversation, author, author_kind, body_text, None, attachments)
        message.private = True
        message.client_id = client_id
        store_message(message, conversation, attachments)
        _after_note(conversation, message)
        return message
    _refuse_unseen(conversation, seen_seq)
    target = checked_target(conversation, channel, to, cc)
    refuse_unfit(target, body_text, attachments)
    message = new_message(conversation, author, author_kind, body_text, target.channel, attachments)
    message.client_id = client_id
    message.subject = subject[:500]
    message.to = as_recipients(target.to)
    message.cc = as_recipients(target.cc)
    message.bcc = as_recipients(bcc)
    message.attributes = {**(attributes or {}), "before": snapshot(conversation)}
    if target.channel.kind == ChannelKind.EMAIL:
        message.provider_id = new_message_id(conversation, message, target.channel)
    store_message(message, conversation, attachments)
    delivery = plan_delivery(message, target.channel, send_at)
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
        refuse_bad_address(address)
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
    delivery = plan_delivery(message, message.channel, None, attempt=last.attempt + 1)
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
