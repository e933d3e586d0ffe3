"""Amazon SES through SNS: inbound mail inside the notification, and delivery events.

SNS wraps everything: ``Message`` is JSON in a string. Sources: docs.aws.amazon.com, "Contents of
notifications for Amazon SES email receiving", "…event data published to Amazon SNS".
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from channels_app.contract import DeliveryReceipt, Ignored, InboundItem, UnsupportedEventError
from channels_app.email.addresses import normalise
from channels_app.email.authentication import Verdict
from channels_app.email.esp.fields import items, load_json, mapping, moment, text
from channels_app.email.esp.incoming import IncomingMail
from channels_app.email.mime import decode_base64
from channels_app.email.threading_clues import message_ids

SNS_TYPES = frozenset({"Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"})

_HOST = re.compile(r"sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?")
_UNRELIABLE = "Opens and clicks are counted by machines too and say nothing about the customer."
_ELSEWHERE = (
    "The text of this mail did not come with the notice of Amazon SES{place}. Set "
    "the receipt rule of SES to “Publish to Amazon SNS topic” (mails up to 150 KB), or let another "
    "way in collect the mail."
)


def is_sns_url(url: str) -> bool:
    """Say whether a URL is https on the host ``sns.<region>.amazonaws.com(.cn)`` and nothing else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and parts.username is None
        and parts.password is None
        and port in {None, 443}
        and _HOST.fullmatch(parts.netloc.partition(":")[0]) is not None
    )


def confirmation_url(body: bytes) -> str:
    """Return the URL that confirms a subscription, or "" if the post asks for none we may call.

    The caller has verified the post. Calling the URL (GET) ends the set-up; the parser, being pure,
    only reports the request as ignored.
    """
    envelope = mapping(load_json(body))
    if text(envelope, "Type") != "SubscriptionConfirmation":
        return ""
    url = text(envelope, "SubscribeURL")
    return url if is_sns_url(url) else ""


def envelope_and_message(body: bytes) -> tuple[Any, Any]:
    """Return the SNS envelope and the message in it; a bare message has an empty envelope."""
    payload = load_json(body)
    records = items(payload, "Records")
    if records:  # the form in which SNS and SES call a Lambda function
        first = records[0]
        inner = mapping(first, "Sns")
        if inner:
            return inner, load_json(text(inner, "Message")) or {}
        return {}, mapping(first, "ses")
    envelope = mapping(payload)
    if text(envelope, "Type") in SNS_TYPES:
        return envelope, load_json(text(envelope, "Message")) or {}
    return {}, envelope


def read(body: bytes) -> IncomingMail | list[InboundItem]:
    """Return the mail, or what the notification says instead. Raises UnsupportedEventError."""
    envelope, message = envelope_and_message(body)
    kind = text(envelope, "Type")
    if kind == "SubscriptionConfirmation":
        return [Ignored("Amazon SNS asks to confirm the subscription of this address.")]
    if kind == "UnsubscribeConfirmation":
        return [Ignored("Amazon SNS no longer sends to this address.")]
    event = text(message, "notificationType") or text(message, "eventType")
    if event == "Received" or (not event and mapping(message, "receipt")):
        return _incoming(message)
    handler = EVENTS.get(event)
    if handler is None:
        raise UnsupportedEventError(f"The notice “{event[:60]}” from Amazon SNS is not known.")
    return handler(message)


def _incoming(message: Any) -> IncomingMail | list[InboundItem]:
    receipt = mapping(message, "receipt")
    action = mapping(receipt, "action")
    content = text(message, "content")
    if not content:
        place = "/".join(filter(None, [text(action, "bucketName"), text(action, "objectKey")]))
        where = f"; it lies in Amazon S3 ({place})" if place else ""
        return [Ignored(_ELSEWHERE.format(place=where))]
    raw = content.encode("utf-8", "surrogatepass")
    if text(action, "encoding").upper() == "BASE64":
        raw = decode_base64(raw)
    recipients = tuple(one for one in items(receipt, "recipients") if isinstance(one, str))
    return IncomingMail(raw, recipients, verdict=_verdict(receipt))


def _verdict(receipt: Any) -> Verdict:
    def result(name: str) -> str:
        return text(receipt, name, "status").lower()

    return Verdict(
        dmarc=result("dmarcVerdict"),
        spf=result("spfVerdict"),
        dkim=result("dkimVerdict"),
        server="Amazon SES",
        spam=result("spamVerdict") == "fail" or result("virusVerdict") == "fail",
    )


def _receipts(message: Any, what: str, people: str, **fields: Any) -> list[InboundItem]:
    details = mapping(message, what)
    listed = items(details, people) or items(message, "mail", "destination") or [""]
    found: list[InboundItem] = []
    for person in listed:
        address = person if isinstance(person, str) else text(person, "emailAddress")
        ses_id = text(message, "mail", "messageId")
        key = text(details, "feedbackId") or f"{what}:{ses_id}"
        found.append(
            DeliveryReceipt(
                dedupe_key=f"ses:{key}:{normalise(address)}"[:200],
                message_ids=_ids(message),
                recipient=normalise(address),
                at=moment(text(details, "timestamp")),
                **{"code": text(person, "status"), **_words(person), **fields},
            )
        )
    return found


def _words(person: Any) -> dict[str, str]:
    words = text(person, "diagnosticCode").rpartition("; ")[2]
    return {"text": words[:500]} if words else {}


def _ids(message: Any) -> tuple[str, ...]:
    """Return our Message-ID, the id SES gave and the one SES put on the wire."""
    mail = mapping(message, "mail")
    ids: list[str] = []
    for header in items(mail, "headers"):
        if text(header, "name").lower() in {"message-id", "x-helpdesk-message-id"}:
            ids += message_ids(text(header, "value"))
    ids += message_ids(text(mail, "commonHeaders", "messageId"))
    ses_id = text(mail, "messageId")
    if ses_id:
        region = text(mail, "sourceArn").split(":")[3:4]
        ids += [ses_id, f"<{ses_id}@email.amazonses.com>"]
        ids += [f"<{ses_id}@{one}.amazonses.com>" for one in region if one]
    return tuple(dict.fromkeys(ids))


def _bounce(message: Any) -> list[InboundItem]:
    kind = text(message, "bounce", "bounceType")
    detail = text(message, "bounce", "bounceSubType")
    if kind == "Transient" and detail == "General":
        # Mostly an out-of-office answer; the address is good.
        return _receipts(message, "bounce", "bouncedRecipients", outcome="accepted")
    return _receipts(
        message, "bounce", "bouncedRecipients", outcome="failed", permanent=kind == "Permanent"
    )


def _complaint(message: Any) -> list[InboundItem]:
    return _receipts(
        message,
        "complaint",
        "complainedRecipients",
        outcome="delivered",
        complaint=True,
        code=text(message, "complaint", "complaintFeedbackType") or "abuse",
        text="The recipient reported the message as spam.",
    )


def _refused(message: Any) -> list[InboundItem]:
    reason = text(message, "reject", "reason") or text(message, "failure", "errorMessage")
    return _receipts(
        message, "reject", "recipients", outcome="failed", permanent=True, text=reason[:500]
    )


def _unreliable(_message: Any) -> list[InboundItem]:
    return [Ignored(_UNRELIABLE)]


EVENTS: dict[str, Callable[[Any], list[InboundItem]]] = {
    "Bounce": _bounce,
    "Complaint": _complaint,
    "Delivery": lambda message: _receipts(message, "delivery", "recipients", outcome="delivered"),
    "Send": lambda message: _receipts(message, "send", "recipients", outcome="accepted"),
    "DeliveryDelay": lambda message: _receipts(
        message, "deliveryDelay", "delayedRecipients", outcome="accepted"
    ),
    "Reject": _refused,
    "Rendering Failure": _refused,
    "Open": _unreliable,
    "Click": _unreliable,
    "Subscription": lambda _message: [Ignored("A change of a mailing subscription.")],
}
