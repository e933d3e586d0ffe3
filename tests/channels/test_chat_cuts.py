"""Nothing lost and nothing doubled, however often the line is cut (P1, P5)."""

import asyncio
import json
import random
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from channels_app.chat.window import in_thread
from helpdesk.foundation.redis import client as redis_client
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Message
from tests.channels.serving import Line, line, served
from tests.factories.chat import Browser, open_door

pytestmark = pytest.mark.django_db(transaction=True)

SAID = 60
ANSWERED = 30
CUTS = 50


class Widget:
    """What every browser side has to do: repeat what was not acknowledged, resume where it was whole.

    A single frame or acknowledgement says nothing about what came before it: an answer may have been
    under way when the line was cut.
    """

    def __init__(self, host: str, token: str) -> None:
        self.host = host
        self.token = token
        self.outbox = [str(uuid4()) for _ in range(SAID)]
        self.acked: dict[str, int] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.heard_back = asyncio.Event()
        self.cuts = 0
        #: Up to here nothing is missing: a whole catch-up was heard to its end.
        self.last = 0
        self._catching_up_to = 0

    async def live(self, until: "asyncio.Event", chance: random.Random) -> None:
        """Connect again and again until everything is there on both sides."""
        while not until.is_set() or self.outbox:
            async with line(self.host) as window:
                await window.tell(type="hello", token=self.token, after_seq=self.last)
                try:
                    await self._one_life(window, until, chance)
                except ConnectionClosed:
                    continue

    async def _one_life(self, window: Line, until: "asyncio.Event", chance: random.Random) -> None:
        speaking = asyncio.create_task(self._speak(window))
        cutting = asyncio.create_task(self._cut(window, chance))
        try:
            while not until.is_set() or self.outbox:
                try:
                    await self._take(window)
                except TimeoutError:
                    continue
        finally:
            for task in (speaking, cutting):
                task.cancel()
            await asyncio.gather(speaking, cutting, return_exceptions=True)

    async def _take(self, window: Line) -> None:
        frame = json.loads(await asyncio.wait_for(window.ws.recv(), 0.2))
        if frame["type"] == "ack":
            self.acked[frame["client_msg_id"]] = frame["seq"]
            if frame["client_msg_id"] in self.outbox:
                self.outbox.remove(frame["client_msg_id"])
            self.heard_back.set()
        elif frame["type"] == "message":
            self.messages[frame["id"]] = frame
        elif frame["type"] == "ready":
            self._catching_up_to = frame["seq"]
        elif frame["type"] == "status":  # follows what was missed
            self.last = max(self.last, self._catching_up_to)

    async def _speak(self, window: Line) -> None:
        while self.outbox:
            self.heard_back.clear()
            click = self.outbox[0]
            await window.tell(type="message", client_msg_id=click, text=f"said {click}")
            await self.heard_back.wait()

    async def _cut(self, window: Line, chance: random.Random) -> None:
        if self.cuts < CUTS:
            await asyncio.sleep(chance.uniform(0, 0.3))
            self.cuts += 1
            window.cut()


async def test_a_line_cut_at_random_ends_equal_to_a_fresh_load(shop, ana, monkeypatch):
    """Fifty cuts, both sides talking, the subscription lost on the way."""
    monkeypatch.setattr("channels_app.chat.services.throttling.MESSAGES", 10_000)
    monkeypatch.setattr("channels_app.chat.services.throttling.REQUESTS", 100_000)
    chance = random.Random(2)
    browser = Browser(await in_thread(open_door, shop))
    await in_thread(browser.open)
    await in_thread(browser.say, "Hello")
    async with served() as host:
        widget = Widget(host, browser.token)
        clicks = set(widget.outbox)
        told = asyncio.Event()
        living = asyncio.create_task(widget.live(told, chance))
        for number in range(ANSWERED):
            await in_thread(browser.answered, ana, f"answer {number}")
            await asyncio.sleep(chance.uniform(0, 0.3))
            if number == ANSWERED // 2:
                await in_thread(redis_client().execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
        while widget.outbox or widget.cuts < CUTS:
            assert not living.done(), living.exception()
            await asyncio.sleep(0.05)
        told.set()
        await living
        # One last look, as after any reconnect.
        async with line(host, browser.token, after_seq=widget.last) as window:
            while window.heard[-1]["type"] != "status":
                await window.hear("status")
            for frame in window.heard:
                if frame["type"] == "message":
                    widget.messages[frame["id"]] = frame
        fresh = await in_thread(browser.thread)

    assert set(widget.acked) == clicks
    said = [one["client_msg_id"] for one in fresh if one["author"]["kind"] == "contact"][1:]
    assert sorted(said) == sorted(clicks)
    assert [one["text"] for one in fresh if one["author"]["kind"] == "agent"] == [
        f"answer {number}" for number in range(ANSWERED)
    ]
    assert [one["seq"] for one in fresh] == list(range(1, len(fresh) + 1))
    ours = {one["id"] for one in fresh if one["author"]["kind"] == "agent"}
    assert ours <= set(widget.messages)
    assert await in_thread(_counts, browser) == (1, 1 + SAID + ANSWERED)


def _counts(browser: Browser) -> tuple[int, int]:
    with tenant_scope(browser.channel.workspace_id):
        return Conversation.objects.count(), Message.objects.count()
