"""Mailgun: routes (``body-mime`` or the parsed form) and event webhooks.

Sources: documentation.mailgun.com, "Receiving, forwarding and storing messages" and "Webhooks".
"""

from typing import Any

from channels_app.contract import DeliveryReceipt, Ignored, InboundItem, UnsupportedEventError
from channels_app.email.addresses import normalise
from channels_app.email.esp.fields import (
    Form,
    form_fields,
    load_json,
    mapping,
    moment,
    read_form,
    text,
)
from channels_app.email.esp.incoming import IncomingMail
from channels_app.email.esp.synthesise import File, build_mime

_UNRELIABLE = "Opens and clicks are counted by machines too and say nothing about the customer."


def is_event(body: bytes) -> bool:
    """Say whether a post is JSON with an event rather than a form with a mail."""
    return body.lstrip()[:1] == b"{"


def incoming_mail(body: bytes, content_type: str) -> IncomingMail:
    """Return the mail of a route's post."""
    form = read_form(body, content_type)
    recipients = tuple(filter(None, form.text("recipient").split(",")))
    if "body-mime" in form.values:
        return IncomingMail(form.values["body-mime"], recipients)
    return IncomingMail(_from_parsed(form), recipients)


def _from_parsed(form: Form) -> bytes:
    listed = load_json(form.values.get("message-headers", b""))
    headers = [
        (pair[0], pair[1])
        for pair in (listed if isinstance(listed, list) else [])
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
    ]
    known = {name.lower() for name, _ in headers}
    for name, value_field in _FORM_HEADERS.items():
        value = next(filter(None, map(form.text, value_field)), "")
        if value and name.lower() not in known:
            headers.append((name, value))
    content_ids = _content_ids(form)
    files = [
        File(file.filename, file.content_type, file.content, content_ids.get(file.field, ""))
        for file in form.files
    ]
    return build_mime(
        headers, text=form.text("body-plain"), html=form.text("body-html"), files=files
    )


_FORM_HEADERS = {
    "From": ("From", "from", "sender"),
    "To": ("To", "to", "recipient"),
    "Cc": ("Cc", "cc"),
    "Subject": ("Subject", "subject"),
    "Date": ("Date", "date"),
    "Message-Id": ("Message-Id", "message-id"),
    "In-Reply-To": ("In-Reply-To",),
    "References": ("References",),
    "Reply-To": ("Reply-To",),
}


def _content_ids(form: Form) -> dict[str, str]:
    """Return field name → Content-ID; Mailgun's map goes the other way round."""
    listed = mapping(load_json(form.values.get("content-id-map", b"")))
    return {value: key for key, value in listed.items() if isinstance(value, str)}


def signed_fields(body: bytes, content_type: str) -> tuple[str, str, str]:
    """Return timestamp, token and signature, of a form or of an event."""
    if is_event(body):
        signed = mapping(load_json(body), "signature")
        return text(signed, "timestamp"), text(signed, "token"), text(signed, "signature")
    timestamp, token, signature = form_fields(
        body, content_type, ("timestamp", "token", "signature")
    )
    return timestamp, token, signature


def event_items(body: bytes) -> list[InboundItem]:
    """Return what one event says about a mail we sent. Raises UnsupportedEventError."""
    event = mapping(load_json(body), "event-data")
    name = text(event, "event")
    read = EVENTS.get(name)
    if read is None:
        raise UnsupportedEventError(f"Mailgun event “{name[:60]}” is not known.")
    return [read(event)]


def _receipt(event: Any, **fields: Any) -> DeliveryReceipt:
    message_id = text(event, "message", "headers", "message-id").strip("<> ")
    status = mapping(event, "delivery-status")
    words = text(status, "message") or text(status, "description") or text(event, "reason")
    return DeliveryReceipt(
        dedupe_key=f"mailgun:{text(event, 'id')}",
        message_ids=(f"<{message_id}>",) if message_id else (),
        recipient=normalise(text(event, "recipient")),
        code=text(status, "enhanced-code") or text(status, "code"),
        text=words[:500],
        at=moment(text(event, "timestamp")),
        **fields,
    )


def _failed(event: Any) -> InboundItem:
    if text(event, "severity") == "temporary":
        return _receipt(event, outcome="accepted")  # Mailgun goes on trying
    full = text(event, "delivery-status", "enhanced-code").endswith(".2.2")
    return _receipt(event, outcome="failed", permanent=not full)


def _ignored(reason: str) -> Any:
    return lambda _event: Ignored(reason)


EVENTS = {
    "accepted": lambda event: _receipt(event, outcome="accepted"),
    "delivered": lambda event: _receipt(event, outcome="delivered"),
    "failed": _failed,
    "rejected": lambda event: _receipt(event, outcome="failed", permanent=True),
    "complained": lambda event: _receipt(event, outcome="delivered", complaint=True),
    "opened": _ignored(_UNRELIABLE),
    "clicked": _ignored(_UNRELIABLE),
    "unsubscribed": _ignored("An unsubscription from mailings; answers to questions go on."),
    "stored": _ignored("Mailgun stored a mail; its text comes by the route."),
    "list_member_uploaded": _ignored("An event of Mailgun's mailing lists."),
}
