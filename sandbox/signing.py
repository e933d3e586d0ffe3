"""Signatures as the real providers make them, with keys made here for tests and the demo."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

#: The lines SNS signs, in its order; a confirmation has other lines than a notification.
SNS_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
SNS_CONFIRMATION = (
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
)  # fmt: skip


def raw_signature(body: bytes, secret: str) -> str:
    """Return the value of ``X-Signature-256`` for our own raw door."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def mailgun_signature(timestamp: str, token: str, signing_key: str) -> str:
    """Return Mailgun's signature, which covers time and token and not the mail."""
    return hmac.new(signing_key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()


def sendgrid_signature(timestamp: str, body: bytes, private_key_pem: str) -> str:
    """Return SendGrid's ECDSA signature over time and body, Base64 of DER."""
    key = serialization.load_pem_private_key(private_key_pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("SendGrid signs with an elliptic curve key (P-256).")
    signature = key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(signature).decode("ascii")


def sns_signature(fields: dict[str, str], private_key_pem: str) -> str:
    """Return the signature of an SNS message, by its ``SignatureVersion`` (1: SHA-1, 2: SHA-256)."""
    names = SNS_NOTIFICATION if fields["Type"] == "Notification" else SNS_CONFIRMATION
    signed = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)
    key = serialization.load_pem_private_key(private_key_pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("SNS signs with an RSA key.")
    # Version 1 is what many real topics still use.
    algorithm = hashes.SHA256() if fields["SignatureVersion"] == "2" else hashes.SHA1()  # noqa: S303
    signature = key.sign(signed.encode(), padding.PKCS1v15(), algorithm)
    return base64.b64encode(signature).decode("ascii")


def make_sendgrid_key() -> tuple[str, str]:
    """Return (private key PEM, public key as SendGrid shows it: Base64 DER)."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _pem(key), base64.b64encode(public).decode("ascii")


def make_sns_certificate() -> tuple[str, str]:
    """Return (private key PEM, certificate PEM) as SNS would offer under its SigningCertURL."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return _pem(key), certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")
