"""The one HTTP door for providers' events."""

import hashlib
import hmac
import json
from uuid import uuid4

import pytest
from django.db import OperationalError

from channels_app import processing, services
from channels_app.models import ChannelAccount, InboundEvent
from channels_app.registry import adapter_for
from channels_app.webhook import EVENTS
from helpdesk.foundation.ledger import WorkState
from identity.tenancy import tenant_scope
from inbox.models import Message
from tests.factories.inbox import make_mail_channel

MAIL = (
    b"From: Dana <dana@customer.test>\r\nTo: %s\r\nSubject: Bent pole\r\n"
    b"Message-ID: <1@customer.test>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n\r\nHelp!\r\n"
)


@pytest.fixture
def door(mail):
    with tenant_scope(mail.workspace_id):
        key = ChannelAccount.objects.get(channel=mail).hook_key
    return f"/hooks/email/raw/{mail.pk}/{key}"


@pytest.fixture
def body(mail):
    return MAIL % mail.address.encode()


def sign(body, secret=b"hook-secret"):
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def post(client, path, body, signature=None):
    headers = {"X-Signature-256": sign(body) if signature is None else signature}
    return client.post(path, body, content_type="message/rfc822", headers=headers)


def events(mail):
    with tenant_scope(mail.workspace_id):
        return list(InboundEvent.objects.all())


def counted(answer):
    return EVENTS.labels("email/raw", answer)._value.get()


def test_a_signed_mail_is_durable_when_it_is_acknowledged(client, door, body, mail):
    answer = post(client, door, body)
    assert answer.status_code == 200
    [event] = events(mail)
    assert answer.json() == {"id": str(event.pk)}
    assert (event.work_state, bytes(event.body)) == (WorkState.NEW, body)


def test_the_same_mail_again_gets_the_same_answer_and_is_kept_once(client, door, body, mail):
    first, second = post(client, door, body), post(client, door, body)
    assert first.json() == second.json()
    assert len(events(mail)) == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "sha1=abc", "nonsense"])
def test_a_wrong_signature_is_refused_counted_and_leaves_nothing(
    client, door, body, mail, signature
):
    before = counted("refused")
    answer = post(client, door, body, signature)
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert events(mail) == []
    assert counted("refused") == before + 1


def test_a_signature_over_another_body_is_refused(client, door, body):
    assert post(client, door, body, sign(body + b" ")).status_code == 403


def test_an_unknown_channel_key_or_service_is_not_found(client, door, body):
    for path in (
        door[:-4] + "aaaa",
        door.replace("/raw/", "/pigeon/"),
        f"/hooks/email/raw/{uuid4()}/{door.rsplit('/', 1)[1]}",
    ):
        assert post(client, path, body).status_code == 404


def test_another_workspaces_key_does_not_open_this_channel(client, mail, body, other_shop):
    theirs = make_mail_channel(other_shop)
    with tenant_scope(other_shop.pk):
        their_key = ChannelAccount.objects.get(channel=theirs).hook_key
    assert post(client, f"/hooks/email/raw/{mail.pk}/{their_key}", body).status_code == 404


def test_a_mail_over_the_limit_is_refused_in_words(client, door, body, mail, settings):
    settings.HOOK_MAX_BYTES = 100
    answer = post(client, door, body)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert events(mail) == []


def test_a_mail_becomes_a_message_with_its_sender_and_words(client, door, body, mail):
    post(client, door, body)
    assert processing.drain() == 1
    with tenant_scope(mail.workspace_id):
        message = Message.objects.get()
        [event] = events(mail)
    assert (message.author_address, message.body_text.strip()) == ("dana@customer.test", "Help!")
    assert message.author_verified is False
    assert event.message_ids == [message.pk]


def test_a_mail_that_proves_its_domain_is_verified(client, door, body, mail):
    post(client, door, b"Authentication-Results: mx.shop.test; dmarc=pass\r\n" + body)
    processing.drain()
    with tenant_scope(mail.workspace_id):
        assert Message.objects.get().author_verified is True


def test_a_proof_by_somebody_elses_server_proves_nothing(client, door, body, mail):
    post(client, door, b"Authentication-Results: mx.evil.test; dmarc=pass\r\n" + body)
    processing.drain()
    with tenant_scope(mail.workspace_id):
        assert Message.objects.get().author_verified is False


def test_our_own_trouble_is_a_5xx_so_that_the_provider_comes_again(
    client, door, body, mail, monkeypatch
):
    services.forget_route(mail.pk)

    def broken(*_args, **_named):
        raise OperationalError("the database is away")

    monkeypatch.setattr("channels_app.webhook.ingest_raw_event", broken)
    client.raise_request_exception = False
    assert post(client, door, body).status_code >= 500


def test_no_event_keeps_credentials(client, door, body, mail):
    client.post(
        door,
        body,
        content_type="message/rfc822",
        headers={"X-Signature-256": sign(body), "Authorization": "Basic c2VjcmV0", "Cookie": "a=b"},
    )
    [event] = events(mail)
    assert not {"authorization", "cookie"} & set(event.headers)


def test_a_signed_subscription_request_is_answered_once_it_is_verified(
    client, mail, door, monkeypatch
):
    """SNS asks at set-up; the signature check itself is tested beside the adapter."""
    asked = []

    def ask(*, kwargs, **_options):
        asked.append(kwargs["url"])

    monkeypatch.setattr(adapter_for("email"), "verify", lambda *_: True, raising=False)
    monkeypatch.setattr("channels_app.webhook.confirm_subscription.apply_async", ask)
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    body = json.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": url, "MessageId": "x"})
    client.post(door.replace("/raw/", "/ses/"), body, content_type="text/plain")
    assert asked == [url]
