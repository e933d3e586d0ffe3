"""One-time codes: six digits sent to an address, typed where somebody speaks to us (ID-2).

The row keeps a keyed hash. The code itself is made from the row's id and the installation's secret,
so that whoever sends it can say it once more without it being stored anywhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.signing import constant_time_equal, hmac_sha256_hex
from identity.models import Contact, Evidence, Membership, OneTimeCode, PointKind
from identity.services.contacts import merge_contacts
from identity.services.proofs import Through, record_proof
from identity.services.resolution import (
    claim_point,
    normalise,
    survivor_of,
    verified_contact,
    verify_point,
)
from identity.tenancy import require_workspace_id

DIGITS = 6
LIFE = timedelta(minutes=10)
MAX_ATTEMPTS = 5
#: Wrong digits from one chat or mailbox in a day, over all codes: 15 of a million is no guess.
MAX_WRONG_A_DAY = 15
#: Codes for one address, from one speaker, and of one workspace: (how many, within).
PER_ADDRESS = (3, timedelta(minutes=15))
PER_ADDRESS_A_DAY = (8, timedelta(days=1))
PER_SPEAKER = (5, timedelta(hours=1))
PER_WORKSPACE = (300, timedelta(hours=1))


class TooManyCodesError(HelpdeskError):
    """Codes went there, or came from here, too often."""

    code = "too_many_codes"
    status = 429


class Outcome(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    #: No attempt is left, or the code is too old: a new one has to be sent.
    SPENT = "spent"
    #: Nobody asked for a code here.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a typed code. ``contact`` is whom the speaker turned out to be."""

    outcome: Outcome
    code: OneTimeCode | None = None
    contact: Contact | None = None
    left: int = 0


def issue_code(
    *,
    contact: Contact,
    kind: str,
    value: str,
    through: Through,
    conversation_id: UUID | None = None,
    by: Membership | None = None,
    now: datetime | None = None,
) -> OneTimeCode:
    """Make a code for an address, in place of any that is open here. Raises TooManyCodesError."""
    now = now or timezone.now()
    wanted = normalise(kind, value)
    _refuse_too_many(kind, wanted, through, now)
    _open(through).update(closed_at=now)
    row = OneTimeCode(
        id=uuid7(),
        contact=contact,
        kind=kind,
        value=wanted,
        through_kind=through.kind,
        through_value=through.value,
        conversation_id=conversation_id,
        requested_by=by,
        created_at=now,
        expires_at=now + LIFE,
    )
    row.code_hash = _hash(row.pk, digits_of(row.pk))
    row.save(force_insert=True)
    return row


def digits_of(code_id: UUID) -> str:
    """Return the digits of a code, for the one message that carries them."""
    made = hmac_sha256_hex(_key(), f"one-time code {code_id}".encode())
    return f"{int(made, 16) % 10**DIGITS:0{DIGITS}d}"


def open_code(through: Through, *, now: datetime | None = None) -> OneTimeCode | None:
    """Return the code that is waited for from a speaker, if any."""
    found: OneTimeCode | None = _open(through).order_by("-created_at").first()
    return found if found is not None and found.expires_at > (now or timezone.now()) else None


def enter_code(*, through: Through, digits: str, now: datetime | None = None) -> Entered:
    """Try digits that somebody typed. Never raises: a wrong try has to be counted, and committed."""
    now = now or timezone.now()
    row: OneTimeCode | None = (
        _open(through).select_for_update(of=("self",)).order_by("-created_at").first()
    )
    if row is None:
        return Entered(Outcome.NONE)
    if row.expires_at <= now or _wrong_today(through, now) >= MAX_WRONG_A_DAY:
        return _close(row, now)
    row.attempts += 1
    if not constant_time_equal(row.code_hash, _hash(row.pk, digits)):
        if row.attempts >= MAX_ATTEMPTS:
            return _close(row, now)
        row.save(update_fields=["attempts"])
        return Entered(Outcome.WRONG, row, left=MAX_ATTEMPTS - row.attempts)
    row.used_at = row.closed_at = now
    row.save(update_fields=["attempts", "used_at", "closed_at"])
    return Entered(Outcome.RIGHT, row, _prove(row, through, now))


def forget_codes(*, before: datetime) -> int:
    """Delete codes that are of no use to rate limits any more."""
    return OneTimeCode.objects.filter(created_at__lt=before).delete()[0]


def _prove(row: OneTimeCode, through: Through, now: datetime) -> Contact:
    """Keep the proof; whoever holds the proven address is the same person, so the two become one."""
    contact = survivor_of(row.contact)
    record_proof(
        contact=contact,
        kind=row.kind,
        value=row.value,
        how=Evidence.CODE,
        through=through,
        now=now,
    )
    owner = verified_contact(kind=row.kind, value=row.value)
    if owner is None or owner.pk == contact.pk:
        claim_point(contact=contact, kind=row.kind, value=row.value, evidence=_EVIDENCE)
        if owner is None:
            verify_point(contact=contact, kind=row.kind, value=row.value, evidence=_EVIDENCE)
        return contact
    # Strong evidence merges by itself; it can be undone like any other merge.
    because = f"a one-time code sent to the address was typed in the {_PLACES.get(through.kind, through.kind)}"
    merge_contacts(survivor=owner, other=contact, by=None, because=because)
    owner.refresh_from_db()
    return owner


_EVIDENCE = "one-time code entered"
_PLACES: dict[str, str] = {PointKind.CHAT: "chat", PointKind.EMAIL: "mail"}


def _open(through: Through) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(
        through_kind=through.kind, through_value=through.value, closed_at=None
    )


def _close(row: OneTimeCode, now: datetime) -> Entered:
    row.closed_at = now
    row.save(update_fields=["attempts", "closed_at"])
    return Entered(Outcome.SPENT, row)


def _wrong_today(through: Through, now: datetime) -> int:
    day = OneTimeCode.objects.filter(
        through_kind=through.kind,
        through_value=through.value,
        created_at__gt=now - timedelta(days=1),
        used_at=None,
    )
    return sum(day.values_list("attempts", flat=True))


def _refuse_too_many(kind: str, value: str, through: Through, now: datetime) -> None:
    rows = OneTimeCode.objects.all()
    there = rows.filter(kind=kind, value=value)
    here = rows.filter(through_kind=through.kind, through_value=through.value)
    for found, (most, within), sentence in (
        (there, PER_ADDRESS, "This address got several codes just now. Wait a quarter of an hour."),
        (there, PER_ADDRESS_A_DAY, "This address got too many codes today. Try again tomorrow."),
        (here, PER_SPEAKER, "Too many codes were sent for this customer. Wait an hour."),
        (rows, PER_WORKSPACE, "Too many codes were sent in the last hour. Try again later."),
    ):
        if found.filter(created_at__gt=now - within)[:most].count() >= most:
            raise TooManyCodesError(sentence)


def _hash(code_id: UUID, digits: str) -> str:
    return hmac_sha256_hex(_key(), f"{require_workspace_id()} {code_id} {digits}".encode())


def _key() -> bytes:
    return hashlib.sha256(b"one-time codes" + settings.SECRET_KEY.encode()).digest()
