"""What a mail says about the conversation it belongs to, and the key that finds it again.

Only the mail's own top headers count: ids inside an attached mail belong to another story.
"""

import hashlib
import re
from collections.abc import Collection, Iterable

from channels_app.contract import ThreadClues

from .addresses import normalise, parse_addresses, without_tag
from .headers import Headers, one_line
from .mime import split_mail

MAX_REFERENCES = 100
#: Longest message id kept, with brackets; RFC 5322 lines end at 998.
MAX_ID = 998
RECIPIENT_HEADERS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "x-forwarded-to",
    "x-envelope-to",
    "envelope-to",
    "x-delivered-to",
    "apparently-to",
)

#: In front of the token in the envelope sender of our mails, where bounces come back to.
BOUNCE_PREFIX = "bounce-"

_ID_OR_COMMENT = re.compile(r"(<[^<>]*>)|\([^()]*\)")
_ID = re.compile(r"<([^<>\s][^<>]*)>")
_BARE_ID = re.compile(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+")
_TICKET = re.compile(r"\[#\s?(\d{1,15})\]")
_KEY_HEADER = re.compile(
    rb"^(message-id|from|date|subject):((?:.*)(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)
_BLANKS = re.compile(rb"\s+")


def message_ids(header: str) -> list[str]:
    """Return the ``<…>`` tokens of a header, case kept, comments cut, repeats left out."""
    return list(dict.fromkeys(_all_ids(header)))


def _all_ids(header: str) -> list[str]:
    if not header:
        return []
    if "(" in header:
        header = _ID_OR_COMMENT.sub(lambda found: found.group(1) or " ", header)
    found = [f"<{''.join(inner.split())}>" for inner in _ID.findall(header)]
    if not found:
        found = [f"<{bare}>" for bare in _BARE_ID.findall(header)]
    return [item for item in found if len(item) <= MAX_ID]


def message_id(headers: Headers) -> str:
    """Return the mail's own id with brackets, or "" if it has none that can be used."""
    for value in headers.all("message-id"):
        ids = message_ids(value)
        if ids:
            return ids[0]
        bare = one_line(value).strip("<> ")
        if bare and " " not in bare and len(bare) < MAX_ID:
            return f"<{bare}>"
    return ""


def clues(
    headers: Headers,
    own_addresses: Collection[str],
    envelope: Iterable[str],
    known_tokens: Iterable[str] = (),
) -> ThreadClues:
    """Gather tokens, ids and the number; the look-up is done by whoever may see the database."""
    references: list[str] = []
    for value in headers.all("references")[:20]:
        references.extend(_all_ids(value))
    replies: list[str] = []
    for value in headers.all("in-reply-to")[:20]:
        replies.extend(message_ids(value))
    last_first = list(dict.fromkeys(reversed(references)))[:MAX_REFERENCES]
    ticket = _TICKET.search(headers.text("subject"))
    return ThreadClues(
        reply_tokens=tuple(
            token
            for token in dict.fromkeys(
                [
                    *(normalise(token) for token in known_tokens),
                    *reply_tokens(headers, own_addresses, envelope),
                ]
            )
            if not token.startswith(BOUNCE_PREFIX)
        ),
        in_reply_to=tuple(dict.fromkeys(replies))[:MAX_REFERENCES],
        references=tuple(last_first),
        subject_number=int(ticket.group(1)) if ticket else None,
    )


def reply_tokens(
    headers: Headers, own_addresses: Collection[str], envelope: Iterable[str]
) -> tuple[str, ...]:
    """Return what stands behind the plus sign of our own addresses, in lower case, first first."""
    if not own_addresses:
        return ()
    tokens: dict[str, None] = {}
    for address in _recipients(headers, envelope):
        if "+" not in address:
            continue
        base, tag = without_tag(normalise(address))
        if tag and base in own_addresses:
            tokens[tag] = None
    return tuple(tokens)[:20]


def bounce_token(tokens: Iterable[str]) -> str:
    """Return the token of the mail that bounced, from those found in the recipients."""
    return next((token.removeprefix(BOUNCE_PREFIX) for token in tokens), "")


def _recipients(headers: Headers, envelope: Iterable[str]) -> Iterable[str]:
    yield from envelope
    for name, value in headers:
        if name in RECIPIENT_HEADERS and "+" in value:
            for person in parse_addresses(value):
                yield person.address


def mail_key(raw: bytes) -> str:
    """Return the dedupe key: Message-ID plus a hash of From, Date, Subject and the raw body.

    Trace headers are left out, so the same mail on two ways into one mailbox has one key; the hash
    is there because broken senders repeat one Message-ID for different mails. Never raises.
    """
    block, body = split_mail(raw.lstrip(b"\r\n \t"))
    first: dict[bytes, bytes] = {}
    for name, value in _KEY_HEADER.findall(block[:1_000_000]):
        first.setdefault(name.lower(), _BLANKS.sub(b" ", value).strip())
    digest = hashlib.sha256()
    for name in (b"message-id", b"from", b"date", b"subject"):
        digest.update(first.get(name, b""))
        digest.update(b"\0")
    digest.update(body.replace(b"\r\n", b"\n").strip())
    return "mail:" + digest.hexdigest()


def sender_of(raw: bytes) -> str:
    """Return the From address without a full parse, for the order key; "" if there is none."""
    block, _ = split_mail(raw.lstrip(b"\r\n \t"))
    for name, value in _KEY_HEADER.findall(block[:1_000_000]):
        if name.lower() == b"from":
            people = parse_addresses(value[:5_000].decode("latin-1"))
            return normalise(people[0].address) if people else ""
    return ""
