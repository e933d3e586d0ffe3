"""From an address to a person: exact matches only, verified and claimed kept apart (ID-1, ID-2)."""

from dataclasses import dataclass

from identity.models import Contact, ContactPoint, PointKind


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

    A verified point wins; among mere claims the newest does, since that person is most likely to
    be writing again. A sender who proves the address makes a claim on it verified.
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
        known.verified = True
        known.evidence = evidence
        known.save(update_fields=["verified", "evidence"])
    contact = _survivor(known.contact)
    if name and not contact.name:
        contact.name = name[:200]
        contact.save(update_fields=["name", "updated_at"])
    because = "same verified address" if known.verified else "same address, not verified"
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
        points.append(
            ContactPoint(
                contact=contact,
                kind=PointKind.EMAIL,
                value=normalise(PointKind.EMAIL, email),
                evidence=evidence,
            )
        )
    ContactPoint.objects.bulk_create(points)
    return contact


def verified_contact(*, kind: str, value: str) -> Contact | None:
    """Return whom a proven address belongs to, if anybody."""
    point = (
        ContactPoint.objects.filter(kind=kind, value=normalise(kind, value), verified=True)
        .select_related("contact")
        .first()
    )
    return _survivor(point.contact) if point else None


def verify_point(*, contact: Contact, kind: str, value: str, evidence: str) -> bool:
    """Record the proof that an address is this contact's. False when it is proven to be another's."""
    wanted = normalise(kind, value)
    owner = verified_contact(kind=kind, value=wanted)
    if owner is not None:
        return owner.pk == contact.pk
    ContactPoint.objects.update_or_create(
        contact=contact,
        kind=kind,
        value=wanted,
        defaults={"verified": True, "evidence": evidence[:200]},
    )
    return True


def _new_contact(*, kind: str, value: str, name: str, verified: bool, evidence: str) -> Resolution:
    contact = Contact.objects.create(name=name[:200])
    point = ContactPoint.objects.create(
        contact=contact, kind=kind, value=value, verified=verified, evidence=evidence[:200]
    )
    return Resolution(contact=contact, point=point, created=True, because="first message")


def _survivor(contact: Contact) -> Contact:
    """Follow merges to the contact that is left."""
    seen = {contact.pk}
    while contact.merged_into_id is not None and contact.merged_into_id not in seen:
        seen.add(contact.merged_into_id)
        contact = Contact.objects.get(pk=contact.merged_into_id)
    return contact
