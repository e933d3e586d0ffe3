"""The worker's side of the inbound ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app import processing
from channels_app.contract import (
    DeliveryReceipt,
    Ignored,
    InboundAttachment,
    InboundMessage,
    Sender,
    ThreadClues,
    UnsupportedEventError,
)
from channels_app.models import InboundEvent
from channels_app.registry import adapter_for
from channels_app.replaying import replay_events
from helpdesk.foundation.ledger import WorkState, claim
from helpdesk.foundation.limits import TimeLimitError
from identity.tenancy import tenant_scope
from inbox.models import Attachment, Conversation, Delivery, DeliveryState, Message
from inbox.services.sending import send
from tests.factories.inbox import receive_mail


def saying(text="Hello", key="k1", **fields):
    return InboundMessage(
        provider_id=f"<{key}@customer.test>",
        dedupe_key=key,
        sender=fields.pop("sender", Sender(kind="email", value="dana@customer.test")),
        text=text,
        **fields,
    )


@pytest.fixture
def event(mail):
    with tenant_scope(mail.workspace_id):
        return InboundEvent.objects.create(
            channel=mail, source="email/raw", dedupe_key=str(uuid4()), order_key="x", body=b""
        )


@pytest.fixture
def parsed(monkeypatch):
    """Let the adapter say what a test wants it to have read."""

    def parsed(*items, raises=None):
        def parse(*_args):
            if raises is not None:
                raise raises
            return list(items)

        monkeypatch.setattr(adapter_for("email"), "parse", parse, raising=False)

    return parsed


@pytest.fixture
def worked(event, mail):
    def worked():
        with tenant_scope(mail.workspace_id):
            InboundEvent.objects.filter(work_state=WorkState.NEW).update(due_at=timezone.now())
        processing.drain()
        with tenant_scope(mail.workspace_id):
            return InboundEvent.objects.get(pk=event.pk)

    return worked


@pytest.fixture
def inside(mail):
    with tenant_scope(mail.workspace_id):
        yield


def test_an_event_and_its_message_are_finished_together(parsed, worked, inside):
    parsed(saying())
    event = worked()
    assert event.work_state == WorkState.DONE
    assert event.message_ids == [Message.objects.get().pk]


def test_a_kind_nobody_knows_is_kept_as_ignored_with_its_reason(parsed, worked):
    parsed(raises=UnsupportedEventError("a pigeon landed"))
    event = worked()
    assert (event.work_state, event.reason) == (WorkState.IGNORED, "a pigeon landed")


@pytest.mark.parametrize(
    "trouble", [ValueError("bad byte"), TimeLimitError("20 s"), RecursionError()]
)
def test_what_cannot_be_read_is_quarantined_at_once(parsed, worked, trouble):
    parsed(raises=trouble)
    event = worked()
    assert event.work_state == WorkState.QUARANTINED
    assert type(trouble).__name__ in event.reason


def test_a_quarantined_event_is_replayed_once_it_can_be_read(parsed, worked, inside):
    parsed(raises=ValueError("bad byte"))
    event = worked()
    parsed(saying())
    assert replay_events([event.pk]) == 1
    assert worked().work_state == WorkState.DONE
    assert Message.objects.count() == 1


def test_a_done_event_replayed_makes_no_second_message(parsed, worked, inside):
    parsed(saying())
    event = worked()
    replay_events([event.pk])
    again = worked()
    assert again.work_state == WorkState.DONE
    assert again.message_ids == event.message_ids
    assert Message.objects.count() == 1


def test_what_cannot_be_stored_is_tried_again_and_then_quarantined(
    parsed, worked, mail, monkeypatch
):
    parsed(saying())

    def full(*_args, **_named):
        raise RuntimeError("no room")

    monkeypatch.setattr("channels_app.processing.receive", full)
    event = worked()
    assert event.work_state == WorkState.NEW
    assert event.due_at > timezone.now()
    assert "no room" in event.reason
    for _ in range(processing.RETRIES.max_attempts):
        event = worked()
    assert event.work_state == WorkState.QUARANTINED
    with tenant_scope(mail.workspace_id):
        assert not Message.objects.exists()


def test_an_event_that_takes_its_worker_down_each_time_is_set_aside(parsed, worked, event, inside):
    parsed(saying())
    InboundEvent.objects.update(attempts=processing.RETRIES.max_attempts)
    assert worked().work_state == WorkState.QUARANTINED
    assert not Message.objects.exists()


def test_nothing_for_us_is_ignored_with_the_reason(parsed, worked):
    parsed(Ignored("A test of the provider."))
    event = worked()
    assert (event.work_state, event.reason) == (WorkState.IGNORED, "A test of the provider.")


def test_our_own_mail_coming_back_is_ignored(parsed, worked, inside):
    parsed(saying(ignore_reason="Our own mail came back."))
    assert worked().work_state == WorkState.IGNORED
    assert not Message.objects.exists()


def test_a_bounce_fails_the_delivery_in_words(parsed, worked, mail, ana, inside):
    ours = send(conversation=receive_mail(mail).conversation, author=ana, body_text="Hi")
    parsed(
        DeliveryReceipt(
            dedupe_key="b",
            outcome="failed",
            message_ids=(ours.provider_id,),
            recipient="dana@customer.test",
            code="5.1.1",
            text="no such user",
            permanent=True,
        )
    )
    assert worked().work_state == WorkState.DONE
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    assert "dana@customer.test came back" in delivery.error_text
    assert Message.objects.count() == 2


def test_a_bounce_finds_its_message_by_the_bounce_address_alone(parsed, worked, mail, ana, inside):
    send(conversation=receive_mail(mail).conversation, author=ana, body_text="Hi")
    token = Delivery.objects.get().bounce_token
    parsed(DeliveryReceipt(dedupe_key="b", outcome="failed", bounce_token=token, permanent=True))
    worked()
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_a_complaint_is_kept_where_every_agent_sees_it(parsed, worked, mail, ana, inside):
    conversation = receive_mail(mail).conversation
    ours = send(conversation=conversation, author=ana, body_text="Hi")
    parsed(
        DeliveryReceipt(
            dedupe_key="c", outcome="failed", message_ids=(ours.provider_id,), complaint=True
        )
    )
    worked()
    conversation.contact.refresh_from_db()
    assert "do not send mail" in conversation.contact.notes


def test_a_notice_of_a_message_we_do_not_know_is_ignored(parsed, worked):
    parsed(DeliveryReceipt(dedupe_key="b", outcome="delivered", message_ids=("<x@y>",)))
    assert worked().work_state == WorkState.IGNORED


def test_a_colleagues_forward_is_credited_to_the_customer(parsed, worked, ben, inside):
    parsed(
        saying(
            sender=Sender(kind="email", value=ben.user.email, verified=True),
            forwarded_from=Sender(kind="email", value="dana@customer.test", name="Dana"),
        )
    )
    worked()
    message = Message.objects.get()
    assert (message.author_address, message.author_verified) == ("dana@customer.test", False)
    assert message.attributes["evidence"] == "forwarded by Ben"


def test_somebody_who_only_claims_to_be_a_colleague_forwards_nothing(parsed, worked, ben, inside):
    parsed(
        saying(
            sender=Sender(kind="email", value=ben.user.email, verified=False),
            forwarded_from=Sender(kind="email", value="dana@customer.test"),
        )
    )
    worked()
    assert Message.objects.get().author_address == ben.user.email


def test_a_colleagues_own_answer_is_not_sent_on_to_the_customer(parsed, worked, mail, ben, inside):
    first = receive_mail(mail, provider_id="<first@customer.test>")
    parsed(
        saying(
            sender=Sender(kind="email", value=ben.user.email, verified=True),
            thread=ThreadClues(in_reply_to=("<first@customer.test>",)),
        )
    )
    worked()
    notes = Message.objects.filter(conversation=first.conversation, private=True)
    assert "has not received it" in notes.get().body_text
    assert not Delivery.objects.exists()


def test_old_mail_is_filed_as_closed(parsed, worked, event, inside):
    InboundEvent.objects.update(old=True)
    parsed(saying())
    worked()
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("closed", None)


def test_a_file_the_disk_refuses_is_shown_not_lost(parsed, worked, inside, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("inbox.services.files.default_storage.save", full)
    parsed(saying(attachments=(InboundAttachment("pole.pdf", "application/pdf", b"%PDF-1"),)))
    assert worked().work_state == WorkState.DONE
    assert Attachment.objects.get().key == ""
    assert "could not be stored" in Message.objects.get().warnings[0]


def test_a_lease_that_was_lost_leaves_nothing_behind(parsed, event, mail):
    parsed(saying())
    [claimed] = claim(InboundEvent, batch=1, lease_seconds=60)
    with tenant_scope(mail.workspace_id):
        InboundEvent.objects.update(lease_token=uuid4(), lease_until=timezone.now() + timedelta(60))
    processing.process(claimed, processing.Desk())
    with tenant_scope(mail.workspace_id):
        assert not Message.objects.exists()
