"""What a visitor may see of their conversation, and reading it page by page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from channels_app.chat.services.frames import by_message, message_json
from channels_app.chat.services.sessions import seq_base
from channels_app.models import ChatSession
from inbox.models import ChannelKind, Delivery, DeliveryState, Direction, Message

PAGE = 100
#: An answer is the visitor's to see from here on; before, an agent can still take it back.
SHOWN = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.READ)


@dataclass(frozen=True, slots=True)
class Page:
    """``next`` is the number to go on after, None at the end."""

    messages: list[Message]
    results: list[dict[str, Any]]
    next: int | None


def visible_to(session: ChatSession) -> QuerySet[Message]:
    """Return the messages of this session's conversation that its visitor may see.

    That is what this browser wrote and what we answered in this chat: no notes, nothing that still
    can be taken back, no mails. Once the shop has signed who the visitor is, it is also what that
    person wrote elsewhere in the conversation, and mails that went to their address alone.
    """
    if session.conversation_id is None:
        return Message.objects.none()
    deliveries = Delivery.objects.filter(message=OuterRef("pk"), state__in=SHOWN)
    own = Q(provider_key__startswith=f"{session.pk}:")
    ours = Q(channel_id=session.channel_id)
    if session.identified:
        own |= Q(author_contact=session.contact_id, author_verified=True)
        if session.email:
            ours |= Q(
                channel__kind=ChannelKind.EMAIL,
                to=[{"address": session.email, "name": ""}],
                cc=[],
                bcc=[],
            )
    return Message.objects.filter(
        Q(direction=Direction.IN) & own | Q(direction=Direction.OUT) & ours & Exists(deliveries),
        conversation_id=session.conversation_id,
        private=False,
    )


def read_page(session: ChatSession, *, after_seq: int, limit: int = PAGE) -> Page:
    """Return what came after a number, and answers that became visible late.

    An answer that was held back (for undo, or on schedule) keeps its place in the conversation, so
    it may turn up below a number the browser has passed: it is offered until the browser has it.
    """
    base = seq_base(session)
    late = Delivery.objects.filter(
        message=OuterRef("pk"), state=DeliveryState.ACCEPTED, send_at__isnull=False
    )
    rows = list(
        visible_to(session)
        .filter(Q(seq__gt=after_seq - base) | Q(direction=Direction.OUT) & Exists(late))
        .order_by("seq")[: limit + 1]
    )
    shown = rows[:limit]
    files = by_message(shown)
    return Page(
        messages=shown,
        results=[
            message_json(one, base=base, session=session, attachments=files.get(one.pk, ()))
            for one in shown
        ],
        next=shown[-1].seq + base if len(rows) > limit else None,
    )


def state_of(session: ChatSession) -> dict[str, Any]:
    """Return what the widget shows round the messages."""
    return {
        "agent_read_seq": session.agent_read_seq,
        "ended": session.ended_at is not None,
        "continued_by_email": session.continued_by_email,
    }


def last_seq(session: ChatSession) -> int:
    """Return the number of the newest message the visitor may see; 0 without any."""
    if session.conversation_id is None:
        return seq_base(session)
    newest = visible_to(session).order_by("-seq").values_list("seq", flat=True).first()
    return (newest or 0) + seq_base(session)
