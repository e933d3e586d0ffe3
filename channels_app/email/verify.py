"""Did the named service really post this? Every scheme of e-mail, over the raw bytes.

All comparisons take constant time, a missing secret refuses, and nothing here raises on any input.
The clock and the way to fetch a certificate are handed in, so everything is testable.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.contract import Account, RawRequest
from helpdesk.foundation.signing import constant_time_equal, hmac_sha256_hex

from .esp import mailgun, ses
from .esp.fields import items, load_json, mapping, text

#: URL of a certificate → its PEM bytes. May raise; then the post is refused.
FetchCertificate = Callable[[str], bytes]

#: Mailgun tries a failed route again for about eight hours. Within this time a repeated token is
#: caught by the event's dedupe key, so nobody can send another body under an old signature.
MAILGUN_MAX_AGE_SECONDS = 9 * 3600
#: Clocks differ a little.
MAX_AHEAD_SECONDS = 300
SVIX_TOLERANCE_SECONDS = 300

_SIGNED_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_CONFIRMATION = (
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
)


def verify_request(
    request: RawRequest, account: Account, *, now: float, fetch_certificate: FetchCertificate
) -> bool:
    """Say whether the post is genuine; ``request.variant`` names the service, ``now`` is Unix time."""
    secrets = account.secrets
    match request.variant:
        case "raw" | "":
            given = request.headers.get("x-signature-256", "")
            return verify_raw(request.body, given, secrets.get("hook_secret", ""))
        case "mailgun":
            content_type = request.headers.get("content-type", "")
            signed = mailgun.signed_fields(request.body, content_type)
            return verify_mailgun(*signed, secrets.get("mailgun_signing_key", ""), now=now)
        case "postmark":
            return _basic(request.headers, secrets, "postmark")
        case "sendgrid":
            return _verify_sendgrid(request, secrets)
        case "ses":
            topics = account.settings.get("sns_topics") or []
            return verify_sns(request.body, topics, now=now, fetch_certificate=fetch_certificate)
    return False


def verify_raw(body: bytes, given: str, secret: str) -> bool:
    """Check ``X-Signature-256: sha256=<hex HMAC-SHA256 of the body>``."""
    if not secret:
        return False
    return _same(given.strip().lower(), f"sha256={hmac_sha256_hex(secret, body)}")


def verify_mailgun(timestamp: str, token: str, signature: str, key: str, *, now: float) -> bool:
    """Check hex HMAC-SHA256(key, timestamp + token) and that the timestamp is fresh."""
    if not key or not token or not timestamp.isascii() or not timestamp.isdigit():
        return False
    age = now - int(timestamp[:15])
    if age > MAILGUN_MAX_AGE_SECONDS or age < -MAX_AHEAD_SECONDS:
        return False
    expected = hmac_sha256_hex(key, f"{timestamp}{token}".encode("utf-8", "surrogatepass"))
    return _same(signature, expected)


def verify_basic(given: str, user: str, password: str) -> bool:
    """Check an ``Authorization: Basic`` header."""
    if not password:
        return False
    scheme, _, encoded = given.strip().partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    expected = f"{user}:{password}".encode()
    return constant_time_equal(decoded, expected) and scheme.lower() == "basic"


def _basic(headers: Mapping[str, str], secrets: Mapping[str, str], service: str) -> bool:
    return verify_basic(
        headers.get("authorization", ""),
        secrets.get(f"{service}_user", ""),
        secrets.get(f"{service}_password", ""),
    )


def _verify_sendgrid(request: RawRequest, secrets: Mapping[str, str]) -> bool:
    """A signature, once given, must be right; without one the password must be."""
    signature = request.headers.get("x-twilio-email-event-webhook-signature", "")
    key = secrets.get("sendgrid_public_key", "")
    if signature and key:
        timestamp = request.headers.get("x-twilio-email-event-webhook-timestamp", "")
        return verify_sendgrid_signature(request.body, timestamp, signature, key)
    return _basic(request.headers, secrets, "sendgrid")


def verify_sendgrid_signature(body: bytes, timestamp: str, signature: str, key: str) -> bool:
    """Check Base64 DER ECDSA P-256/SHA-256 over timestamp + raw body; ``key`` is Base64 DER."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        public = serialization.load_der_public_key(base64.b64decode(key, validate=True))
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        public.verify(
            base64.b64decode(signature, validate=True),
            timestamp.encode() + body,
            ec.ECDSA(hashes.SHA256()),
        )
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def verify_sns(
    body: bytes, topics: Any, *, now: float, fetch_certificate: FetchCertificate
) -> bool:
    """Check a message of Amazon SNS: topic on our list, certificate from SNS, RSA signature."""
    envelope = mapping(load_json(body))
    allowed = [topic for topic in items({"": topics}, "") if isinstance(topic, str)]
    topic = text(envelope, "TopicArn")
    if not topic or topic not in allowed:
        return False
    url = text(envelope, "SigningCertURL")
    if not ses.is_sns_url(url) or not url.endswith(".pem"):
        return False
    signed = _sns_text(envelope)
    try:
        signature = base64.b64decode(text(envelope, "Signature"), validate=True)
        certificate = fetch_certificate(url)
    except Exception:
        return False
    version = text(envelope, "SignatureVersion")
    return _signed_by(certificate, signature, signed, version, now=now)


def _sns_text(envelope: Mapping[str, Any]) -> bytes:
    kind = text(envelope, "Type")
    names = _SIGNED_NOTIFICATION if kind == "Notification" else _SIGNED_CONFIRMATION
    pairs = [  # the values as they came: cleaned ones would not be what was signed
        f"{name}\n{envelope.get(name, '')}\n"
        for name in names
        if name != "Subject" or envelope.get("Subject") is not None
    ]
    return "".join(pairs).encode("utf-8", "surrogatepass")


def _signed_by(pem: bytes, signature: bytes, signed: bytes, version: str, *, now: float) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    algorithms: dict[str, hashes.HashAlgorithm] = {
        "1": hashes.SHA1(),  # noqa: S303 - version 1 of SNS is defined so
        "2": hashes.SHA256(),
    }
    algorithm = algorithms.get(version)
    if algorithm is None:
        return False
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        when = datetime.fromtimestamp(now, tz=UTC)
        if not certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc:
            return False
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def verify_svix(body: bytes, headers: Mapping[str, str], secret: str, *, now: float) -> bool:
    """Check Svix (Resend): any of the ``v1,<Base64>`` signatures over ``id.timestamp.body``."""
    identity = headers.get("svix-id", "")
    timestamp = headers.get("svix-timestamp", "")
    if not identity or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs(now - int(timestamp[:15])) > SVIX_TOLERANCE_SECONDS:
        return False
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return False
    if not key:
        return False
    signed = f"{identity}.{timestamp}.".encode("utf-8", "surrogatepass") + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    right = False
    for one in headers.get("svix-signature", "").split()[:20]:
        version, _, value = one.partition(",")
        right |= version == "v1" and _same(value, expected)
    return right


def _same(given: str, expected: str) -> bool:
    return constant_time_equal(given.encode("utf-8", "surrogatepass"), expected.encode())
