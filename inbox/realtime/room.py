"""One workspace's open screens in this process: numbered news in, frames out, each encoded once."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.utils import timezone

from inbox.realtime.reading import Reading, in_thread, read_news
from inbox.realtime.screen import AgentScreen

logger = structlog.get_logger(__name__)

#: News that arrive within this many seconds travel together.
GATHER = 0.025
#: After a failed reading (PostgreSQL restarts) the same news are read again this much later.
AGAIN = 1.0
#: More changed conversations than this are cheaper fetched than told.
MOST = 200
#: Conversations whose last told sequence is kept.
REMEMBERED = 1_000
#: ``from`` of a delta that follows nothing: every screen takes it for a gap.
TORN = -1


@dataclass(slots=True)
class Batch:
    """News that wait to be read and sent, numbered from (excluded) and to (included)."""

    start: int
    number: int
    conversations: set[UUID] = field(default_factory=set)
    messages: set[UUID] = field(default_factory=set)
    gone: set[tuple[UUID, UUID]] = field(default_factory=set)

    def add(self, other: "Batch") -> None:
        """Take later news in."""
        self.number = other.number
        self.conversations |= other.conversations
        self.messages |= other.messages
        self.gone |= other.gone
        if other.start == TORN or len(self.conversations) > MOST:
            self.start = TORN


def encoded(frame: dict[str, Any]) -> str:
    """Return a frame as it goes over the wire."""
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)


class Room:
    """``told`` is the number of the last news sent, ``head`` of the last heard."""

    def __init__(self, workspace_id: UUID) -> None:
        self.workspace_id = workspace_id
        self.screens: set[AgentScreen] = set()
        self.watchers: dict[UUID, set[AgentScreen]] = defaultdict(set)
        self.head = 0
        self.told = 0
        self.opened_at = timezone.now()
        #: The last sequence told of each conversation, newest last.
        self.sequences: dict[UUID, int] = {}
        self._batch: Batch | None = None
        self._flush: asyncio.Task[None] | None = None

    def start_at(self, number: int) -> None:
        """Learn where the numbers stand; news heard meanwhile count more."""
        if number > self.head:
            self.head = self.told = number

    def enter(self, screen: AgentScreen) -> None:
        """Take a screen in and tell it the number its first delta will follow."""
        self.screens.add(screen)
        screen.push(encoded({"type": "hello", "seq": self.told}))

    def leave(self, screen: AgentScreen) -> None:
        """Let a screen go."""
        self.screens.discard(screen)
        self.watch(screen, None)

    def watch(self, screen: AgentScreen, conversation_id: UUID | None) -> None:
        """Note what a screen looks at."""
        if screen.watching is not None:
            left = self.watchers[screen.watching]
            left.discard(screen)
            if not left:
                del self.watchers[screen.watching]
        screen.watching = conversation_id
        if conversation_id is not None:
            self.watchers[conversation_id].add(screen)

    def hear(self, number: int, news: dict[str, Any]) -> None:
        """Queue numbered news and see to it that they are sent soon."""
        if number <= self.head:
            return  # from before our number was learned
        batch = Batch(
            start=self.head if number == self.head + 1 else TORN,
            number=number,
            conversations={UUID(pk) for pk in news["conversations"]},
            messages={UUID(pk) for pk in news["messages"]},
            gone={(UUID(pair[0]), UUID(pair[1])) for pair in news["gone"]},
        )
        self.head = number
        if self._batch is None:
            self._batch = batch
        else:
            self._batch.add(batch)
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._send_soon())

    def tick(self) -> None:
        """Let every screen check that it missed nothing."""
        text = encoded({"type": "tick", "seq": self.told})
        for screen in tuple(self.screens):
            screen.push(text)

    def to_watchers(self, conversation_id: UUID, text: str) -> None:
        """Send a frame to whoever looks at this conversation."""
        for screen in tuple(self.watchers.get(conversation_id, ())):
            screen.push(text)

    def close(self) -> None:
        """Stop sending; the last screen has left."""
        if self._flush is not None:
            self._flush.cancel()

    async def _send_soon(self) -> None:
        await asyncio.sleep(GATHER)
        while self._batch is not None:
            batch, self._batch = self._batch, None
            try:
                reading = await self._read(batch)
            except Exception:
                # Nothing is dropped: the same news are read again, together with later ones.
                logger.exception("news.unreadable", workspace_id=str(self.workspace_id))
                if self._batch is not None:
                    batch.add(self._batch)
                self._batch = batch
                await asyncio.sleep(AGAIN)
                continue
            self._tell(batch, reading)

    async def _read(self, batch: Batch) -> Reading:
        torn = batch.start == TORN
        return await in_thread(
            read_news,
            self.workspace_id,
            conversations=set() if torn else set(batch.conversations),
            messages=set() if torn else set(batch.messages),
            watched=set(self.watchers),
            members={screen.membership_id for screen in self.screens},
        )

    def _tell(self, batch: Batch, reading: Reading) -> None:
        gone: dict[UUID, list[str]] = defaultdict(list)
        for conversation_id, message_id in batch.gone:
            gone[conversation_id].append(str(message_id))
        for conversation_id in reading.threads.keys() | gone.keys():
            if conversation_id in self.watchers:
                thread = reading.threads.get(conversation_id, {"messages": [], "events": []})
                frame = {
                    "type": "messages",
                    "conversation": str(conversation_id),
                    **thread,
                    "gone": gone.get(conversation_id, []),
                }
                self.to_watchers(conversation_id, encoded(frame))
        self._tell_rows(batch, reading)
        self.told = batch.number
        for row in reading.rows:
            self.sequences.pop(row.conversation_id, None)
            self.sequences[row.conversation_id] = row.last_seq
        while len(self.sequences) > REMEMBERED:
            del self.sequences[next(iter(self.sequences))]

    def _tell_rows(self, batch: Batch, reading: Reading) -> None:
        """Send the delta; people differ only in what they have read, so few texts are made."""
        opening = f'{{"type":"delta","from":{batch.start},"seq":{batch.number},"conversations":['
        texts: dict[tuple[bool, ...], str] = {}
        for screen in tuple(self.screens):
            unread = tuple(screen.membership_id not in row.read_by for row in reading.rows)
            text = texts.get(unread)
            if text is None:
                rows = (row.text(new) for row, new in zip(reading.rows, unread, strict=True))
                text = texts[unread] = f"{opening}{','.join(rows)}]}}"
            screen.push(text)
