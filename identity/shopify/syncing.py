"""Reconciliation: what events may have missed is found by asking what changed since.

Webhooks come late, twice, or not at all. Every quarter of an hour each shop is asked for what changed
since its mark, with an hour of overlap; what the mirror knows already is not read again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from identity.models import (
    Store,
    StoreCustomer,
    StoreOrder,
    SyncMark,
    SyncSubject,
)
from identity.shopify.calling import Connection
from identity.shopify.errors import ForbiddenError, ShopifyError
from identity.shopify.fetching import (
    fetch_customer,
    fetch_order,
    keep_customer,
    keep_order,
)
from identity.shopify.mirror import write_policies
from identity.shopify.values import node, rows, slug, text, when
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

OVERLAP = timedelta(hours=1)
#: The search lags behind writes by seconds: the mark never comes nearer to now than this.
LAG = timedelta(minutes=2)
PAGE = 100
#: Things read in one run; the mark stands where it stopped and the next run goes on.
RUN_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Source:
    """How one kind of thing is asked for, and where it is kept."""

    document: str
    member: str
    model: Any


SOURCES = {
    SyncSubject.ORDERS: Source("orders_updated_since", "orders", StoreOrder),
    SyncSubject.CUSTOMERS: Source("customers_updated_since", "customers", StoreCustomer),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one reconciliation came to."""

    seen: int
    mended: int
    complete_until: datetime


def reconcile(store: Store, subject: SyncSubject, *, now: datetime | None = None) -> Run | None:
    """Bring one kind of thing up to date; None before the first back-fill set a mark."""
    with tenant_scope(store.workspace_id):
        mark = SyncMark.objects.filter(store=store, subject=subject).first()
    if mark is None or mark.complete_until is None:
        return None
    started = now or timezone.now()
    shop = Connection(store)
    try:
        run = _catch_up(shop, subject, mark.complete_until, started)
    except ShopifyError as error:
        with tenant_scope(store.workspace_id):
            SyncMark.objects.filter(pk=mark.pk).update(error=error.message)
        raise
    with tenant_scope(store.workspace_id):
        SyncMark.objects.filter(pk=mark.pk).update(
            complete_until=max(run.complete_until, mark.complete_until),
            reconciled_at=timezone.now(),
            drift=run.mended,
            error="",
        )
    logger.info(
        "shopify.reconciled",
        store_id=str(store.pk),
        subject=str(subject),
        seen=run.seen,
        mended=run.mended,
    )
    return run


def _catch_up(shop: Connection, subject: SyncSubject, since: datetime, now: datetime) -> Run:
    seen = mended = 0
    reached = since
    for page in _pages(shop, SOURCES[subject], since - OVERLAP):
        seen += len(page)
        for told in _unknown(shop.store, SOURCES[subject], page):
            mended += _read_again(shop, subject, text(told.get("id")))
        reached = max([reached, *(at for one in page if (at := when(one.get("updatedAt"))))])
        if mended >= RUN_LIMIT:
            return Run(seen, mended, reached)
    # All of it was read: nothing older than the moment of asking is missing.
    return Run(seen, mended, max(reached, now - LAG))


def _pages(shop: Connection, source: Source, since: datetime) -> Iterator[list[Mapping[str, Any]]]:
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    after = None
    while True:
        answer = shop.call(
            source.document,
            {"query": f"updated_at:>='{moment}'", "first": PAGE, "after": after},
            background=True,
        )
        connection = node(answer.data.get(source.member))
        yield list(rows(connection))
        page = node(connection.get("pageInfo"))
        if page.get("hasNextPage") is not True:
            return
        after = text(page.get("endCursor"))


def _unknown(
    store: Store, source: Source, page: list[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return what the mirror has not, or has older."""
    gids = [text(one.get("id")) for one in page]
    with tenant_scope(store.workspace_id):
        known = {
            gid: (updated_at, deleted_at)
            for gid, updated_at, deleted_at in source.model.objects.filter(
                store=store, gid__in=gids
            ).values_list("gid", "remote_updated_at", "deleted_at")
        }
    missing = []
    for one in page:
        row = known.get(text(one.get("id")))
        told_at = when(one.get("updatedAt"))
        if row is not None and row[1] is not None:
            continue
        if row is None or row[0] is None or told_at is None or row[0] < told_at:
            missing.append(one)
    return missing


def _read_again(shop: Connection, subject: SyncSubject, gid: str) -> int:
    if subject == SyncSubject.ORDERS:
        order = fetch_order(shop, gid, background=True)
        with tenant_scope(shop.workspace_id):
            return 1 if keep_order(shop.store, gid, order) else 0
    customer = fetch_customer(shop, gid, background=True)
    with tenant_scope(shop.workspace_id):
        return 1 if keep_customer(shop.store, gid, customer) else 0


def read_policies(store: Store) -> int:
    """Read the shop's policy texts. 0 where the shop did not allow it: the scope is optional."""
    try:
        answer = Connection(store).call("shop_policies", background=True)
    except ForbiddenError:
        return 0
    now = timezone.now()
    told = [
        (
            slug(one.get("type")),
            text(one.get("title")),
            text(one.get("url")),
            text(one.get("body")),
            when(one.get("updatedAt")),
        )
        for one in rows(node(answer.data.get("shop")).get("shopPolicies"))
    ]
    with tenant_scope(store.workspace_id):
        write_policies(store, told, now=now)
        SyncMark.objects.filter(store=store, subject=SyncSubject.POLICIES).update(
            complete_until=now, reconciled_at=now, error=""
        )
    return len(told)
