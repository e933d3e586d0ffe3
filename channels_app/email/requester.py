"""Whose mail is it? From, Reply-To and group headers → one sender, and what to believe of them."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from channels_app.contract import Recipient, Sender

from .addresses import domain_of, normalise, parse_addresses, parse_all, without_tag
from .authentication import Verdict
from .headers import Headers

#: Shops send their contact form's mails through these; the person stands in Reply-To.
FORM_ADDRESSES = frozenset({"mailer@shopify.com", "noreply@shopify.com"})

#: Stands in every mail we write, and survives servers that change the Message-ID.
OWN_MAIL_HEADER = "x-helpdesk-delivery"

_FORM_LOCAL = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply|mailer|form|forms|contact[-_.]?form|website|"
    r"webform|wordpress|notifications?|wufoo|typeform|kontaktformular)(?:[+._-].*)?$",
    re.IGNORECASE,
)
_VIA = re.compile(r"^['\"]?(?P<name>.+?)['\"]?\s+(?:via|über|par|vía|tramite)\s+.+$", re.IGNORECASE)
_GROUP_HEADERS = ("x-original-from", "x-google-original-from", "x-original-sender")
_OUR_ID = re.compile(
    r"^<c[\w-]{1,64}\.[\w-]{1,64}\.[\w-]{6,100}@(?P<domain>[^<>@\s]+)>$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Own:
    """What is ours: mailboxes and domains, all in lower case."""

    addresses: AbstractSet[str]
    domains: AbstractSet[str]
    form_addresses: AbstractSet[str] = FORM_ADDRESSES

    def is_mailbox(self, address: str) -> bool:
        """Say whether an address is one of our mailboxes, with or without a plus part."""
        return address in self.addresses or without_tag(address)[0] in self.addresses

    def is_our_message_id(self, message_id: str) -> bool:
        """Say whether we made a Message-ID: ``<c<conversation>.<message>.<random>@own-domain>``."""
        found = _OUR_ID.match(message_id)
        if found is None:
            return False
        domain = found.group("domain").lower()
        return domain in self.domains or any(
            domain == domain_of(address) for address in self.addresses
        )


@dataclass(slots=True)
class Requester:
    """The answer, with everything the agent should know about it."""

    sender: Sender
    author_kind: Literal["contact", "agent"] = "contact"
    ignore_reason: str = ""
    suspicious: bool = False
    warnings: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)


def from_domain(headers: Headers) -> str:
    """Return the domain of the one From address; "" if there is none or more than one."""
    lines = headers.all("from")
    people = parse_addresses(lines[0]) if len(lines) == 1 else []
    return domain_of(people[0].address) if len(people) == 1 else ""


def find_requester(
    headers: Headers, own: Own, verdict: Verdict, *, message_id: str, fallback: str
) -> Requester:
    """Return who wrote. ``fallback`` is the address to use when the mail names nobody."""
    people = parse_all(headers.all("from"))
    reply_to = [
        person
        for person in parse_all(headers.all("reply-to"))
        if not own.is_mailbox(normalise(person.address))  # answering ourselves would be a loop
    ]
    if not people:
        return _unnamed(headers, reply_to, own, fallback)
    person = people[0]
    address = normalise(person.address)
    believed = verdict.dmarc == "pass" and len(people) == 1 and len(headers.all("from")) == 1
    if own.is_mailbox(address):
        return _from_own_mailbox(headers, person, reply_to, own, believed, verdict, message_id)
    if reply_to and _is_form(address, own):
        return _from_form(reply_to[0], address)
    found = Requester(_sender(person, verified=believed, evidence=verdict.evidence))
    if len(people) > 1:
        found.warnings.append("The mail names several senders; only the first is shown.")
    if domain_of(address) in own.domains:
        if believed:
            found.author_kind = "agent"
        else:
            found.warnings.append(
                "The mail claims to come from your own domain, which could not be verified."
            )
    if reply_to and normalise(reply_to[0].address) != address:
        found.attributes["reply_to"] = normalise(reply_to[0].address)
    return found


def _sender(person: Recipient, *, verified: bool = False, evidence: str = "") -> Sender:
    return Sender(
        kind="email",
        value=normalise(person.address),
        name=person.name,
        verified=verified,
        evidence=evidence,
    )


def _is_form(address: str, own: Own) -> bool:
    if address in own.form_addresses:
        return True
    local, _, domain = address.rpartition("@")
    return domain in own.domains and bool(_FORM_LOCAL.match(local))


def _from_form(person: Recipient, form: str) -> Requester:
    return Requester(_sender(person, evidence=f"Reply-To of a form mail from {form}"))


def _from_own_mailbox(
    headers: Headers,
    person: Recipient,
    reply_to: list[Recipient],
    own: Own,
    believed: bool,
    verdict: Verdict,
    message_id: str,
) -> Requester:
    address = normalise(person.address)
    if own.is_our_message_id(message_id) or OWN_MAIL_HEADER in headers:
        return Requester(
            _sender(person), ignore_reason="A copy of a message we sent ourselves came back."
        )
    original = _group_author(headers, own) or (reply_to[0] if reply_to else None)
    if original is not None:
        via = _VIA.match(person.name)
        name = original.name or (via.group("name") if via else "")
        named = Recipient(original.address, name)
        return Requester(_sender(named, evidence=f"named by a mail from {address}"))
    recipients = parse_all([*headers.all("to"), *headers.all("cc")])
    others = [one for one in recipients if not own.is_mailbox(normalise(one.address))]
    if believed and not others:
        return Requester(_sender(person), ignore_reason="The mailbox wrote to itself.")
    if believed:
        return Requester(
            _sender(person, verified=True, evidence=verdict.evidence), author_kind="agent"
        )
    return Requester(
        _sender(person),
        suspicious=True,
        warnings=["The mail claims to come from your own mailbox, which could not be verified."],
    )


def _group_author(headers: Headers, own: Own) -> Recipient | None:
    for name in _GROUP_HEADERS:
        for person in parse_addresses(headers.get(name)):
            if not own.is_mailbox(normalise(person.address)):
                return person
    return None


def _unnamed(headers: Headers, reply_to: list[Recipient], own: Own, fallback: str) -> Requester:
    for name in ("sender", "x-sender", "return-path"):
        reply_to += [
            person
            for person in parse_addresses(headers.get(name))
            if not own.is_mailbox(normalise(person.address))
        ]
    name = headers.text("from")[:200]
    if reply_to:
        found = Requester(_sender(reply_to[0]))
        found.warnings.append("The mail has no From address; another header names the sender.")
        return found
    return Requester(
        Sender(kind="email", value=fallback, name=name),
        warnings=["The mail names no sender, so it can't be answered."],
    )
