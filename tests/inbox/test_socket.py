"""Open screens, against the real web process: news, presence, typing, and who is let in."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from identity.services.members import deactivate_member
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Message
from inbox.realtime import announce_typing, current_sequence
from inbox.services.conversations import change_conversation, mark_read
from inbox.services.sending import send, withdraw
from tests.factories.inbox import receive_chat, receive_mail
from tests.inbox.screens import Screen


@pytest.fixture
def open_screen(site) -> Iterator[Any]:
    screens: list[Screen] = []

    def make(member, **how):
        screen = Screen(site.url, member)
        screens.append(screen)
        screen.connect(**how)
        return screen

    yield make
    for screen in screens:
        if screen.line is not None:
            screen.line.close()
        screen.http.close()


def ready(screen):
    screen.until(lambda: screen.seq is not None)
    return screen


def test_a_customers_mail_appears_without_asking(ben, mail, open_screen):
    screen = ready(open_screen(ben))
    fetches = screen.fetches
    received = receive_mail(mail)
    pk = str(received.conversation.pk)
    screen.until(lambda: pk in screen.rows)
    assert screen.rows == screen.fresh_rows()
    assert screen.fetches == fetches


def test_news_of_another_workspace_are_not_told(ben, eve, mail, open_screen):
    hers, his = ready(open_screen(eve)), ready(open_screen(ben))
    receive_mail(mail)
    his.until(lambda: his.rows)
    hers.pump(0.3)
    told = [row for frame in hers.frames for row in frame.get("conversations", [])]
    assert told == []


def test_each_reader_is_told_what_they_have_not_read(ana, ben, mail, open_screen):
    received = receive_mail(mail)
    pk = str(received.conversation.pk)
    hers, his = ready(open_screen(ana)), ready(open_screen(ben))
    with tenant_scope(ben.workspace_id):
        mark_read(conversation=received.conversation, membership=ben, seq=1)
    his.until(lambda: his.rows[pk]["unread"] is False)
    hers.until(lambda: hers.seq == his.seq)
    assert hers.rows[pk]["unread"] is True


def test_watchers_see_messages_states_and_lines_as_they_come(ben, mail, open_screen):
    received = receive_mail(mail)
    screen = ready(open_screen(ben))
    screen.watch(str(received.conversation.pk))
    with tenant_scope(ben.workspace_id):
        message = send(conversation=received.conversation, author=ben, body_text="Hello")
    screen.until(lambda: str(message.pk) in screen.thread)
    assert screen.thread == screen.fresh_thread(screen.watched)
    with tenant_scope(ben.workspace_id):
        change_conversation(
            conversation=received.conversation, by=ben, changes={"status": "closed"}
        )
    screen.until(
        lambda: any(
            line["kind"] == "status"
            for frame in screen.frames
            if frame["type"] == "messages"
            for line in frame["events"]
        )
    )


def test_a_message_taken_back_leaves_the_thread(ben, mail, open_screen):
    received = receive_mail(mail)
    screen = ready(open_screen(ben))
    screen.watch(str(received.conversation.pk))
    with tenant_scope(ben.workspace_id):
        later = timezone.now() + timedelta(seconds=30)
        message = send(
            conversation=received.conversation, author=ben, body_text="Oops", send_at=later
        )
    screen.until(lambda: str(message.pk) in screen.thread)
    with tenant_scope(ben.workspace_id):
        withdraw(message=message, by=ben)
    screen.until(lambda: str(message.pk) not in screen.thread)
    screen.until(lambda: screen.rows == screen.fresh_rows())


def test_colleagues_see_who_looks_and_who_types(ana, ben, mail, open_screen):
    pk = str(receive_mail(mail).conversation.pk)
    hers, his = ready(open_screen(ana)), ready(open_screen(ben))
    hers.watch(pk)
    his.watch(pk)

    def viewers(screen):
        seen = [frame for frame in screen.frames if frame["type"] == "presence"]
        return [one["name"] for one in seen[-1]["viewers"]] if seen else []

    hers.until(lambda: viewers(hers) == ["Ana", "Ben"])
    his.say(type="typing", conversation=pk, on=True)
    frame = hers.until(lambda: next((one for one in hers.frames if one["type"] == "typing"), None))
    assert frame["who"] == {"kind": "agent", "id": str(ben.pk), "name": "Ben"}
    his.cut()
    hers.until(lambda: viewers(hers) == ["Ana"])
    last = [one for one in hers.frames if one["type"] == "typing"][-1]
    assert last["on"] is False


def test_watchers_see_the_visitor_type(ben, chat, open_screen):
    conversation = receive_chat(chat).conversation
    screen = ready(open_screen(ben))
    screen.watch(str(conversation.pk))
    screen.until(lambda: any(frame["type"] == "presence" for frame in screen.frames))
    who = {"kind": "contact", "id": str(conversation.contact_id), "name": "Dana"}
    announce_typing(ben.workspace_id, conversation.pk, who, True)
    screen.until(lambda: any(frame["type"] == "typing" for frame in screen.frames))


@pytest.mark.parametrize("kind", ["watch", "typing"])
def test_an_id_of_another_workspace_closes_with_4404(eve, mail, open_screen, kind):
    pk = str(receive_mail(mail).conversation.pk)
    screen = ready(open_screen(eve))
    screen.say(type=kind, conversation=pk, on=True)
    assert screen.closed() == 4404


@pytest.mark.parametrize("wanted", ["nonsense", "01900000-0000-7000-8000-000000000000", 7])
def test_an_id_that_is_none_closes_with_4404(ben, open_screen, wanted):
    screen = ready(open_screen(ben))
    screen.say(type="watch", conversation=wanted)
    assert screen.closed() == 4404


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type":"dance"}', '{"type":"watch"}'])
def test_a_frame_that_says_nothing_is_ignored(ben, mail, open_screen, text):
    screen = ready(open_screen(ben))
    screen.line.send(text)
    receive_mail(mail)
    screen.until(lambda: screen.rows)


def test_a_flood_of_frames_is_closed(ben, open_screen):
    screen = ready(open_screen(ben))
    with suppress(ConnectionClosed):
        for _ in range(500):
            screen.say(type="watch", conversation=None)
    assert screen.closed() == 4429


@pytest.mark.parametrize("cookie", ["", "sessionid=nonsense"])
def test_without_a_session_the_socket_closes_with_4401(ben, open_screen, cookie):
    assert open_screen(ben, cookie=cookie).closed() == 4401


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:1"])
def test_a_foreign_page_opens_no_socket(ben, open_screen, origin):
    with pytest.raises(InvalidStatus) as refused:
        open_screen(ben, origin=origin)
    assert refused.value.response.status_code == 403


def test_after_any_cut_the_screen_equals_a_fresh_load(ana, ben, mail, chat, open_screen):
    """P5: fifty cuts at random moments, in the middle of what two agents and customers do."""
    dice = random.Random(20261121)
    told = [receive_mail(mail, sender_value=f"c{n}@customer.test") for n in range(6)]
    told += [receive_chat(chat) for _ in range(4)]
    pool = [one.conversation.pk for one in told]
    screen = ready(open_screen(ben))
    screen.watch(str(pool[0]))
    for _ in range(50):
        for _ in range(dice.randrange(4)):
            _something_happens(dice, pool, (ana, ben), (mail, chat))
        screen.pump(dice.choice([0, 0.005, 0.03, 0.06]))
        screen.cut()
        for _ in range(dice.randrange(3)):
            _something_happens(dice, pool, (ana, ben), (mail, chat))
        screen.connect()
    last = current_sequence(ben.workspace_id)
    screen.until(lambda: screen.seq is not None and screen.seq >= last)
    screen.pump(0.3)  # what is behind the last number: frames of the watched thread
    assert screen.rows == screen.fresh_rows()
    assert screen.thread == screen.fresh_thread(screen.watched)
    assert len(screen.rows) > len(told)


def _something_happens(dice, pool, agents, channels):
    mail, _ = channels
    agent = dice.choice(agents)
    pk = dice.choice([pool[0], dice.choice(pool)])
    act = dice.randrange(7)
    if act == 0:
        received = receive_mail(mail, sender_value=f"n{dice.random()}@customer.test")
        pool.append(received.conversation.pk)
        return
    if act == 1:
        receive_mail(mail, session_conversation_id=pk)
        return
    with tenant_scope(agent.workspace_id):
        conversation = Conversation.objects.get(pk=pk)
        if act == 2:
            send(conversation=conversation, author=agent, body_text="Hello", private=True)
        elif act == 3:
            later = timezone.now() + timedelta(minutes=5)
            send(conversation=conversation, author=agent, body_text="Later", send_at=later)
        elif act == 4:
            waiting = Message.objects.filter(
                conversation=conversation, direction="out", private=False
            ).order_by("-seq")
            if (last := waiting.first()) is not None:
                withdraw(message=last, by=agent)
        elif act == 5:
            mark_read(conversation=conversation, membership=agent, seq=conversation.last_seq)
        else:
            change_conversation(
                conversation=conversation,
                by=agent,
                changes={
                    "status": dice.choice(["open", "closed", "spam"]),
                    "assignee": dice.choice([*agents, None]),
                    "tags": dice.choice([[], ["vip"]]),
                },
            )


def test_who_is_shut_out_loses_the_open_screen_at_once(ana, ben, open_screen):
    hers, his = ready(open_screen(ana)), ready(open_screen(ben))
    with tenant_scope(ben.workspace_id):
        deactivate_member(member=ben, by=ana)
    assert his.closed() == 4401
    hers.pump(0.2)
    assert hers.line is not None
