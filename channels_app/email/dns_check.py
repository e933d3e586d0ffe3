"""Looking up SPF, DKIM and DMARC of a sending domain, and saying which record to add.

Every finding is a sentence for the merchant; where something is missing it carries the very record
to enter at the DNS host. A name server that does not answer is a finding too, never an exception.
Sources: RFC 7208 (SPF), RFC 6376 and 8301 (DKIM), RFC 7489 (DMARC), the services' own set-up pages.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import dns.exception
import dns.name
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from channels_app.email.dns_senders import Sender, sender_for

Topic = Literal["spf", "dkim", "dmarc", "domain"]
#: ``ok``, ``missing`` (add the record), ``wrong`` (change it), ``unknown`` (could not be looked up
#: or needs something only the merchant knows).
State = Literal["ok", "missing", "wrong", "unknown"]

#: Seconds for one question, all servers and repeats together.
LOOKUP_TIME = 4.0
#: RFC 7208 §4.6.4: more look-ups than this and receivers call the whole record broken.
SPF_LOOKUPS = 10
WEAK_KEY_BITS = 1024

_SPF_MECHANISM = re.compile(r"^[+~?-]?(include|a|mx|ptr|exists)(?=[:/]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A record as it is typed into a DNS host's form."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class DnsFinding:
    topic: Topic
    state: State
    sentence: str
    #: What is there now, "" if nothing.
    found: str = ""
    #: What to add, or to put in place of what is there.
    record: DnsRecord | None = None


class LookupFailedError(Exception):
    """No name server gave an answer that can be believed either way."""


def check_domain(
    domain: str,
    *,
    transport: str = "smtp",
    smtp_host: str = "",
    selector: str = "",
    resolver: dns.resolver.Resolver | None = None,
) -> list[DnsFinding]:
    """Return the findings for SPF, DKIM and DMARC, in this order.

    ``transport`` and ``smtp_host`` are the channel's settings; ``selector`` is the DKIM selector
    the mail service shows, where it has no fixed one.
    """
    try:
        name = domain.strip().rstrip(".").encode("idna").decode("ascii").lower()
        dns.name.from_text(name)
    except (UnicodeError, dns.exception.DNSException):
        name = ""
    if "." not in name:
        sentence = f"“{domain.strip()[:80]}” is not a domain that mail can be sent from."
        return [DnsFinding("domain", "wrong", sentence)]
    check = _Check(name, sender_for(transport, smtp_host), resolver or dns.resolver.Resolver())
    return [check.spf(), check.dkim(selector.strip()), check.dmarc()]


class _Check:
    """One domain, one way of sending, one resolver."""

    def __init__(self, domain: str, sender: Sender, resolver: dns.resolver.Resolver) -> None:
        self.domain = domain
        self.sender = sender
        self.resolver = resolver

    # SPF ------------------------------------------------------------------------------------

    def spf(self) -> DnsFinding:
        try:
            records = [text for text in self._texts(self.domain) if _is_spf(text)]
            if len(records) == 1:
                return self._judge_spf(records[0])
        except LookupFailedError:
            return self._unanswered("spf", self.domain)
        if not records:
            if not self.sender.spf:
                return DnsFinding(
                    "spf",
                    "ok",
                    f"{self.domain} has no SPF record. {self.sender.name} needs none: it sends "
                    "under its own bounce address.",
                )
            return DnsFinding(
                "spf",
                "missing",
                f"{self.domain} has no SPF record, so receivers cannot tell that "
                f"{self.sender.name} may send for it. Add this TXT record.",
                record=self._spf_record(f"v=spf1 {self.sender.spf} ~all"),
            )
        return DnsFinding(
            "spf",
            "wrong",
            f"{self.domain} has {len(records)} SPF records; receivers ignore them all when there is "
            "more than one. Put this one in their place.",
            found=" | ".join(records),
            record=self._spf_record(self._merged(records)),
        )

    def _judge_spf(self, record: str) -> DnsFinding:
        terms = record.split()
        if any(term.lower() in {"+all", "all"} for term in terms):
            fixed = " ".join("~all" if term.lower() in {"+all", "all"} else term for term in terms)
            return self._wrong_spf(
                record,
                "allows the whole world to send mail in its name",
                self._with_sender(fixed),
            )
        walk = _SpfWalk(self)
        walk.follow(record)
        if walk.lookups > SPF_LOOKUPS:
            return DnsFinding(
                "spf",
                "wrong",
                f"The SPF record of {self.domain} leads to {walk.lookups} further look-ups; "
                f"receivers stop at {SPF_LOOKUPS} and call it broken. Take out what you do not "
                "send with any more.",
                found=record,
            )
        wanted = self.sender.spf
        if wanted and wanted.lower() not in walk.mechanisms:
            return self._wrong_spf(
                record, f"does not allow {self.sender.name}", self._with_sender(record)
            )
        return DnsFinding(
            "spf",
            "ok",
            f"{self.domain} has an SPF record"
            + (f" that allows {self.sender.name}." if wanted else "."),
            found=record,
        )

    def _wrong_spf(self, record: str, why: str, fixed: str) -> DnsFinding:
        return DnsFinding(
            "spf",
            "wrong",
            f"The SPF record of {self.domain} {why}. Change it to this.",
            found=record,
            record=self._spf_record(fixed),
        )

    def _with_sender(self, record: str) -> str:
        """Return the record with our sender before its last word on everybody else."""
        wanted = self.sender.spf
        terms = record.split()
        if not wanted or wanted.lower() in {term.lower() for term in terms}:
            return record
        closing = ("all", "redirect=")
        for place, term in enumerate(terms):
            if term.lstrip("+-~?").lower().startswith(closing):
                return " ".join([*terms[:place], wanted, *terms[place:]])
        return " ".join([*terms, wanted])

    def _merged(self, records: list[str]) -> str:
        """Return one record that allows what any of several allowed."""
        terms = [term for record in sorted(records) for term in record.split()[1:]]
        kept = [
            term
            for term in dict.fromkeys(terms)
            if not re.fullmatch(r"[+~?-]?all", term, re.IGNORECASE)
        ]
        if self.sender.spf and self.sender.spf not in kept:
            kept.append(self.sender.spf)
        return " ".join(["v=spf1", *kept, "~all"])

    def _spf_record(self, value: str) -> DnsRecord:
        return DnsRecord(self.domain, "TXT", value)

    # DKIM -----------------------------------------------------------------------------------

    def dkim(self, selector: str) -> DnsFinding:
        selectors = [selector] if selector else [*self.sender.selectors]
        if not selectors:
            return DnsFinding(
                "dkim",
                "unknown",
                f"{self.sender.name} signs with a key whose name it chooses for you. "
                f"{self.sender.dkim_where} Enter the selector here to have it checked.",
            )
        unanswered = False
        for name in selectors:
            host = f"{name}._domainkey.{self.domain}"
            try:
                keys = [text for text in self._texts(host) if "p=" in text.replace(" ", "")]
            except LookupFailedError:
                unanswered = True
                continue
            if keys:
                return self._judge_key(host, keys[0])
        host = f"{selectors[0]}._domainkey.{self.domain}"
        if unanswered:
            return self._unanswered("dkim", host)
        return DnsFinding(
            "dkim",
            "missing",
            f"There is no DKIM key at {host}, so mail from {self.domain} is not signed in its "
            f"name. {self.sender.dkim_where}",
            record=self._dkim_record(selectors[0]),
        )

    def _judge_key(self, host: str, record: str) -> DnsFinding:
        tags = _tags(record)
        key = re.sub(r"\s+", "", tags.get("p", ""))
        if not key:
            return DnsFinding(
                "dkim",
                "wrong",
                f"The DKIM key at {host} was withdrawn (its “p=” is empty). {self.sender.dkim_where}",
                found=record,
            )
        bits = 256 if tags.get("k", "rsa").lower() == "ed25519" else _rsa_bits(key)
        if not bits:
            return DnsFinding(
                "dkim",
                "wrong",
                f"The DKIM key at {host} is damaged, perhaps cut off while copying. "
                f"{self.sender.dkim_where}",
                found=record,
            )
        if tags.get("k", "rsa").lower() == "rsa" and bits < WEAK_KEY_BITS:
            return DnsFinding(
                "dkim",
                "wrong",
                f"The DKIM key at {host} has only {bits} bits; receivers want at least "
                f"{WEAK_KEY_BITS}. Make a new key at {self.sender.name}.",
                found=record,
            )
        return DnsFinding("dkim", "ok", f"There is a DKIM key at {host}.", found=record)

    def _dkim_record(self, selector: str) -> DnsRecord | None:
        """Return the record where the service has the same one for everybody."""
        target = self.sender.dkim_target(selector, self.domain)
        if not target:
            return None
        return DnsRecord(f"{selector}._domainkey.{self.domain}", "CNAME", target)

    # DMARC ----------------------------------------------------------------------------------

    def dmarc(self) -> DnsFinding:
        try:
            for owner in _upwards(self.domain):
                records = [text for text in self._texts(f"_dmarc.{owner}") if _is_dmarc(text)]
                if records:
                    return self._judge_dmarc(owner, records)
        except LookupFailedError:
            return self._unanswered("dmarc", f"_dmarc.{self.domain}")
        return DnsFinding(
            "dmarc",
            "missing",
            f"{self.domain} has no DMARC record; Gmail and Yahoo want one from everybody who sends "
            "more than a few mails. Add this TXT record. It changes nothing for your mail yet and "
            "only asks for reports.",
            record=self._dmarc_record(self.domain),
        )

    def _judge_dmarc(self, owner: str, records: list[str]) -> DnsFinding:
        if len(records) > 1:
            return self._wrong_dmarc(
                owner, records, f"has {len(records)} DMARC records, and receivers ignore them all"
            )
        policy = _tags(records[0]).get("p", "").lower()
        if policy not in {"none", "quarantine", "reject"}:
            return self._wrong_dmarc(
                owner, records, "has a DMARC record without a policy (p=none, quarantine or reject)"
            )
        inherited = "" if owner == self.domain else f", taken from {owner}"
        advice = (
            " It asks receivers to do nothing yet; make it p=quarantine once the reports look right."
            if policy == "none"
            else ""
        )
        return DnsFinding(
            "dmarc",
            "ok",
            f"{self.domain} has a DMARC record with policy “{policy}”{inherited}.{advice}",
            found=records[0],
        )

    def _wrong_dmarc(self, owner: str, records: list[str], why: str) -> DnsFinding:
        return DnsFinding(
            "dmarc",
            "wrong",
            f"{owner} {why}. Put this one in their place.",
            found=" | ".join(records),
            record=self._dmarc_record(owner),
        )

    def _dmarc_record(self, owner: str) -> DnsRecord:
        value = f"v=DMARC1; p=none; rua=mailto:postmaster@{owner}"
        return DnsRecord(f"_dmarc.{owner}", "TXT", value)

    # Looking up -----------------------------------------------------------------------------

    def _texts(self, name: str) -> list[str]:
        """Return the TXT records of a name. Raises LookupFailedError; no such name is no record."""
        try:
            answer = self.resolver.resolve(
                name, "TXT", lifetime=LOOKUP_TIME, raise_on_no_answer=False, search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise LookupFailedError(name) from error
        if answer.rrset is None:
            return []
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    def _unanswered(self, topic: Topic, name: str) -> DnsFinding:
        return DnsFinding(
            topic,
            "unknown",
            f"The name servers gave no answer for {name}. Check again in a few minutes; if this "
            "lasts, ask the host of your domain.",
        )


class _SpfWalk:
    """Follows includes and redirects as a receiver does, counting look-ups."""

    def __init__(self, check: _Check) -> None:
        self._check = check
        self.lookups = 0
        self.mechanisms: set[str] = set()

    def follow(self, record: str) -> None:
        for term in record.split()[1:]:
            plain = term.lstrip("+").lower()
            self.mechanisms.add(plain)
            target = _spf_target(plain)
            if target or _SPF_MECHANISM.match(term):
                self.lookups += 1
            # Macros need the sender of a real mail; nobody's include of a service has them.
            if target and "%" not in target and self.lookups <= SPF_LOOKUPS:
                for inner in self._check._texts(target):
                    if _is_spf(inner):
                        self.follow(inner)
                        break


def _spf_target(term: str) -> str:
    for word in ("include:", "redirect="):
        if term.startswith(word):
            return term.removeprefix(word)
    return ""


def _is_spf(text: str) -> bool:
    return bool(re.match(r"v=spf1(\s|$)", text, re.IGNORECASE))


def _is_dmarc(text: str) -> bool:
    return bool(re.match(r"v\s*=\s*DMARC1\s*(;|$)", text, re.IGNORECASE))


def _tags(record: str) -> dict[str, str]:
    """Return ``a=b; c=d`` as a dict, first mention first."""
    tags: dict[str, str] = {}
    for piece in record.split(";"):
        name, separator, value = piece.partition("=")
        if separator:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def _rsa_bits(key: str) -> int:
    """Return the size of a public key in bits, 0 if it is none."""
    try:
        found = load_der_public_key(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return 0
    return found.key_size if isinstance(found, rsa.RSAPublicKey) else 0


def _upwards(domain: str) -> Iterator[str]:
    """Yield the domain and its parents, but no top-level domain: where a policy may stand."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        yield ".".join(labels[start:])
