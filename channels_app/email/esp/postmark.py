"""Postmark: inbound posts (``RawEmail`` or the parsed form), bounces and delivery events.

Sources: postmarkapp.com/developer, "Inbound webhook", "Bounce webhook", "Bounce types".
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from channels_app.contract import DeliveryReceipt, Ignored, InboundItem, UnsupportedEventError
from channels_app.email.addresses import normalise
from channels_app.email.esp.fields import items, load_json, mapping, moment, text
from channels_app.email.esp.incoming import IncomingMail
from channels_app.email.esp.synthesise import File, build_mime

#: Addresses that will never work; other bounces may pass.
_HARD_WORDS = (
    "HardBounce BadEmailAddress ManuallyDeactivated Unsubscribe InboundError DMARCPolicy "
    "TemplateRenderingFailed"
)
_HARD = frozenset(_HARD_WORDS.split())
#: Reactions that are no failure: an out-of-office, a question whether we are human, a delay.
_HARMLESS_WORDS = "AutoResponder ChallengeVerification AddressChange Subscribe OpenRelayTest"
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
_UNRELIABLE = "Opens and clicks are counted by machines too and say nothing about the customer."


def is_event(payload: Any) -> bool:
    """Say whether a post is about a mail we sent."""
    return bool(text(payload, "RecordType"))


def incoming_mail(payload: Any) -> IncomingMail:
    """Return the mail of an inbound post."""
    data = mapping(payload)
    recipients = tuple(filter(None, [text(data, "OriginalRecipient")]))
    tokens = tuple(filter(None, [text(data, "MailboxHash")]))
    raw = text(data, "RawEmail").encode("utf-8", "surrogatepass") or _from_parsed(data)
    return IncomingMail(raw, recipients, tokens)


def _from_parsed(data: Any) -> bytes:
    headers = [
        (text(one, "Name"), text(one, "Value")) for one in items(data, "Headers") if mapping(one)
    ]
    known = {name.lower() for name, _ in headers}
    for name, value in (
        ("From", _people(data, "From", "FromFull")),
        ("To", _people(data, "To", "ToFull")),
        ("Cc", _people(data, "Cc", "CcFull")),
        ("Reply-To", text(data, "ReplyTo")),
        ("Subject", text(data, "Subject")),
        ("Date", text(data, "Date")),
    ):
        if value and name.lower() not in known:
            headers.append((name, value))
    if "message-id" not in known and text(data, "MessageID"):
        headers.append(("Message-ID", f"<{text(data, 'MessageID')}@inbound.postmarkapp.com>"))
    files = [
        File(
            text(one, "Name"),
            text(one, "ContentType"),
            _decoded(text(one, "Content") or text(one, "Data")),
            text(one, "ContentID"),
        )
        for one in items(data, "Attachments")
    ]
    return build_mime(
        headers, text=text(data, "TextBody"), html=text(data, "HtmlBody"), files=files
    )


def _people(data: Any, plain: str, full: str) -> str:
    found = data.get(full)
    listed = found if isinstance(found, list) else [found]
    people = [
        f'"{text(one, "Name").replace(chr(34), "")}" <{text(one, "Email")}>'
        for one in listed
        if text(one, "Email")
    ]
    return ", ".join(people) or text(data, plain)


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError):
        return b""


def event_key(payload: Any) -> str:
    """Return what makes an event the same event when it is sent again."""
    kind = text(payload, "RecordType")
    number = text(payload, "ID")
    if number:
        return f"postmark:{kind}:{number}"
    when = text(payload, "DeliveredAt") or text(payload, "ReceivedAt") or text(payload, "ChangedAt")
    who = text(payload, "Recipient") or text(payload, "Email")
    return f"postmark:{kind}:{text(payload, 'MessageID')}:{who}:{when}"


def event_items(payload: Any) -> list[InboundItem]:
    """Return what one event says about a mail we sent. Raises UnsupportedEventError."""
    kind = text(payload, "RecordType")
    read = EVENTS.get(kind)
    if read is None:
        raise UnsupportedEventError(f"Postmark event “{kind[:60]}” is not known.")
    return [read(payload)]


def _receipt(payload: Any, **fields: Any) -> DeliveryReceipt:
    message_id = text(payload, "MessageID")
    return DeliveryReceipt(
        dedupe_key=event_key(payload),
        message_ids=(message_id, f"<{message_id}@mtasv.net>") if message_id else (),
        recipient=normalise(text(payload, "Recipient") or text(payload, "Email")),
        at=moment(text(payload, "DeliveredAt") or text(payload, "BouncedAt")),
        **fields,
    )


def _bounce(payload: Any) -> InboundItem:
    kind = text(payload, "Type")
    words = " ".join(filter(None, [text(payload, "Description"), text(payload, "Details")]))[:500]
    if kind in _HARMLESS:
        return Ignored(f"Postmark reports “{kind}”, which is no failure.")
    if kind in {"SpamComplaint", "SpamNotification"}:
        return _complaint(payload)
    if kind == "Transient":
        return _receipt(payload, outcome="accepted", code=kind, text=words)
    return _receipt(payload, outcome="failed", code=kind, text=words, permanent=kind in _HARD)


def _complaint(payload: Any) -> InboundItem:
    return _receipt(
        payload,
        outcome="delivered",
        code="SpamComplaint",
        text="The recipient reported the message as spam.",
        complaint=True,
    )


def _delivery(payload: Any) -> InboundItem:
    return _receipt(payload, outcome="delivered", text=text(payload, "Details")[:500])


EVENTS: dict[str, Callable[[Any], InboundItem]] = {
    "Delivery": _delivery,
    "Bounce": _bounce,
    "SpamComplaint": _complaint,
    "Open": lambda _payload: Ignored(_UNRELIABLE),
    "Click": lambda _payload: Ignored(_UNRELIABLE),
    "SubscriptionChange": lambda _payload: Ignored("A change of Postmark's suppression list."),
}


def loaded(body: bytes) -> Any:
    """Return the payload of a post."""
    return load_json(body)
