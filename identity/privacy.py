"""What identity holds of one person: the contact, its addresses and proofs, the shops' copy (PV-2)."""

from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from helpdesk.foundation.privacy import Copy, Counts, Part, Person, Section, register
from identity.commerce.models import MoneyAction
from identity.commerce.states import FINAL
from identity.models import (
    Contact,
    ContactMerge,
    ContactPoint,
    ContactProof,
    CustomerLink,
    MergedRows,
    MergeSuggestion,
    OneTimeCode,
    StoreCustomer,
    StoreEvent,
    StoreOrder,
    SupportHistory,
)
from identity.services.erasing import Eraser, json_like_patterns, like_patterns, without_person
from identity.services.mentions import rows_naming
from identity.tenancy import require_workspace_id


def export(person: Person) -> Copy:
    """Return who the person is to us and to the shops."""
    contacts = Contact.objects.filter(pk__in=person.contact_ids).order_by("pk")
    points = ContactPoint.objects.filter(contact_id__in=person.contact_ids).order_by("pk")
    links = CustomerLink.objects.filter(contact_id__in=person.contact_ids)
    return Copy(
        sections=[
            Section("contacts", [_contact(one) for one in contacts]),
            Section(
                "addresses",
                [
                    {
                        "kind": one.kind,
                        "address": one.value,
                        "proven": one.verified,
                        "evidence": one.evidence,
                        "since": one.created_at.isoformat(),
                    }
                    for one in points
                ],
            ),
            Section(
                "linked customers",
                [
                    {
                        "customer": str(one.customer),
                        "evidence": one.evidence,
                        "since": one.created_at.isoformat(),
                    }
                    for one in links.select_related("customer").order_by("pk")
                ],
            ),
            Section("customers of the shops", [_mirrored(one) for one in customers_of(person)]),
            Section("orders", [_mirrored(one) for one in orders_of(person)]),
        ]
    )


def erase(person: Person) -> Counts:
    """Erase the contacts and everything that hangs on them; runs last."""
    counts: Counts = {}
    now = timezone.now()
    customers, orders = customers_of(person), orders_of(person)
    # Tombstones, so that a late event can't bring them back.
    gone = {"email": "", "phone": "", "facts": {}, "deleted_at": now, "synced_at": now}
    StoreOrder.objects.filter(pk__in=[one.pk for one in orders]).update(customer_gid="", **gone)
    CustomerLink.objects.filter(
        Q(contact_id__in=person.contact_ids) | Q(customer__in=customers)
    ).delete()
    SupportHistory.objects.filter(customer__in=customers).delete()
    StoreCustomer.objects.filter(pk__in=[one.pk for one in customers]).update(name="", **gone)
    counts["customers of the shops"], counts["orders"] = len(customers), len(orders)
    own = Q(contact_id__in=person.contact_ids)
    counts["proofs"] = ContactProof.objects.filter(own).delete()[0]
    counts["proofs"] += OneTimeCode.objects.filter(own).delete()[0]
    counts["addresses"] = ContactPoint.objects.filter(own).delete()[0]
    if person.addresses:
        # Somebody else's claim of the address goes; what they proved themselves stays.
        claims = ContactPoint.objects.filter(value__in=person.addresses)
        counts["addresses"] += claims.delete()[0]
        ContactProof.objects.filter(value__in=person.addresses).delete()
        OneTimeCode.objects.filter(value__in=person.addresses).delete()
    merges = ContactMerge.objects.filter(
        Q(survivor_id__in=person.contact_ids) | Q(other_id__in=person.contact_ids)
    )
    MergedRows.objects.filter(merge__in=merges).delete()
    merges.delete()
    MergeSuggestion.objects.filter(
        Q(first_id__in=person.contact_ids) | Q(second_id__in=person.contact_ids)
    ).delete()
    counts["money actions"] = _empty_actions(customers, orders)
    contacts = Contact.objects.filter(pk__in=person.contact_ids)
    contacts.update(merged_into=None)
    counts["contacts"] = contacts.count()
    contacts.delete()
    if person.search_others and person.addresses:
        counts["mentions"] = _take_out_mentions(person)
        counts["raw events of shops"] = _empty_events(person)
    return {name: count for name, count in counts.items() if count}


def customers_of(person: Person) -> list[StoreCustomer]:
    """Return the mirror's customers that are this person."""
    named = Q(pk__in=[])
    for store_id, gid in person.customers:
        named |= Q(store_id=store_id, gid=gid)
    if person.emails:
        named |= Q(email__in=person.emails)
    return list(
        StoreCustomer.objects.filter(named, deleted_at=None).select_related("store").order_by("pk")
    )


def orders_of(person: Person) -> list[StoreOrder]:
    """Return the mirror's orders of this person."""
    named = Q(pk__in=[])
    for store_id, gid in person.customers:
        named |= Q(store_id=store_id, customer_gid=gid)
    for store_id, gid in person.orders:
        named |= Q(store_id=store_id, gid=gid)
    if person.emails:
        named |= Q(email__in=person.emails)
    found = StoreOrder.objects.filter(named, deleted_at=None).select_related("store")
    return list(found.order_by("pk"))


def _contact(row: Contact) -> dict[str, Any]:
    return {
        "name": row.name,
        "notes": row.notes,
        "language": row.language,
        "time zone": row.timezone,
        "blocked": row.blocked_at.isoformat() if row.blocked_at else "",
        "since": row.created_at.isoformat(),
    }


def _mirrored(row: StoreCustomer | StoreOrder) -> dict[str, Any]:
    return {"shop": row.store.domain, "name": row.name, **row.facts}


def _empty_actions(customers: list[StoreCustomer], orders: list[StoreOrder]) -> int:
    """Leave of settled money actions what books need: kind, amount, state, who and when.

    One that is still at work needs its address; it is emptied with the shop's next request.
    """
    about = Q(order_id__in=[order.gid for order in orders]) | Q(
        customer_id__in=[customer.gid for customer in customers]
    )
    changed = 0
    for action in MoneyAction.objects.filter(about, state__in=[str(one) for one in FINAL]):
        for name in ("request", "preview", "basis", "progress", "outcome"):
            setattr(action, name, without_person(getattr(action, name)))
        action.reason = action.approval_reason = ""
        action.secrets = {}
        action.save()
        changed += 1
    return changed


def _take_out_mentions(person: Person) -> int:
    """Take the addresses out of notes about other people."""
    eraser = Eraser(person.addresses)
    changed = 0
    for contact in Contact.objects.filter(pk__in=rows_naming("identity_contact", person)):
        contact.notes, contact.name = eraser.text(contact.notes), eraser.text(contact.name)
        contact.save(update_fields=["notes", "name"])
        changed += 1
    for merge in ContactMerge.objects.filter(pk__in=rows_naming("identity_contactmerge", person)):
        merge.changes = eraser.plain(merge.changes)
        merge.save(update_fields=["changes"])
        changed += 1
    return changed


def _empty_events(person: Person) -> int:
    """Empty the raw events of shops that name an address, the very one that asked for this too.

    One that waits is left: it is read again, finds a person who is gone, and is emptied next time.
    """
    patterns = [*like_patterns(person.addresses), *json_like_patterns(person.addresses)]
    table = StoreEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET body = '{{}}'::bytea WHERE workspace_id = %s "  # noqa: S608
            "AND work_state <> 'new' AND encode(body, 'escape') ILIKE ANY(%s)",
            [require_workspace_id(), patterns],
        )
        return int(cursor.rowcount)


register(Part(app="identity", floor=1, export=export, erase=erase))
