"""``/ws/widget/`` through the real server, the real hub and the real rows."""

import asyncio
import contextlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app import delivering
from channels_app.chat import consumer
from channels_app.chat.window import in_thread
from channels_app.models import ChatSession
from helpdesk.foundation.redis import client as redis_client
from identity.tenancy import tenant_scope
from inbox.models import Delivery, Message
from inbox.realtime import hub
from inbox.services.conversations import mark_read
from tests.channels.serving import PATIENCE, line, served, until
from tests.factories.chat import Browser

pytestmark = pytest.mark.django_db(transaction=True)


def states(channel) -> list[str]:
    with tenant_scope(channel.workspace_id):
        return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def first_message(channel) -> Message:
    with tenant_scope(channel.workspace_id):
        return Message.objects.get()


async def test_a_message_is_acknowledged_and_is_in_the_inbox(dana, door):
    async with served() as host, line(host, dana.token) as window:
        click = str(uuid4())
        await window.tell(type="message", client_msg_id=click, text="Hallo", attachments=[])
        ack = await window.hear("ack")
        assert (ack["client_msg_id"], ack["seq"]) == (click, 1)
        [stored] = await in_thread(dana.thread)
        assert (stored["id"], stored["text"]) == (ack["id"], "Hallo")


async def test_the_first_frames_are_ready_and_the_hours(dana):
    async with served() as host, line(host, dana.token) as window:
        status = await window.hear("status")
        assert window.heard[0] == {"type": "ready", "seq": 0}
        assert set(status) == {"type", "online", "back_at"}


async def test_the_page_the_visitor_is_on_goes_with_their_first_message(dana, door):
    async with served() as host, line(host) as window:
        await window.tell(type="hello", token=dana.token, page_url="https://shop.test/tents?size=2")
        await window.tell(type="message", client_msg_id="a", text="This one?")
        await window.hear("ack")
    with_page = await in_thread(first_message, door)
    assert with_page.attributes["page_url"] == "https://shop.test/tents?size=2"


async def test_the_same_message_on_two_lines_is_one(dana, door):
    async with served() as host, line(host, dana.token) as one, line(host, dana.token) as two:
        click = str(uuid4())
        for window in (one, two):
            await window.tell(type="message", client_msg_id=click, text="Once")
        acks = [await one.hear("ack"), await two.hear("ack")]
        assert acks[0] == acks[1]
        assert len(await in_thread(dana.thread)) == 1


async def test_two_first_messages_at_once_open_one_conversation(dana, door):
    async with served() as host, line(host, dana.token) as one, line(host, dana.token) as two:
        for window in (one, two):
            await window.tell(type="message", client_msg_id=str(uuid4()), text="First")
        assert {(await one.hear("ack"))["seq"], (await two.hear("ack"))["seq"]} == {1, 2}


async def test_an_answer_arrives_live_and_is_delivered_then_read(dana, ana, door):
    await in_thread(dana.say, "Hello")
    async with served() as host, line(host, dana.token) as window:
        await in_thread(dana.answered, ana, "Hi Dana")
        frame = await window.hear("message")
        assert (frame["seq"], frame["text"], frame["author"]["name"]) == (2, "Hi Dana", "Ana")
        await until(lambda: states(door) == ["delivered"], "delivery")
        await window.tell(type="read", last_seq=2)
        await until(lambda: states(door) == ["read"], "reading")


async def test_a_browsers_own_acknowledgement_delivers_at_once(dana, ana, door, monkeypatch):
    monkeypatch.setattr("channels_app.chat.window.HANDED_AFTER", 3600)
    await in_thread(dana.say, "Hello")
    async with served() as host, line(host, dana.token) as window:
        await in_thread(dana.answered, ana, "Hi")
        await window.hear("message")
        await window.tell(type="ack", seq=2)
        await until(lambda: states(door) == ["delivered"], "delivery")


async def test_an_answer_to_a_closed_window_is_not_delivered_until_it_comes_back(dana, ana, door):
    await in_thread(dana.say, "Hello")
    async with served() as host:
        async with line(host, dana.token) as window:
            window.cut()
        await in_thread(dana.answered, ana, "Are you there?")
        assert await in_thread(states, door) == ["accepted"]
        async with line(host, dana.token, after_seq=1) as window:
            assert (await window.hear("message"))["text"] == "Are you there?"
            await until(lambda: states(door) == ["delivered"], "delivery")


async def test_other_windows_hear_what_this_one_said_and_this_one_no_echo(dana):
    async with served() as host, line(host, dana.token) as one, line(host, dana.token) as two:
        await one.tell(type="message", client_msg_id="a", text="From one")
        await one.hear("ack")
        echo = await two.hear("message")
        assert (echo["client_msg_id"], echo["author"]["kind"]) == ("a", "contact")
        await two.tell(type="message", client_msg_id="b", text="From two")
        assert (await one.hear("message"))["client_msg_id"] == "b"
        assert [
            frame.get("client_msg_id") for frame in one.heard if frame["type"] == "message"
        ] == ["b"]


async def test_resuming_tells_exactly_what_was_missed(dana, ana):
    await in_thread(dana.say, "Hello")
    await in_thread(dana.answered_often, ana, 105)
    async with served() as host, line(host, dana.token, after_seq=3) as window:
        told = [(await window.hear("message"))["seq"] for _ in range(103)]
        assert told == list(range(4, 107))
        await window.tell(type="resume", after_seq=104)
        assert [(await window.hear("message"))["seq"] for _ in range(2)] == [105, 106]


async def test_resume_may_be_the_first_frame(dana, ana):
    await in_thread(dana.say, "Hello")
    await in_thread(dana.answered, ana, "Hi")
    async with served() as host, line(host) as window:
        await window.tell(type="resume", visitor_token=dana.token, after_seq=1)
        assert (await window.hear("ready"))["seq"] == 2
        assert (await window.hear("message"))["seq"] == 2


async def test_notes_and_waiting_answers_are_not_told(dana, ana, mail):
    await in_thread(dana.say, "Hello")
    later = timezone.now() + timedelta(minutes=5)
    async with served() as host, line(host, dana.token) as window:
        await in_thread(dana.answered, ana, "Secret", private=True)
        await in_thread(dana.answered, ana, "Perhaps", send_at=later)
        await in_thread(dana.answered, ana, "By mail", channel=mail, to=["dana@customer.test"])
        await in_thread(dana.answered, ana, "Hi")
        assert (await window.hear("message"))["text"] == "Hi"


async def test_an_answer_that_was_held_back_arrives_when_its_time_has_come(dana, ana, door):
    await in_thread(dana.say, "Hello")
    soon = timezone.now() + timedelta(seconds=0.3)
    async with served() as host, line(host, dana.token) as window:
        await in_thread(dana.answered, ana, "Held back", send_at=soon)
        await window.tell(type="message", client_msg_id="b", text="Meanwhile")
        assert (await window.hear("ack"))["seq"] == 3
        await until(delivering.drain, "sending")
        late = await window.hear("message")
        assert (late["text"], late["seq"]) == ("Held back", 2)
        await until(lambda: states(door) == ["delivered"], "delivery")


async def test_a_late_answer_below_the_last_number_is_offered_until_it_was_handed_over(
    dana, ana, door
):
    await in_thread(dana.say, "Hello")
    soon = timezone.now() + timedelta(seconds=0.2)
    await in_thread(dana.answered, ana, "Held back", send_at=soon)
    await in_thread(dana.say, "Meanwhile")
    # The browser read on before the answer came up below what it had read.
    await in_thread(dana.post, "read", {"last_seq": 3})
    await until(delivering.drain, "sending")
    async with served() as host, line(host, dana.token, after_seq=3) as window:
        assert (await window.hear("message"))["text"] == "Held back"
        await until(lambda: states(door) == ["delivered"], "delivery")


async def test_both_sides_see_each_other_typing(dana, ana, door):
    await in_thread(dana.say, "Hello")
    conversation = await in_thread(dana.conversation)
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with served() as host, line(host, dana.token) as window:
        await hub.join(f"typing:{conversation.pk}", heard.put_nowait)
        await window.tell(type="typing", on=True)
        told = json.loads(await asyncio.wait_for(heard.get(), 5))
        assert (told["who"]["kind"], told["who"]["name"], told["on"]) == (
            "contact",
            "Dana Miller",
            True,
        )
        who = {"kind": "agent", "id": str(ana.pk), "name": "Ana"}
        await hub.type_in(door.workspace_id, conversation.pk, who, True)
        assert await window.hear("typing") == {"type": "typing", "on": True, "name": "Ana"}
        assert [frame for frame in window.heard if frame["type"] == "typing"] == [window.heard[-1]]


async def test_typing_is_seen_when_the_first_message_took_the_way_over_http(dana, ana, door):
    async with served() as host, line(host, dana.token) as window:
        await window.hear("status")
        await in_thread(dana.say, "Hello")
        await window.hear("message")
        conversation = await in_thread(dana.conversation)
        who = {"kind": "agent", "id": str(ana.pk), "name": "Ana"}
        async with asyncio.timeout(PATIENCE):
            while not any(frame["type"] == "typing" for frame in window.heard):
                await hub.type_in(door.workspace_id, conversation.pk, who, True)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(window.hear("typing"), 0.2)


async def test_a_window_that_goes_stops_typing(dana, door):
    await in_thread(dana.say, "Hello")
    conversation = await in_thread(dana.conversation)
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with served() as host:
        async with line(host, dana.token) as window:
            await hub.join(f"typing:{conversation.pk}", heard.put_nowait)
            await window.tell(type="typing", on=True)
            assert json.loads(await asyncio.wait_for(heard.get(), 5))["on"] is True
            window.cut()
        assert json.loads(await asyncio.wait_for(heard.get(), 5))["on"] is False


async def test_the_agents_reading_is_told_live_and_on_return(dana, ana, door):
    await in_thread(dana.say, "Hello")

    def read() -> None:
        with tenant_scope(door.workspace_id):
            mark_read(conversation=dana.conversation(), membership=ana, seq=99)

    async with served() as host:
        async with line(host, dana.token) as window:
            await in_thread(read)
            assert (await window.hear("read"))["last_seq"] == 1
        async with line(host, dana.token) as window:
            assert (await window.hear("read"))["last_seq"] == 1


async def test_ending_is_told_to_the_inbox(dana, door):
    await in_thread(dana.say, "Hello")
    async with served() as host, line(host, dana.token) as window:
        await window.tell(type="end")
        await window.hear("status", ended=True)
        assert (await in_thread(dana.page)).json()["state"]["ended"] is True


# --- what is refused -----------------------------------------------------------------------------


async def test_silence_is_closed(dana, monkeypatch):
    monkeypatch.setattr(consumer, "HELLO_WITHIN", 0.2)
    async with served() as host, line(host) as window:
        assert await window.closing() == 4408


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "hello"}, 4401),
        ({"type": "hello", "visitor_token": None}, 4401),
        ({"type": "hello", "token": "nonsense"}, 4401),
        ({"type": "hello", "token": f"wc_{'a' * 26}_x"}, 4401),
        ({"type": "resume", "token": "nonsense", "after_seq": 1}, 4401),
        ({"type": "message", "client_msg_id": "a", "text": "x"}, 4400),
        ({"type": "what"}, 4400),
    ],
)
async def test_a_first_frame_without_a_session_is_told_why_and_closed(db, frame, code):
    async with served() as host, line(host) as window:
        await window.tell(**frame)
        assert await window.closing() == code
        assert window.heard[-1]["type"] == "error"
        assert window.heard[-1]["text"].endswith(".")


async def test_a_page_nobody_named_gets_no_line(dana):
    async with served() as host, line(host, origin="https://evil.test") as window:
        await window.tell(type="hello", token=dana.token)
        assert await window.closing() == 4403


async def test_named_pages_and_our_own_get_one(dana):
    async with served() as host:
        for origin in ("https://shop.test", f"http://{host}", "http://localhost:8000"):
            async with line(host, dana.token, origin=origin):
                pass


async def test_a_token_with_another_workspaces_name_is_dead(dana, paul):
    ours, theirs = dana.token.split("_", 2), paul.token.split("_", 2)
    async with served() as host, line(host) as window:
        await window.tell(type="hello", token=f"wc_{theirs[1]}_{ours[2]}")
        assert await window.closing() == 4401


async def test_a_revoked_token_ends_an_open_line(dana, door):
    def revoke() -> None:
        with tenant_scope(door.workspace_id):
            ChatSession.objects.update(token_hash="")

    async with served() as host, line(host, dana.token) as window:
        await in_thread(revoke)
        await window.tell(type="message", client_msg_id="a", text="x")
        assert await window.closing() == 4401


async def test_news_of_one_shop_never_reach_the_other(dana, paul, ana, eve):
    await in_thread(dana.say, "Hello")
    async with served() as host, line(host, dana.token) as ours, line(host, paul.token) as theirs:
        await in_thread(dana.answered, ana, "For Dana")
        await in_thread(paul.answered, eve, "For Paul")
        assert (await ours.hear("message"))["text"] == "For Dana"
        assert (await theirs.hear("message"))["text"] == "For Paul"
        assert [one["text"] for one in theirs.heard if one["type"] == "message"] == ["For Paul"]


async def test_bad_frames_are_answered_and_too_many_end_the_line(dana):
    async with served() as host, line(host, dana.token) as window:
        await window.ws.send("{")
        assert (await window.hear("error"))["code"] == "bad_json"
        await window.tell(type="message", client_msg_id="a", text="")
        refused = await window.hear("error")
        assert (refused["code"], refused["client_msg_id"]) == ("empty_message", "a")
        await window.ws.send(b"\x00")
        await window.hear("error")
        for _ in range(8):
            await window.tell(type="what")
        assert await window.closing() == 4400


async def test_a_flood_ends_the_line(dana):
    async with served() as host, line(host, dana.token) as window:
        for _ in range(60):
            await window.tell(type="typing", on=True)
        assert await window.closing() == 4429


async def test_the_sixth_message_at_once_waits(dana, door):
    async with served() as host, line(host, dana.token) as window:
        for number in range(6):
            await window.tell(type="message", client_msg_id=str(number), text="x")
        refused = await window.hear("error")
        assert (refused["code"], refused["client_msg_id"]) == ("rate_limited", "5")
        assert refused["retry_after"] >= 1
        assert len(await in_thread(dana.thread)) == 5


async def test_a_foreign_file_is_refused_over_the_line_too(dana, paul):
    theirs = (await in_thread(paul.upload, "a.txt", b"x", "text/plain")).json()["id"]
    async with served() as host, line(host, dana.token) as window:
        await window.tell(type="message", client_msg_id="a", text="x", attachments=[theirs])
        assert (await window.hear("error"))["code"] == "unknown_attachment"


# --- trouble -------------------------------------------------------------------------------------


async def test_news_lost_while_the_subscription_was_away_are_made_good(dana, ana):
    await in_thread(dana.say, "Hello")
    async with served() as host, line(host, dana.token) as window:
        killed = await in_thread(redis_client().execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
        assert killed >= 1
        for number in range(3):
            await in_thread(dana.answered, ana, f"Line {number}")
        assert [(await window.hear("message"))["seq"] for _ in range(3)] == [2, 3, 4]


async def test_a_browser_by_http_and_one_by_socket_see_the_same(dana, ana, door):
    async with served() as host, line(host, dana.token) as window:
        await in_thread(dana.say, "By HTTP")
        assert (await window.hear("message"))["text"] == "By HTTP"
        await window.tell(type="message", client_msg_id="s", text="By socket")
        await window.hear("ack")
        assert [one["text"] for one in await in_thread(dana.thread)] == ["By HTTP", "By socket"]


def test_every_message_of_these_stories_is_ours(dana):
    """A browser without its token is a stranger, whatever else it knows."""
    assert Browser(dana.channel, token=dana.session_id).page().status_code == 401
    with tenant_scope(dana.channel.workspace_id):
        assert not Message.objects.exists()
