"""Who has got and who has read what: the visitor's side moves deliveries, the agent's a number."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from channels_app.chat.services.sessions import seq_base
from channels_app.models import ChatSession
from inbox.locks import lock_delivery
from inbox.models import Delivery, DeliveryState, Direction, Message
from inbox.services.delivery import record_outcome

_BEFORE = {
    DeliveryState.DELIVERED: [DeliveryState.ACCEPTED],
    DeliveryState.READ: [DeliveryState.ACCEPTED, DeliveryState.DELIVERED],
}


def confirm(
    session: ChatSession, *, upto_seq: int, read: bool, handed: Collection[UUID] = ()
) -> None:
    """Record that the browser has, or the visitor has read, our answers up to a number.

    An answer that was held back may turn up below a number that was confirmed before, so the number
    alone says nothing about it: it counts when it was handed over by its id.
    """
    if session.conversation_id is None:
        return
    answers = Delivery.objects.filter(
        Q(send_at__isnull=True) | Q(state=DeliveryState.DELIVERED) | Q(message_id__in=handed),
        message__conversation_id=session.conversation_id,
        message__channel_id=session.channel_id,
        message__direction=Direction.OUT,
        message__seq__lte=upto_seq - seq_base(session),
    )
    _move(answers, DeliveryState.READ if read else DeliveryState.DELIVERED)
    if read and upto_seq > session.visitor_read_seq:
        session.visitor_read_seq = upto_seq
        session.save(update_fields=["visitor_read_seq"])


def confirm_messages(session: ChatSession, messages: Iterable[Message]) -> None:
    """Record that these were handed over."""
    confirm_ids(session, [one.pk for one in messages if one.direction == Direction.OUT])


def confirm_ids(session: ChatSession, ids: Collection[UUID]) -> None:
    """Record that the answers with these ids were handed over; others of them are ignored."""
    if ids and session.conversation_id is not None:
        answers = Delivery.objects.filter(
            message_id__in=ids,
            message__conversation_id=session.conversation_id,
            channel_id=session.channel_id,
        )
        _move(answers, DeliveryState.DELIVERED)


def _move(deliveries: QuerySet[Delivery], state: DeliveryState) -> None:
    waiting = deliveries.filter(state__in=_BEFORE[state]).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        record_outcome(delivery=lock_delivery(pk), state=state)
