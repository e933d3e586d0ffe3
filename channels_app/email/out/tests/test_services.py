"""Mail services over HTTP, against stand-ins that speak their APIs."""

import base64
import json
import socket
from datetime import UTC, datetime

import httpx
import pytest

from channels_app.contract import (
    DeliveryError,
    OutboundAttachment,
    Recipient,
    UnconfirmedDeliveryError,
)
from channels_app.email.out.ses import send_by_ses, signature_v4
from channels_app.email.out.statuses import error_for_status, retry_after
from channels_app.email.send import send_mail

PATHS = {"mailgun": "/esp/mailgun/v3", "postmark": "/esp/postmark/", "sendgrid": "/esp/sendgrid/v3/",
         "ses": "/esp/ses"}  # fmt: skip
SERVICES = sorted(PATHS)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_service_account(sandbox, make_account):
    """Return a maker of accounts at a mail service of the sandbox."""

    def make(service, *, key="key", **given):
        settings = {
            "transport": service,
            "api_url": sandbox.url + PATHS[service],
            "api_timeout": 20,
            "ses_region": "eu-west-1",
            "ses_access_key_id": key,
        }
        secrets = {"api_key": key, "ses_secret_access_key": key}
        return make_account(**settings | given, secrets=secrets)

    return make


def failed(outbound, account):
    with pytest.raises(DeliveryError) as caught:
        send_mail(outbound, account)
    return caught.value


@pytest.mark.parametrize("service", SERVICES)
def test_mail_arrives_with_its_threading_headers(
    sandbox, make_service_account, make_outbound, service
):
    mail = make_outbound(
        in_reply_to="<q@customer.example>", cc=(Recipient("kim@x.example", "Kim"),),
        bcc=(Recipient("boss@x.example"),), html="<p>It left <b>today</b>.</p>",
    )  # fmt: skip
    result = send_mail(mail, make_service_account(service))
    copies = sandbox.outbox.find()
    assert sorted(copy.to for copy in copies) == [
        "boss@x.example", "jane@customer.example", "kim@x.example",
    ]  # fmt: skip
    copy = copies[0]
    assert copy.header("Message-ID") == "<c42.1.x@shop.example>"
    assert copy.header("In-Reply-To") == "<q@customer.example>"
    assert "support+tok123@shop.example" in copy.header("Reply-To")
    assert "It left today." in copy.body
    assert "<b>today</b>" in copy.html
    assert b"boss@x.example" not in copy.raw
    assert result.provider_id


@pytest.mark.parametrize("service", ["postmark", "sendgrid", "ses"])
def test_inline_image_keeps_its_id(sandbox, make_service_account, make_outbound, service):
    mail = make_outbound(
        html='<img src="cid:logo">',
        attachments=(
            OutboundAttachment("logo.png", "image/png", b"\x89PNG", "logo"),
            OutboundAttachment("a.pdf", "application/pdf", b"%PDF"),
        ),
    )
    send_mail(mail, make_service_account(service))
    [copy] = sandbox.outbox.find()
    ids = {item["filename"]: item["content_id"] for item in copy.attachments}
    assert ids == {"logo.png": "logo", "a.pdf": ""}


@pytest.mark.parametrize("service", SERVICES)
def test_wrong_key_asks_for_an_administrator(make_service_account, make_outbound, service):
    error = failed(make_outbound(), make_service_account(service, key="wrong"))
    assert (error.code, error.permanent) == ("account.login", True)


@pytest.mark.parametrize("service", SERVICES)
def test_missing_key_says_what_to_enter(make_service_account, make_outbound, service):
    error = failed(make_outbound(), make_service_account(service, key=""))
    assert (error.code, error.permanent) == ("account.settings", True)


@pytest.mark.parametrize("service", SERVICES)
def test_throttling_waits_as_long_as_the_service_asks(
    sandbox, make_service_account, make_outbound, service
):
    sandbox.faults.order({"provider": service, "mode": "throttle", "seconds": 90})
    error = failed(make_outbound(), make_service_account(service))
    assert (error.code, error.permanent, error.retry_after) == ("server.throttled", False, 90)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (400, "message.refused", True),
        (401, "account.login", True),
        (403, "account.policy", True),
        (413, "message.too_large", True),
        (500, "server.busy", False),
        (503, "server.busy", False),
        (504, "unconfirmed", False),
    ],
)
def test_each_status_is_read_for_what_it_means(
    sandbox, make_service_account, make_outbound, service, status, code, permanent
):
    words = "Refused by the sandbox."
    sandbox.faults.order(
        {"provider": service, "mode": "fail", "code": status, "error_code": 1, "text": words}
    )
    error = failed(make_outbound(), make_service_account(service))
    assert (error.code, error.permanent) == (code, permanent)
    assert sandbox.outbox.find() == []


@pytest.mark.parametrize("service", SERVICES)
def test_answer_that_never_comes_is_unconfirmed(
    sandbox, make_service_account, make_outbound, service
):
    sandbox.faults.order({"provider": service, "mode": "hang"})
    error = failed(make_outbound(), make_service_account(service, api_timeout=0.5))
    assert isinstance(error, UnconfirmedDeliveryError)


@pytest.mark.parametrize("service", SERVICES)
def test_closed_port_is_tried_again(make_service_account, make_outbound, service):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failed(
        make_outbound(), make_service_account(service, api_url=f"http://127.0.0.1:{port}")
    )
    assert (error.code, error.permanent) == ("server.unreachable", False)


def test_postmark_s_suppressed_recipient_is_named(sandbox, make_service_account, make_outbound):
    sandbox.faults.order({"provider": "postmark", "mode": "fail", "error_code": 406})
    error = failed(make_outbound(), make_service_account("postmark"))
    assert (error.code, error.permanent) == ("recipient.suppressed", True)
    assert "jane@customer.example" in str(error)
    assert "reactivate" in str(error)


def test_postmark_s_invalid_address_is_named(sandbox, make_service_account, make_outbound):
    sandbox.faults.order({"provider": "postmark", "mode": "fail", "error_code": 300})
    error = failed(make_outbound(), make_service_account("postmark"))
    assert (error.code, error.permanent) == ("recipient.invalid", True)


@pytest.mark.parametrize("error_code", [400, 401, 405, 412])
def test_postmark_s_account_trouble_is_for_an_administrator(
    sandbox, make_service_account, make_outbound, error_code
):
    sandbox.faults.order(
        {"provider": "postmark", "mode": "fail", "error_code": error_code, "text": "Pending"}
    )
    assert failed(make_outbound(), make_service_account("postmark")).code == "account.policy"


def test_ses_rewrites_the_message_id_so_its_names_are_returned(make_service_account, make_outbound):
    result = send_mail(make_outbound(), make_service_account("ses"))
    assert result.aliases == (
        f"<{result.provider_id}@email.amazonses.com>",
        f"<{result.provider_id}@eu-west-1.amazonses.com>",
    )


def test_ses_sends_copies_outside_the_mail(make_account, make_outbound):
    sent = {}

    def answer(request):
        sent.update(json.loads(request.content))
        return httpx.Response(200, json={"MessageId": "m1"})

    account = make_account(
        ses_region="eu-west-1", ses_access_key_id="AKID", secrets={"ses_secret_access_key": "s"}
    )
    send_by_ses(
        b"Subject: x\r\n\r\nhello",
        sender="support@shop.example",
        to=["jane@customer.example"],
        copies=["boss@x.example"],
        account=account,
        transport=httpx.MockTransport(answer),
    )
    assert sent["Destination"] == {
        "ToAddresses": ["jane@customer.example"], "BccAddresses": ["boss@x.example"],
    }  # fmt: skip
    assert base64.b64decode(sent["Content"]["Raw"]["Data"]) == b"Subject: x\r\n\r\nhello"


def test_aws_signature_is_the_one_of_their_documentation():
    # The worked example of the Signature Version 4 pages: IAM, ListUsers.
    signature = signature_v4(
        "GET",
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "host": "iam.amazonaws.com",
            "x-amz-date": "20150830T123600Z",
        },
        b"",
        scope="20150830/us-east-1/iam/aws4_request",
        secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    )
    assert signature == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("120", 120),
        ("0", 1),
        ("999999", 4 * 3600),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 300),
        ("Sun, 01 Mar 2020 12:05:00 GMT", 1),
        ("soon", 60),
        ("", 60),
    ],
)
def test_pause_is_read_as_number_or_date(given, seconds):
    assert retry_after({"Retry-After": given}, now=NOW) == seconds


def test_sentences_name_the_service_and_its_words_on_one_line():
    error = error_for_status(400, service="Mailgun", said="to\r\nparameter" + "x" * 500)
    assert "Mailgun refused this mail (“to parameterxxx" in str(error)
    assert len(str(error)) < 300
