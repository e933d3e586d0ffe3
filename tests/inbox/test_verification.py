"""One-time codes: sent, kept from view, typed, and what they open (ID-2)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from channels_app.chat.services.sessions import Visitor, create_session
from channels_app.delivering import _outbound
from identity.models import Contact, ContactMerge, ContactProof, OneTimeCode, Workspace
from identity.services.codes import Outcome, TooManyCodesError, digits_of
from identity.services.resolution import claim_point, resolve_sender
from identity.tenancy import tenant_scope
from inbox.errors import CannotSendError
from inbox.models import Conversation, ConversationEvent, Delivery, Message
from inbox.services.digits import typed_digits
from inbox.services.orders_spoken import told_orders
from inbox.services.showing import shown_in
from inbox.services.verification import HIDDEN, masked, send_code, take_code, text_to_send
from tests.factories.inbox import receive_chat, receive_mail
from tests.factories.shop import make_order, make_store

DANA = "dana@customer.test"


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def order(shop):
    make_store(shop)
    return make_order(shop, name="#1050", email=DANA, customer=None)


@pytest.fixture
def session(chat):
    visitor = Visitor(name="D.", email="", consent_text="yes")
    return create_session(channel=chat, visitor=visitor)[0]


@pytest.fixture
def say(chat, session):
    """Say something in the chat; the conversation goes on."""
    state: dict[str, Any] = {"conversation": None}

    def said(text: str, **fields) -> Message:
        received = receive_chat(
            chat,
            contact=Contact.objects.get(pk=session.contact_id),
            sender_value=str(session.pk),
            sender_verified=False,
            text=text,
            session_conversation_id=state["conversation"],
            **fields,
        )
        state["conversation"] = received.conversation.pk
        return Message.objects.select_related("channel", "conversation").get(pk=received.message.pk)

    return said


@pytest.fixture
def asked(mail, order, say, ana) -> Conversation:
    """A visitor named somebody's order, and an agent sent a code to its address."""
    conversation: Conversation = say("Where is #1050?").conversation
    send_code(conversation=conversation, by=ana)
    return conversation


def taken(message: Message) -> Any:
    return take_code(message)


def the_code() -> str:
    return digits_of(OneTimeCode.objects.filter(closed_at=None).get().pk)


def wrong() -> str:
    return f"{(int(the_code()) + 1) % 1_000_000:06d}"


def test_the_code_goes_to_the_orders_address_and_the_chat_is_asked_for_it(asked, mail, chat):
    code, ask = Message.objects.filter(direction="out").order_by("seq")
    assert (code.channel, code.to) == (mail, [{"address": DANA, "name": ""}])
    assert ask.channel == chat
    assert "d…@c….test" in ask.body_text
    assert DANA not in ask.body_text
    told = ConversationEvent.objects.get(kind="code_sent")
    assert told.data == {"to": "d…@c….test"}


def test_the_customer_still_waits_for_an_answer(asked):
    conversation = Conversation.objects.get()
    assert conversation.waiting_since is not None
    assert (conversation.status, conversation.preview) == ("open", "Where is #1050?")


def test_the_digits_are_in_the_mail_and_nowhere_else(asked):
    code = Message.objects.get(attributes__has_key="one_time_code")
    digits = the_code()
    delivery = Delivery.objects.get(message=code)
    assert digits in _outbound(delivery, delivery.channel).text
    assert HIDDEN in code.body_text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{digits}%"])
            assert cursor.fetchone() == (0,), table


def test_a_code_sent_again_after_it_was_closed_is_worth_nothing(asked):
    code = Message.objects.get(attributes__has_key="one_time_code")
    OneTimeCode.objects.update(closed_at=timezone.now())
    assert re.search(r"\d{6}", text_to_send(code)) is None


def test_the_right_code_opens_the_order_in_this_chat(asked, say, order):
    assert told_orders(Conversation.objects.get())[0]["claimed"] is True
    entered = taken(say(f"It is {the_code()[:3]} {the_code()[3:]}."))
    assert entered.outcome is Outcome.RIGHT
    conversation = Conversation.objects.get()
    assert told_orders(conversation)[0]["claimed"] is False
    assert shown_in(conversation).holds(order)
    assert shown_in(conversation).because == "a one-time code was entered"
    point = conversation.contact.points.get(kind="email")
    assert (point.value, point.verified, point.evidence) == (DANA, True, "one-time code entered")
    assert ConversationEvent.objects.filter(kind="verified").count() == 1
    assert Message.objects.order_by("-seq")[0].body_text == "Thank you, that is the right code."


def test_the_proof_ends_after_a_day(asked, say):
    taken(say(the_code()))
    assert shown_in(Conversation.objects.get()).orders
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not shown_in(Conversation.objects.get()).orders


def test_whoever_holds_the_proven_address_already_is_the_same_person(asked, say):
    dana = resolve_sender(kind="email", value=DANA, verified=True, evidence="DMARC passed").contact
    entered = taken(say(the_code()))
    assert entered.contact == dana
    assert Conversation.objects.get().contact == dana
    merge = ContactMerge.objects.get()
    assert merge.made_by is None
    assert merge.because == "a one-time code sent to the address was typed in the chat"
    assert ContactProof.objects.get().contact == dana


def test_a_wrong_code_is_counted_and_five_end_it(asked, say):
    for left in (4, 3, 2, 1):
        entered = taken(say(wrong()))
        assert (entered.outcome, entered.left) == (Outcome.WRONG, left)
    right = the_code()
    assert taken(say(wrong())).outcome is Outcome.SPENT
    assert taken(say(right)) is None
    assert not ContactProof.objects.exists()
    assert told_orders(Conversation.objects.get())[0]["claimed"] is True


def test_a_code_is_good_for_ten_minutes(asked, say):
    late = say(the_code())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert taken(late) is None


def test_a_code_is_taken_only_from_where_it_was_asked_for(asked, chat, mail):
    digits = the_code()
    elsewhere = receive_chat(chat, text=digits).message
    by_mail = receive_mail(mail, text=digits, sender_value="mallory@evil.test").message
    for message in (elsewhere, by_mail):
        found = Message.objects.select_related("channel").get(pk=message.pk)
        assert taken(found) is None
    assert OneTimeCode.objects.get().attempts == 0


def test_a_newer_code_replaces_the_older(asked, say, ana):
    old = the_code()
    send_code(conversation=asked, by=ana)
    assert the_code() != old
    assert taken(say(old)).outcome is Outcome.WRONG


def test_codes_are_limited(asked, ana):
    for _ in range(2):
        send_code(conversation=asked, by=ana)
    with pytest.raises(TooManyCodesError):
        send_code(conversation=asked, by=ana)


def test_guessing_over_many_codes_is_limited(asked, say, ana):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            for _ in range(5):
                taken(say(wrong()))
            clock.shift(timedelta(hours=2))
            send_code(conversation=asked, by=ana)
        assert taken(say(the_code())).outcome is Outcome.SPENT


def test_there_must_be_an_address_a_code_could_prove(mail, say, ana):
    conversation = say("Hello").conversation
    with pytest.raises(CannotSendError) as refused:
        send_code(conversation=conversation, by=ana)
    assert refused.value.code == "no_address"


def test_a_code_goes_to_no_address_that_is_not_offered(asked, ana):
    with pytest.raises(CannotSendError):
        send_code(conversation=asked, by=ana, to="mallory@evil.test")


def test_an_unproven_sender_types_the_code_in_a_mail(mail, order, ana):
    received = receive_mail(mail, text="Where is #1050?", sender_value=DANA)
    send_code(conversation=received.conversation, by=ana)
    assert Message.objects.filter(direction="out").count() == 1
    answer = receive_mail(
        mail, references=[received.message.provider_id], text=the_code(), sender_value=DANA
    )
    message = Message.objects.select_related("channel").get(pk=answer.message.pk)
    assert taken(message).outcome is Outcome.RIGHT
    assert told_orders(Conversation.objects.get())[0]["claimed"] is False


def test_the_workspace_may_refuse_codes(asked, say):
    Workspace.objects.update(accepted_evidence=["mail"])
    taken(say(the_code()))
    assert not shown_in(Conversation.objects.get()).orders


def test_the_message_itself_sets_it_off(asked, say, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        say(f"code: {the_code()}")
    assert ContactProof.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("123456", "123456"),
        ("123 456", "123456"),
        ("my code is 123-456, thanks", "123456"),
        ("12345", ""),
        ("1234567", ""),
        ("123456 or 654321", ""),
        ("+47 123 456 78", ""),
        ("123,456.00", ""),
        ("#123456", ""),
        ("123456 " + "x" * 400, ""),
    ],
)
def test_a_code_is_recognised(text, digits):
    assert typed_digits(text) == digits


def test_addresses_are_masked():
    assert masked(DANA) == "d…@c….test"
    assert masked("+4790001234") == "…34"


def test_an_agent_sends_a_code_through_the_api(mail, order, say, ben, as_person):
    conversation = say("Where is #1050?").conversation
    person = as_person(ben)
    before = person.get(f"conversations/{conversation.pk}/verification").json()
    assert before["verified"] is False
    assert before["targets"] == [{"kind": "email", "value": DANA, "because": "placed #1050"}]
    assert before["waiting"] is None
    answer = person.post(f"conversations/{conversation.pk}/verification", {})
    assert answer.status_code == 201
    assert answer.json()["waiting"]["sent_to"] == "d…@c….test"
    for _ in range(2):
        person.post(f"conversations/{conversation.pk}/verification", {"to": DANA})
    refused = person.post(f"conversations/{conversation.pk}/verification", {})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_codes")


@pytest.mark.parametrize("believed", [False, True])
def test_naming_the_order_with_its_address_is_enough_only_where_that_is_believed(
    mail, order, say, session, believed
):
    if believed:
        Workspace.objects.update(accepted_evidence=["order"])
    contact = Contact.objects.get(pk=session.contact_id)
    claim_point(contact=contact, kind="email", value=DANA, evidence="typed")
    conversation = say("Where is #1050?").conversation
    assert shown_in(conversation).holds(order) is believed
    assert told_orders(conversation)[0]["claimed"] is not believed
