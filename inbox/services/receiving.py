"""The one door in: whatever a customer said, on any channel, becomes a Message here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from helpdesk.foundation import rows
from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.events import publish
from helpdesk.foundation.ids import uuid7
from identity.models import Contact, ContactPoint, PointKind, Workspace
from identity.services.resolution import resolve_sender
from identity.tenancy import require_workspace_id
from inbox.events import DigitsTyped, MessageReceived
from inbox.locks import lock_conversation, next_number
from inbox.models import (
    Attachment,
    AuthorKind,
    Channel,
    Conversation,
    ConversationEvent,
    Direction,
    Message,
    MessageAlias,
    Status,
)
from inbox.search.index import indexing
from inbox.services.digits import typed_digits
from inbox.services.files import store_file
from inbox.services.orders_spoken import note_orders
from inbox.services.reply_tokens import read_reply_token
from inbox.services.threading import Candidate, Choice, Facts, choose_conversation

#: How many of a mail's references are looked up.
MAX_REFERENCES = 100


@dataclass(frozen=True, slots=True)
class IncomingFile:
    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing said to us, as its channel's adapter understood it.

    ``sender_*`` name who wrote; ``contact`` overrides the look-up when the channel knows already.
    """

    channel: Channel
    provider_key: str
    sender_kind: str
    sender_value: str
    text: str
    sender_name: str = ""
    sender_verified: bool = False
    sender_evidence: str = ""
    contact: Contact | None = None
    provider_id: str = ""
    provider_time: datetime | None = None
    html: str = ""
    new_text: str = ""
    subject: str = ""
    to: Sequence[Mapping[str, str]] = ()
    cc: Sequence[Mapping[str, str]] = ()
    files: Sequence[IncomingFile] = ()
    attachment_ids: Sequence[UUID] = ()
    machine: str = "human"
    spam: bool = False
    #: From before the channel was connected: filed as closed, nobody is told.
    old: bool = False
    warnings: Sequence[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    client_id: UUID | None = None
    #: The caller knows that this channel never gave us this key before. Should it be wrong, the
    #: unique key refuses the row and the caller's transaction.
    first_sight: bool = False
    # What says where it belongs; see threading.py.
    session_conversation_id: UUID | None = None
    reply_tokens: Sequence[str] = ()
    references: Sequence[str] = ()
    subject_number: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """``created`` is False when the provider's message was here already."""

    message: Message
    conversation: Conversation
    created: bool


def receive(incoming: Incoming) -> Received:
    """Store one inbound message exactly once, inside the caller's scope and transaction.

    A repeated ``provider_key`` returns the first message. Nothing listening to the event can
    delay or lose the message: listeners run after commit.
    """
    known = None if incoming.first_sight else _already_here(incoming)
    if known is not None:
        return Received(message=known, conversation=known.conversation, created=False)
    now = timezone.now()
    contact, evidence, is_new = _who(incoming)
    session = _lock_session(incoming)
    choice = _where(incoming, contact, is_new, now, session=_as_candidate(session))
    if choice.conversation_id is None:
        conversation = _opened(incoming, contact, choice, now)
        change = rows.inserting(conversation)
    else:
        if session is not None and session.pk == choice.conversation_id:
            conversation = session
        else:
            conversation = lock_conversation(choice.conversation_id)
        _move(conversation, incoming, contact, now)
        change = rows.updating(conversation, _MOVED)
    message = _message(incoming, conversation, contact, evidence)
    _store(message, incoming, conversation, change)
    if choice.linked_to is not None:
        ConversationEvent.objects.create(
            conversation=conversation,
            kind="linked",
            data={"conversation": str(choice.linked_to), "because": choice.because},
        )
    note_orders(conversation, message)
    publish(
        MessageReceived(
            workspace_id=require_workspace_id(),
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel_id=incoming.channel.pk,
            notify=incoming.machine == "human"
            and not incoming.old
            and conversation.status not in {Status.SPAM, Status.TRASH},
        )
    )
    if typed_digits(incoming.new_text or incoming.text):
        publish(DigitsTyped(workspace_id=require_workspace_id(), message_id=message.pk))
    return Received(message=message, conversation=conversation, created=True)


def _already_here(incoming: Incoming) -> Message | None:
    # Nearly always there is none, so the row is read only when there is.
    known = rows.run(
        "SELECT id FROM inbox_message WHERE workspace_id = %s AND channel_id = %s "
        "AND provider_key = %s AND provider_key <> ''",
        [require_workspace_id(), incoming.channel.pk, incoming.provider_key],
    ).fetchone()
    return Message.objects.select_related("conversation").get(pk=known[0]) if known else None


def _who(incoming: Incoming) -> tuple[Contact, str, bool]:
    """Return the contact, why we think so, and whether we met just now."""
    if incoming.contact is not None:
        return incoming.contact, incoming.sender_evidence, False
    resolution = resolve_sender(
        kind=incoming.sender_kind,
        value=incoming.sender_value,
        name=incoming.sender_name,
        verified=incoming.sender_verified,
        evidence=incoming.sender_evidence,
    )
    evidence = incoming.sender_evidence or resolution.because
    return resolution.contact, evidence, resolution.created


def _lock_session(incoming: Incoming) -> Conversation | None:
    """Take the conversation a chat session is in at once: nearly always it is the one."""
    if incoming.session_conversation_id is None:
        return None
    try:
        return lock_conversation(incoming.session_conversation_id)
    except NotFoundError:
        return None


def _where(
    incoming: Incoming,
    contact: Contact,
    is_new: bool,
    now: datetime,
    *,
    session: Candidate | None,
) -> Choice:
    """Gather the facts, cheapest and strongest first, and let the pure rule choose."""
    token = None if session else _by_reply_token(incoming.reply_tokens)
    reference = None if session or token else _by_reference(incoming.references)
    number = None
    if incoming.subject_number and not (session or token or reference):
        number = _by_number(incoming.subject_number, contact)
    elsewhere = None
    hours = 0
    found = session or token or reference or number
    # Only a proven person continues an issue from another channel; the look-up is for them alone.
    if not found and not is_new and incoming.sender_verified and incoming.machine == "human":
        elsewhere = _elsewhere(contact, incoming.channel)
        if elsewhere is not None:
            hours = Workspace.objects.get(pk=require_workspace_id()).continuation_hours
    return choose_conversation(
        Facts(
            now=now,
            by_session=session,
            by_reply_token=token,
            by_reference=reference,
            by_number=number,
            elsewhere=elsewhere,
            sender_verified=incoming.sender_verified,
            continue_within=timedelta(hours=hours),
        )
    )


def _candidate(conversation_id: UUID | None) -> Candidate | None:
    if conversation_id is None:
        return None
    return _as_candidate(Conversation.objects.only(*_CLUE).filter(pk=conversation_id).first())


#: All that the rule wants to know of a conversation.
_CLUE = ("id", "status", "last_message_at", "last_channel_id")


def _as_candidate(conversation: Conversation | None) -> Candidate | None:
    if conversation is None or conversation.status == Status.TRASH:
        return None
    return Candidate(
        conversation_id=conversation.pk,
        is_live=conversation.is_live,
        last_message_at=conversation.last_message_at,
        channel_id=conversation.last_channel_id,
    )


def _by_reply_token(tokens: Sequence[str]) -> Candidate | None:
    for token in tokens[:10]:
        candidate = _candidate(read_reply_token(token))
        if candidate is not None:
            return candidate
    return None


def _by_reference(references: Sequence[str]) -> Candidate | None:
    """Find the newest named message we sent or got, under any of its names."""
    names = list(dict.fromkeys(references))[:MAX_REFERENCES]
    if not names:
        return None
    found = dict(
        Message.objects.filter(provider_id__in=names).values_list("provider_id", "conversation_id")
    )
    missing = [name for name in names if name not in found]
    if missing:
        found |= dict(
            MessageAlias.objects.filter(name__in=missing).values_list(
                "name", "message__conversation_id"
            )
        )
    for name in names:
        candidate = _candidate(found.get(name))
        if candidate is not None:
            return candidate
    return None


def _by_number(number: int, contact: Contact) -> Candidate | None:
    """A number is no credential: it counts only for somebody who already takes part."""
    found = (
        Conversation.objects.filter(number=number)
        .filter(
            Q(contact=contact)
            | Q(pk__in=Message.objects.filter(author_contact=contact).values("conversation_id"))
        )
        .first()
    )
    return _as_candidate(found)


def _elsewhere(contact: Contact, channel: Channel) -> Candidate | None:
    found = (
        Conversation.objects.only(*_CLUE)
        .filter(contact=contact, status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED])
        .exclude(last_channel=channel)
        .order_by("-last_message_at")
        .first()
    )
    return _as_candidate(found)


def _opened(incoming: Incoming, contact: Contact, choice: Choice, now: datetime) -> Conversation:
    """Return a new conversation whose row already speaks of the message that opens it."""
    return Conversation(
        number=next_number(),
        contact=contact,
        channel=incoming.channel,
        last_channel=incoming.channel,
        channel_ids=[incoming.channel.pk],
        subject=incoming.subject[:500],
        topic=incoming.attributes.get("topic", "")[:40],
        status=_first_status(incoming, contact),
        last_seq=1,
        last_inbound_seq=1 if _is_human(incoming) else 0,
        last_message_at=now,
        waiting_since=now if _is_human(incoming) else None,
        preview=_preview(incoming),
        opened_because=choice.because,
    )


def _is_human(incoming: Incoming) -> bool:
    return incoming.machine == "human" and not incoming.old


def _first_status(incoming: Incoming, contact: Contact) -> str:
    if incoming.spam or contact.blocked_at is not None:
        return Status.SPAM
    if incoming.old or incoming.machine == "bulk":
        return Status.CLOSED
    return Status.OPEN


def _message(
    incoming: Incoming, conversation: Conversation, contact: Contact, evidence: str
) -> Message:
    return Message(
        id=uuid7(),
        conversation=conversation,
        seq=conversation.last_seq,
        direction=Direction.IN,
        author_kind=AuthorKind.CONTACT,
        author_contact=contact,
        author_name=(incoming.sender_name or contact.name)[:200],
        author_address=incoming.sender_value[:320],
        author_verified=incoming.sender_verified,
        channel=incoming.channel,
        subject=incoming.subject[:500],
        body_text=incoming.text,
        body_html=incoming.html,
        new_text=incoming.new_text,
        to=[dict(one) for one in incoming.to],
        cc=[dict(one) for one in incoming.cc],
        provider_id=incoming.provider_id[:998],
        provider_key=incoming.provider_key,
        provider_time=incoming.provider_time,
        machine=incoming.machine,
        warnings=list(incoming.warnings),
        attributes={**incoming.attributes, **({"evidence": evidence} if evidence else {})},
        client_id=incoming.client_id,
        has_attachments=bool(incoming.files or incoming.attachment_ids),
    )


def _store(
    message: Message, incoming: Incoming, conversation: Conversation, change: rows.Write
) -> None:
    """Write the conversation's change with the message, its files, and its place in the index."""
    # The index is apart: of statements with more than fifty values psycopg remembers nothing.
    rows.write(change, rows.inserting(message))
    names = _attach(incoming, message)
    index = indexing(
        message_id=message.pk,
        conversation_id=conversation.pk,
        subject=f"{incoming.subject} #{conversation.number}",
        body=incoming.text,
        people=f"{incoming.sender_name} {incoming.sender_value}",
        extra=" ".join(names),
    )
    rows.write(index)


def _attach(incoming: Incoming, message: Message) -> list[str]:
    names = []
    for file in incoming.files:
        stored = store_file(
            name=file.name,
            content=file.content,
            content_type=file.content_type,
            content_id=file.content_id,
            inline=file.inline,
            message=message,
        )
        names.append(stored.name)
        if not stored.key:
            message.warnings = [
                *message.warnings,
                f"The file {stored.name} could not be stored: the disk is full or not writable.",
            ]
            message.save(update_fields=["warnings"])
    if incoming.attachment_ids:
        uploads = Attachment.objects.filter(pk__in=incoming.attachment_ids, message__isnull=True)
        names += [upload.name for upload in uploads]
        uploads.update(message=message)
    return names


def _move(conversation: Conversation, incoming: Incoming, contact: Contact, now: datetime) -> None:
    """Bring a locked conversation's row up to date with the message it is about to get."""
    conversation.last_seq += 1
    conversation.last_message_at = now
    conversation.last_direction = Direction.IN
    conversation.preview = _preview(incoming)
    conversation.subject = conversation.subject or incoming.subject[:500]
    if incoming.channel.pk not in conversation.channel_ids:
        conversation.channel_ids = [*conversation.channel_ids, incoming.channel.pk]
    if _is_human(incoming):
        conversation.last_inbound_seq = conversation.last_seq
        if conversation.contact_id == contact.pk:
            conversation.last_channel = incoming.channel
        if conversation.waiting_since is None:
            conversation.waiting_since = now
        if conversation.status in {Status.WAITING, Status.SNOOZED, Status.CLOSED}:
            _reopen(conversation)


_MOVED = (
    "last_seq",
    "last_message_at",
    "last_direction",
    "preview",
    "subject",
    "channel_ids",
    "last_inbound_seq",
    "last_channel",
    "waiting_since",
    "status",
    "snoozed_until",
    "closed_at",
    "updated_at",
)


def _reopen(conversation: Conversation) -> None:
    ConversationEvent.objects.create(
        conversation=conversation,
        kind="reopened",
        after_seq=conversation.last_seq - 1,
        data={"from": conversation.status},
    )
    conversation.status = Status.OPEN
    conversation.snoozed_until = None
    conversation.closed_at = None


def _preview(incoming: Incoming) -> str:
    text = " ".join((incoming.new_text or incoming.text).split())
    if not text and (incoming.files or incoming.attachment_ids):
        text = "(a file)"
    return text[:200]


def participants(conversation: Conversation) -> list[str]:
    """Return every address that has written in this conversation, oldest first."""
    rows: Any = (
        Message.objects.filter(conversation=conversation, direction=Direction.IN)
        .order_by("seq")
        .values_list("author_address", flat=True)
    )
    return list(dict.fromkeys(address for address in rows if address))


def email_of(contact: Contact) -> str:
    """Return the contact's best address: proven before claimed, newest first; "" if none."""
    found = (
        ContactPoint.objects.filter(contact=contact, kind=PointKind.EMAIL)
        .order_by("-verified", "-id")
        .values_list("value", flat=True)
        .first()
    )
    return found or ""
