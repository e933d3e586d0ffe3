"""A visitor's message: understood, stored and answered in one transaction.

The browser gets its answer when event and message have committed together. When ``receive`` fails,
the raw event is kept by itself for the worker, and the visitor's message is safe though not yet seen;
whatever they write next queues behind it, so that their order stays.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from channels_app.chat.parse import Said, dedupe_key, event_keys
from channels_app.chat.services.files import files_of
from channels_app.chat.services.frames import message_frame
from channels_app.chat.services.sessions import (
    lock_session,
    note_presence,
    seq_base,
    session_of,
    workspace_in_token,
)
from channels_app.models import ChatSession, InboundEvent
from channels_app.services import ONCE, ingest_raw_event, route_of
from channels_app.tasks import drain_inbound
from helpdesk.foundation import rows
from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.ledger import WorkState
from helpdesk.foundation.wakeups import slot_of, wake
from identity.models import Contact, PointKind
from identity.services.resolution import verified_contact
from identity.tenancy import tenant_scope
from inbox.errors import CannotSendError
from inbox.models import Conversation
from inbox.realtime import publish_to_chat
from inbox.services.receiving import Incoming, Received, receive
from inbox.taxonomy import TOPICS

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """``id`` and ``seq`` are None while the message is kept for the worker."""

    client_msg_id: str
    id: UUID | None = None
    seq: int | None = None
    conversation_id: UUID | None = None

    def as_json(self) -> dict[str, object]:
        """Return the answer; a kept message is known by the browser's own id alone."""
        if self.id is None:
            return {"client_msg_id": self.client_msg_id}
        return {"id": str(self.id), "seq": self.seq, "client_msg_id": self.client_msg_id}


class _NotReceivedError(Exception):
    """``receive`` failed: everything of this attempt is rolled back."""

    def __init__(self, channel_id: UUID, session_id: UUID) -> None:
        super().__init__()
        self.channel_id = channel_id
        self.session_id = session_id


class _BehindAnotherError(_NotReceivedError):
    """An earlier message of this visitor still waits for the worker."""


def post_message(*, token: str, said: Said, raw: bytes) -> Posted:
    """Take one message of the session with this token; the same one twice is the same answer.

    Raises DeadTokenError, and CannotSendError for files that are not this session's.
    """
    workspace_id = workspace_in_token(token)
    failure: _NotReceivedError | None = None
    # A lost race (the same message on two connections) is won by looking again.
    for attempt in range(2):
        try:
            with tenant_scope(workspace_id):
                return _post(session_of(token), said, raw, first_attempt=attempt == 0)
        except _BehindAnotherError as behind:
            failure = behind
            break
        except _NotReceivedError as error:
            failure = error
    assert failure is not None
    _keep(failure, raw)
    return Posted(client_msg_id=said.client_msg_id)


def _post(session: ChatSession, said: Said, raw: bytes, *, first_attempt: bool) -> Posted:
    key = dedupe_key(str(session.pk), said.client_msg_id)
    ledger = _look(session, key)
    if any(one != key for one in ledger.waiting):
        raise _BehindAnotherError(session.channel_id, session.pk)
    files = files_of(session, said.attachments) if said.attachments else []
    note_presence(session)
    incoming = Incoming(
        channel=session.channel,
        provider_key=key,
        provider_id=said.client_msg_id,
        sender_kind=PointKind.CHAT,
        sender_value=str(session.pk),
        text=said.text,
        attachment_ids=files,
        first_sight=first_attempt and not ledger.known,
    )
    try:
        received = take(session, incoming)
        _settle_event(session, key, raw, received, waits=bool(ledger.waiting))
    except Exception as error:
        logger.exception("chat.not_received", session_id=str(session.pk))
        raise _NotReceivedError(session.channel_id, session.pk) from error
    return Posted(
        client_msg_id=said.client_msg_id,
        id=received.message.pk,
        seq=received.message.seq + seq_base(session),
        conversation_id=received.conversation.pk,
    )


def take_kept(session_id: UUID, incoming: Incoming) -> Received:
    """Receive a message that the worker found in the ledger."""
    session = ChatSession.objects.select_related("channel", "contact").filter(pk=session_id).first()
    if session is None:
        raise NotFoundError("The chat this message came from is not here any more.")
    named = str(incoming.attributes.get("files", "")).split()
    # Files were checked when the message came; one that has gone since must not hold the text up.
    files = [one for name in named for one in _still_here(session, name)]
    return take(session, replace(incoming, attachment_ids=files, attributes={}))


def take(session: ChatSession, incoming: Incoming) -> Received:
    """Receive one message of a session, in the open transaction, and show it to its open windows."""
    if session.conversation_id is None or session.ended_at is not None:
        # Two first messages at once must not open two conversations.
        lock_session(session)
    first = session.conversation_id is None
    contact = contact_of(session)
    received = receive(
        replace(
            incoming,
            contact=contact,
            sender_name=session.name or contact.name,
            sender_verified=session.identified,
            sender_evidence=_evidence(session),
            session_conversation_id=session.conversation_id,
            attributes=_form_answers(session) if first else {},
        )
    )
    if received.created:
        _move_session(session, received)
        frame = message_frame(received.message, base=seq_base(session), session=session)
        session_id = session.pk
        transaction.on_commit(lambda: publish_to_chat(session_id, frame), robust=True)
    return received


def contact_of(session: ChatSession) -> Contact:
    """Return who the visitor is, after any merge."""
    contact: Contact = session.contact
    if contact.merged_into_id is None:
        return contact
    return verified_contact(kind=PointKind.CHAT, value=str(session.pk)) or contact


def _evidence(session: ChatSession) -> str:
    if session.identified:
        return "signed by the shop"
    return "typed in the chat form" if session.email else "this browser's chat"


def _form_answers(session: ChatSession) -> dict[str, str]:
    """Return what the form before the chat said; the conversation takes its topic from it."""
    answers = {
        name: str(value)
        for name, value in session.attributes.items()
        if name in {"order_number", "page_url"} and value
    }
    topic = str(session.attributes.get("topic", ""))
    return {**answers, "topic": topic} if topic in TOPICS else answers


def _move_session(session: ChatSession, received: Received) -> None:
    """Follow the message to its conversation; writing again ends the end of a chat."""
    changed = []
    if session.conversation_id != received.conversation.pk:
        if session.conversation_id is not None:
            lock_session(session)
            before = Conversation.objects.filter(pk=session.conversation_id).first()
            base = seq_base(session) + (before.last_seq if before else 0)
            session.attributes = {**session.attributes, "seq_base": base}
            changed.append("attributes")
        session.conversation = received.conversation
        changed.append("conversation")
    if session.ended_at is not None:
        session.ended_at = None
        changed.append("ended_at")
    if changed:
        session.save(update_fields=changed)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """``known``: this message came before; ``waiting``: keys of the visitor's unworked messages."""

    known: bool
    waiting: list[str]


def _look(session: ChatSession, key: str) -> _Ledger:
    """Ask the ledger about this message and those before it, in one go."""
    found = rows.run(
        "(SELECT dedupe_key, true AS waits FROM channels_app_inboundevent WHERE workspace_id = %s "
        "AND order_key = %s AND work_state IN ('new', 'claimed') LIMIT 3) UNION ALL "
        "SELECT dedupe_key, false FROM channels_app_inboundevent WHERE workspace_id = %s "
        "AND channel_id = %s AND dedupe_key = %s",
        [
            *(session.workspace_id, _order_key(session.pk)),
            *(session.workspace_id, session.channel_id, key),
        ],
    ).fetchall()
    return _Ledger(
        known=any(not waits for _, waits in found), waiting=[one for one, waits in found if waits]
    )


def _settle_event(
    session: ChatSession, key: str, raw: bytes, received: Received, *, waits: bool
) -> None:
    """Write the ledger's row of a message that is in already, or finish the row that waited."""
    if waits:
        # One in a worker's hands is left to it: it will find the message here and finish.
        InboundEvent.objects.filter(
            channel_id=session.channel_id, dedupe_key=key, work_state=WorkState.NEW
        ).update(
            work_state=WorkState.DONE,
            message_ids=[received.message.pk],
            finished_at=timezone.now(),
            reason="",
        )
    elif received.created:
        now = timezone.now()
        event = InboundEvent(
            id=uuid7(),
            workspace_id=session.workspace_id,
            channel_id=session.channel_id,
            source="chat",
            dedupe_key=key,
            order_key=_order_key(session.pk),
            headers=_headers(session.pk),
            body=raw,
            message_ids=[received.message.pk],
            work_state=WorkState.DONE,
            attempts=1,
            due_at=now,
            finished_at=now,
        )
        rows.insert(event, or_ignore=ONCE)


def _keep(failure: _NotReceivedError, raw: bytes) -> None:
    """Make the raw event durable by itself and wake a worker. Raises when that fails as well."""
    route = route_of(failure.channel_id)
    if route is None:
        raise NotFoundError("This chat is closed.")
    headers = _headers(failure.session_id)
    keys = event_keys(raw, headers)
    ingest_raw_event(route=route, source="chat", body=raw, headers=headers, keys=keys)
    wake(drain_inbound, slot=slot_of(keys.order))


def _headers(session_id: UUID) -> dict[str, str]:
    return {"session": str(session_id)}


def _order_key(session_id: UUID) -> str:
    """Return the ledger's order key of a session, in the form ``ingest_raw_event`` gives it."""
    return f"chat:{session_id}"


def _still_here(session: ChatSession, name: str) -> list[UUID]:
    try:
        return files_of(session, [name])
    except CannotSendError:
        return []
