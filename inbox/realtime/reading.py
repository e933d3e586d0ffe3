"""Reading the rows that news speak of: in a thread, inside the scope, once for all sockets."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import timezone

from identity.tenancy import tenant_scope
from inbox.api.shapes.conversations import event_shape, is_unread, row_without_unread
from inbox.api.shapes.messages import message_shapes
from inbox.models import Conversation, ConversationEvent, Message, ReadMarker, Status
from inbox.querysets import as_rows, channel_kinds, for_thread

P = ParamSpec("P")
R = TypeVar("R")

#: Each may hold a database connection; the pool of a web process has twelve.
THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hub")
#: A tick looks back this far for messages that nobody told of (seconds), and leaves the newest alone:
#: their news may be on the way.
LATELY = timedelta(seconds=45)
SETTLED = timedelta(seconds=3)
MOST_OVERLOOKED = 50
#: Lines told about a watched conversation that changed; a screen that missed more reloads anyway.
LAST_EVENTS = 20


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work beside the event loop, with a connection of its own."""
    answer: R = await database_sync_to_async(work, thread_sensitive=False, executor=THREADS)(
        *args, **kwargs
    )
    return answer


@dataclass(frozen=True, slots=True)
class RowText:
    """A list row encoded once; only ``unread`` differs between readers."""

    conversation_id: UUID
    last_seq: int
    opening: str
    read_by: frozenset[UUID]

    def text(self, unread: bool) -> str:
        """Return the row for readers who have, or have not, seen the customer's last message."""
        return f'{self.opening},"unread":{"true" if unread else "false"}}}'


@dataclass(slots=True)
class Reading:
    """``threads``: what changed in watched conversations, as frames carry it."""

    rows: list[RowText] = field(default_factory=list)
    threads: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def read_news(
    workspace_id: UUID,
    *,
    conversations: set[UUID],
    messages: set[UUID],
    watched: set[UUID],
    members: set[UUID],
) -> Reading:
    """Return the present state of what news speak of."""
    reading = Reading()
    with tenant_scope(workspace_id):
        kinds = channel_kinds() if conversations or messages else {}
        if conversations:
            reading.rows = _rows(conversations, members, kinds)
        if messages and watched:
            found = Message.objects.filter(pk__in=messages, conversation_id__in=watched)
            rows = list(for_thread(found).order_by("seq"))
            for row, shape in zip(rows, message_shapes(rows, kinds), strict=True):
                _thread(reading, row.conversation_id)["messages"].append(shape)
        for conversation_id in conversations & watched:
            latest = ConversationEvent.objects.filter(conversation=conversation_id)
            lines = latest.select_related("actor__user").order_by("-id")[:LAST_EVENTS]
            if events := [event_shape(line) for line in reversed(lines)]:
                _thread(reading, conversation_id)["events"] = events
    return reading


def overlooked(
    workspace_id: UUID, *, since: datetime, told: Mapping[UUID, int]
) -> tuple[list[UUID], list[UUID]]:
    """Return (conversations, messages) that are new and of which no screen here was told.

    A process that is killed between its commit and its news leaves such. ``told`` holds the last
    sequence told of each conversation.
    """
    now = timezone.now()
    since = max(since, now - LATELY)
    with tenant_scope(workspace_id):
        newest = Conversation.objects.filter(
            status=Status.OPEN, last_message_at__gt=since, last_message_at__lt=now - SETTLED
        ).order_by("-last_message_at")
        missed = [
            pk
            for pk, seq in newest.values_list("pk", "last_seq")[:MOST_OVERLOOKED]
            if told.get(pk, 0) < seq
        ]
        said = Message.objects.filter(conversation__in=missed, created_at__gt=since)
        return missed, list(said.values_list("pk", flat=True)) if missed else []


def _thread(reading: Reading, conversation_id: UUID) -> dict[str, Any]:
    return reading.threads.setdefault(conversation_id, {"messages": [], "events": []})


def _rows(conversations: set[UUID], members: set[UUID], kinds: Any) -> list[RowText]:
    found = list(as_rows(Conversation.objects.filter(pk__in=conversations)))
    read: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    markers = ReadMarker.objects.filter(conversation__in=found, membership__in=members)
    for conversation_id, member, seq in markers.values_list(
        "conversation_id", "membership_id", "seq"
    ):
        read[conversation_id][member] = seq
    return [
        RowText(
            conversation_id=row.pk,
            last_seq=row.last_seq,
            opening=json.dumps(
                row_without_unread(row, kinds), separators=(",", ":"), ensure_ascii=False
            )[:-1],
            read_by=frozenset(
                member for member in members if not is_unread(row, read[row.pk].get(member, 0))
            ),
        )
        for row in found
    ]
