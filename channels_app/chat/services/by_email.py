"""Going on by mail: the visitor leaves, the answers follow to the address they gave.

The address may be somebody else's, typed by mistake or malice. So it gets only what was said in this
very session, without links, at most a few times a day; and an answer follows only when the visitor
has asked for it and has not got it in the chat.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef

from channels_app.chat.services.posting import contact_of
from channels_app.chat.services.reading import visible_to
from channels_app.chat.services.sessions import lock_session
from channels_app.chat.services.throttling import TooOftenError, allow_mail
from channels_app.models import ChannelAccount, ChatSession
from helpdesk.foundation.errors import ConflictError, HelpdeskError
from identity.models import PointKind, Workspace
from identity.services.resolution import claim_point
from identity.tenancy import require_workspace_id
from inbox.errors import CannotSendError
from inbox.locks import lock_conversation
from inbox.models import (
    AuthorKind,
    Channel,
    ChannelKind,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    Message,
)
from inbox.services.sending import send

logger = structlog.get_logger(__name__)

#: How long an answer waits in the chat before it follows by mail.
DEFAULT_AFTER_MINUTES = 10
#: Older answers are history, not news.
NEWS = timedelta(days=7)
MAX_LINES = 50
MAX_LINE = 1_000
_LINK = re.compile(r"\S*(?:https?:|www\.|://)\S*|\S+\.[a-z]{2,}(?:[/:?#]\S*)?", re.IGNORECASE)


class NoMailError(ConflictError):
    """There is no way to go on by mail here."""

    code = "no_email_channel"


def continue_by_email(session: ChatSession, *, email: str = "") -> None:
    """Mark the session and mail its visitor what was said. Asking twice mails once.

    Raises HelpdeskError for a bad address, ConflictError before the first message or without a
    mail channel, and TooOftenError.
    """
    lock_session(session)
    address = checked_address(email or session.email)
    if session.conversation_id is None:
        raise ConflictError("Write your message first.", code="nothing_said")
    if session.continued_by_email and address == session.email:
        return
    channel = mail_channel()
    allow_mail(session.workspace_id, address)
    claim_address(session, address)
    said = list(visible_to(session).order_by("seq"))
    _mail(session, channel, _summary(session, said))
    _note_mailed(session, said)
    session.continued_by_email = True
    session.save(update_fields=["continued_by_email"])


def mail_waiting_answers(*, now: datetime) -> int:
    """Mail the answers of the open scope that their visitors are not there to get."""
    mailed = 0
    for session in _sessions_with_news(now):
        try:
            with transaction.atomic():
                mailed += _mail_news(session, now)
        except (NoMailError, TooOftenError, CannotSendError):
            continue  # It waits in the chat; the next round tries again.
        except Exception:
            logger.exception("chat.answers_not_mailed", session_id=str(session.pk))
    return mailed


def checked_address(email: str) -> str:
    """Return the address in lower case. Raises HelpdeskError with a sentence."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        sentence = "Enter an e-mail address such as name@example.com."
        raise HelpdeskError(sentence, code="invalid", fields=[("email", sentence)]) from None
    return address


def mail_channel() -> Channel:
    """Return the channel mails leave by. Raises NoMailError."""
    channel: Channel | None = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True).first()
    if channel is None:
        raise NoMailError("Answers can't be sent by e-mail here. They stay in this chat.")
    return channel


def claim_address(session: ChatSession, address: str) -> None:
    """Keep the address as what the visitor says is theirs; nothing is proven by it."""
    if address == session.email:
        return
    claim_point(
        contact=contact_of(session),
        kind=PointKind.EMAIL,
        value=address,
        evidence="typed in the chat",
    )
    session.email = address
    session.save(update_fields=["email"])


def _sessions_with_news(now: datetime) -> Sequence[ChatSession]:
    waiting = Delivery.objects.filter(
        message__conversation_id=OuterRef("conversation_id"),
        channel_id=OuterRef("channel_id"),
        state=DeliveryState.ACCEPTED,
    )
    return list(
        ChatSession.objects.select_related("channel", "contact")
        .filter(
            Exists(waiting), continued_by_email=True, conversation__last_message_at__gt=now - NEWS
        )
        .order_by("pk")
    )


def _mail_news(session: ChatSession, now: datetime) -> bool:
    lock_session(session)
    after = timedelta(minutes=_after_minutes(session))
    answers = [one for one in _unmailed(session) if one.created_at <= now - after]
    if not answers:
        return False
    channel = mail_channel()
    allow_mail(session.workspace_id, session.email)
    _mail(session, channel, _answers(answers))
    _note_mailed(session, answers)
    return True


def _unmailed(session: ChatSession) -> list[Message]:
    """Return our answers in the chat that neither the browser nor a mail has got."""
    waiting = Delivery.objects.filter(
        message=OuterRef("pk"), channel_id=session.channel_id, state=DeliveryState.ACCEPTED
    )
    return list(
        visible_to(session)
        .filter(Exists(waiting), direction=Direction.OUT)
        .exclude(pk__in=session.attributes.get("mailed", []))
        .order_by("seq")
    )


def _after_minutes(session: ChatSession) -> int:
    if session.attributes.get("form"):
        return 0  # There is no chat window to wait for.
    settings = ChannelAccount.objects.values_list("settings", flat=True).get(
        channel_id=session.channel_id
    )
    return int(settings.get("email_after_minutes", DEFAULT_AFTER_MINUTES))


def _note_mailed(session: ChatSession, messages: Sequence[Message]) -> None:
    """Remember the newest ones: only they can still be waiting."""
    mailed = [*session.attributes.get("mailed", []), *(str(one.pk) for one in messages)]
    session.attributes = {**session.attributes, "mailed": mailed[-200:]}
    session.save(update_fields=["attributes"])


def _mail(session: ChatSession, channel: Channel, text: str) -> None:
    """Send a mail of our own in the conversation without taking it for an agent's answer."""
    assert session.conversation_id is not None
    conversation = lock_conversation(session.conversation_id)
    shown = {
        name: getattr(conversation, name)
        for name in ("status", "snoozed_until", "waiting_since", "last_direction", "preview")
    }
    workspace = Workspace.objects.get(pk=require_workspace_id())
    greeting = f"Hello {session.name},\n\n" if session.name else "Hello,\n\n"
    send(
        conversation=conversation,
        author=None,
        author_kind=AuthorKind.SYSTEM,
        channel=channel,
        to=[session.email],
        cc=[],
        subject=f"Your chat with {workspace.name}",
        body_text=f"{greeting}{text}\n\nAnswer this mail to go on.\n{workspace.name}",
    )
    Conversation.objects.filter(pk=conversation.pk).update(**shown)


def _summary(session: ChatSession, said: Sequence[Message]) -> str:
    lines = [f"{_who(one)}: {_line(one)}" for one in said[-MAX_LINES:]]
    return "\n\n".join(["we go on by e-mail. This was said in the chat so far:", *lines])


def _answers(answers: Sequence[Message]) -> str:
    lines = [f"{_who(one)}: {one.body_text.strip()}{_files(one)}" for one in answers]
    return "\n\n".join(["here is the answer to your chat:", *lines])


def _who(message: Message) -> str:
    return "You" if message.direction == Direction.IN else message.author_name or "We"


def _line(message: Message) -> str:
    """Return one thing said; what a visitor wrote goes to an unproven address without its links."""
    text = " ".join((message.new_text or message.body_text).split())[:MAX_LINE]
    return f"{_LINK.sub('[link]', text)}{_files(message)}"


def _files(message: Message) -> str:
    return " (with a file; it is in the chat)" if message.has_attachments else ""
