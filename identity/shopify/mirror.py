"""Writing the mirror: newer wins, deleted stays deleted, in one statement for many rows.

The rows' own columns say what is newer: the shop's time of change, then how much of it was read (a
bulk read knows less of an order than a reading of its own), then when we read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from helpdesk.foundation.events import publish
from helpdesk.foundation.ids import uuid7
from identity.commerce.facts import CustomerFacts, OrderFacts, ProductFacts
from identity.events import StoreCustomerChanged, StoreOrderChanged
from identity.models import (
    CustomerLink,
    Store,
    StoreCustomer,
    StoreOrder,
    StorePolicy,
    StoreProduct,
)
from identity.models.mirror import order_name_key
from identity.shopify.values import number_of, phone_key
from identity.tenancy import require_workspace_id

#: Rows of one statement; a back-fill writes thousands.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Written:
    """``changed`` are the ids of rows that hold something newer now."""

    changed: tuple[UUID, ...]


def write_customers(store: Store, facts: Sequence[CustomerFacts], *, now: datetime) -> Written:
    """Put customers into the mirror."""
    rows = [
        StoreCustomer(
            id=uuid7(),
            store=store,
            gid=one.id,
            number=one.number or number_of(one.id),
            name=one.name[:300],
            email=one.email.strip().lower()[:320],
            phone=phone_key(one.phone),
            facts=one.to_json(),
            remote_updated_at=one.updated_at,
            synced_at=now,
        )
        for one in facts
    ]
    return Written(_upsert(StoreCustomer, rows))


def write_orders(
    store: Store, facts: Sequence[OrderFacts], *, now: datetime, detailed: bool
) -> Written:
    """Put orders into the mirror."""
    rows = [
        StoreOrder(
            id=uuid7(),
            store=store,
            gid=one.id,
            number=one.number or number_of(one.id),
            name=one.name[:80],
            name_key=order_name_key(one.name)[:80],
            customer_gid=one.customer_id,
            email=one.email.strip().lower()[:320],
            phone=phone_key(one.phone),
            placed_at=one.placed_at,
            detailed=detailed,
            facts=one.to_json(),
            remote_updated_at=one.updated_at,
            synced_at=now,
        )
        for one in facts
    ]
    return Written(_upsert(StoreOrder, rows))


def write_products(store: Store, facts: Sequence[ProductFacts], *, now: datetime) -> Written:
    """Put products into the mirror."""
    rows = [
        StoreProduct(
            id=uuid7(),
            store=store,
            gid=one.id,
            number=one.number or number_of(one.id),
            title=one.title[:300],
            handle=one.handle[:300],
            status=one.status[:20],
            facts=one.to_json(),
            remote_updated_at=one.updated_at,
            synced_at=now,
        )
        for one in facts
    ]
    return Written(_upsert(StoreProduct, rows))


def write_policies(
    store: Store, told: Sequence[tuple[str, str, str, str, datetime | None]], *, now: datetime
) -> None:
    """Replace the policies by (kind, title, url, body, updated at); those not told are gone."""
    for kind, title, url, body, updated_at in told:
        StorePolicy.objects.update_or_create(
            store=store,
            kind=kind[:40],
            defaults={
                "title": title[:200],
                "url": url,
                "body": body,
                "remote_updated_at": updated_at,
                "synced_at": now,
            },
        )
    StorePolicy.objects.filter(store=store).exclude(kind__in=[one[0][:40] for one in told]).delete()


def announce(store: Store, model: type[models.Model], ids: Sequence[UUID]) -> None:
    """Tell who shows these rows. Not for back-fills: nobody looks at ten thousand orders."""
    for row_id in ids:
        if model is StoreOrder:
            publish(StoreOrderChanged(store.workspace_id, store.pk, row_id))
        elif model is StoreCustomer:
            publish(StoreCustomerChanged(store.workspace_id, store.pk, row_id))


def bury(store: Store, model: Any, gid: str, *, now: datetime) -> UUID | None:
    """Leave a tombstone: the row stays, its facts go. One is made for what was never seen alive.

    Otherwise a late "created" would bring it back.
    """
    row, _ = model.objects.get_or_create(
        store=store, gid=gid, defaults={"number": number_of(gid), "synced_at": now}
    )
    if row.deleted_at is not None:
        return None
    for name, empty in _EMPTIED[model].items():
        setattr(row, name, empty)
    row.facts = {}
    row.deleted_at = row.synced_at = now
    row.save()
    found: UUID = row.pk
    return found


_EMPTIED: dict[Any, dict[str, Any]] = {
    StoreCustomer: {"name": "", "email": "", "phone": ""},
    StoreOrder: {"email": "", "phone": ""},
    StoreProduct: {"title": "", "handle": "", "status": "deleted"},
}


def merge_customers(store: Store, *, kept: str, gone: str, now: datetime) -> None:
    """Follow the shop's merge: links and orders move to the customer that is left."""
    survivor, _ = StoreCustomer.objects.get_or_create(
        store=store, gid=kept, defaults={"number": number_of(kept), "synced_at": now}
    )
    bury(store, StoreCustomer, gone, now=now)
    other = StoreCustomer.objects.get(store=store, gid=gone)
    other.merged_into_gid = kept
    other.save(update_fields=["merged_into_gid"])
    linked = set(
        CustomerLink.objects.filter(customer=survivor, undone_at=None).values_list(
            "contact_id", flat=True
        )
    )
    for link in CustomerLink.objects.filter(customer=other, undone_at=None):
        if link.contact_id in linked:
            link.undone_at = now
            link.save(update_fields=["undone_at"])
        else:
            linked.add(link.contact_id)
            link.customer = survivor
            link.evidence = f"{link.evidence}; merged in the shop".strip("; ")[:200]
            link.save(update_fields=["customer", "evidence"])
    StoreOrder.objects.filter(store=store, customer_gid=gone).update(customer_gid=kept)
    announce(store, StoreCustomer, [survivor.pk, other.pk])


def _upsert(model: type[Any], rows: Sequence[Any]) -> tuple[UUID, ...]:
    """Insert rows, or replace older ones, and return the ids of those that changed."""
    changed: list[UUID] = []
    # The last of two readings of one thing wins; one statement may not touch a row twice.
    unique = list({row.gid: row for row in rows}.values())
    # In one order everywhere, so that two writers never wait for each other in a circle.
    unique.sort(key=lambda row: row.gid)
    for start in range(0, len(unique), BATCH):
        changed += _upsert_batch(model, unique[start : start + BATCH])
    return tuple(changed)


def _upsert_batch(model: type[Any], rows: Sequence[Any]) -> list[UUID]:
    if not rows:
        return []
    workspace_id = require_workspace_id()
    fields = list(model._meta.local_concrete_fields)
    names = [field.column for field in fields]
    values: list[Any] = []
    for row in rows:
        row.workspace_id = workspace_id
        values += [
            field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields
        ]
    one = "(" + ", ".join(["%s"] * len(fields)) + ")"
    kept = {"id", "workspace_id", "store_id", "gid", "deleted_at", "merged_into_gid"}
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in kept)
    same = "excluded.synced_at >= old.synced_at"
    if "detailed" in names:
        same = f"(excluded.detailed OR NOT old.detailed) AND {same}"
    table = model._meta.db_table
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS old ({columns}) "  # noqa: S608 - our own table and columns
            f"VALUES {', '.join([one] * len(rows))} "
            f"ON CONFLICT (workspace_id, store_id, gid) DO UPDATE SET {changes} "
            "WHERE old.deleted_at IS NULL AND (old.remote_updated_at IS NULL "
            "OR excluded.remote_updated_at > old.remote_updated_at "
            f"OR (excluded.remote_updated_at = old.remote_updated_at AND {same})) "
            "RETURNING id",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


def age_of(store: Store) -> datetime | None:
    """Return the moment up to which everything in the shop is known here, None if never."""
    marks = [
        mark.complete_until for mark in store.marks.all() if mark.subject in {"orders", "customers"}
    ]
    known = [mark for mark in marks if mark is not None]
    return min(known) if known and len(known) == len(marks) else None
