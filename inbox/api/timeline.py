"""One person's story over all conversations and channels, newest first (ID-4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from identity.models import Contact
from inbox.api.shapes.conversations import channel_ref
from inbox.models import Conversation, ConversationEvent, Message
from inbox.querysets import channel_kinds
from inbox.rest.paging import DEFAULT_LIMIT, make_cursor, older_than, read_cursor, time_and_id
from inbox.rest.times import when

#: Conversations of one person that are looked at, newest first.
MOST_CONVERSATIONS = 1_000
PREVIEW = 300
KINDS = ("message", "note", "event")


def timeline_page(
    contact: Contact, *, cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """Return ``{"results", "next"}``: messages, notes and events in one order."""
    newest = Conversation.objects.filter(contact=contact).order_by("-last_message_at")
    about = {
        row.pk: row for row in newest.only("pk", "number", "subject", "status")[:MOST_CONVERSATIONS]
    }
    said = Message.objects.filter(conversation__in=list(about)).select_related("author__user")
    done = ConversationEvent.objects.filter(conversation__in=list(about)).select_related(
        "actor__user"
    )
    if cursor:
        behind = older_than("created_at", *time_and_id(read_cursor(cursor, 2)))
        said, done = said.filter(behind), done.filter(behind)
    by = ("-created_at", "-pk")
    rows: list[Any] = [
        *said.order_by(*by)[: limit + 1],
        *done.order_by(*by)[: limit + 1],
    ]
    rows.sort(key=lambda row: (row.created_at, row.pk), reverse=True)
    shown, kinds = rows[:limit], channel_kinds()
    last = shown[-1] if len(rows) > limit else None
    return {
        "results": [_item(row, about[row.conversation_id], kinds) for row in shown],
        "next": make_cursor(when(last.created_at), str(last.pk)) if last else None,
    }


def _item(row: Any, conversation: Conversation, kinds: Mapping[UUID, str]) -> dict[str, Any]:
    where = {
        "id": str(conversation.pk),
        "number": conversation.number,
        "subject": conversation.subject,
        "status": conversation.status,
    }
    item = {"id": str(row.pk), "at": when(row.created_at), "conversation": where}
    if isinstance(row, Message):
        return {**item, **_message(row, kinds)}
    return {
        **item,
        "kind": "event",
        "channel": None,
        "direction": None,
        "who": row.actor.name if row.actor else "",
        "text": row.kind,
        "files": False,
    }


def _message(message: Message, kinds: Mapping[UUID, str]) -> dict[str, Any]:
    name = message.author.name if message.author else message.author_name
    text = " ".join((message.new_text or message.body_text).split())
    return {
        "kind": "note" if message.private else "message",
        "channel": channel_ref(message.channel_id, kinds),
        "direction": message.direction,
        "who": name or message.author_address,
        "text": text[:PREVIEW],
        "files": message.has_attachments,
    }
