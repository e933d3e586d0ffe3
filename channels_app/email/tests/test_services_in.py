"""The mail services' posts: raw MIME or their own parsed form, and their events."""

import base64
import json
from urllib.parse import urlencode

import pytest

from channels_app.contract import (
    Account,
    DeliveryReceipt,
    Ignored,
    InboundMessage,
    UnsupportedEventError,
)
from channels_app.email.adapter import EmailAdapter

ACME = Account("c", "w", "support@acme.test", "Acme", {"authserv_id": "mx.acme.test"}, {})
RAW = (
    "From: Dana <dana@customer.test>\r\nTo: support@acme.test\r\nSubject: Größe\r\n"
    "Message-ID: <a1@customer.test>\r\nIn-Reply-To: <out-7@acme.test>\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    'Content-Type: multipart/alternative; boundary="a"\r\n\r\n--a\r\n'
    "Content-Type: text/plain; charset=utf-8\r\n\r\nM, bitte. Schöne Grüße\r\n--a\r\n"
    "Content-Type: text/html; charset=utf-8\r\n\r\n<p>M, bitte. <img src='cid:pic'></p>\r\n--a--\r\n"
    '--b\r\nContent-Type: image/png; name="ä.png"\r\nContent-ID: <pic>\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
)
PNG = base64.b64decode("iVBORw0KGgo=")


def parse(body, variant, content_type="", account=ACME):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return EmailAdapter().parse(raw, {"content-type": content_type}, variant, account)


def multipart(fields, files=()):
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    parts += [
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        for name, filename, kind, content in files
    ]
    return b"\r\n".join(parts) + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def mailgun_mime():
    form = {"recipient": "support+tok@acme.test", "body-mime": RAW, "token": "t1"}
    return urlencode(form).encode(), "mailgun", "application/x-www-form-urlencoded"


def mailgun_parsed():
    headers = [
        ["From", "Dana <dana@customer.test>"],
        ["To", "support@acme.test"],
        ["Subject", "Größe"],
        ["Message-Id", "<a1@customer.test>"],
        ["In-Reply-To", "<out-7@acme.test>"],
        ["Content-Type", "multipart/mixed; boundary=gone"],
    ]
    body, content_type = multipart(
        {
            "recipient": "support+tok@acme.test",
            "from": "Dana <dana@customer.test>",
            "message-headers": json.dumps(headers),
            "body-plain": "M, bitte. Schöne Grüße",
            "body-html": "<p>M, bitte. <img src='cid:pic'></p>",
            "content-id-map": json.dumps({"<pic>": "attachment-1"}),
            "token": "t2",
        },
        [("attachment-1", "ä.png", "image/png", PNG)],
    )
    return body, "mailgun", content_type


def postmark_raw():
    payload = {"OriginalRecipient": "support+tok@acme.test", "RawEmail": RAW, "MessageID": "p1"}
    return json.dumps(payload).encode(), "postmark", "application/json"


def postmark_parsed():
    payload = {
        "FromFull": {"Email": "dana@customer.test", "Name": "Dana"},
        "ToFull": [{"Email": "support@acme.test", "Name": ""}],
        "OriginalRecipient": "support+tok@acme.test",
        "Subject": "Größe",
        "MessageID": "p2",
        "TextBody": "M, bitte. Schöne Grüße",
        "HtmlBody": "<p>M, bitte. <img src='cid:pic'></p>",
        "Headers": [
            {"Name": "Message-ID", "Value": "<a1@customer.test>"},
            {"Name": "In-Reply-To", "Value": "<out-7@acme.test>"},
        ],
        "Attachments": [
            {
                "Name": "ä.png",
                "Content": "iVBORw0KGgo=",
                "ContentType": "image/png",
                "ContentID": "pic",
            }
        ],
    }
    return json.dumps(payload).encode(), "postmark", "application/json"


def sendgrid_raw():
    body, content_type = multipart(
        {"email": RAW, "envelope": json.dumps({"to": ["support+tok@acme.test"]}), "SPF": "pass"}
    )
    return body, "sendgrid", content_type


def sendgrid_parsed():
    body, content_type = multipart(
        {
            "headers": "From: Dana <dana@customer.test>\nTo: support@acme.test\nSubject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\n"
            "Message-ID: <a1@customer.test>\nIn-Reply-To: <out-7@acme.test>\n",
            "text": "M, bitte. Schöne Grüße".encode("cp1252"),
            "html": "<p>M, bitte. <img src='cid:pic'></p>",
            "charsets": json.dumps({"text": "windows-1252", "html": "UTF-8"}),
            "envelope": json.dumps({"to": ["support+tok@acme.test"]}),
            "attachment-info": json.dumps(
                {"attachment1": {"filename": "ä.png", "type": "image/png", "content-id": "pic"}}
            ),
        },
        [("attachment1", "x.png", "image/png", PNG)],
    )
    return body, "sendgrid", content_type


def ses_notification(**receipt):
    message = {
        "notificationType": "Received",
        "mail": {"source": "dana@customer.test", "messageId": "s1"},
        "receipt": {
            "recipients": ["support+tok@acme.test"],
            "spamVerdict": {"status": "PASS"},
            "dmarcVerdict": {"status": "PASS"},
            "action": {"type": "SNS", "encoding": "UTF-8"},
            **receipt,
        },
        "content": RAW,
    }
    return {"Type": "Notification", "MessageId": "n1", "Message": json.dumps(message)}


def ses_raw():
    return json.dumps(ses_notification()).encode(), "ses", "text/plain"


@pytest.mark.parametrize(
    "make",
    [
        mailgun_mime,
        mailgun_parsed,
        postmark_raw,
        postmark_parsed,
        sendgrid_raw,
        sendgrid_parsed,
        ses_raw,
    ],
)
def test_every_form_of_the_same_mail_gives_the_same_message(make):
    body, variant, content_type = make()
    [found] = parse(body, variant, content_type)
    assert isinstance(found, InboundMessage)
    assert (found.sender.value, found.sender.name) == ("dana@customer.test", "Dana")
    assert found.provider_id == "<a1@customer.test>"
    assert found.subject == "Größe"
    assert found.text == "M, bitte. Schöne Grüße"
    assert 'src="cid:pic"' in found.html
    assert found.thread.reply_tokens == ("tok",)
    assert found.thread.in_reply_to == ("<out-7@acme.test>",)
    [picture] = found.attachments
    assert (picture.filename, picture.content_type, picture.inline) == ("ä.png", "image/png", True)
    assert picture.content == PNG


@pytest.mark.parametrize("make", [mailgun_parsed, postmark_parsed, sendgrid_parsed])
def test_form_posted_again_has_the_same_keys(make):
    body, variant, content_type = make()
    adapter = EmailAdapter()
    headers = {"content-type": content_type}
    assert adapter.keys(body, headers, variant) == adapter.keys(body, headers, variant)
    assert adapter.keys(body, headers, variant).order == "dana@customer.test"
    [one], [two] = parse(body, variant, content_type), parse(body, variant, content_type)
    assert one.dedupe_key == two.dedupe_key


def test_mailgun_token_counts_once_whatever_the_body_says():
    adapter = EmailAdapter()
    one = urlencode({"token": "tok", "body-mime": RAW}).encode()
    forged = urlencode({"token": "tok", "body-mime": RAW.replace("bitte", "nein")}).encode()
    assert adapter.keys(one, {}, "mailgun").dedupe == adapter.keys(forged, {}, "mailgun").dedupe


def test_mailbox_hash_of_postmark_is_a_token():
    payload = {"MailboxHash": "Tok", "RawEmail": RAW}
    assert parse(payload, "postmark")[0].thread.reply_tokens == ("tok",)


def test_ses_verdicts_prove_the_sender_or_mark_spam():
    [found] = parse(ses_notification(), "ses")
    assert found.sender.verified
    assert found.sender.evidence == "dmarc=pass from Amazon SES"
    [spam] = parse(
        ses_notification(spamVerdict={"status": "FAIL"}, dmarcVerdict={"status": "FAIL"}), "ses"
    )
    assert spam.spam
    assert not spam.sender.verified


def test_ses_base64_content_is_decoded():
    note = ses_notification(action={"type": "SNS", "encoding": "BASE64"})
    message = json.loads(note["Message"])
    message["content"] = base64.b64encode(RAW.encode()).decode()
    [found] = parse({**note, "Message": json.dumps(message)}, "ses")
    assert found.text == "M, bitte. Schöne Grüße"


def test_ses_mail_that_lies_in_s3_is_refused_with_a_sentence():
    note = ses_notification(action={"type": "S3", "bucketName": "mails", "objectKey": "k1"})
    message = json.loads(note["Message"])
    del message["content"]
    [found] = parse({**note, "Message": json.dumps(message)}, "ses")
    assert isinstance(found, Ignored)
    assert "Amazon S3 (mails/k1)" in found.reason


def test_sns_subscription_is_reported_and_its_url_given():
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    body = {"Type": "SubscriptionConfirmation", "SubscribeURL": url, "MessageId": "x"}
    assert isinstance(parse(body, "ses")[0], Ignored)
    adapter = EmailAdapter()
    assert adapter.confirmation_url(json.dumps(body).encode(), "ses") == url
    assert adapter.confirmation_url(json.dumps(body).encode(), "raw") == ""


def test_sendgrid_s_checks_are_a_label_and_no_proof():
    body, content_type = multipart({"email": RAW, "SPF": "pass", "dkim": "{@customer.test : pass}"})
    sender = parse(body, "sendgrid", content_type)[0].sender
    assert sender.evidence == "dkim=pass from SendGrid"
    assert not sender.verified


def test_our_server_s_verdict_stays_when_the_service_knows_less():
    results = "Authentication-Results: mx.acme.test; dmarc=pass header.from=customer.test\r\n"
    body, content_type = multipart({"email": results + RAW, "SPF": "fail", "spam_score": "9"})
    [found] = parse(body, "sendgrid", content_type)
    assert found.sender.verified
    assert found.spam


def test_sendgrid_spam_score_marks_spam():
    body, content_type = multipart({"email": RAW, "spam_score": "7.2"})
    assert parse(body, "sendgrid", content_type)[0].spam
    body, content_type = multipart({"email": RAW, "spam_score": "nan-sense"})
    assert not parse(body, "sendgrid", content_type)[0].spam


@pytest.mark.parametrize(
    ("variant", "body"),
    [
        ("mailgun", {"event-data": {"event": "brand-new"}}),
        ("postmark", {"RecordType": "BrandNew"}),
        ("postmark", [1]),
        ("sendgrid", []),
        ("ses", {"Type": "Notification", "Message": "no json"}),
        ("ses", 7),
    ],
)
def test_unknown_events_are_kept_as_ignored(variant, body):
    with pytest.raises(UnsupportedEventError):
        parse(body, variant)


def test_one_strange_event_does_not_lose_the_batch():
    strange, good = parse(
        [{"event": "brand-new"}, {"event": "delivered", "sg_event_id": "1"}], "sendgrid"
    )
    assert isinstance(strange, Ignored)
    assert isinstance(good, DeliveryReceipt)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("HardBounce", ("failed", True)),
        ("SoftBounce", ("failed", False)),
        ("Transient", ("accepted", False)),
        ("SpamComplaint", ("delivered", False)),
        ("AutoResponder", None),
    ],
)
def test_postmark_bounce_types(kind, expected):
    [found] = parse({"RecordType": "Bounce", "Type": kind, "ID": 1, "MessageID": "m"}, "postmark")
    if expected is None:
        assert isinstance(found, Ignored)
    else:
        assert (found.outcome, found.permanent) == expected
        assert found.complaint is (kind == "SpamComplaint")
