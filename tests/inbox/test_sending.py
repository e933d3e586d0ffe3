"""The one door out."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from helpdesk.foundation.ledger import WorkState
from identity.tenancy import tenant_scope
from inbox.errors import AlreadySentError, CannotSendError, NotRetryableError, UnseenMessageError
from inbox.models import Attachment, Conversation, Delivery, DeliveryState, Message, Status
from inbox.services.delivery import record_outcome
from inbox.services.files import store_upload
from inbox.services.forwarding import forward
from inbox.services.reply_target import reply_target
from inbox.services.sending import retry, send, start_conversation, withdraw
from tests.factories.inbox import receive_chat, receive_mail


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def conversation(mail):
    return receive_mail(mail).conversation


def test_a_reply_by_mail_is_queued_for_the_customer(conversation, ana):
    message = send(conversation=conversation, author=ana, body_text="Which one?")
    delivery = Delivery.objects.get()
    assert message.to == [{"address": "dana@customer.test", "name": ""}]
    assert (delivery.state, delivery.work_state) == (DeliveryState.QUEUED, WorkState.NEW)
    assert message.provider_id.startswith("<c")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == (Status.WAITING, None)
    assert conversation.assignee == ana


def test_a_reply_in_chat_is_there_at_once(chat, ana):
    conversation = receive_chat(chat).conversation
    send(conversation=conversation, author=ana, body_text="Hi Dana")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.work_state) == (DeliveryState.ACCEPTED, WorkState.DONE)


def test_a_note_is_carried_nowhere_and_leaves_the_clock_running(conversation, ana):
    note = send(conversation=conversation, author=ana, body_text="Be kind.", private=True)
    assert note.private
    assert not Delivery.objects.exists()
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN
    assert conversation.waiting_since is not None


def test_the_same_click_twice_is_one_message(conversation, ana):
    click = uuid4()
    first = send(conversation=conversation, author=ana, body_text="Once", client_id=click)
    second = send(conversation=conversation, author=ana, body_text="Once", client_id=click)
    assert first.pk == second.pk
    assert Delivery.objects.count() == 1


def test_a_reply_is_refused_while_the_customers_last_words_are_unseen(mail, conversation, ana):
    unseen = receive_mail(mail, references=[conversation.messages.get().provider_id]).message
    with pytest.raises(UnseenMessageError) as refused:
        send(conversation=conversation, author=ana, body_text="Done.", seen_seq=1)
    assert refused.value.extra == {"unseen_ids": [str(unseen.pk)]}
    send(conversation=conversation, author=ana, body_text="Done.", seen_seq=2)


def test_undo_puts_everything_back_as_it_was(conversation, ana):
    before = Conversation.objects.values().get()
    later = timezone.now() + timedelta(seconds=10)
    message = send(conversation=conversation, author=ana, body_text="Oops", send_at=later)
    withdraw(message=message, by=ana)
    after = Conversation.objects.values().get()
    changed = {name for name, value in before.items() if value != dict(after)[name]}
    assert changed <= {"updated_at", "assignee_id"}
    assert after["assignee_id"] == before["assignee_id"]
    assert Message.objects.count() == 1


def test_what_a_worker_has_taken_cannot_be_taken_back(conversation, ana):
    message = send(conversation=conversation, author=ana, body_text="Gone")
    Delivery.objects.update(work_state=WorkState.CLAIMED, attempts=1)
    with pytest.raises(AlreadySentError):
        withdraw(message=message, by=ana)


def test_a_failed_message_is_tried_again_as_a_new_attempt(conversation, ana):
    message = send(conversation=conversation, author=ana, body_text="Hello")
    first = Delivery.objects.get()
    with pytest.raises(NotRetryableError):
        retry(message=message, by=ana)
    record_outcome(delivery=first, state=DeliveryState.FAILED, text="No such mailbox.")
    second = retry(message=message, by=ana)
    assert (second.attempt, second.state) == (2, DeliveryState.QUEUED)
    assert Message.objects.get(pk=message.pk).provider_id == message.provider_id


def test_a_delivery_never_moves_backwards(conversation, ana):
    send(conversation=conversation, author=ana, body_text="Hello")
    delivery = Delivery.objects.get()
    assert record_outcome(delivery=delivery, state=DeliveryState.DELIVERED)
    assert not record_outcome(delivery=delivery, state=DeliveryState.FAILED, text="late bounce")
    assert not record_outcome(delivery=delivery, state=DeliveryState.ACCEPTED)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_reply_all_keeps_the_copied_and_drops_our_own_addresses(mail, ana):
    conversation = receive_mail(
        mail,
        to=[{"address": mail.address, "name": ""}],
        cc=[
            {"address": "partner@customer.test", "name": ""},
            {"address": mail.address.replace("@", "+token@"), "name": ""},
        ],
    ).conversation
    target = reply_target(conversation)
    assert (target.to, target.cc) == (("dana@customer.test",), ("partner@customer.test",))


@pytest.mark.parametrize(
    "address",
    ["nobody", "a b@c.test", "x@y", "<a@b.test>", "a@b.test,c@d.test", "a@b.test\r\nBcc: c"],
)
def test_what_is_no_address_is_refused_in_words(conversation, ana, address):
    with pytest.raises(CannotSendError, match="not an e-mail address"):
        send(conversation=conversation, author=ana, body_text="Hi", to=[address])


def test_an_empty_message_is_refused(conversation, ana):
    with pytest.raises(CannotSendError, match="Write something"):
        send(conversation=conversation, author=ana, body_text="  \n")


def test_a_text_too_long_for_the_channel_is_refused_with_both_numbers(chat, ana):
    conversation = receive_chat(chat).conversation
    with pytest.raises(CannotSendError, match=r"10,000 characters; this has 10,001"):
        send(conversation=conversation, author=ana, body_text="x" * 10_001)


def test_a_switched_off_channel_sends_nothing(mail, conversation, ana):
    mail.is_active = False
    mail.save()
    with pytest.raises(CannotSendError, match="switched off"):
        send(conversation=conversation, author=ana, body_text="Hi")


def test_writing_first_opens_a_conversation_of_ones_own(mail, ana):
    message = start_conversation(
        channel=mail,
        to="new@customer.test",
        subject="Your parcel",
        body_text="It is back.",
        author=ana,
    )
    assert message.conversation.assignee == ana
    assert message.conversation.contact.points.get().value == "new@customer.test"


def test_nobody_can_be_chatted_up(chat, ana):
    with pytest.raises(CannotSendError, match="can only answer"):
        start_conversation(channel=chat, to="x@y.test", subject="", body_text="Hi", author=ana)


def test_a_forward_takes_the_files_along_and_leaves_the_customer_waiting(mail, conversation, ana):
    file = store_upload(name="pole.png", content=b"\x89PNG\r\n\x1a\nxx", content_type="image/png")
    Attachment.objects.filter(pk=file.pk).update(message=conversation.messages.get())
    sent = forward(
        conversation=conversation, author=ana, to=["carrier@post.test"], body_text="Your fault?"
    )
    assert sent.to == [{"address": "carrier@post.test", "name": ""}]
    assert [one.name for one in sent.attachments.all()] == ["pole.png"]
    assert "One pole is bent." in sent.body_text
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN
