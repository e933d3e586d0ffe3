"""Mails that report on a mail of ours: delivery status, read notices and spam complaints.

Standard forms (RFC 3464, 8098, 5965) are recognised by their structure at the top level only: a
bounce that somebody attached to a mail is an ordinary mail. What follows no standard is left to
``bounces``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from channels_app.contract import DeliveryOutcome, DeliveryReceipt, Ignored, InboundItem

from .addresses import normalise, parse_addresses
from .bounces import MAX_TEXT, from_mail_system, nonstandard_bounce, soft_in_spite_of_code
from .headers import Headers, one_line, split_headers
from .mime import Part, split_mail
from .threading_clues import bounce_token, message_id, message_ids

#: Receipts made of one report; a list of thousands is an attack.
MAX_RECIPIENTS = 100

OUTCOMES: dict[str, DeliveryOutcome] = {
    "failed": "failed",
    "delayed": "accepted",  # still being tried: no failure
    "delivered": "delivered",
    "relayed": "accepted",
    "expanded": "accepted",
}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Report:
    """What every receipt of one report mail shares."""

    key: str
    bounce_token: str
    #: Ids that name our mail, best first.
    ids: tuple[str, ...]


def read_report(
    root: Part, key: str, tokens: Callable[[], Iterable[str]]
) -> list[InboundItem] | None:
    """Return the receipts of a report mail, or None if the mail is none.

    ``tokens`` finds what stands behind the plus sign of our addresses among the recipients.
    """
    kind = root.parameters.get("report-type", "").lower()
    parts = _outer_parts(root)
    types = {part.content_type for part in parts}
    by_system = from_mail_system(root.headers)
    if not by_system and kind not in REPORT_KINDS and not types & REPORT_TYPES:
        return None
    token = bounce_token(tokens())
    if "message/feedback-report" in types or kind == "feedback-report":
        return _complaint(parts, Report(key, token, _original_ids(parts)))
    if "message/disposition-notification" in types or kind == "disposition-notification":
        return _read_notice(parts, Report(key, token, ()))
    status = [part for part in parts if part.content_type in STATUS_TYPES]
    is_status_report = root.content_type == "multipart/report" and kind == "delivery-status"
    if status and (is_status_report or root.content_type in {"multipart/report", *STATUS_TYPES}):
        report = Report(key, token, _original_ids(parts) or _answered_ids(root.headers))
        receipts = _delivery_status(status, report)
        if receipts:
            return receipts
    if not by_system:
        return None
    return nonstandard_bounce(root, parts, key=key, bounce_token=token, ids=_original_ids(parts))


STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
REPORT_TYPES = STATUS_TYPES | {"message/feedback-report", "message/disposition-notification"}
REPORT_KINDS = frozenset({"delivery-status", "feedback-report", "disposition-notification"})


def _outer_parts(root: Part) -> list[Part]:
    """Return all leaves outside attached mails."""
    found: list[Part] = []
    waiting = [root]
    while waiting:
        part = waiting.pop(0)
        if part.parts:
            waiting = part.parts + waiting
        else:
            found.append(part)
    return found


def _fields(data: bytes) -> list[Headers]:
    """Return the header blocks of a machine-readable part; blank lines stand between them."""
    blocks = re.split(rb"\n[ \t]*\r*\n", data.replace(b"\r\n", b"\n").strip())
    return [split_headers(block.strip(b"\n"))[0] for block in blocks if block.strip()]


def _delivery_status(parts: list[Part], report: Report) -> list[InboundItem]:
    receipts: dict[str, InboundItem] = {}
    for part in parts:
        for block in _fields(part.content()):
            if "action" not in block and "final-recipient" not in block:
                continue
            receipt = _recipient_receipt(block, report)
            receipts.setdefault(receipt.dedupe_key, receipt)
            if len(receipts) >= MAX_RECIPIENTS:
                return list(receipts.values())
    return list(receipts.values())


def _recipient_receipt(block: Headers, report: Report) -> DeliveryReceipt:
    action = block.get("action").partition("(")[0].strip().lower().split(" ")[0]
    diagnostic = one_line(block.get("diagnostic-code").partition(";")[2]) or one_line(
        block.get("diagnostic-code")
    )
    found = _STATUS.search(block.get("status")) or _STATUS.search(diagnostic)
    code = found.group(1) if found else ""
    outcome = OUTCOMES.get(action, "failed" if code.startswith("5") else "accepted")
    recipient = _typed_address(block.get("original-recipient")) or _typed_address(
        block.get("final-recipient")
    )
    hard = code.startswith("5") or (not code and action == "failed")
    return DeliveryReceipt(
        dedupe_key=f"{report.key}:{recipient}",
        outcome=outcome,
        message_ids=report.ids,
        bounce_token=report.bounce_token,
        recipient=recipient,
        code=code,
        text=(diagnostic or action)[:MAX_TEXT],
        permanent=outcome == "failed" and hard and not soft_in_spite_of_code(code, diagnostic),
    )


def _typed_address(value: str) -> str:
    """Return the address of ``rfc822;dana@customer.test``."""
    _, semicolon, address = value.rpartition(";")
    people = parse_addresses((address if semicolon else value).strip())
    return normalise(people[0].address) if people else ""


def _complaint(parts: list[Part], report: Report) -> list[InboundItem]:
    block = Headers([])
    returned = Headers([])
    for part in parts:
        if part.content_type == "message/feedback-report":
            fields = _fields(part.content())
            block = fields[0] if fields else block
        elif _is_returned_mail(part):
            returned = split_headers(split_mail(part.content().lstrip())[0])[0]
    kind = block.get("feedback-type").strip().lower()
    if kind in {"not-spam", "auth-failure", "dmarc"}:
        return [Ignored(f"A feedback report of the kind “{kind}” asks nothing of us.")]
    address = (
        _typed_address(block.get("original-rcpt-to"))
        or _typed_address(block.get("removal-recipient"))
        or _typed_address(returned.get("to"))
    )
    return [
        DeliveryReceipt(
            dedupe_key=f"{report.key}:{address}",
            outcome="delivered",
            message_ids=report.ids,
            bounce_token=report.bounce_token,
            recipient=address,
            code=kind or "abuse",
            text="The recipient reported the message as spam.",
            complaint=True,
        )
    ]


def _read_notice(parts: list[Part], report: Report) -> list[InboundItem]:
    for part in parts:
        if part.content_type != "message/disposition-notification":
            continue
        for block in _fields(part.content()):
            ids = message_ids(block.get("original-message-id"))
            disposition = block.get("disposition").lower()
            if "displayed" in disposition and ids:
                recipient = _typed_address(block.get("original-recipient")) or _typed_address(
                    block.get("final-recipient")
                )
                return [
                    DeliveryReceipt(
                        dedupe_key=f"{report.key}:{recipient}",
                        outcome="read",
                        message_ids=tuple(ids),
                        bounce_token=report.bounce_token,
                        recipient=recipient,
                        text="The recipient's mail program says the message was displayed.",
                    )
                ]
    return [Ignored("A notice about what became of a message, without a sign that it was read.")]


def _is_returned_mail(part: Part) -> bool:
    return part.content_type.startswith("message/rfc822") or part.content_type.startswith(
        ("text/rfc822-header", "message/global", "message/partial")
    )


def _original_ids(parts: list[Part]) -> tuple[str, ...]:
    """Return the Message-ID of the returned mail."""
    for part in parts:
        if _is_returned_mail(part) and part.content_type not in STATUS_TYPES:
            headers, _ = split_headers(split_mail(part.content().lstrip())[0])
            own = message_id(headers)
            if own:
                return (own,)
    for part in parts:  # some put the id beside the status fields
        if part.content_type in STATUS_TYPES:
            for block in _fields(part.content()):
                for name in ("x-original-message-id", "original-message-id"):
                    ids = message_ids(block.get(name))
                    if ids:
                        return tuple(ids)
    return ()


def _answered_ids(headers: Headers) -> tuple[str, ...]:
    """Exchange returns no copy but says which mail it answers."""
    ids = message_ids(headers.get("x-original-message-id"))
    ids += message_ids(headers.get("in-reply-to"))
    ids += reversed(message_ids(headers.get("references")))
    return tuple(dict.fromkeys(ids))[:20]
