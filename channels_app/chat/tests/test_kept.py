"""When a message can't be received at once: it is kept, and later it is as if nothing had been."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from channels_app import processing
from channels_app.chat.services import posting
from channels_app.models import ChatSession, InboundEvent
from helpdesk.foundation.ledger import WorkState, replay
from identity.tenancy import tenant_scope
from inbox.models import Attachment, Conversation, Message
from inbox.services.receiving import receive
from tests.factories.chat import Browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trouble(monkeypatch):
    """Receiving fails until ``over()``."""

    class Trouble:
        def begin(self):
            monkeypatch.setattr(posting, "receive", self.fail)

        def fail(self, incoming):
            # Half of the work is done when it fails: nothing of it may stay.
            receive(incoming)
            raise OperationalError("the disk is full")

        def over(self):
            monkeypatch.setattr(posting, "receive", receive)

    return Trouble()


def rows(channel, model) -> list[Any]:
    with tenant_scope(channel.workspace_id):
        return list(model.objects.order_by("pk"))


def test_what_cannot_be_received_is_kept_and_answered_with_the_browsers_id_alone(
    dana, door, trouble
):
    trouble.begin()
    click = str(uuid4())
    answer = dana.say("Help", click)
    assert (answer.status_code, answer.json()) == (202, {"client_msg_id": click})
    [event] = rows(door, InboundEvent)
    assert (event.work_state, event.source) == (WorkState.NEW, "chat")
    assert rows(door, Message) == rows(door, Conversation) == []
    assert rows(door, ChatSession)[0].conversation_id is None


def test_the_worker_takes_it_in_once(dana, door, trouble):
    trouble.begin()
    click = str(uuid4())
    assert dana.say("Help", click).status_code == 202
    assert dana.say("Help", click).status_code == 202
    trouble.over()
    processing.drain()
    [message] = rows(door, Message)
    [event] = rows(door, InboundEvent)
    assert (event.work_state, event.message_ids) == (WorkState.DONE, [message.pk])
    with tenant_scope(door.workspace_id):
        replay(InboundEvent, ids=[event.pk])
    processing.drain()
    assert len(rows(door, Message)) == 1
    [shown] = dana.thread()
    assert (shown["client_msg_id"], shown["seq"]) == (click, 1)
    assert dana.say("Help", click).json() == {
        "id": str(message.pk),
        "seq": 1,
        "client_msg_id": click,
    }


def test_a_kept_message_is_the_same_message_as_an_instant_one(door, trouble):
    told = {
        "name": "Dana",
        "topic": "sizing",
        "order_number": "#7",
        "page_url": "https://shop.test/p",
    }
    instant, kept = Browser(door), Browser(door)
    for browser, fails in ((instant, False), (kept, True)):
        browser.open(**told)
        upload = browser.upload("note.txt", b"see", "text/plain").json()["id"]
        if fails:
            trouble.begin()
        browser.say("Which size?", "same-id", attachments=[upload])
    trouble.over()
    processing.drain()
    same = [
        "seq",
        "direction",
        "author_kind",
        "author_name",
        "author_verified",
        "channel_id",
        "private",
        "subject",
        "body_text",
        "body_html",
        "new_text",
        "to",
        "cc",
        "provider_id",
        "machine",
        "warnings",
        "attributes",
        "client_id",
        "has_attachments",
    ]
    one, two = rows(door, Message)
    assert {name: getattr(one, name) for name in same} == {
        name: getattr(two, name) for name in same
    }
    assert [one.topic for one in rows(door, Conversation)] == ["sizing", "sizing"]
    assert [file.message_id for file in rows(door, Attachment)] == [one.pk, two.pk]
    assert kept.thread()[0]["attachments"][0]["name"] == "note.txt"


def test_what_follows_queues_behind_what_was_kept(dana, door, trouble):
    trouble.begin()
    assert dana.say("First").status_code == 202
    trouble.over()
    assert dana.say("Second").status_code == 202
    processing.drain()
    assert dana.say("Third").status_code == 201
    assert [one["text"] for one in dana.thread()] == ["First", "Second", "Third"]


def test_another_visitor_does_not_wait_for_it(dana, door, trouble):
    trouble.begin()
    dana.say("First")
    trouble.over()
    other = Browser(door)
    other.open()
    assert other.say("Hello").status_code == 201


def test_repeating_a_kept_message_takes_it_in_without_the_worker(dana, door, trouble):
    trouble.begin()
    click = str(uuid4())
    dana.say("Help", click)
    trouble.over()
    assert dana.say("Help", click).status_code == 201
    [event] = rows(door, InboundEvent)
    assert event.work_state == WorkState.DONE
    assert processing.drain() == 0
    assert len(rows(door, Message)) == 1


def test_a_message_of_a_session_that_is_gone_is_set_aside_and_not_lost(dana, door, trouble):
    trouble.begin()
    dana.say("Help")
    trouble.over()
    with tenant_scope(door.workspace_id):
        ChatSession.objects.all().delete()
    processing.drain()
    [event] = rows(door, InboundEvent)
    assert event.work_state in {WorkState.NEW, WorkState.QUARANTINED}
    assert "not here any more" in event.reason
