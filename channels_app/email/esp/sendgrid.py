"""SendGrid: Inbound Parse (``email`` = raw MIME, or the parsed form) and the event webhook.

Sources: docs.sendgrid.com, "Inbound Parse webhook" and "Event webhook reference".
"""

import re
from collections.abc import Callable
from typing import Any

from channels_app.contract import DeliveryReceipt, Ignored, InboundItem, UnsupportedEventError
from channels_app.email.addresses import normalise
from channels_app.email.authentication import Verdict
from channels_app.email.charsets import decode_text
from channels_app.email.esp.fields import Form, items, load_json, mapping, moment, read_form, text
from channels_app.email.esp.incoming import IncomingMail
from channels_app.email.esp.synthesise import File, build_mime
from channels_app.email.headers import split_headers
from channels_app.email.threading_clues import message_ids

#: SpamAssassin's own threshold; SendGrid sends the score when the check is switched on.
SPAM_SCORE = 5.0

_RESULT = re.compile(r"\b(pass|fail|softfail|neutral|none|temperror|permerror)\b", re.IGNORECASE)
_UNRELIABLE = "Opens and clicks are counted by machines too and say nothing about the customer."


def is_event(body: bytes) -> bool:
    """Say whether a post is a list of events rather than a form with a mail."""
    return body.lstrip()[:1] in (b"[", b"{")


def incoming_mail(body: bytes, content_type: str) -> IncomingMail:
    """Return the mail of an Inbound Parse post."""
    form = read_form(body, content_type)
    envelope = mapping(load_json(form.values.get("envelope", b"")))
    recipients = tuple(one for one in items(envelope, "to") if isinstance(one, str))
    raw = form.values.get("email")
    if raw is None:
        raw = _from_parsed(form)
    return IncomingMail(raw, recipients, verdict=_verdict(form))


def _verdict(form: Form) -> Verdict:
    """Return SendGrid's own checks: labels for the agent, and spam."""
    try:
        spam = float(form.text("spam_score") or "0") >= SPAM_SCORE
    except ValueError:
        spam = False
    spf = _RESULT.search(form.text("SPF"))
    dkim = _RESULT.search(form.text("dkim"))
    return Verdict(
        server="SendGrid",
        spf=spf.group(1).lower() if spf else "",
        dkim=dkim.group(1).lower() if dkim else "",
        spam=spam,
    )


def _from_parsed(form: Form) -> bytes:
    charsets = mapping(load_json(form.values.get("charsets", b"")))

    def value(name: str) -> str:
        return decode_text(form.values.get(name, b""), text(charsets, name) or "utf-8")

    given, _ = split_headers(form.values.get("headers", b"").strip())
    headers = list(given)
    known = {name for name, _ in headers}
    headers += [
        (name, value(name))
        for name in ("from", "to", "cc", "subject")
        if name not in known and value(name)
    ]
    details = mapping(load_json(form.values.get("attachment-info", b"")))
    content_ids = {
        field: content_id
        for content_id, field in mapping(load_json(form.values.get("content-ids", b""))).items()
        if isinstance(field, str)
    }
    files = [
        File(
            text(details, file.field, "filename") or file.filename,
            text(details, file.field, "type") or file.content_type,
            file.content,
            text(details, file.field, "content-id") or content_ids.get(file.field, ""),
        )
        for file in form.files
    ]
    return build_mime(headers, text=value("text"), html=value("html"), files=files)


def event_items(body: bytes) -> list[InboundItem]:
    """Return what a batch of events says. Raises UnsupportedEventError if it holds none."""
    payload = load_json(body)
    events = payload if isinstance(payload, list) else [payload]
    found = [_one(event) for event in events[:5_000] if mapping(event)]
    if not found:
        raise UnsupportedEventError("The post from SendGrid holds neither a mail nor events.")
    return found


def _one(event: Any) -> InboundItem:
    name = text(event, "event") or ("bounce" if text(event, "reason") else "")
    read = EVENTS.get(name)
    if read is None:
        return Ignored(f"SendGrid event “{name[:60]}” is not known.")
    return read(event)


def _receipt(event: Any, **fields: Any) -> DeliveryReceipt:
    ids = message_ids(text(event, "smtp-id"))
    sent_as = text(event, "sg_message_id")
    if sent_as:
        ids += [sent_as, sent_as.partition(".")[0]]
    key = text(event, "sg_event_id") or ":".join(
        text(event, part) for part in ("email", "event", "created", "timestamp", "reason")
    )
    return DeliveryReceipt(
        dedupe_key=f"sendgrid:{key}"[:200],
        message_ids=tuple(dict.fromkeys(ids)),
        recipient=normalise(text(event, "email")),
        code=text(event, "status"),
        text=(text(event, "reason") or text(event, "response")).strip()[:500],
        at=moment(text(event, "timestamp") or text(event, "created")),
        **fields,
    )


def _bounce(event: Any) -> InboundItem:
    code = text(event, "status")
    soft = text(event, "type") == "blocked" or code.startswith("4") or code.endswith(".2.2")
    return _receipt(event, outcome="failed", permanent=not soft)


EVENTS: dict[str, Callable[[Any], InboundItem]] = {
    "processed": lambda event: _receipt(event, outcome="accepted"),
    "deferred": lambda event: _receipt(event, outcome="accepted"),
    "delivered": lambda event: _receipt(event, outcome="delivered"),
    "bounce": _bounce,
    "blocked": lambda event: _receipt(event, outcome="failed"),
    "dropped": lambda event: _receipt(event, outcome="failed", permanent=True),
    "spamreport": lambda event: _receipt(event, outcome="delivered", complaint=True),
    "open": lambda _event: Ignored(_UNRELIABLE),
    "click": lambda _event: Ignored(_UNRELIABLE),
    "unsubscribe": lambda _event: Ignored("An unsubscription from mailings."),
    "group_unsubscribe": lambda _event: Ignored("An unsubscription from mailings."),
    "group_resubscribe": lambda _event: Ignored("A subscription to mailings."),
}
