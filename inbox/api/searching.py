"""Search results: conversations with the newest message that matched, marked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from identity.models import Membership
from inbox.api.listing import ListQuery, conversation_page
from inbox.api.shapes.conversations import conversation_row
from inbox.models import Conversation, Message
from inbox.querysets import (
    as_rows,
    channel_kinds,
    conversations_visible_to,
    messages_visible_to,
    with_read_seq,
)
from inbox.rest.paging import DEFAULT_LIMIT, make_cursor, read_cursor, time_and_id
from inbox.rest.times import when
from inbox.search.compile import EVERYWHERE, found_messages, narrowed, statuses_asked
from inbox.search.grammar import Query, parse
from inbox.search.index import query_words
from inbox.search.snippets import snippet

Hit = tuple[UUID, UUID, datetime]


def search_page(
    me: Membership, *, q: str, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """Return ``{"results", "next"}``, newest match first; filters alone list newest first."""
    query = parse(q)
    if query.is_empty:
        return {"results": [], "next": None}
    if not query.terms:
        page = conversation_page(me, ListQuery(q=q, cursor=cursor, limit=limit))
        return {**page, "results": [{**row, "match": None} for row in page["results"]]}
    before = time_and_id(read_cursor(cursor, 2)) if cursor else None
    return _by_text(me, query, before, limit)


def _by_text(
    me: Membership, query: Query, before: tuple[datetime, UUID] | None, limit: int
) -> dict[str, Any]:
    newest: dict[UUID, Hit] = {}
    for hit in found_messages(query, before=before):
        newest.setdefault(hit[0], hit)
    visible = conversations_visible_to(me).filter(
        pk__in=list(newest), status__in=statuses_asked(query) or EVERYWHERE
    )
    rest = Query(filters=tuple(one for one in query.filters if one.name not in {"from", "order"}))
    allowed = narrowed(visible, Query(filters=rest.filters, numbers=query.numbers), me)
    there = set(allowed.values_list("pk", flat=True))
    hits = [hit for hit in newest.values() if hit[0] in there][: limit + 1]
    shown = hits[:limit]
    last = shown[-1] if len(hits) > limit else None
    return {
        "results": _rows(me, query, shown),
        "next": make_cursor(when(last[2]), str(last[1])) if last else None,
    }


def _rows(me: Membership, query: Query, hits: list[Hit]) -> list[dict[str, Any]]:
    kinds = channel_kinds()
    wanted = Conversation.objects.filter(pk__in=[hit[0] for hit in hits])
    rows = {row.pk: row for row in with_read_seq(as_rows(wanted), me)}
    messages = messages_visible_to(me).in_bulk([hit[1] for hit in hits])
    words = [word for term in query.terms for word in query_words(term.text)]
    return [
        {
            **conversation_row(rows[conversation_id], kinds),
            "match": _match(messages[message_id], words),
        }
        for conversation_id, message_id, _ in hits
        if conversation_id in rows and message_id in messages
    ]


def _match(message: Message, words: list[str]) -> dict[str, Any]:
    pieces = snippet(message.body_text or message.subject, words)
    return {
        "message_id": str(message.pk),
        "seq": message.seq,
        "snippet": [{"text": piece.text, "hit": piece.hit} for piece in pieces],
    }
