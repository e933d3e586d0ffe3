"""The visitor leaves; the answers follow by mail, and only what is theirs to get."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app.chat.services.by_email import mail_waiting_answers
from channels_app.models import ChatSession
from identity.models import ContactPoint
from identity.tenancy import tenant_scope
from inbox.models import Channel, Message
from tests.factories.chat import Browser
from tests.factories.inbox import receive_mail

pytestmark = pytest.mark.django_db


def mails(channel) -> list[Message]:
    with tenant_scope(channel.workspace_id):
        return list(Message.objects.filter(channel__kind="email").order_by("seq"))


def round_at(channel, minutes: int) -> int:
    with tenant_scope(channel.workspace_id):
        return mail_waiting_answers(now=timezone.now() + timedelta(minutes=minutes))


def test_what_was_said_goes_to_the_address_of_the_form(dana, ana, door, mail):
    dana.say("My tent leaks, see https://evil.test/x and evil.test")
    dana.answered(ana, "Where does it leak?")
    answer = dana.post("continue-by-email", {})
    assert answer.json() == {"continued_by_email": True, "email": "dana@customer.test"}
    [sent] = mails(door)
    assert sent.to == [{"address": "dana@customer.test", "name": ""}]
    assert (sent.author_kind, sent.direction) == ("system", "out")
    assert "You: My tent leaks, see [link] and [link]" in sent.body_text
    assert "Ana: Where does it leak?" in sent.body_text
    assert dana.page().json()["state"]["continued_by_email"] is True


def test_asking_twice_mails_once(dana, door, mail):
    dana.say("Hello")
    for _ in range(3):
        assert dana.post("continue-by-email", {}).status_code == 200
    assert len(mails(door)) == 1


def test_the_conversation_still_waits_for_an_agent(dana, door, mail):
    dana.say("Hello")
    before = dana.conversation()
    dana.post("continue-by-email", {})
    after = dana.conversation()
    assert (after.status, after.waiting_since) == ("open", before.waiting_since)
    assert (after.preview, after.last_direction) == ("Hello", "in")


def test_another_address_is_kept_as_a_claim(dana, door, mail):
    dana.say("Hello")
    dana.post("continue-by-email", {"email": "Else@Customer.test"})
    with tenant_scope(door.workspace_id):
        point = ContactPoint.objects.get(value="else@customer.test")
    assert not point.verified
    assert mails(door)[0].to[0]["address"] == "else@customer.test"


def test_a_strangers_address_gets_nothing_of_its_owners_history(dana, door, mail):
    receive_mail(mail, sender_value="boss@customer.test", sender_verified=True, text="Top secret")
    dana.say("Hello")
    dana.post("continue-by-email", {"email": "boss@customer.test"})
    sent = mails(door)[-1]
    assert "Hello" in sent.body_text
    assert "secret" not in sent.body_text


def test_notes_are_not_mailed(dana, ana, door, mail):
    dana.say("Hello")
    dana.answered(ana, "Difficult customer.", private=True)
    dana.post("continue-by-email", {})
    assert "Difficult" not in mails(door)[0].body_text


@pytest.mark.parametrize(
    ("email", "status", "code"),
    [
        ("nonsense", 400, "invalid"),
        ("a@b\nBcc: x@y.test", 400, "invalid"),
        ("x@y.test", 409, "no_email_channel"),
    ],
)
def test_what_cannot_be_is_told(dana, door, email, status, code):
    dana.say("Hello")
    answer = dana.post("continue-by-email", {"email": email})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_without_a_message_there_is_nothing_to_go_on_with(dana, mail):
    assert dana.post("continue-by-email", {}).json()["code"] == "nothing_said"


def test_one_address_gets_only_so_many_of_these_mails(dana, door, mail):
    answers = []
    for _ in range(6):
        visitor = Browser(door)
        visitor.open()
        visitor.say("Buy now")
        answers.append(
            visitor.post("continue-by-email", {"email": "victim@customer.test"}).status_code
        )
    assert answers == [200] * 5 + [429]


def test_an_answer_nobody_was_there_to_get_follows_by_mail_once(dana, ana, door, mail):
    dana.say("Hello")
    dana.post("continue-by-email", {})
    dana.answered(ana, "It is the seam. See https://shop.test/seams")
    assert round_at(door, 5) == 0
    assert round_at(door, 11) == 1
    assert round_at(door, 12) == 0
    assert "Ana: It is the seam. See https://shop.test/seams" in mails(door)[-1].body_text


def test_an_answer_that_was_seen_in_the_chat_is_not_mailed(dana, ana, door, mail):
    dana.say("Hello")
    dana.post("continue-by-email", {})
    dana.answered(ana, "Hi")
    dana.thread()
    assert round_at(door, 60) == 0


def test_nobody_is_mailed_who_did_not_ask_for_it(dana, ana, door, mail):
    dana.say("Hello")
    dana.answered(ana, "Hi")
    assert round_at(door, 60) == 0
    assert mails(door) == []


def test_an_answer_stays_in_the_chat_while_mail_is_switched_off(dana, ana, door, mail):
    dana.say("Hello")
    dana.post("continue-by-email", {})
    dana.answered(ana, "Hi")
    with tenant_scope(door.workspace_id):
        Channel.objects.filter(kind="email").update(is_active=False)
    assert round_at(door, 60) == 0
    with tenant_scope(door.workspace_id):
        Channel.objects.filter(kind="email").update(is_active=True)
    assert round_at(door, 60) == 1


def test_one_visitors_trouble_does_not_keep_the_next_one_waiting(dana, ana, door, mail):
    other = Browser(door)
    other.open(email="eli@customer.test")
    for browser in (dana, other):
        browser.say("Hello")
        browser.post("continue-by-email", {})
        browser.answered(ana, "Hi")
    with tenant_scope(door.workspace_id):
        ChatSession.objects.filter(pk=dana.session_id).update(email="no address")
    assert round_at(door, 60) == 1
    assert mails(door)[-1].to[0]["address"] == "eli@customer.test"
