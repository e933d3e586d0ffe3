"""Send-a-test of e-mail: real mail to the sandbox, and mail coming back through the hook."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from channels_app.models import InboundEvent
from channels_app.processing import drain
from channels_app.services import account_of, update_account
from channels_app.trials import PATIENCE, mail_trial, send_test_mail, start_mail_trial
from helpdesk.foundation.ledger import WorkState
from helpdesk.foundation.signing import hmac_sha256_hex
from identity.tenancy import tenant_scope
from inbox.models import Conversation
from sandbox.threaded import ThreadedSandbox


@pytest.fixture(scope="module")
def running_sandbox():
    with ThreadedSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox):
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def mail(mail, sandbox):
    """The shop's mailbox, sending to the sandbox."""
    with tenant_scope(mail.workspace_id):
        update_account(
            channel=mail,
            settings={
                "smtp_host": "127.0.0.1",
                "smtp_port": sandbox.smtp_port,
                "smtp_security": "none",
            },
        )
    return mail


def deliver(channel, raw):
    """Post a mail to the channel's hook, as its receiving server would."""
    with tenant_scope(channel.workspace_id):
        account = account_of(channel)
    from channels_app.models import ChannelAccount

    with tenant_scope(channel.workspace_id):
        key = ChannelAccount.objects.get(channel=channel).hook_key
    answer = Client().post(
        f"/hooks/email/raw/{channel.pk}/{key}",
        raw,
        content_type="message/rfc822",
        headers={
            "x-signature-256": "sha256=" + hmac_sha256_hex(account.secrets["hook_secret"], raw)
        },
    )
    assert answer.status_code == 200


def a_mail(channel, text="Hello"):
    return (
        f"From: Dana <dana@customer.test>\r\nTo: {channel.address}\r\nSubject: Hi\r\n"
        f"Message-ID: <{text}@customer.test>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


def test_test_mail_leaves_through_the_channels_own_transport(sign_in, ana, mail, sandbox):
    answer = sign_in(ana).post(
        f"/settings/channels/{mail.pk}/test-out/", headers={"hx-request": "true"}
    )
    assert f"Taken by the mail server for {ana.user.email}" in answer.content.decode()
    (sent,) = sandbox.outbox.find(to=ana.user.email)
    assert mail.address in sent.header("From")


def test_refused_test_mail_is_explained(ana, mail, sandbox):
    sandbox.faults.order({"provider": "smtp", "mode": "fail", "times": 5})
    with tenant_scope(mail.workspace_id):
        sent = send_test_mail(channel=mail, to=ana.user.email, by=ana)
    assert not sent.worked
    assert sent.sentence.endswith(".")


def test_channel_without_a_server_is_told_what_to_enter(ana, mail):
    with tenant_scope(mail.workspace_id):
        update_account(channel=mail, settings={"smtp_host": ""})
        sent = send_test_mail(channel=mail, to=ana.user.email, by=ana)
    assert not sent.worked
    assert "settings" in sent.sentence


def test_mail_to_the_own_mailbox_is_waited_for_and_seen_arriving(sign_in, ana, mail, sandbox):
    browser = sign_in(ana)
    answer = browser.post(
        f"/settings/channels/{mail.pk}/test-in/", headers={"hx-request": "true"}
    ).content.decode()
    assert "Waiting for mail to" in answer
    (again,) = re.findall(r'hx-get="([^"]+)"', answer)
    (ours,) = sandbox.outbox.find(to=mail.address)
    deliver(mail, ours.raw)
    assert "It is being read." in browser.get(again).content.decode()
    drain()
    answer = browser.get(again).content.decode()
    assert "Mail came in through raw" in answer
    assert "it makes no conversation" in answer
    with tenant_scope(mail.workspace_id):
        assert not Conversation.objects.exists()


def test_mail_that_somebody_else_writes_meanwhile_counts_too(ana, mail):
    with tenant_scope(mail.workspace_id):
        token, _ = start_mail_trial(channel=mail, by=ana)
    deliver(mail, a_mail(mail))
    drain()
    with tenant_scope(mail.workspace_id):
        trial = mail_trial(channel=mail, token=token)
    assert trial.state == "arrived"
    assert trial.conversation is not None


def test_mail_from_before_the_test_does_not_count(ana, mail):
    deliver(mail, a_mail(mail))
    with tenant_scope(mail.workspace_id):
        token, _ = start_mail_trial(channel=mail, by=ana)
        assert mail_trial(channel=mail, token=token).state == "waiting"


def test_unreadable_mail_is_shown_with_its_reason(ana, mail):
    with tenant_scope(mail.workspace_id):
        token, _ = start_mail_trial(channel=mail, by=ana)
        InboundEvent.objects.create(
            channel=mail,
            source="email/raw",
            dedupe_key="broken",
            body=b"?",
            work_state=WorkState.QUARANTINED,
            reason="It could not be read: a riddle.",
        )
        trial = mail_trial(channel=mail, token=token)
    assert trial.state == "failed"
    assert "a riddle" in trial.sentence


def test_silence_is_called_a_failure_with_hints_after_three_minutes(ana, mail):
    with tenant_scope(mail.workspace_id):
        token, _ = start_mail_trial(channel=mail, by=ana)
        with time_machine.travel(timezone.now() + timedelta(seconds=PATIENCE + 2)):
            trial = mail_trial(channel=mail, token=token)
    assert trial.state == "failed"
    assert "Nothing has arrived within 3 minutes." in trial.sentence
    assert trial.hints


def test_test_that_could_not_send_still_waits_for_a_mail_by_hand(sign_in, ana, mail):
    with tenant_scope(mail.workspace_id):
        update_account(channel=mail, settings={"smtp_host": ""})
    answer = sign_in(ana).post(
        f"/settings/channels/{mail.pk}/test-in/", headers={"hx-request": "true"}
    )
    assert "Write to" in answer.content.decode()
    assert "Waiting for mail" in answer.content.decode()


def test_invented_token_says_nothing(ana, mail):
    with tenant_scope(mail.workspace_id):
        assert mail_trial(channel=mail, token="invented").state == "failed"
