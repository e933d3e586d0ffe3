"""A page of a thread: messages in ascending order, with the lines between them."""

from typing import Any
from uuid import UUID

from identity.models import Membership
from inbox.api.shapes.conversations import event_shape
from inbox.api.shapes.messages import message_shapes
from inbox.models import Conversation, ConversationEvent, Message
from inbox.querysets import channel_kinds, for_thread, messages_visible_to
from inbox.rest.paging import DEFAULT_LIMIT, make_cursor, read_cursor

#: Lines read with one page; a conversation that saw more shows its newest.
MOST_EVENTS = 200


def thread_page(
    conversation: Conversation,
    me: Membership,
    *,
    before_seq: int | None = None,
    after_seq: int | None = None,
    limit: int = DEFAULT_LIMIT,
    cursor: str = "",
    provider_id: str = "",
    images: bool = False,
) -> dict[str, Any]:
    """Return ``{"results", "events", "next"}``.

    Going back (the default) ``next`` leads to earlier messages, with ``after_seq`` to later ones.
    """
    if cursor:
        way, seq = read_cursor(cursor, 2)
        before_seq, after_seq = (int(seq), None) if way == "before" else (None, int(seq))
    found = for_thread(messages_visible_to(me).filter(conversation=conversation))
    if provider_id:
        found = found.filter(provider_id=provider_id)
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    if after_seq is not None:
        found = found.filter(seq__gt=after_seq)
    forward = after_seq is not None and before_seq is None
    rows = list(found.order_by("seq" if forward else "-seq")[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    next_cursor = None
    if more:
        next_cursor = (
            make_cursor("after", rows[-1].seq) if forward else make_cursor("before", rows[0].seq)
        )
    return {
        "results": message_shapes(rows, channel_kinds(), images=images),
        "events": _events(conversation.pk, rows, whole=not more and not forward),
        "next": next_cursor,
    }


def _events(conversation_id: UUID, rows: list[Message], *, whole: bool) -> list[dict[str, Any]]:
    """Return the lines that stand behind these messages, and with the first page those before."""
    lines = ConversationEvent.objects.filter(conversation=conversation_id)
    if rows:
        lines = lines.filter(after_seq__gte=0 if whole else rows[0].seq)
    newest = lines.select_related("actor__user").order_by("-id")[:MOST_EVENTS]
    return [event_shape(line) for line in reversed(newest)]
