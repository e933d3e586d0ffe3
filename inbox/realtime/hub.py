"""The hub: one Redis subscription of this process, and the sockets that hear what concerns them."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from uuid import UUID

import redis
import redis.asyncio as aioredis
import structlog
from django.conf import settings

from inbox.realtime import presence
from inbox.realtime.entry import still_welcome
from inbox.realtime.news import (
    ANNOUNCE,
    CHANNEL,
    GAP,
    NEXT,
    READ,
    news_body,
    sequence_key,
    typing_news,
)
from inbox.realtime.reading import in_thread, overlooked
from inbox.realtime.room import Room, encoded
from inbox.realtime.screen import SIGNED_OUT, AgentScreen

logger = structlog.get_logger(__name__)

Push = Callable[[str], None]
OnGap = Callable[[], None]

#: Seconds between two ticks: a gap nobody noticed is noticed then.
TICK = 15.0
#: How long a new socket waits for the subscription before it is served without news.
PATIENCE = 2.0
SLOWEST_RETRY = 2.0


class Hub:
    """Belongs to the running event loop; a new loop (as tests make them) starts afresh."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begin()

    def _begin(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.groups: dict[str, dict[Push, OnGap | None]] = defaultdict(dict)
        self._subscribed = asyncio.Event()
        self._redis: aioredis.Redis[str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._shown: dict[UUID, str] = {}

    # --- groups: whoever wants frames by name ----------------------------------------------------

    async def join(self, group: str, push: Push, on_gap: OnGap | None = None) -> None:
        """Call ``push`` with the text of every frame sent to the group, from now on."""
        self.groups_of_this_loop()[group][push] = on_gap
        await self._ready()

    def leave(self, group: str, push: Push) -> None:
        """Stop; unknown pairs are fine."""
        members = self.groups.get(group, {})
        members.pop(push, None)
        if not members:
            self.groups.pop(group, None)

    def groups_of_this_loop(self) -> dict[str, dict[Push, OnGap | None]]:
        """Return the groups, after making sure that they belong to the running loop."""
        self._start()
        return self.groups

    async def publish(self, group: str, frame: Mapping[str, Any]) -> None:
        """Send one frame to the group in every process. Never raises."""
        await self._publish({"group": group, "frame": dict(frame)})

    async def type_in(
        self, workspace_id: UUID, conversation_id: UUID, who: Mapping[str, Any], on: bool
    ) -> None:
        """Tell everybody concerned that somebody types. Never raises."""
        await self._publish({"typing": typing_news(workspace_id, conversation_id, who, on)})

    # --- screens: the agents' sockets --------------------------------------------------------------

    async def enter(self, screen: AgentScreen) -> None:
        """Take an agent's socket in: it gets hello, then every delta of its workspace."""
        self._start()
        room = self.rooms.get(screen.workspace_id)
        if room is None:
            room = self.rooms[screen.workspace_id] = Room(screen.workspace_id)
        await self._ready()
        if not room.head:
            room.start_at(await self._number(screen.workspace_id))
        # The last other socket may have left while we waited.
        room = self.rooms.setdefault(screen.workspace_id, room)
        room.enter(screen)

    async def exit(self, screen: AgentScreen) -> None:
        """Let an agent's socket go, and tell the others that it looks away."""
        room = self.rooms.get(screen.workspace_id)
        if room is None:
            return
        watched = screen.watching
        room.leave(screen)
        if not room.screens:
            room.close()
            del self.rooms[screen.workspace_id]
        if watched is not None:
            await self._look_away(screen, watched)

    async def watch(self, screen: AgentScreen, conversation_id: UUID | None) -> None:
        """Move a socket's eyes to a conversation, which it may see, or to none."""
        room = self.rooms.get(screen.workspace_id)
        before = screen.watching
        if room is None or before == conversation_id:
            return
        room.watch(screen, conversation_id)
        if before is not None:
            await self._look_away(screen, before)
        if conversation_id is not None:
            await self._safely(
                presence.look(self.redis, str(conversation_id), screen.presence_entry)
            )
            await self._tell_viewers(screen.workspace_id, conversation_id)

    async def tick(self) -> None:
        """Once in a while: numbers for everybody, doors for whoever may no longer be here."""
        for room in tuple(self.rooms.values()):
            room.tick()
            await self._see_out(room)
            await self._tell_overlooked(room)
            for conversation_id, screens in tuple(room.watchers.items()):
                entries = [one.presence_entry for one in screens]
                await self._safely(presence.look(self.redis, str(conversation_id), *entries))
                await self._show_viewers(room, conversation_id)

    # --- the subscription ---------------------------------------------------------------------------

    @property
    def redis(self) -> "aioredis.Redis[str]":
        """Return this loop's client."""
        if self._redis is None:
            self._redis = aioredis.Redis.from_url(
                settings.REDIS_URL,
                decode_responses=True,
                socket_connect_timeout=1.0,
                socket_timeout=5.0,
                health_check_interval=10,
            )
        return self._redis

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self._begin()
        self.spawn(self._listen())
        self.spawn(self._tick_for_ever())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; the hub keeps it alive and ends it with itself."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End the subscription; the next socket starts it again."""
        for task in tuple(self._tasks):
            task.cancel()
        for room in self.rooms.values():
            room.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()  # type: ignore[attr-defined]  # the stubs are of redis 4
        self._loop = None
        self._begin()

    async def _ready(self) -> None:
        try:
            await asyncio.wait_for(self._subscribed.wait(), PATIENCE)
        except TimeoutError:
            logger.warning("hub.not_subscribed")  # the gap is told once Redis is back

    async def _listen(self) -> None:
        pause = 0.1
        before = False
        while True:
            try:
                async with self.redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    while True:
                        message = await subscription.get_message(timeout=5.0)
                        if message is None:
                            continue
                        pause = 0.1
                        if message["type"] == "subscribe":
                            self._subscribed.set()
                            if before:
                                self.spawn(self._after_gap())
                            before = True
                        elif message["type"] == "message":
                            self._hear(message["data"])
            except (redis.RedisError, OSError) as error:
                self._subscribed.clear()
                logger.warning("hub.cut_off", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, SLOWEST_RETRY)

    def _hear(self, data: str) -> None:
        message = json.loads(data)
        if "seq" in message:
            room = self.rooms.get(UUID(message["workspace"]))
            if room is not None:
                room.hear(int(message["seq"]), message)
        elif "group" in message:
            self._to_group(message["group"], encoded(message["frame"]))
        elif "typing" in message:
            self._hear_typing(message["typing"])
        elif "shop" in message:
            self._hear_shop(message["shop"])
        elif "people" in message:
            room = self.rooms.get(UUID(message["people"]))
            if room is not None:
                self.spawn(self._see_out(room))
        elif "viewers" in message:
            room = self.rooms.get(UUID(message["workspace"]))
            if room is not None:
                self.spawn(self._show_viewers(room, UUID(message["viewers"]), always=True))

    def _to_group(self, group: str, text: str) -> None:
        for push in tuple(self.groups.get(group, ())):
            push(text)

    def _hear_typing(self, news: dict[str, Any]) -> None:
        frame = {
            "type": "typing",
            "conversation": news["conversation"],
            "who": news["who"],
            "on": news["on"],
        }
        text = encoded(frame)
        room = self.rooms.get(UUID(news["workspace"]))
        if room is not None:
            room.to_watchers(UUID(news["conversation"]), text)
        self._to_group(f"typing:{news['conversation']}", text)

    def _hear_shop(self, news: dict[str, Any]) -> None:
        room = self.rooms.get(UUID(news["workspace"]))
        if room is None:
            return
        for conversation in news["conversations"]:
            frame = {"type": "shop", "conversation": conversation}
            room.to_watchers(UUID(conversation), encoded(frame))

    async def _after_gap(self) -> None:
        """Make every screen ask again: nobody can say what was missed while Redis was away."""
        for workspace_id in tuple(self.rooms):
            await self._safely(
                self._eval(
                    ANNOUNCE,
                    sequence_key(workspace_id),
                    CHANNEL,
                    news_body(workspace_id),
                    str(GAP),
                )
            )
        for members in tuple(self.groups.values()):
            for on_gap in tuple(members.values()):
                if on_gap is not None:
                    on_gap()

    # --- small steps ----------------------------------------------------------------------------------

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                await self.tick()
            except Exception:
                logger.exception("hub.tick_failed")

    async def _see_out(self, room: Room) -> None:
        screens = list(room.screens)
        welcome = await in_thread(still_welcome, room.workspace_id, [one.guest for one in screens])
        for screen in screens:
            if screen.guest not in welcome:
                screen.close(SIGNED_OUT)

    async def _tell_overlooked(self, room: Room) -> None:
        """Announce what a process that died could not: the rows are there, the news were not."""
        conversations, messages = await in_thread(
            overlooked, room.workspace_id, since=room.opened_at, told=dict(room.sequences)
        )
        if conversations:
            body = news_body(room.workspace_id, conversations=conversations, messages=messages)
            key = sequence_key(room.workspace_id)
            await self._safely(self._eval(ANNOUNCE, key, CHANNEL, body, str(NEXT)))

    async def _look_away(self, screen: AgentScreen, conversation_id: UUID) -> None:
        await self._safely(
            presence.look_away(self.redis, str(conversation_id), screen.presence_entry)
        )
        await self._tell_viewers(screen.workspace_id, conversation_id)

    async def _tell_viewers(self, workspace_id: UUID, conversation_id: UUID) -> None:
        await self._publish({"viewers": str(conversation_id), "workspace": str(workspace_id)})

    async def _show_viewers(
        self, room: Room, conversation_id: UUID, *, always: bool = False
    ) -> None:
        if conversation_id not in room.watchers:
            self._shown.pop(conversation_id, None)
            return
        try:
            people = await presence.viewers(self.redis, str(conversation_id))
        except (redis.RedisError, OSError):
            return
        frame = {"type": "presence", "conversation": str(conversation_id), "viewers": people}
        text = encoded(frame)
        if always or self._shown.get(conversation_id) != text:
            self._shown[conversation_id] = text
            room.to_watchers(conversation_id, text)

    async def _number(self, workspace_id: UUID) -> int:
        try:
            return int(await self._eval(READ, sequence_key(workspace_id)))
        except (redis.RedisError, OSError):
            return 0

    async def _eval(self, script: str, key: str, *arguments: str) -> Any:
        return await self.redis.eval(script, 1, key, *arguments)  # type: ignore[no-untyped-call]

    async def _publish(self, message: Mapping[str, Any]) -> None:
        await self._safely(self.redis.publish(CHANNEL, encoded(dict(message))))

    async def _safely(self, work: Any) -> None:
        """Presence and typing may be lost; nobody's socket ends for them."""
        try:
            await work
        except (redis.RedisError, OSError) as error:
            logger.warning("hub.untold", error=type(error).__name__)


hub = Hub()
