"""Who is verified enough to be told of which orders (ID-2).

The question is always asked of somebody who speaks *through* one point: a mailbox, a number, one
browser's chat. What another point of the same contact proved is not theirs to hear: contacts are
merged by people, and people err. Which evidence is enough is the workspace's policy.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from identity.models import (
    Contact,
    ContactPoint,
    ContactProof,
    CustomerLink,
    Evidence,
    LinkHow,
    PointKind,
    StoreCustomer,
    StoreOrder,
    Workspace,
)
from identity.tenancy import require_workspace_id

#: A code entered in a browser opens it for a working day; the next one asks again.
CODE_LIFE = timedelta(hours=12)
#: Customers whose orders one person may be told of.
MOST_CUSTOMERS = 20

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Through:
    """The point somebody speaks through. ``proven``: this very message was shown to be from it."""

    kind: str
    value: str
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told. ``because`` is a sentence for the agent, also when nothing may."""

    orders: bool
    because: str
    addresses: frozenset[Address] = frozenset()
    customers: frozenset[tuple[UUID, str]] = frozenset()
    #: Single orders, where naming one with its address is believed.
    order_ids: frozenset[UUID] = frozenset()

    def holds(self, order: StoreOrder) -> bool:
        """Say whether an order is one of theirs."""
        return (
            order.pk in self.order_ids
            or (order.customer_gid != "" and (order.store_id, order.customer_gid) in self.customers)
            or (order.email != "" and ("email", order.email) in self.addresses)
            or (order.customer_gid == "" and ("phone", order.phone) in self.addresses)
        )


def what_may_be_shown(
    contact: Contact, *, through: Through | None = None, now: datetime | None = None
) -> Shown:
    """Return which orders may be told to a contact, under the workspace's evidence policy.

    Without ``through`` the answer holds wherever the contact may be listening: a chat that has
    proven nothing closes it.
    """
    now = now or timezone.now()
    accepted = frozenset(
        Workspace.objects.values_list("accepted_evidence", flat=True).get(pk=require_workspace_id())
    )
    points = list(ContactPoint.objects.filter(contact=contact))
    proofs = list(
        ContactProof.objects.filter(contact=contact, how__in=accepted).filter(
            Q(expires_at=None) | Q(expires_at__gt=now)
        )
    )
    if through is not None:
        proven = _proven_through(through, points, proofs, accepted)
    else:
        unproven = [point for point in points if _speaks(point) and not _has_proof(point, proofs)]
        proven = {} if unproven else _all_proven(points, proofs, accepted)
    if not proven:
        return Shown(orders=False, because=_why_not(through, points))
    addresses = frozenset(proven)
    return Shown(
        orders=True,
        because="; ".join(dict.fromkeys(proven.values())),
        addresses=addresses,
        customers=_customers(contact, addresses, accepted),
    )


def what_rows_show(
    *,
    through: Through | None,
    points: Collection[ContactPoint],
    proofs: Collection[ContactProof],
    accepted: Collection[str],
    links: Collection[CustomerLink],
) -> Shown:
    """Return the same of rows that were read already: no statement of its own.

    ``proofs`` are those that still hold; customers are known by ``links`` alone.
    """
    if through is None:
        return Shown(orders=False, because="The customer has not written here yet.")
    held = [proof for proof in proofs if proof.how in accepted]
    proven = _proven_through(through, points, held, accepted)
    if not proven:
        return Shown(orders=False, because=_why_not(through, points))
    addresses = frozenset(proven)
    return Shown(
        orders=True,
        because="; ".join(dict.fromkeys(proven.values())),
        addresses=addresses,
        customers=_linked(links, addresses, accepted),
    )


def with_named_orders(shown: Shown, contact: Contact, keys: Collection[str]) -> Shown:
    """Add the orders a contact named together with their e-mail address, where that is believed.

    It is not by default: both stand on a parcel's label.
    """
    accepted = Workspace.objects.values_list("accepted_evidence", flat=True)
    if not keys or Evidence.ORDER not in accepted.get(pk=require_workspace_id()):
        return shown
    said = ContactPoint.objects.filter(contact=contact, kind=PointKind.EMAIL).values("value")
    named = StoreOrder.objects.filter(name_key__in=keys, email__in=said, deleted_at=None)
    ids = frozenset(named.exclude(email="").values_list("pk", flat=True))
    if not ids:
        return shown
    because = shown.because if shown.orders else _WORDS[Evidence.ORDER]
    return replace(shown, orders=True, order_ids=ids, because=because)


def record_proof(
    *,
    contact: Contact,
    kind: str,
    value: str,
    how: Evidence,
    through: Through,
    now: datetime | None = None,
) -> ContactProof:
    """Keep that somebody who speaks through one point proved that they hold an address."""
    now = now or timezone.now()
    proof, _ = ContactProof.objects.update_or_create(
        contact=contact,
        kind=kind,
        value=value,
        how=how,
        through_kind=through.kind,
        through_value=through.value,
        defaults={
            "proven_at": now,
            "expires_at": now + CODE_LIFE if how == Evidence.CODE else None,
        },
    )
    return proof


def accept_evidence(*, workspace: Workspace, accepted: Collection[str]) -> Workspace:
    """Set which evidence is enough. What was told before stays told."""
    workspace.accepted_evidence = [one for one in Evidence.values if one in accepted]
    workspace.save(update_fields=["accepted_evidence"])
    return workspace


def how_proven(point: ContactPoint) -> Evidence | None:
    """Return what made a point verified; None for a claim. The point keeps it in words."""
    if not point.verified:
        return None
    words = point.evidence.lower()
    if "code" in words:
        return Evidence.CODE
    if "signed by the shop" in words:
        return Evidence.SHOP
    if "colleague" in words:
        return Evidence.COLLEAGUE
    if point.kind == PointKind.EMAIL:
        return Evidence.MAIL
    return Evidence.CARRIER if point.kind in {PointKind.PHONE, PointKind.WHATSAPP} else None


def _proven_through(
    through: Through,
    points: Collection[ContactPoint],
    proofs: Collection[ContactProof],
    accepted: Collection[str],
) -> dict[Address, str]:
    """Return the addresses this speaker has proven, each with the proof in words."""
    proven = {
        _address(proof.kind, proof.value): _WORDS[Evidence(proof.how)]
        for proof in proofs
        if (proof.through_kind, proof.through_value) == (through.kind, through.value)
    }
    for point in points:
        if (point.kind, point.value) == (through.kind, through.value) and through.proven:
            how = how_proven(point)
            # A chat session is its browser's, which says nothing of who sits there.
            if how is not None and how in accepted and point.kind != PointKind.CHAT:
                proven[_address(point.kind, point.value)] = _WORDS[how]
    return proven


def _all_proven(
    points: Collection[ContactPoint],
    proofs: Collection[ContactProof],
    accepted: Collection[str],
) -> dict[Address, str]:
    proven = {_address(proof.kind, proof.value): _WORDS[Evidence(proof.how)] for proof in proofs}
    for point in points:
        how = how_proven(point)
        if how is not None and how in accepted and point.kind != PointKind.CHAT:
            proven[_address(point.kind, point.value)] = _WORDS[how]
    return proven


def _speaks(point: ContactPoint) -> bool:
    """Say whether somebody may be listening behind a point without having shown who they are."""
    return point.kind == PointKind.CHAT and ":" not in point.value


def _has_proof(point: ContactPoint, proofs: Collection[ContactProof]) -> bool:
    return any(
        (proof.through_kind, proof.through_value) == (point.kind, point.value) for proof in proofs
    )


def _customers(
    contact: Contact, addresses: frozenset[Address], accepted: Collection[str]
) -> frozenset[tuple[UUID, str]]:
    """Return the customers these addresses prove, as (store, gid)."""
    links = CustomerLink.objects.filter(
        contact=contact, undone_at=None, customer__deleted_at=None
    ).select_related("customer")
    found = set(_linked(links[:MOST_CUSTOMERS], addresses, accepted))
    emails = [value for kind, value in addresses if kind == "email"]
    if emails:
        # Also where no link was made yet: an address is one customer's in a shop.
        alive = StoreCustomer.objects.filter(email__in=emails, deleted_at=None)
        refused = {link.customer_id for link in _unlinked_by_hand(contact)}
        found |= {
            (row.store_id, row.gid) for row in alive[:MOST_CUSTOMERS] if row.pk not in refused
        }
    return frozenset(found)


def _linked(
    links: Iterable[CustomerLink], addresses: frozenset[Address], accepted: Collection[str]
) -> frozenset[tuple[UUID, str]]:
    """Return the linked customers whom these addresses prove."""
    emails = [value for kind, value in addresses if kind == "email"]
    phones = [value for kind, value in addresses if kind == "phone"]
    #: The shop named who sits in the very chat that asks.
    by_shop = any(kind == PointKind.CHAT for kind, _ in addresses)
    found = set()
    for link in links:
        customer = link.customer
        by_hand = link.how == LinkHow.MANUAL and Evidence.COLLEAGUE in accepted
        by_mail = customer.email != "" and customer.email in emails
        by_phone = customer.phone in phones and link.verified and link.how == LinkHow.PHONE
        signed = link.how == LinkHow.SIGNED and link.verified and by_shop
        if by_hand or by_mail or by_phone or signed:
            found.add((customer.store_id, customer.gid))
    return frozenset(found)


def _unlinked_by_hand(contact: Contact) -> Collection[CustomerLink]:
    return list(CustomerLink.objects.filter(contact=contact, undone_by__isnull=False))


def _address(kind: str, value: str) -> Address:
    return ("phone" if kind in {PointKind.PHONE, PointKind.WHATSAPP} else kind, value)


_WORDS = {
    Evidence.CODE: "a one-time code was entered",
    Evidence.SHOP: "signed in at the shop",
    Evidence.MAIL: "writes from the address, DMARC passed",
    Evidence.CARRIER: "writes from the number",
    Evidence.COLLEAGUE: "checked by a colleague",
    Evidence.ORDER: "named the order and its e-mail address",
}


def _why_not(through: Through | None, points: Collection[ContactPoint]) -> str:
    if through is not None and through.kind == PointKind.CHAT:
        return "Nobody has shown yet who sits in this chat. Send a one-time code."
    if through is not None and not through.proven:
        return "The sender's address is not proven: it may be forged. Send a one-time code."
    if through is None and any(_speaks(point) for point in points):
        return "A chat of this contact has not shown who sits there."
    return "No address of this contact is proven. Send a one-time code."
