"""The worker's side of the outbound ledger, against a real SMTP server that has trouble on order."""

import pytest
from django.utils import timezone

from channels_app.delivering import LEFT_UNCONFIRMED, deliver
from channels_app.models import ChannelAccount
from channels_app.services import update_account
from helpdesk.foundation.ledger import WorkState, claim
from identity.tenancy import tenant_scope
from inbox.models import Attachment, Delivery, DeliveryState
from inbox.services.files import store_upload
from inbox.services.sending import retry, send
from sandbox.threaded import ThreadedSandbox
from tests.factories.inbox import receive_mail


@pytest.fixture(scope="module")
def server():
    with ThreadedSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sink(server):
    server.reset()
    return server


@pytest.fixture
def conversation(mail, sink):
    with tenant_scope(mail.workspace_id):
        update_account(
            channel=mail,
            settings={
                "smtp_host": "127.0.0.1",
                "smtp_port": sink.smtp_port,
                "smtp_security": "none",
                "smtp_timeout": 3,
                "smtp_final_timeout": 1,
            },
        )
    return receive_mail(mail).conversation


@pytest.fixture
def answer(conversation, ana):
    def answer(text="It is on its way.", **more):
        with tenant_scope(conversation.workspace_id):
            return send(conversation=conversation, author=ana, body_text=text, **more)

    return answer


@pytest.fixture
def work(conversation):
    """Work what is due, at once however long it should wait, and return the newest delivery."""

    def work():
        with tenant_scope(conversation.workspace_id):
            Delivery.objects.filter(work_state=WorkState.NEW).update(due_at=timezone.now())
        for delivery in claim(Delivery, batch=10, lease_seconds=60):
            deliver(delivery)
        with tenant_scope(conversation.workspace_id):
            return Delivery.objects.order_by("-attempt", "-pk").first()

    return work


def test_a_reply_reaches_the_customer_and_threads(answer, work, sink, conversation):
    with tenant_scope(conversation.workspace_id):
        first = conversation.messages.get()
    message = answer()
    assert work().state == DeliveryState.ACCEPTED
    [mail] = sink.outbox.find(channel="email")
    assert mail.to == "dana@customer.test"
    assert mail.header("Message-ID") == message.provider_id
    assert mail.header("In-Reply-To") == first.provider_id
    assert mail.header("Subject") == "Re: A bent tent pole"
    assert "+" in mail.header("Reply-To")


def test_a_server_that_is_busy_is_asked_again(answer, work, sink):
    sink.faults.order({"provider": "smtp", "mode": "throttle"})
    answer()
    waiting = work()
    assert (waiting.state, waiting.work_state) == (DeliveryState.QUEUED, WorkState.NEW)
    assert waiting.error_text
    assert work().state == DeliveryState.ACCEPTED
    assert len(sink.outbox.find(channel="email")) == 1


def test_a_refused_customer_is_told_in_words(answer, work, sink):
    sink.faults.order({"provider": "smtp", "mode": "fail", "at": "rcpt", "code": 550})
    answer()
    failed = work()
    assert (failed.state, failed.work_state) == (DeliveryState.FAILED, WorkState.DONE)
    assert failed.error_text.rstrip().endswith((".", ")"))
    assert sink.outbox.find(channel="email") == []


def test_an_answer_that_was_lost_is_unconfirmed_and_not_repeated(answer, work, sink):
    sink.faults.order({"provider": "smtp", "mode": "drop", "at": "data"})
    answer()
    assert work().state == DeliveryState.UNCONFIRMED
    assert work().state == DeliveryState.UNCONFIRMED
    assert len(sink.outbox.find(channel="email")) == 1


def test_a_person_may_send_an_unconfirmed_message_again_under_the_same_name(
    answer, work, sink, ana, conversation
):
    sink.faults.order({"provider": "smtp", "mode": "drop", "at": "data"})
    message = answer()
    work()
    with tenant_scope(conversation.workspace_id):
        retry(message=message, by=ana)
    assert work().state == DeliveryState.ACCEPTED
    names = {mail.header("Message-ID") for mail in sink.outbox.find(channel="email")}
    assert names == {message.provider_id}


def test_a_worker_that_died_in_the_call_leaves_it_unconfirmed(answer, work, sink, conversation):
    answer()
    with tenant_scope(conversation.workspace_id):
        Delivery.objects.update(call_started_at=timezone.now(), state=DeliveryState.SENDING)
    left = work()
    assert (left.state, left.error_text) == (DeliveryState.UNCONFIRMED, LEFT_UNCONFIRMED)
    assert sink.outbox.find(channel="email") == []


def test_a_wrong_password_is_shown_on_the_channel(answer, work, sink, mail):
    with tenant_scope(mail.workspace_id):
        update_account(
            channel=mail, settings={"smtp_user": "shop"}, secrets={"smtp_password": "wrong"}
        )
    answer()
    failed = work()
    assert (failed.state, failed.error_retryable) == (DeliveryState.FAILED, True)
    with tenant_scope(mail.workspace_id):
        assert ChannelAccount.objects.get(channel=mail).trouble == failed.error_text


def test_a_copy_that_was_refused_is_named(answer, work, sink):
    sink.faults.order(
        {"provider": "smtp", "mode": "fail", "at": "rcpt", "to": "gone@else.test", "code": 550}
    )
    answer(cc=["gone@else.test"])
    delivery = work()
    assert delivery.state == DeliveryState.ACCEPTED
    assert "gone@else.test did not get this" in delivery.error_text


def test_a_file_that_is_gone_from_the_disk_fails_in_words(answer, work, sink, conversation):
    with tenant_scope(conversation.workspace_id):
        file = store_upload(name="a.txt", content=b"abc", content_type="text/plain")
        answer(attachments=[file])
        Attachment.objects.update(key="nowhere/at-all")
    failed = work()
    assert (failed.state, failed.error_code) == (DeliveryState.FAILED, "file_missing")
    assert "Attach it again" in failed.error_text
