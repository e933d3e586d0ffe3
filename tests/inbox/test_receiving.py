"""The one door in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from identity.models import Contact, ContactPoint, MergeSuggestion
from identity.tenancy import tenant_scope
from inbox.models import Conversation, ConversationEvent, Message, Status
from inbox.services.conversations import block_contact, change_conversation
from inbox.services.reply_tokens import make_reply_token, read_reply_token
from inbox.services.sending import send
from tests.factories.inbox import make_mail_channel, receive_chat, receive_mail


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


def test_a_first_mail_opens_a_conversation_that_waits_for_us(mail):
    received = receive_mail(mail)
    conversation = received.conversation
    assert (conversation.number, conversation.status) == (1, Status.OPEN)
    assert conversation.waiting_since is not None
    assert (conversation.subject, conversation.preview) == ("A bent tent pole", "One pole is bent.")
    assert conversation.contact.name == "Dana Miller"


def test_the_same_provider_message_is_stored_once(mail):
    first = receive_mail(mail, provider_key="same")
    again = receive_mail(mail, provider_key="same")
    assert again.created is False
    assert again.message.pk == first.message.pk
    assert Message.objects.count() == 1


def test_an_answer_to_our_mail_joins_its_conversation(mail, ana):
    first = receive_mail(mail)
    ours = send(conversation=first.conversation, author=ana, body_text="Which one?")
    reply = receive_mail(mail, references=[ours.provider_id], subject="Re: something else")
    assert reply.conversation.pk == first.conversation.pk
    assert reply.message.seq == 3


def test_the_same_subject_from_a_stranger_is_another_conversation(mail):
    first = receive_mail(mail, subject="Invoice")
    other = receive_mail(mail, subject="Invoice", sender_value="stranger@else.test")
    assert other.conversation.pk != first.conversation.pk


def test_a_number_in_the_subject_counts_only_for_somebody_who_takes_part(mail):
    first = receive_mail(mail)
    forged = receive_mail(
        mail, subject_number=first.conversation.number, sender_value="mallory@evil.test"
    )
    assert forged.conversation.pk != first.conversation.pk
    own = receive_mail(mail, subject_number=first.conversation.number)
    assert own.conversation.pk == first.conversation.pk


def test_a_reference_into_another_workspace_finds_nothing(mail, other_shop):
    theirs = receive_mail(make_mail_channel(other_shop), provider_id="<theirs@customer.test>")
    ours = receive_mail(mail, references=["<theirs@customer.test>"])
    assert ours.conversation.pk != theirs.conversation.pk
    assert ours.conversation.workspace_id == mail.workspace_id


def test_a_reply_token_of_another_workspace_is_worth_nothing(mail, other_shop):
    conversation = receive_mail(mail).conversation
    token = make_reply_token(conversation.pk)
    assert read_reply_token(token) == conversation.pk
    with tenant_scope(other_shop.pk):
        assert read_reply_token(token) is None


def test_a_reply_token_with_one_letter_changed_is_worth_nothing(mail):
    token = make_reply_token(receive_mail(mail).conversation.pk)
    forged = ("b" if token[0] == "a" else "a") + token[1:]
    assert read_reply_token(forged) is None
    assert read_reply_token(token[:-1] + ("a" if token[-1] != "a" else "q")) is None


def test_the_reply_address_works_for_a_third_party_but_the_requester_stays(mail):
    first = receive_mail(mail)
    token = make_reply_token(first.conversation.pk)
    helper = receive_mail(mail, reply_tokens=[token], sender_value="carrier@post.test")
    assert helper.conversation.pk == first.conversation.pk
    assert helper.message.author_contact != first.conversation.contact
    assert Conversation.objects.get().contact == first.conversation.contact


def test_a_customer_who_answers_reopens_their_closed_conversation(mail, ana):
    first = receive_mail(mail, provider_id="<one@customer.test>")
    change_conversation(conversation=first.conversation, by=ana, changes={"status": "closed"})
    receive_mail(mail, references=["<one@customer.test>"])
    assert Conversation.objects.get().status == Status.OPEN
    assert ConversationEvent.objects.filter(kind="reopened").count() == 1


def test_an_automatic_answer_is_kept_but_wakes_nobody(mail, ana):
    first = receive_mail(mail, provider_id="<one@customer.test>")
    change_conversation(conversation=first.conversation, by=ana, changes={"status": "closed"})
    receive_mail(mail, references=["<one@customer.test>"], machine="auto")
    conversation = Conversation.objects.get()
    assert conversation.status == Status.CLOSED
    assert conversation.last_seq == 2
    assert conversation.waiting_since is None


def test_a_blocked_sender_lands_in_spam(mail, ana):
    first = receive_mail(mail)
    block_contact(contact=first.conversation.contact, by=ana)
    assert Conversation.objects.get().status == Status.SPAM
    second = receive_mail(mail)
    assert second.conversation.status == Status.SPAM


def test_a_mail_after_a_chat_lands_in_the_same_persons_timeline(chat, mail):
    chatted = receive_chat(chat, email="dana@customer.test")
    mailed = receive_mail(mail, sender_verified=True, sender_evidence="DMARC passed")
    assert mailed.conversation.contact == chatted.conversation.contact
    assert mailed.conversation.pk == chatted.conversation.pk
    assert mailed.conversation.subject == "A bent tent pole"
    point = mailed.conversation.contact.points.get(kind="email")
    assert (point.verified, point.evidence) == (True, "DMARC passed")
    # Who only typed the address in the chat has proven nothing; their claim lies beside.
    assert not ContactPoint.objects.exclude(pk=point.pk).get(kind="email").verified


def test_a_proof_joins_no_claim_of_long_ago_but_suggests_it(chat, mail, shop):
    chatted = receive_chat(chat, email="dana@customer.test").conversation
    long_ago = timezone.now() - timedelta(hours=shop.continuation_hours + 1)
    ContactPoint.objects.filter(kind="email").update(created_at=long_ago)
    Conversation.objects.update(last_message_at=long_ago)
    mailed = receive_mail(mail, sender_verified=True)
    assert mailed.conversation.contact != chatted.contact
    suggestion = MergeSuggestion.objects.get()
    assert (suggestion.first, suggestion.second) == (chatted.contact, mailed.conversation.contact)


def test_a_proof_that_two_visitors_claim_joins_neither(chat, mail):
    visitors = {receive_chat(chat, email="dana@customer.test").conversation.contact for _ in "12"}
    mailed = receive_mail(mail, sender_verified=True)
    assert mailed.conversation.contact not in visitors
    assert MergeSuggestion.objects.count() == 3


def test_a_proof_does_not_join_a_blocked_visitor(chat, mail, ana):
    visitor = receive_chat(chat, email="dana@customer.test").conversation.contact
    block_contact(contact=visitor, by=ana)
    mailed = receive_mail(mail, sender_verified=True)
    assert mailed.conversation.status == Status.OPEN


def test_a_mail_that_came_unproven_before_is_proven_where_it_stands(mail):
    first = receive_mail(mail, sender_verified=False)
    second = receive_mail(mail, sender_verified=True, sender_evidence="DMARC passed")
    assert second.conversation.contact == first.conversation.contact
    assert ContactPoint.objects.get().verified


def test_typing_a_customers_address_in_the_chat_form_does_not_make_one_that_customer(chat, mail):
    dana = receive_mail(mail, sender_verified=True).conversation.contact
    visitor = receive_chat(chat, email="dana@customer.test").conversation.contact
    assert visitor != dana
    assert visitor.points.get(kind="email").verified is False
    assert Contact.objects.count() == 2


def test_an_unproven_mail_does_not_enter_an_open_chat(chat, mail):
    chatted = receive_chat(chat, email="dana@customer.test")
    mailed = receive_mail(mail, sender_verified=False)
    assert mailed.conversation.pk != chatted.conversation.pk
    assert mailed.conversation.contact == chatted.conversation.contact


def test_taking_a_mail_in_costs_few_statements(mail, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        receive_mail(mail)
