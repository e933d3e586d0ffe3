"""Every scheme by which a post proves where it comes from; anything else is refused."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from channels_app.contract import Account, RawRequest
from channels_app.email import verify
from channels_app.email.esp.ses import confirmation_url, is_sns_url
from helpdesk.foundation.signing import hmac_sha256_hex

NOW = 1_790_000_000.0
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x.pem"


def request(body=b"", variant="raw", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest("POST", "https://desk.test/hooks", named, {}, body, variant)


def account(secrets, **settings):
    return Account("c", "w", "support@acme.test", "Acme", settings, secrets)


def no_fetch(url):
    raise AssertionError(f"Nothing may be fetched here, but {url} was.")


def check(raw_request, secrets, fetch=no_fetch, now=NOW, **settings):
    return verify.verify_request(
        raw_request, account(secrets, **settings), now=now, fetch_certificate=fetch
    )


# -- raw


def test_raw_body_signed_with_our_secret_passes():
    signature = "sha256=" + hmac_sha256_hex("s3cret", b"From: a\r\n\r\nx")
    assert check(request(b"From: a\r\n\r\nx", x_signature_256=signature), {"hook_secret": "s3cret"})


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        hmac_sha256_hex("s3cret", b"body"),
        "sha1=" + "0" * 40,
        "sha256=é",
    ],
)
def test_raw_body_with_any_other_signature_is_refused(signature):
    assert not check(request(b"body", x_signature_256=signature), {"hook_secret": "s3cret"})


def test_a_missing_secret_refuses_everything():
    signature = "sha256=" + hmac_sha256_hex("", b"body")
    assert not check(request(b"body", x_signature_256=signature), {})
    assert not check(request(b"", "postmark", authorization="Basic Og=="), {})
    assert not check(request(b"{}", "ses"), {})
    assert not check(request(b"", "nonsense"), {"hook_secret": "x"})


# -- Mailgun


def mailgun_form(timestamp, token="t" * 50, key="mg-key"):
    signature = hmac_sha256_hex(key, f"{timestamp}{token}".encode())
    return f"recipient=x&timestamp={timestamp}&token={token}&signature={signature}".encode()


def test_mailgun_form_event_and_multipart_pass_with_a_fresh_signature():
    secrets = {"mailgun_signing_key": "mg-key"}
    stamp = str(int(NOW) - 60)
    form = mailgun_form(stamp)
    urlencoded = "application/x-www-form-urlencoded"
    assert check(request(form, "mailgun", content_type=urlencoded), secrets)
    signature = hmac_sha256_hex("mg-key", f"{stamp}tok".encode())
    event = {
        "signature": {"timestamp": stamp, "token": "tok", "signature": signature},
        "event-data": {},
    }
    assert check(request(json.dumps(event).encode(), "mailgun"), secrets)
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in event["signature"].items()
    )
    multipart = request(
        f"{parts}--b--\r\n".encode(), "mailgun", content_type="multipart/form-data; boundary=b"
    )
    assert check(multipart, secrets)


@pytest.mark.parametrize(
    "body",
    [
        mailgun_form(str(int(NOW) - 24 * 3600)),
        mailgun_form(str(int(NOW) + 3600)),
        mailgun_form(str(int(NOW)), key="other"),
        mailgun_form("not-a-number"),
        mailgun_form("٣"),
        mailgun_form("9" * 300),
        b"",
        b"{",
        b'{"signature": []}',
        b'{"signature": {"timestamp": null, "token": {}, "signature": 1}}',
    ],
    ids=[
        "stale",
        "future",
        "other key",
        "no number",
        "foreign digit",
        "endless",
        "empty",
        "cut",
        "list",
        "types",
    ],
)
def test_mailgun_post_with_anything_else_is_refused(body):
    assert not check(request(body, "mailgun"), {"mailgun_signing_key": "mg-key"})


# -- Basic authentication


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("service", ["postmark", "sendgrid"])
def test_basic_authentication_decides_for_services_without_signature(service):
    secrets = {f"{service}_user": "hook", f"{service}_password": "pä:ss"}
    assert check(request(b"{}", service, authorization=basic("hook", "pä:ss")), secrets)
    for wrong in (basic("hook", "other"), basic("", "pä:ss"), "Basic !!!", "Bearer x", ""):
        assert not check(request(b"{}", service, authorization=wrong), secrets)


# -- SendGrid


@pytest.fixture(scope="module")
def sendgrid_key():
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_secrets(key, **more):
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"sendgrid_public_key": base64.b64encode(der).decode(), **more}


def sendgrid_request(key, body, signed_body=None):
    signature = key.sign(b"1790" + (signed_body or body), ec.ECDSA(hashes.SHA256()))
    return request(
        body,
        "sendgrid",
        x_twilio_email_event_webhook_signature=base64.b64encode(signature).decode(),
        x_twilio_email_event_webhook_timestamp="1790",
    )


def test_sendgrid_signature_covers_the_raw_body(sendgrid_key):
    secrets = sendgrid_secrets(sendgrid_key)
    assert check(sendgrid_request(sendgrid_key, b"[]\r\n"), secrets)
    assert not check(sendgrid_request(sendgrid_key, b"[]", b"[]\r\n"), secrets)
    other = ec.generate_private_key(ec.SECP256R1())
    assert not check(sendgrid_request(other, b"[]\r\n"), secrets)
    assert not check(request(b"[]\r\n", "sendgrid"), secrets)


def test_wrong_sendgrid_signature_is_not_saved_by_the_right_password(sendgrid_key):
    secrets = sendgrid_secrets(sendgrid_key, sendgrid_user="u", sendgrid_password="p")
    good = sendgrid_request(sendgrid_key, b"[]", b"other")
    headers = {**good.headers, "authorization": basic("u", "p")}
    assert not check(RawRequest("POST", "", headers, {}, b"[]", "sendgrid"), secrets)
    assert check(request(b"[]", "sendgrid", authorization=basic("u", "p")), secrets)


@pytest.mark.parametrize("key", ["", "!!!", base64.b64encode(b"no key").decode()])
def test_broken_sendgrid_key_refuses(key):
    raw = request(b"[]", "sendgrid", x_twilio_email_event_webhook_signature="AAAA")
    assert not check(raw, {"sendgrid_public_key": key})


# -- Amazon SNS


@pytest.fixture(scope="module")
def sns_key():
    return rsa.generate_private_key(65537, 2048)


def certificate_for(key, starts=-1, ends=30):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    today = datetime.fromtimestamp(NOW, tz=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today + timedelta(days=starts))
        .not_valid_after(today + timedelta(days=ends))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def sns_post(key, version="1", **changes):
    envelope = {
        "Type": "Notification",
        "MessageId": "m1",
        "TopicArn": TOPIC,
        "Message": '{"notificationType": "Received"}',
        "Timestamp": "2026-09-21T12:00:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_URL,
        **changes,
    }
    names = (
        ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        if envelope["Type"] == "Notification"
        else ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    )
    signed = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = key.sign(signed.encode(), padding.PKCS1v15(), algorithm)
    return {**envelope, "Signature": base64.b64encode(signature).decode()}


def check_sns(envelope, certificate, topics=(TOPIC,)):
    fetched = []

    def fetch(url):
        fetched.append(url)
        return certificate

    body = json.dumps(envelope).encode()
    return check(request(body, "ses"), {}, fetch, sns_topics=list(topics)), fetched


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Subject": "Amazon SES notice"},
        {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": CERTIFICATE_URL},
    ],
    ids=["notification", "with subject", "confirmation"],
)
def test_sns_post_signed_by_its_certificate_passes(sns_key, version, changes):
    passed, fetched = check_sns(sns_post(sns_key, version, **changes), certificate_for(sns_key))
    assert passed
    assert fetched == [CERTIFICATE_URL]


def test_sns_post_is_refused_when_anything_was_changed(sns_key):
    right = sns_post(sns_key)
    certificate = certificate_for(sns_key)
    for change in (
        {"Message": "other"},
        {"Subject": "added"},
        {"Type": "SubscriptionConfirmation"},
        {"SignatureVersion": "3"},
        {"Signature": "AAAA"},
        {"Signature": "é"},
    ):
        assert not check_sns({**right, **change}, certificate)[0]


def test_sns_topic_must_be_on_our_list(sns_key):
    certificate = certificate_for(sns_key)
    assert not check_sns(sns_post(sns_key), certificate, topics=["arn:other"])[0]
    assert not check_sns(sns_post(sns_key), certificate, topics=[])[0]


def test_sns_certificate_must_be_of_our_time_and_readable(sns_key):
    for certificate in (
        certificate_for(sns_key, starts=1, ends=2),
        certificate_for(sns_key, starts=-3, ends=-2),
        certificate_for(rsa.generate_private_key(65537, 2048)),
        b"no certificate",
    ):
        assert not check_sns(sns_post(sns_key), certificate)[0]


FOREIGN_URLS = [
    "http://sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com.evil.test/x.pem",
    "https://evil.test/sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.test/x.pem",
    "https://evil.test#@sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
    "https://sns.evil.test/x.pem",
    "https://s3.eu-west-1.amazonaws.com/x.pem",
    "https://sns.a.b.amazonaws.com/x.pem",
    "https://sns.amazonaws.com/x.pem",
    "file:///etc/passwd.pem",
    "https://[::1/x.pem",
    "",
]


@pytest.mark.parametrize("url", FOREIGN_URLS)
def test_nothing_is_fetched_from_a_foreign_host(sns_key, url):
    passed, fetched = check_sns(sns_post(sns_key, SigningCertURL=url), certificate_for(sns_key))
    assert not passed
    assert fetched == []
    body = json.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": url}).encode()
    assert confirmation_url(body) == ""


def test_subscription_url_is_given_to_the_caller():
    url = "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription&Token=t"
    assert is_sns_url(url)
    body = json.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": url}).encode()
    assert confirmation_url(body) == url
    assert confirmation_url(b'{"Type": "Notification"}') == ""


# -- Svix


def test_svix_signature_is_fresh_and_one_of_several_may_fit():
    import hashlib
    import hmac

    secret = "whsec_" + base64.b64encode(b"0123456789").decode()
    stamp = str(int(NOW))
    value = hmac.new(b"0123456789", f"id.{stamp}.body".encode(), hashlib.sha256).digest()
    signature = f"v1,AAAA v1,{base64.b64encode(value).decode()}"
    headers = {"svix-id": "id", "svix-timestamp": stamp, "svix-signature": signature}
    assert verify.verify_svix(b"body", headers, secret, now=NOW)
    assert not verify.verify_svix(b"other", headers, secret, now=NOW)
    assert not verify.verify_svix(b"body", headers, secret, now=NOW + 301)
    assert not verify.verify_svix(b"body", {**headers, "svix-signature": "v1a,x"}, secret, now=NOW)
    assert not verify.verify_svix(b"body", headers, "whsec_", now=NOW)
    assert not verify.verify_svix(b"body", {}, secret, now=NOW)
