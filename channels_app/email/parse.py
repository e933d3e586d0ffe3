"""One raw mail → what it says, as facts of the contract. Pure: no database, no network, no clock.

Whatever the bytes are, the answer is a list of items and never an exception: what can't be read is
shown as far as it can, with a sentence about what is missing.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels_app.contract import (
    Ignored,
    InboundItem,
    InboundMessage,
    MachineClass,
    Recipient,
    Sender,
    ThreadClues,
)
from helpdesk.foundation.limits import TimeLimitError, run_limited

from . import forwards, quotes
from .addresses import normalise, parse_all
from .authentication import Verdict, read_verdict, says_spam
from .bodies import Found, collect, readable
from .bounces import null_sender
from .headers import Headers, split_headers
from .html import sanitise
from .machine import classify
from .mime import Budget, Part, parse_mime, split_mail
from .quote_words import REPLY_PREFIX
from .quotes_html import fold_html, has_quote_markup
from .reports import read_report
from .requester import Own, Requester, find_requester, from_domain
from .threading_clues import clues, mail_key, message_id, reply_tokens

#: Larger mails are not taken apart; their headers become a visible stub.
MAX_MAIL = 50_000_000
MAX_SHOWN_RECIPIENTS = 100
MAX_SUBJECT = 1_000
#: Wall time for telling new text from old; afterwards the full text is shown.
FOLD_SECONDS = 1.0


def parse_mail(
    raw: bytes,
    *,
    own_addresses: Collection[str] = (),
    own_domains: Collection[str] = (),
    authserv_id: str = "",
    envelope_recipients: Iterable[str] = (),
    known_tokens: Iterable[str] = (),
    verdict: Verdict | None = None,
    max_bytes: int = MAX_MAIL,
) -> list[InboundItem]:
    """Return the message, or the receipts of a bounce, a read notice or a complaint.

    ``own_addresses`` are the mailboxes of this channel (replies carry a token behind their plus
    sign), ``own_domains`` the domains whose verified senders count as colleagues: the item then has
    ``author_kind="agent"``, and whoever stores it must still check that they are a member.
    ``known_tokens`` are plus parts a mail service has already cut off, ``verdict`` is it found
    out about the sender; a DMARC result in it wins over the one in the mail's headers.
    """
    own = Own(
        frozenset(normalise(address) for address in own_addresses if address),
        frozenset(domain.strip().lower() for domain in own_domains if domain),
    )
    key = mail_key(raw)
    if len(raw) > max_bytes:
        return [_stub(raw, key, own, authserv_id, max_bytes)]
    budget = Budget()
    root = parse_mime(raw, budget)
    envelope = [address for address in envelope_recipients if address]
    thread = clues(root.headers, own.addresses, envelope, known_tokens)
    report = read_report(root, key, lambda: reply_tokens(root.headers, own.addresses, envelope))
    if report is not None:
        return report
    if not raw.strip():
        return [Ignored("The mail is empty.")]
    seen = read_verdict(root.headers, authserv_id, from_domain(root.headers))
    if verdict is not None:
        seen = seen.joined(verdict)
    return [_message(root, key, own, thread, seen, budget)]


def _message(
    root: Part, key: str, own: Own, thread: ThreadClues, verdict: Verdict, budget: Budget
) -> InboundMessage:
    headers = root.headers
    found = collect(root, budget)
    own_id = message_id(headers)
    who = _requester(headers, own, verdict, own_id, key)
    subject = readable(headers.text("subject"))[:MAX_SUBJECT]
    text = readable(found.text)
    html, cut = sanitise(found.html, found.locations) if found.html else ("", [])
    people = _recipients(headers, "to", budget), _recipients(headers, "cc", budget)
    return InboundMessage(
        provider_id=own_id or f"<{key.removeprefix('mail:')[:40]}@missing.invalid>",
        dedupe_key=key,
        sender=who.sender,
        text=text,
        html=html,
        new_text=_new_text(subject, text, found, thread),
        subject=subject,
        provider_time=sent_at(headers.get("date")),
        author_kind=who.author_kind,
        machine=_machine(headers),
        spam=says_spam(headers) or verdict.spam or who.suspicious,
        ignore_reason=who.ignore_reason,
        to=people[0],
        cc=people[1],
        attachments=tuple(found.attachments),
        thread=thread,
        forwarded_from=_forwarded_from(who, subject, text, found, own),
        warnings=(*budget.warnings, *cut, *who.warnings),
        attributes=who.attributes,
    )


def _requester(headers: Headers, own: Own, verdict: Verdict, own_id: str, key: str) -> Requester:
    # A sender nobody named gets an address of their own: strangers must not share one contact.
    fallback = f"unknown-{key.removeprefix('mail:')[:16]}@missing.invalid"
    return find_requester(headers, own, verdict, message_id=own_id, fallback=fallback)


def _machine(headers: Headers) -> MachineClass:
    kind = classify(headers)
    return "auto" if kind == "human" and null_sender(headers) else kind


def _recipients(headers: Headers, name: str, budget: Budget) -> tuple[Recipient, ...]:
    if name not in headers:
        return ()
    people = parse_all(headers.all(name))
    if len(people) > MAX_SHOWN_RECIPIENTS:
        budget.warn(
            f"The mail has {len(people)} recipients; the first {MAX_SHOWN_RECIPIENTS} are shown."
        )
    return tuple(people[:MAX_SHOWN_RECIPIENTS])


def _new_text(subject: str, text: str, found: Found, thread: ThreadClues) -> str:
    """Return the folded view of an answer; first mails and forwards are never folded."""
    is_answer = bool(thread.in_reply_to or thread.references or thread.reply_tokens) or bool(
        REPLY_PREFIX.match(subject)
    )
    if not is_answer or forwards.is_forward(subject, text):
        return ""
    html = found.html
    if not text and not html:
        return ""
    try:
        return readable(run_limited(FOLD_SECONDS, fold_bodies, text, html))
    except TimeLimitError:
        return ""


def fold_bodies(text: str, html: str) -> str:
    """Return the new text: the programs' own HTML marks first, then the rules for text."""
    if html and has_quote_markup(html):
        new = fold_html(html)
        if new:
            return "" if "".join(new.split()) == "".join(text.split()) else new
    return quotes.fold(text)


def _forwarded_from(
    who: Requester, subject: str, text: str, found: Found, own: Own
) -> Sender | None:
    """Name the original author if the sender is proven; only colleagues may be believed in this."""
    if not who.sender.verified:
        return None
    author = None
    if forwards.is_forward(subject, text) or not text.strip():
        author = forwards.original_author(text) or _author_of_attached(found)
    if author is None or own.is_mailbox(author.value):
        return None
    return author


def _author_of_attached(found: Found) -> Sender | None:
    mails = [item for item in found.attachments if item.content_type == "message/rfc822"]
    if len(mails) != 1:
        return None
    headers, _ = split_headers(split_mail(mails[0].content.lstrip())[0])
    people = parse_all(headers.all("from"))
    if not people:
        return None
    return Sender(kind="email", value=normalise(people[0].address), name=people[0].name)


def sent_at(header: str) -> datetime | None:
    """Return the Date header in UTC, or None when it makes no sense."""
    if not header:
        return None
    try:
        when = parsedate_to_datetime(header[:200])
        if when.tzinfo is None:
            return when.replace(tzinfo=UTC)
        return when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def _stub(raw: bytes, key: str, own: Own, authserv_id: str, limit: int) -> InboundMessage:
    """Return a visible message for a mail that is too large to be taken apart."""
    block, _ = split_mail(raw[:1_000_000])
    headers, _ = split_headers(block)
    verdict = read_verdict(headers, authserv_id, from_domain(headers))
    own_id = message_id(headers)
    who = _requester(headers, own, verdict, own_id, key)
    budget = Budget()
    size = f"{len(raw) / 1_000_000:.0f} MB"
    return InboundMessage(
        provider_id=own_id or f"<{key.removeprefix('mail:')[:40]}@missing.invalid>",
        dedupe_key=key,
        sender=who.sender,
        text=f"(This mail has {size} and was not opened.)",
        subject=readable(headers.text("subject"))[:MAX_SUBJECT],
        provider_time=sent_at(headers.get("date")),
        author_kind=who.author_kind,
        machine=_machine(headers),
        spam=says_spam(headers) or who.suspicious,
        ignore_reason=who.ignore_reason,
        to=_recipients(headers, "to", budget),
        cc=_recipients(headers, "cc", budget),
        thread=clues(headers, own.addresses, ()),
        warnings=(
            f"The mail has {size}; at most {limit / 1_000_000:.0f} MB are taken in. "
            "Ask the sender for smaller files or a link.",
            *budget.warnings,
            *who.warnings,
        ),
        attributes=who.attributes,
    )
