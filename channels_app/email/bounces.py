"""Bounces that follow no standard: qmail, Exim, Exchange, Notes, Japanese carriers and others.

Two signs are asked for: a sender that is a mail system (or nobody, ``<>``), and a failed recipient
in the headers or a subject mail systems use for failures. Everything is read from text with
regular expressions without nested repeats, on a capped part of the mail.
"""

import re

from channels_app.contract import DeliveryOutcome, DeliveryReceipt, InboundItem

from .addresses import normalise, parse_addresses
from .bodies import readable
from .charsets import decode_text
from .headers import Headers
from .mime import Part
from .threading_clues import message_ids

MAX_TEXT = 500
#: How much of a bounce is read.
MAX_READ = 60_000
MAX_RECIPIENTS = 100

DAEMON = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mail[-_.]delivery[-_.]\w+|bounces?|"
    r"mdaemon|mailadmin|mailerdaemon|double-bounce)(?:[+=-].*)?$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:^|\W)(?:undeliver(?:ed|able)|non[- ]?remis|returned mail|failure notice|returned to sender|"
    r"(?:mail |message |email )?deliver(?:y|ing) (?:has )?(?:failed|failure|error|problem)|"
    r"mail delivery (?:failed|system)|delivery (?:status )?notification|delivery failure|"
    r"mail system error|postmaster notify|could not send message|"
    r"(?:mail|message) (?:could not be|not) delivered|unzustellbar|"
    r"delayed mail|message delayed|delivery delayed|(?:warning|could not send).{0,40}delay|"
    r"не доставлено|недоставленное|配信不能|未达|退信)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|still being retried|could not send message for past|will be retried|"
    r"message will (?:continue|be retried)|not yet been delivered",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.:-])([45]\d\d)[ -](?=\S)")
_FULL = re.compile(
    r"mailbox (?:is )?full|over ?quota|quota (?:is )?exceeded|exceeded (?:the )?(?:storage|quota)|"
    r"insufficient (?:system )?storage|mailbox size limit|full mailbox",
    re.IGNORECASE,
)
_UNKNOWN_USER = re.compile(
    r"(?:user|mailbox|recipient|address|account|host|domain)\S* (?:is |was |has been )?"
    r"(?:unknown|not (?:found|known|listed|exist)|invalid|rejected|disabled)|"
    r"(?:unknown|no such|invalid) (?:user|mailbox|recipient|address|host|domain|local)|"
    r"does ?n[o']t exist|doesn't have an? \S+ account|no mailbox here|"
    r"couldn't be found|user doesn't|no MX",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^[ \t>*]*(?:<([^<>\s@]+@[^<>\s]+)>[ \t]*:?|"
    r"(?:final-recipient|original-recipient|to|recipient)[ \t]*:[^\n@]{0,60}?"
    r"[<; \t]([^<>\s;@]+@[^<>\s;,]+)|([^\s<>:;,@\"']+@[^\s<>:;,\"']+)[ \t]*:?[ \t]*)\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_ADDRESS = re.compile(r"[\w.+=/-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_RETURNED = re.compile(
    r"^[ \t>*#-]*(?:below this line is a copy|this is a copy of|original (?:message|mail)|"
    r"(?:the )?returned message|message headers? follow|received message|"
    r"included is a copy|copy of (?:the )?message|unsent message|headers? of the original)|"
    r"^(?:return-path|received):",
    re.IGNORECASE | re.MULTILINE,
)
_ID_LINE = re.compile(
    r"^[ \t>*]*message-id:[ \t]*\r?\n?[ \t]*([^\r\n]{3,300})", re.IGNORECASE | re.MULTILINE
)


def nonstandard_bounce(
    root: Part, parts: list[Part], *, key: str, bounce_token: str, ids: tuple[str, ...]
) -> list[InboundItem] | None:
    """Return receipts for a bounce of the author's own design, or None if it is none."""
    headers = root.headers
    failed = [
        normalise(person.address) for person in parse_addresses(headers.get("x-failed-recipients"))
    ]
    subject = headers.text("subject")
    if not failed and not _SUBJECT.search(subject):
        return None
    text = _report_text(parts)
    head = _before_returned_mail(text)
    ids = ids or _ids_in(text) or tuple(message_ids(headers.get("in-reply-to")))
    recipients = failed or _recipients_in(head, headers)
    return [
        _receipt(recipient, head, subject, key=key, bounce_token=bounce_token, ids=ids)
        for recipient in recipients[:MAX_RECIPIENTS] or [""]
    ]


def from_mail_system(headers: Headers) -> bool:
    """Say whether a mail system wrote, or nobody: ``<>`` without a From address."""
    senders = parse_addresses(headers.get("from") or headers.get("sender"))
    if senders:
        return bool(DAEMON.match(senders[0].address.partition("@")[0]))
    return null_sender(headers)


def null_sender(headers: Headers) -> bool:
    """Say whether the envelope sender was ``<>``, as only notices have."""
    return "return-path" in headers and headers.get("return-path").replace(" ", "") == "<>"


def _report_text(parts: list[Part]) -> str:
    pieces: list[str] = []
    for part in parts:
        if part.content_type.startswith(("text/", "message/")):
            data = part.content()[:MAX_READ]
            pieces.append(readable(decode_text(data, part.parameters.get("charset", ""))))
    return "\n".join(pieces)[:MAX_READ]


def _before_returned_mail(text: str) -> str:
    """Return what the mail system wrote, without the copy of our mail."""
    found = _RETURNED.search(text, 20)
    return text[: found.start()] if found else text[:10_000]


def _ids_in(text: str) -> tuple[str, ...]:
    ids: list[str] = []
    for found in _ID_LINE.finditer(text):
        ids.extend(message_ids(found.group(1)))
    return tuple(dict.fromkeys(ids))[:20]


def _recipients_in(head: str, headers: Headers) -> list[str]:
    not_these = {
        normalise(person.address)
        for name in ("from", "to", "sender")
        for person in parse_addresses(headers.get(name))
    }
    found = [normalise(next(filter(None, groups))) for groups in _LISTED.findall(head)]
    named = [item for item in dict.fromkeys(found) if item not in not_these]
    if named:
        return named
    for address in _ANY_ADDRESS.findall(head):
        one = normalise(address)
        if one not in not_these and not DAEMON.match(one.partition("@")[0]):
            return [one]
    return []


def _receipt(
    recipient: str, head: str, subject: str, *, key: str, bounce_token: str, ids: tuple[str, ...]
) -> DeliveryReceipt:
    status = _STATUS.search(head)
    smtp = _SMTP_CODE.search(head)
    code = status.group(1) if status else smtp.group(1) if smtp else ""
    delayed = bool(_DELAYED.search(subject)) and not code.startswith("5")
    outcome: DeliveryOutcome = "accepted" if delayed else "failed"
    hard = code.startswith("5") if code else bool(_UNKNOWN_USER.search(head))
    return DeliveryReceipt(
        dedupe_key=f"{key}:{recipient}",
        outcome=outcome,
        message_ids=ids,
        bounce_token=bounce_token,
        recipient=recipient,
        code=code,
        text=_reason_line(head, subject),
        permanent=outcome == "failed" and hard and not soft_in_spite_of_code(code, head),
    )


def soft_in_spite_of_code(code: str, text: str) -> bool:
    """A full mailbox is a state, not a wrong address, whatever the first digit says."""
    return code.endswith(".2.2") or bool(_FULL.search(text))


def _reason_line(head: str, subject: str) -> str:
    for line in head.splitlines():
        if _STATUS.search(line) or _SMTP_CODE.search(line) or _UNKNOWN_USER.search(line):
            return " ".join(line.split())[:MAX_TEXT]
    return subject[:MAX_TEXT]
