"""From an address to a person: exact matches only, verified and claimed kept apart (ID-1, ID-2).

Why a proof joins a claim only for a while, and reversibly, is in docs/adr/0004.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from identity.models import Contact, ContactPoint, PointKind, Workspace
from identity.services.contacts import merge_contacts
from identity.services.customers import link_point
from identity.services.merge_suggestions import suggest_same_people
from identity.tenancy import require_workspace_id

#: Claims of one address that are looked at, newest first.
MOST_CLAIMS = 20
VERIFIED = "same verified address"

Activity = Callable[[UUID], datetime | None]
_activity: list[Activity] = []


@dataclass(frozen=True, slots=True)
class Resolution:
    """``because`` is a short fact for the agent, such as "same e-mail address"."""

    contact: Contact
    point: ContactPoint
    created: bool
    because: str


def normalise(kind: str, value: str) -> str:
    """Return the form a point is stored and compared in."""
    cleaned = value.strip()
    return cleaned.lower() if kind == PointKind.EMAIL else cleaned


def resolve_sender(
    *, kind: str, value: str, name: str = "", verified: bool = False, evidence: str = ""
) -> Resolution:
    """Find the contact an address belongs to, or make one.

    A verified point wins. Among mere claims the newest does, since that person is most likely to be
    writing again; but a sender who proves the address is a person of their own, whom we join with
    the claimant only when exactly one claimed it lately.
    """
    wanted = normalise(kind, value)
    known = (
        ContactPoint.objects.filter(kind=kind, value=wanted)
        .select_related("contact")
        .order_by("-verified", "-id")
        .first()
    )
    if known is None:
        return _new_contact(
            kind=kind, value=wanted, name=name, verified=verified, evidence=evidence
        )
    if verified and not known.verified:
        return _proven(kind=kind, value=wanted, name=name, evidence=evidence)
    contact = survivor_of(known.contact)
    if name and not contact.name:
        contact.name = name[:200]
        contact.save(update_fields=["name", "updated_at"])
    because = VERIFIED if known.verified else "same address, not verified"
    return Resolution(contact=contact, point=known, created=False, because=because)


def create_visitor(
    *, session_id: str, name: str, email: str, evidence: str = "typed in the chat form"
) -> Contact:
    """Make the contact of a new chat session.

    The typed address is a claim: even when somebody with that address is known, the visitor is
    a person of their own until the address is proven. Otherwise a stranger could step into a
    customer's history by typing their address.
    """
    contact = Contact.objects.create(name=name[:200])
    points = [
        ContactPoint(
            contact=contact,
            kind=PointKind.CHAT,
            value=session_id,
            verified=True,
            evidence="this browser's chat session",
        )
    ]
    if email:
        claim = ContactPoint(
            contact=contact,
            kind=PointKind.EMAIL,
            value=normalise(PointKind.EMAIL, email),
            evidence=evidence,
        )
        points.append(claim)
    ContactPoint.objects.bulk_create(points)
    if email:
        suggest_same_people(contact_id=contact.pk, kind=claim.kind, value=claim.value)
        _look_for_customers(claim)
    return contact


def verified_contact(*, kind: str, value: str) -> Contact | None:
    """Return whom a proven address belongs to, if anybody."""
    point = (
        ContactPoint.objects.filter(kind=kind, value=normalise(kind, value), verified=True)
        .select_related("contact")
        .first()
    )
    return survivor_of(point.contact) if point else None


def verify_point(*, contact: Contact, kind: str, value: str, evidence: str) -> bool:
    """Record the proof that an address is this contact's. False when it is proven to be another's."""
    wanted = normalise(kind, value)
    owner = verified_contact(kind=kind, value=wanted)
    if owner is not None:
        return owner.pk == contact.pk
    point, _ = ContactPoint.objects.update_or_create(
        contact=contact,
        kind=kind,
        value=wanted,
        defaults={"verified": True, "evidence": evidence[:200]},
    )
    _look_for_customers(point)
    return True


def claim_point(*, contact: Contact, kind: str, value: str, evidence: str) -> ContactPoint:
    """Keep what somebody says is their address; nothing is proven by it."""
    point, created = ContactPoint.objects.get_or_create(
        contact=contact,
        kind=kind,
        value=normalise(kind, value),
        defaults={"evidence": evidence[:200]},
    )
    if created:
        suggest_same_people(contact_id=contact.pk, kind=kind, value=point.value)
        _look_for_customers(point)
    return point


def tells_activity(ask: Activity) -> Activity:
    """Register who can say when a contact was last heard of; upper apps do."""
    _activity.append(ask)
    return ask


def _proven(*, kind: str, value: str, name: str, evidence: str) -> Resolution:
    """Take in a sender who proves an address that until now was only claimed.

    Somebody known by this address alone is this person. Whoever typed it elsewhere (in a chat) is
    joined by a merge that can be undone if they alone did so and lately; otherwise it is suggested.
    """
    claims = list(
        ContactPoint.objects.filter(kind=kind, value=value, contact__merged_into=None)
        .select_related("contact")
        .order_by("-id")[:MOST_CLAIMS]
    )
    alone = _known_by_one_point([claim.contact_id for claim in claims])
    own = next((claim for claim in claims if claim.contact_id in alone), None)
    if own is None:
        made = _new_contact(kind=kind, value=value, name=name, verified=True, evidence=evidence)
    else:
        own.verified, own.evidence = True, evidence[:200]
        own.save(update_fields=["verified", "evidence"])
        _look_for_customers(own)
        made = Resolution(own.contact, own, created=False, because=VERIFIED)
    claimants = [claim for claim in claims if claim is not own]
    if len(claimants) == 1 and _may_join(claimants[0]):
        kept, gone = sorted((claimants[0].contact, made.contact), key=lambda one: one.pk)
        because = f"{evidence or 'Proven'}: the address was typed in the chat shortly before"
        merge_contacts(survivor=kept, other=gone, by=None, because=because)
        made.point.refresh_from_db()
        return Resolution(made.point.contact, made.point, created=False, because=VERIFIED)
    if claimants:
        suggest_same_people(contact_id=made.contact.pk, kind=kind, value=value)
    return made


def _known_by_one_point(contact_ids: list[UUID]) -> set[UUID]:
    counted = (
        ContactPoint.objects.filter(contact_id__in=contact_ids)
        .order_by()
        .values("contact_id")
        .annotate(points=Count("pk"))
    )
    return {row["contact_id"] for row in counted if row["points"] == 1}


def _may_join(claim: ContactPoint) -> bool:
    """Say whether the claim was made, or its maker last heard of, within the continuation window."""
    hours = Workspace.objects.get(pk=require_workspace_id()).continuation_hours
    since = timezone.now() - timedelta(hours=hours)
    heard = [claim.created_at, *(ask(claim.contact_id) for ask in _activity)]
    lately = any(one is not None and one > since for one in heard)
    return hours > 0 and lately and claim.contact.blocked_at is None


def _new_contact(*, kind: str, value: str, name: str, verified: bool, evidence: str) -> Resolution:
    contact = Contact.objects.create(name=name[:200])
    point = ContactPoint.objects.create(
        contact=contact, kind=kind, value=value, verified=verified, evidence=evidence[:200]
    )
    _look_for_customers(point)
    return Resolution(contact=contact, point=point, created=True, because="first message")


def _look_for_customers(point: ContactPoint) -> None:
    link_point(
        contact_id=point.contact_id,
        kind=point.kind,
        value=point.value,
        verified=point.verified,
        evidence=point.evidence,
    )


def survivor_of(contact: Contact) -> Contact:
    """Follow merges to the contact that is left."""
    seen = {contact.pk}
    while contact.merged_into_id is not None and contact.merged_into_id not in seen:
        seen.add(contact.merged_into_id)
        contact = Contact.objects.get(pk=contact.merged_into_id)
    return contact
