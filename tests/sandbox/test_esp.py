"""Posts of the mail services: signed so that somebody who knows only the public rules agrees."""

import base64
import hashlib
import hmac
import json
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sandbox import esp, signing
from tests.corpus import FIXTURES

RAW = (
    b"From: Jane <jane@customer.example>\r\nTo: support+tok1@shop.example\r\n"
    b"Subject: Hello\r\nMessage-ID: <m1@customer.example>\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
)


def test_mailgun_signs_time_and_token_and_posts_the_mail_as_it_is():
    post = esp.sign_mailgun(RAW, "key", timestamp="1741000000", token="t" * 50)
    form = {
        name: found[0] for name, found in parse_qs(post.body.decode(), encoding="latin-1").items()
    }
    assert form["body-mime"].encode("latin-1") == RAW
    assert form["recipient"] == "support+tok1@shop.example"
    signed = hmac.new(b"key", b"1741000000" + b"t" * 50, hashlib.sha256).hexdigest()
    assert form["signature"] == signed


def test_postmark_sends_basic_auth_the_raw_mail_and_the_plus_part():
    post = esp.sign_postmark(RAW, "user", "pass")
    body = json.loads(post.body)
    assert body["RawEmail"].encode() == RAW
    assert body["MailboxHash"] == "tok1"
    assert base64.b64decode(post.headers["Authorization"].split()[1]) == b"user:pass"


def test_sendgrid_signs_time_and_body():
    private, public = signing.make_sendgrid_key()
    post = esp.sign_sendgrid(RAW, private_key=private, timestamp="1741000000")
    key = load_der_public_key(base64.b64decode(public))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signature = base64.b64decode(post.headers["X-Twilio-Email-Event-Webhook-Signature"])
    key.verify(signature, b"1741000000" + post.body, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"1741000001" + post.body, ec.ECDSA(hashes.SHA256()))


def test_sendgrid_posts_the_mail_byte_for_byte():
    post = esp.sign_sendgrid(RAW)
    head = f"Content-Type: {post.headers['Content-Type']}\r\n\r\n".encode()
    parts: dict[Any, Any] = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message_from_bytes(head + post.body).walk()
    }
    assert parts["email"].rstrip(b"\r\n") == RAW.rstrip(b"\r\n")
    assert json.loads(parts["envelope"])["to"] == ["support+tok1@shop.example"]


@pytest.mark.parametrize(("version", "algorithm"), [("1", hashes.SHA1()), ("2", hashes.SHA256())])
def test_sns_signs_its_fields_in_its_order(version, algorithm):
    private, certificate = signing.make_sns_certificate()
    message = json.loads(esp.sign_ses(RAW, private, version=version).body)
    lines = "".join(
        f"{name}\n{message[name]}\n"
        for name in ("Message", "MessageId", "Timestamp", "TopicArn", "Type")
    )
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(
        base64.b64decode(message["Signature"]), lines.encode(), padding.PKCS1v15(), algorithm
    )
    assert base64.b64decode(json.loads(message["Message"])["content"]) == RAW


def test_ses_mail_that_lies_in_s3_carries_no_content():
    private, _ = signing.make_sns_certificate()
    message = json.loads(json.loads(esp.sign_ses(RAW, private, in_s3=True).body)["Message"])
    assert message["receipt"]["action"]["type"] == "S3"
    assert "content" not in message


@pytest.mark.corpus
def test_signatures_equal_the_public_vectors():
    vectors = json.loads((FIXTURES / "signatures/vectors.json").read_text())
    [mailgun] = [vector for vector in vectors if vector["scheme"] == "mailgun"]
    assert mailgun["value"] == signing.mailgun_signature(
        mailgun["timestamp"], mailgun["token"], mailgun["signing_key"]
    )
