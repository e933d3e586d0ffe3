"""Which customers of the shops a contact is, by evidence (ID-1); by hand is ``customer_links``.

A link says how it came about and in words; only a proven address makes a verified one. What somebody
unlinked by hand is not linked again by itself.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from helpdesk.foundation import rows
from helpdesk.foundation.events import publish
from identity.events import CustomerLinked
from identity.models import ContactPoint, CustomerLink, LinkHow, PointKind, StoreCustomer
from identity.tenancy import require_workspace_id

#: Customers of one address that are linked; a number on more of them names nobody.
MOST = 10
#: Digits of a customer's id that nobody else's numbering reaches; 19 is what a bigint holds.
SHORTEST_ID, LONGEST_ID = 10, 18
#: Links made with one statement after a back-fill.
BATCH = 2_000
#: Kinds that say which customer somebody is, and the customer's column they are compared with.
_COLUMNS = {PointKind.EMAIL: "email", PointKind.PHONE: "phone", PointKind.WHATSAPP: "phone"}
_STRENGTH = [LinkHow.MANUAL, LinkHow.ORDER, LinkHow.PHONE, LinkHow.EMAIL, LinkHow.CODE]
_STRENGTH += [LinkHow.SIGNED]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a link rests on."""

    how: LinkHow
    words: str
    verified: bool


def evidence_of(kind: str, *, verified: bool, evidence: str, sharing: int = 1) -> Evidence:
    """Say what a common address is worth; ``sharing`` customers of one shop have it. Pure."""
    how = LinkHow.EMAIL if kind == PointKind.EMAIL else LinkHow.PHONE
    words = f"matched by {'e-mail' if how == LinkHow.EMAIL else 'phone number'}"
    if sharing > 1:
        # A number on several customers is a family's or a shop's: it tells none of them.
        return Evidence(how, f"{words}, which {sharing} customers have", False)
    if verified:
        return Evidence(how, f"{words}, {evidence or 'proven'}", True)
    return Evidence(how, f"{words}, {evidence or 'only claimed'}: not proven", False)


def link_point(*, contact_id: UUID, kind: str, value: str, verified: bool, evidence: str) -> None:
    """Link the customers who have an address that was just said or proven to be a contact's.

    One statement for the many addresses that no customer has.
    """
    column = _COLUMNS.get(PointKind(kind))
    if column is None or not value:
        return
    found = rows.run(
        f"SELECT id, store_id FROM identity_storecustomer WHERE workspace_id = %s "  # noqa: S608
        f"AND {column} = %s AND deleted_at IS NULL LIMIT {MOST}",
        [require_workspace_id(), value],
    ).fetchall()
    sharing = Counter(store_id for _, store_id in found)
    for customer_id, store_id in found:
        told = evidence_of(kind, verified=verified, evidence=evidence, sharing=sharing[store_id])
        _hold(contact_id, customer_id, told)


def link_signed(*, contact_id: UUID, external_id: str, email: str, evidence: str) -> bool:
    """Link the customer whose id the shop signed. Returns whether there is exactly one.

    A short number is some other system's: the platforms' ids are long. A signed address has to agree.
    """
    if not external_id.isdecimal() or not SHORTEST_ID <= len(external_id) <= LONGEST_ID:
        return False
    found = StoreCustomer.objects.filter(number=int(external_id), deleted_at=None)
    if email:
        found = found.filter(email=email)
    customers = list(found[:2])
    if len(customers) != 1:
        return False
    _hold(contact_id, customers[0].pk, Evidence(LinkHow.SIGNED, f"customer id {evidence}", True))
    return True


def link_contact(contact_id: UUID) -> None:
    """Link everything a contact's addresses match, as after a merge."""
    for point in ContactPoint.objects.filter(contact_id=contact_id, kind__in=list(_COLUMNS)):
        _link_row(point)


def link_customer(customer: StoreCustomer) -> None:
    """Bring a customer's links up to date with their addresses, which may have changed."""
    points = list(_points_of([customer.email], [customer.phone]))
    holders = {point.contact_id for point in points}
    stale = CustomerLink.objects.filter(
        customer=customer, undone_at=None, how__in=[LinkHow.EMAIL, LinkHow.PHONE]
    ).exclude(contact_id__in=holders)
    for link in stale:
        _undo(link)
    if customer.deleted_at is None:
        for point in points:
            _link_row(point)


def drop_groundless(contact_id: UUID) -> None:
    """Undo a contact's links by an address that is not theirs any more."""
    values = set(ContactPoint.objects.filter(contact_id=contact_id).values_list("value", flat=True))
    links = CustomerLink.objects.filter(
        contact_id=contact_id, undone_at=None, how__in=[LinkHow.EMAIL, LinkHow.PHONE]
    ).select_related("customer")
    for link in links:
        if not {link.customer.email, link.customer.phone} & (values - {""}):
            _undo(link)


def link_recent(*, since: datetime) -> int:
    """Link what became known since, on either side: a back-fill tells nobody of its customers.

    Written in batches, and told to no screen: nobody looks at ten thousand customers. Returns how
    many links were made.
    """
    made = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_UNLINKED, [require_workspace_id(), since, BATCH])
            found = cursor.fetchall()
        links = [_link_of(*row) for row in found]
        CustomerLink.objects.bulk_create(links, ignore_conflicts=True)
        made += len(links)
        if len(found) < BATCH:
            return made


#: Pairs that match by an address without any link between the two, living or undone. ``sharing``
#: counts the customers of the shop who have the address.
_UNLINKED = """
SELECT DISTINCT ON (c.id, p.contact_id) p.contact_id, c.id, p.kind, p.verified, p.evidence,
       CASE WHEN p.kind = 'email' THEN 1 ELSE
         (SELECT count(*) FROM identity_storecustomer s WHERE s.workspace_id = c.workspace_id
           AND s.store_id = c.store_id AND s.phone = c.phone AND s.deleted_at IS NULL) END
  FROM identity_storecustomer c
  JOIN identity_contactpoint p ON p.workspace_id = c.workspace_id
   AND ((p.kind = 'email' AND p.value = c.email)
        OR (p.kind IN ('phone', 'whatsapp') AND p.value = c.phone))
  JOIN identity_contact k ON k.workspace_id = p.workspace_id AND k.id = p.contact_id
   AND k.merged_into_id IS NULL
 WHERE c.workspace_id = %s AND c.deleted_at IS NULL AND c.synced_at > %s
   AND (c.email <> '' OR c.phone <> '')
   AND NOT EXISTS (SELECT FROM identity_customerlink l WHERE l.workspace_id = c.workspace_id
                    AND l.customer_id = c.id AND l.contact_id = p.contact_id)
 ORDER BY c.id, p.contact_id, p.kind, p.verified DESC
 LIMIT %s
"""


def _link_of(
    contact_id: UUID, customer_id: UUID, kind: str, verified: bool, evidence: str, sharing: int
) -> CustomerLink:
    told = evidence_of(kind, verified=verified, evidence=evidence, sharing=sharing)
    return CustomerLink(
        contact_id=contact_id,
        customer_id=customer_id,
        how=told.how,
        evidence=told.words[:200],
        verified=told.verified,
    )


def _link_row(point: ContactPoint) -> None:
    link_point(
        contact_id=point.contact_id,
        kind=point.kind,
        value=point.value,
        verified=point.verified,
        evidence=point.evidence,
    )


def _points_of(emails: Iterable[str], phones: Iterable[str]) -> Iterable[ContactPoint]:
    mails = [one for one in emails if one]
    numbers = [one for one in phones if one]
    if mails:
        yield from ContactPoint.objects.filter(
            kind=PointKind.EMAIL, value__in=mails, contact__merged_into=None
        )
    if numbers:
        yield from ContactPoint.objects.filter(
            kind__in=[PointKind.PHONE, PointKind.WHATSAPP],
            value__in=numbers,
            contact__merged_into=None,
        )


def _hold(contact_id: UUID, customer_id: UUID, told: Evidence) -> None:
    """Make the link, or let it rest on better evidence; weaker evidence changes nothing.

    A link by an address is re-judged by that address: what was proven may be shared since.
    """
    links = list(CustomerLink.objects.filter(contact_id=contact_id, customer_id=customer_id))
    live = next((link for link in links if link.undone_at is None), None)
    if live is None:
        if any(link.undone_by_id is not None for link in links):
            return
        CustomerLink.objects.create(
            contact_id=contact_id,
            customer_id=customer_id,
            how=told.how,
            evidence=told.words[:200],
            verified=told.verified,
        )
        _tell(contact_id)
        return
    better = (told.verified, _STRENGTH.index(told.how)) > (
        live.verified,
        _STRENGTH.index(LinkHow(live.how)),
    )
    changed = (live.how, live.verified, live.evidence) != (
        told.how,
        told.verified,
        told.words[:200],
    )
    if changed and (better or live.how == told.how):
        live.how, live.verified, live.evidence = told.how, told.verified, told.words[:200]
        live.save(update_fields=["how", "verified", "evidence"])
        _tell(contact_id)


def _undo(link: CustomerLink) -> None:
    """End a link by itself; without ``undone_by`` it may come back with its evidence."""
    link.undone_at = timezone.now()
    link.save(update_fields=["undone_at"])
    _tell(link.contact_id)


def _tell(contact_id: UUID) -> None:
    publish(CustomerLinked(workspace_id=require_workspace_id(), contact_id=contact_id))
