"""A mail as each mail service would post it to our hooks: headers and body, signed like theirs.

Field names are the services' documented ones; see channels.md §7.1 of the product documents.
"""

import base64
import json
import secrets as random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any
from urllib.parse import urlencode

from sandbox import signing

TOPIC = "arn:aws:sns:eu-west-1:123456789012:helpdesk-inbound"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-sandbox.pem"


@dataclass(frozen=True, slots=True)
class Post:
    """One HTTP POST, ready to be sent as often as a provider would."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Secrets:
    """Whatever the service signs with; each takes what it needs."""

    secret: str = ""  # raw: the hook's secret; mailgun: the HTTP webhook signing key
    user: str = ""  # postmark, sendgrid: Basic auth
    password: str = ""
    private_key: str = ""  # sendgrid: P-256 PEM; ses: RSA PEM
    extra: Mapping[str, Any] = field(default_factory=dict)


def sign_raw(raw: bytes, secret: str) -> Post:
    """Return the post of our own raw door: the mail is the body."""
    return Post(
        raw,
        {
            "Content-Type": "message/rfc822",
            "X-Signature-256": signing.raw_signature(raw, secret),
        },
    )


def sign_mailgun(
    raw: bytes, signing_key: str, *, recipient: str = "", timestamp: str = "", token: str = ""
) -> Post:
    """Return what a Mailgun route posts to a URL that ends in ``/mime``."""
    mail = _parsed(raw)
    timestamp = timestamp or str(int(time.time()))
    token = token or random.token_hex(25)
    form = {
        "recipient": recipient or _first_recipient(mail),
        "sender": parseaddr(str(mail.get("From", "")))[1],
        "from": str(mail.get("From", "")),
        "subject": str(mail.get("Subject", "")),
        "Message-Id": str(mail.get("Message-ID", "")),
        "body-mime": raw,
        "message-headers": json.dumps([[name, str(value)] for name, value in mail.items()]),
        "timestamp": timestamp,
        "token": token,
        "signature": signing.mailgun_signature(timestamp, token, signing_key),
    }
    return Post(
        urlencode(form).encode("ascii"), {"Content-Type": "application/x-www-form-urlencoded"}
    )


def sign_postmark(raw: bytes, user: str = "", password: str = "") -> Post:
    """Return what Postmark posts with "include raw email" on; Basic auth instead of a signature."""
    mail = _parsed(raw)
    sender_name, sender = parseaddr(str(mail.get("From", "")))
    recipient = _first_recipient(mail)
    body = {
        "From": sender,
        "FromName": sender_name,
        "FromFull": {"Email": sender, "Name": sender_name, "MailboxHash": ""},
        "To": str(mail.get("To", "")),
        "ToFull": [_postmark_address(pair) for pair in getaddresses([str(mail.get("To", ""))])],
        "Cc": str(mail.get("Cc", "")),
        "CcFull": [_postmark_address(pair) for pair in getaddresses([str(mail.get("Cc", ""))])],
        "OriginalRecipient": recipient,
        "Subject": str(mail.get("Subject", "")),
        "MessageID": str(uuid.uuid4()),
        "MailboxHash": _plus_part(recipient),
        "Date": str(mail.get("Date", "")),
        "TextBody": _body(mail, "plain"),
        "HtmlBody": _body(mail, "html"),
        "StrippedTextReply": "",
        "Tag": "",
        "Headers": [{"Name": name, "Value": str(value)} for name, value in mail.items()],
        "Attachments": [],
        "RawEmail": raw.decode("utf-8", "replace"),
    }
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Postmark"}
    return Post(json.dumps(body).encode(), headers | _basic(user, password))


def sign_sendgrid(
    raw: bytes, *, private_key: str = "", user: str = "", password: str = "", timestamp: str = ""
) -> Post:
    """Return what Inbound Parse posts with "raw" on, signed when a security policy has a key."""
    mail = _parsed(raw)
    recipient = _first_recipient(mail)
    sender = parseaddr(str(mail.get("From", "")))[1]
    fields: dict[str, str | bytes] = {
        "to": str(mail.get("To", "")),
        "from": str(mail.get("From", "")),
        "subject": str(mail.get("Subject", "")),
        "sender_ip": "192.0.2.10",
        "envelope": json.dumps({"to": [recipient], "from": sender}),
        "charsets": json.dumps({"to": "UTF-8", "from": "UTF-8", "subject": "UTF-8"}),
        "SPF": "pass",
        "dkim": f"{{@{sender.rpartition(chr(64))[2]} : pass}}",
        "spam_score": "0.1",
        "email": raw,
    }
    boundary = f"xYzZY{random.token_hex(12)}"
    body = _multipart(fields, boundary)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if private_key:
        timestamp = timestamp or str(int(time.time()))
        headers["X-Twilio-Email-Event-Webhook-Timestamp"] = timestamp
        headers["X-Twilio-Email-Event-Webhook-Signature"] = signing.sendgrid_signature(
            timestamp, body, private_key
        )
    return Post(body, headers | _basic(user, password))


def sign_ses(
    raw: bytes,
    private_key: str,
    *,
    topic: str = TOPIC,
    version: str = "2",
    certificate_url: str = CERTIFICATE_URL,
    in_s3: bool = False,
) -> Post:
    """Return the SNS notification of a mail that SES received, mail inside unless ``in_s3``."""
    mail = _parsed(raw)
    recipient = _first_recipient(mail)
    action: dict[str, str] = {"type": "SNS", "topicArn": topic, "encoding": "BASE64"}
    if in_s3:
        action = {"type": "S3", "topicArn": topic, "bucketName": "mails", "objectKey": "abc"}
    verdict = {"status": "PASS"}
    received = {
        "notificationType": "Received",
        "mail": {
            "messageId": random.token_hex(20),
            "source": parseaddr(str(mail.get("From", "")))[1],
            "destination": [recipient],
            "timestamp": _now(),
            "headersTruncated": False,
            "headers": [{"name": name, "value": str(value)} for name, value in mail.items()],
        },
        "receipt": {
            "recipients": [recipient],
            "timestamp": _now(),
            "spamVerdict": verdict,
            "virusVerdict": verdict,
            "spfVerdict": verdict,
            "dkimVerdict": verdict,
            "dmarcVerdict": verdict,
            "action": action,
        },
    }
    if not in_s3:
        received["content"] = base64.b64encode(raw).decode("ascii")
    return sns_post(
        {"Type": "Notification", "Message": json.dumps(received)},
        private_key,
        topic=topic,
        version=version,
        certificate_url=certificate_url,
    )


def sns_post(
    fields: Mapping[str, str],
    private_key: str,
    *,
    topic: str = TOPIC,
    version: str = "2",
    certificate_url: str = CERTIFICATE_URL,
) -> Post:
    """Return any SNS message, completed and signed."""
    message = {
        "MessageId": str(uuid.uuid4()),
        "TopicArn": topic,
        "Timestamp": _now(),
        "SignatureVersion": version,
        "SigningCertURL": certificate_url,
        **fields,
    }
    message["Signature"] = signing.sns_signature(message, private_key)
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "x-amz-sns-message-type": message["Type"],
        "x-amz-sns-message-id": message["MessageId"],
        "x-amz-sns-topic-arn": topic,
    }
    return Post(json.dumps(message).encode(), headers)


SERVICES: dict[str, Callable[[bytes, Secrets], Post]] = {
    "raw": lambda raw, known: sign_raw(raw, known.secret),
    "mailgun": lambda raw, known: sign_mailgun(raw, known.secret),
    "postmark": lambda raw, known: sign_postmark(raw, known.user, known.password),
    "sendgrid": lambda raw, known: sign_sendgrid(
        raw, private_key=known.private_key, user=known.user, password=known.password
    ),
    "ses": lambda raw, known: sign_ses(
        raw, known.private_key, topic=str(known.extra.get("topic") or TOPIC)
    ),
}


def first_recipient(raw: bytes) -> str:
    """Return the bare address a raw mail goes to."""
    return _first_recipient(_parsed(raw))


def message_id(raw: bytes) -> str:
    """Return the Message-ID of a raw mail, with its brackets."""
    return str(_parsed(raw).get("Message-ID", "")).strip()


def bare_address(header: str) -> str:
    """Return the address in a From or Reply-To header."""
    return parseaddr(header)[1]


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _first_recipient(mail: EmailMessage) -> str:
    for name in ("Delivered-To", "To", "Cc"):
        for _, address in getaddresses([str(mail.get(name, ""))]):
            if address:
                return address
    return ""


def _plus_part(address: str) -> str:
    return address.rpartition("@")[0].partition("+")[2]


def _postmark_address(pair: tuple[str, str]) -> dict[str, str]:
    return {"Email": pair[1], "Name": pair[0], "MailboxHash": _plus_part(pair[1])}


def _basic(user: str, password: str) -> dict[str, str]:
    if not user and not password:
        return {}
    pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}


def _multipart(fields: Mapping[str, str | bytes], boundary: str) -> bytes:
    pieces = []
    for name, value in fields.items():
        content = value if isinstance(value, bytes) else value.encode()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        pieces += [head.encode(), content, b"\r\n"]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()])


def _now() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
