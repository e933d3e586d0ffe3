"""The hub in this process, against the real Valkey and PostgreSQL: gaps, groups and slow readers."""

import asyncio
import itertools
import json
import threading
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import redis
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

from helpdesk.foundation.events import publish
from helpdesk.foundation.redis import client
from identity.events import StoreOrderChanged
from identity.models import Membership, StoreOrder
from identity.tenancy import tenant_scope
from inbox.models import Conversation
from inbox.realtime import Hub, Outlet, announce, announce_typing, hub_publish, publish_to_chat
from inbox.realtime import news as telling
from inbox.realtime import reading as readings
from inbox.realtime import room as rooms
from inbox.realtime.entry import Guest
from inbox.realtime.news import current_sequence
from inbox.realtime.reading import in_thread, read_news
from inbox.realtime.screen import AgentScreen
from tests.factories.inbox import receive_mail
from tests.factories.shop import make_order
from tests.inbox.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture
async def hub():
    one = Hub()
    yield one
    await one.stop()


class Reader:
    """A screen at the hub whose frames are kept."""

    def __init__(self, member: Membership, session: str = "") -> None:
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.news = asyncio.Event()
        guest = Guest(session, member.workspace_id, member.pk, "Somebody")
        self.outlet = Outlet(self._send)
        self.screen = AgentScreen(guest, self.outlet)
        self.task = asyncio.create_task(self.outlet.run())

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
        else:
            self.frames.append(json.loads(message["text"]))
        self.news.set()

    async def next(self, kind: str, *, after: int = 0) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                for frame in self.frames[after:]:
                    if frame["type"] == kind:
                        return frame
                self.news.clear()
                await self.news.wait()

    async def ended(self) -> int | None:
        async with asyncio.timeout(10):
            await self.task
        return self.code


async def enter(hub, member, session=""):
    reader = Reader(member, session)
    await hub.enter(reader.screen)
    return reader


def a_mail(mail):
    return in_thread(receive_mail, mail)


async def test_one_reading_serves_all_screens(hub, ben, mail, monkeypatch):
    threads = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.current_thread().name)
        return read_news(*args, **kwargs)

    monkeypatch.setattr(rooms, "read_news", counted)
    readers = [await enter(hub, ben) for _ in range(200)]
    await a_mail(mail)
    frames = [await reader.next("delta") for reader in readers]
    assert len(threads) == 1
    assert all(frame == frames[0] for frame in frames)
    assert frames[0]["conversations"][0]["subject"] == "A bent tent pole"


async def test_a_burst_of_news_travels_together(hub, ben, mail):
    received = await a_mail(mail)
    reader = await enter(hub, ben)
    hello = await reader.next("hello")
    for _ in range(20):
        announce(ben.workspace_id, conversations=[received.conversation.pk])
    while reader.frames[-1].get("seq") != hello["seq"] + 20:
        reader.news.clear()
        await reader.news.wait()
    deltas = [frame for frame in reader.frames if frame["type"] == "delta"]
    assert len(deltas) < 10
    assert deltas[0]["from"] == hello["seq"]
    for before, after in itertools.pairwise(deltas):
        assert after["from"] == before["seq"]


async def test_after_the_subscription_was_cut_every_screen_is_told_of_a_gap(hub, ben):
    reader = await enter(hub, ben)
    hello = await reader.next("hello")
    gaps = asyncio.Event()
    await hub.join("chat:1", lambda text: None, gaps.set)
    await in_thread(client().execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
    delta = await reader.next("delta")
    assert delta["from"] != hello["seq"]
    async with asyncio.timeout(10):
        await gaps.wait()


async def test_news_lost_on_the_way_are_seen_as_a_gap(hub, ben, mail):
    received = await a_mail(mail)
    reader = await enter(hub, ben)
    hello = await reader.next("hello")
    client().incr(telling.sequence_key(ben.workspace_id))  # told, and heard by nobody
    announce(ben.workspace_id, conversations=[received.conversation.pk])
    delta = await reader.next("delta")
    assert delta["from"] != hello["seq"]
    assert delta["seq"] == hello["seq"] + 2


def test_news_told_while_redis_is_away_become_a_gap_when_it_is_back(ben, monkeypatch):
    before = current_sequence(ben.workspace_id)
    away = threading.Event()
    real = client

    def sometimes() -> Any:
        if not away.is_set():
            raise redis.ConnectionError("gone")
        return real()

    monkeypatch.setattr(telling, "client", sometimes)
    monkeypatch.setattr(telling, "PAUSE", 0.05)
    announce(ben.workspace_id, conversations=[uuid4()])
    away.set()
    for thread in threading.enumerate():
        if thread.name == "news-catch-up":
            thread.join(10)
    assert current_sequence(ben.workspace_id) == before + 2


async def test_a_reading_that_fails_is_done_again(hub, ben, mail, monkeypatch):
    received = await a_mail(mail)
    reader = await enter(hub, ben)
    hello = await reader.next("hello")
    failures = [OSError("PostgreSQL restarts")]

    def fails_once(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return read_news(*args, **kwargs)

    monkeypatch.setattr(rooms, "read_news", fails_once)
    monkeypatch.setattr(rooms, "AGAIN", 0.01)
    announce(ben.workspace_id, conversations=[received.conversation.pk])
    delta = await reader.next("delta")
    assert (delta["from"], delta["seq"]) == (hello["seq"], hello["seq"] + 1)
    assert len(delta["conversations"]) == 1


async def test_too_much_news_is_a_gap_rather_than_a_flood(hub, ben, monkeypatch):
    monkeypatch.setattr(rooms, "MOST", 5)
    reader = await enter(hub, ben)
    hello = await reader.next("hello")
    announce(ben.workspace_id, conversations=[uuid4() for _ in range(3)])
    announce(ben.workspace_id, conversations=[uuid4() for _ in range(3)])
    delta = await reader.next("delta")
    assert delta["conversations"] == []
    assert delta["from"] != hello["seq"]


async def test_a_tick_carries_the_number(hub, ben):
    session = await in_thread(_session_of, ben)
    reader = await enter(hub, ben, session)
    hello = await reader.next("hello")
    await hub.tick()
    assert (await reader.next("tick"))["seq"] == hello["seq"]


async def test_a_message_whose_news_were_never_told_is_told_with_the_next_tick(
    hub, ben, mail, monkeypatch
):
    session = await in_thread(_session_of, ben)
    reader = await enter(hub, ben, session)
    with monkeypatch.context() as killed:
        killed.setattr("inbox.subscribers.announce", lambda *_, **__: None)
        received = await a_mail(mail)
    monkeypatch.setattr(readings, "SETTLED", timedelta(0))
    await hub.tick()
    delta = await reader.next("delta")
    assert [row["id"] for row in delta["conversations"]] == [str(received.conversation.pk)]
    told = len(reader.frames)
    await hub.tick()
    await reader.next("tick", after=told)
    assert [frame["type"] for frame in reader.frames].count("delta") == 1


def _session_of(member: Membership) -> str:
    return signed_in(member).cookies["sessionid"].value


def _deactivate(member: Membership) -> None:
    with tenant_scope(member.workspace_id):
        Membership.objects.filter(pk=member.pk).update(is_active=False)


def _sign_out(member: Membership, session: str) -> None:
    other = Client()
    other.cookies["sessionid"] = session
    other.post("/accounts/logout/")


def _new_password(member: Membership, session: str) -> None:
    user: AbstractBaseUser = member.user
    user.set_password("another pass phrase")
    user.save()


@pytest.mark.parametrize("how", ["removed", "signed out", "new password"])
async def test_who_may_no_longer_be_here_is_closed_with_the_next_tick(hub, ana, ben, how):
    session, hers = await in_thread(_session_of, ben), await in_thread(_session_of, ana)
    reader, stays = await enter(hub, ben, session), await enter(hub, ana, hers)
    await hub.tick()
    assert reader.code is None
    ends = {
        "removed": partial(_deactivate, ben),
        "signed out": partial(_sign_out, ben, session),
        "new password": partial(_new_password, ben, session),
    }
    await in_thread(ends[how])
    await hub.tick()
    assert await reader.ended() == 4401
    assert stays.code is None


async def test_a_group_hears_what_is_published_to_it(hub):
    heard: list[str] = []
    news = asyncio.Event()

    def push(text: str) -> None:
        heard.append(text)
        news.set()

    session = uuid4()
    await hub.join(f"chat:{session}", push)
    publish_to_chat(uuid4(), {"type": "status"})
    publish_to_chat(session, {"type": "read", "last_seq": 3})
    async with asyncio.timeout(10):
        await news.wait()
    assert [json.loads(text) for text in heard] == [{"type": "read", "last_seq": 3}]
    hub.leave(f"chat:{session}", push)
    assert f"chat:{session}" not in hub.groups


async def test_typing_reaches_the_conversations_group(hub, ben):
    heard: list[str] = []
    news = asyncio.Event()

    def push(text: str) -> None:
        heard.append(text)
        news.set()

    conversation = uuid4()
    await hub.join(f"typing:{conversation}", push)
    who = {"kind": "agent", "id": str(ben.pk), "name": "Ben"}
    announce_typing(ben.workspace_id, conversation, who, True)
    async with asyncio.timeout(10):
        await news.wait()
    assert json.loads(heard[0]) == {
        "type": "typing",
        "conversation": str(conversation),
        "who": who,
        "on": True,
    }


async def test_the_last_screen_to_leave_takes_its_room_along(hub, ben):
    one, two = await enter(hub, ben), await enter(hub, ben)
    await hub.exit(one.screen)
    assert ben.workspace_id in hub.rooms
    await hub.exit(two.screen)
    assert hub.rooms == {}


async def test_a_reader_who_is_too_slow_is_let_go_with_4408():
    release = asyncio.Event()
    sent: list[dict[str, Any]] = []

    async def stuck(message: dict[str, Any]) -> None:
        await release.wait()
        sent.append(message)

    outlet = Outlet(stuck)
    sending = asyncio.create_task(outlet.run())
    for number in range(2000):
        outlet.push(f"frame {number}")
    assert outlet.closed
    release.set()
    await sending
    assert sent[-1] == {"type": "websocket.close", "code": 4408}
    assert len(sent) < 5


async def test_a_few_huge_frames_are_too_much_as_well():
    async def never(message: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    outlet = Outlet(never)
    for _ in range(10):
        outlet.push("x" * 1_000_000)
    assert outlet.closed


def test_publishing_never_raises_when_redis_is_away(monkeypatch):
    def gone() -> Any:
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(telling, "client", gone)
    monkeypatch.setattr(telling, "_silent_until", 0.0)
    hub_publish("anything", {"type": "x"})
    assert current_sequence(uuid4()) == 0


def test_a_conversation_that_is_gone_is_left_out(ben):

    reading = read_news(
        ben.workspace_id,
        conversations={uuid4()},
        messages={uuid4()},
        watched={uuid4()},
        members={ben.pk},
    )
    assert (reading.rows, reading.threads) == ([], {})
    with tenant_scope(ben.workspace_id):
        assert not Conversation.objects.exists()


def an_order_beside(mail):
    """A conversation of the customer whose order it is."""
    make_order(mail.workspace, email="dana@customer.test")
    return receive_mail(mail).conversation


def change_order(workspace_id):
    with tenant_scope(workspace_id):
        order = StoreOrder.objects.get()
        publish(StoreOrderChanged(workspace_id, order.store_id, order.pk))


async def test_a_changed_order_is_told_to_screens_that_show_it_and_to_no_other(hub, ben, mail):
    conversation = await in_thread(an_order_beside, mail)
    watching, elsewhere = await enter(hub, ben), await enter(hub, ben)
    await hub.watch(watching.screen, conversation.pk)
    await in_thread(change_order, ben.workspace_id)
    assert await watching.next("shop") == {"type": "shop", "conversation": str(conversation.pk)}
    await in_thread(announce, ben.workspace_id, [conversation.pk])
    await elsewhere.next("delta")  # whatever came before it is here, too
    assert "shop" not in {frame["type"] for frame in elsewhere.frames}
