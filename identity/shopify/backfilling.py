"""Reading everything once: a bulk operation, its file, and on from where a worker stopped.

The shop prepares a file of lines, one thing each; children come later in the file and name their
parent. A row of the ledger keeps the step and how many whole things are in the mirror. Reading a
file again repeats nothing: rows are replaced only by newer ones.
"""

import itertools
import json
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from helpdesk.foundation.ledger import (
    LeaseLostError,
    RetryPolicy,
    WorkState,
    claim,
    fail,
    finish,
    renew,
)
from identity.models import BackfillPhase, Store, StoreBackfill, SyncMark, SyncSubject
from identity.shopify.calling import Connection
from identity.shopify.documents import document
from identity.shopify.errors import QueryFailedError, RefusedError, ShopifyError, ThrottledError
from identity.shopify.mirror import write_customers, write_orders, write_products
from identity.shopify.reading import customer_facts, order_facts, product_facts
from identity.shopify.values import kind_of, node, text, whole
from identity.tenancy import scope_of

logger = structlog.get_logger(__name__)

LEASE_SECONDS = 120.0
#: Asking how far the shop is; the webhook usually comes first.
POLL_SECONDS = 3.0
RETRIES = RetryPolicy(delays=(5, 15, 60, 300, 900), max_attempts=200)
#: Whole things written in one transaction.
CHUNK = 250
#: A worker reads for so long, then lets others have their turn.
TURN_SECONDS = 90.0
#: How far back orders are read in the first place; older ones are read when somebody asks.
ORDER_WINDOW = timedelta(days=730)

_TEXTS = {
    SyncSubject.ORDERS: "bulk/orders",
    SyncSubject.CUSTOMERS: "bulk/customers",
    SyncSubject.PRODUCTS: "bulk/products",
}
_ROOTS = {
    SyncSubject.ORDERS: "Order",
    SyncSubject.CUSTOMERS: "Customer",
    SyncSubject.PRODUCTS: "Product",
}
#: A child's kind → the member of its parent it belongs to.
_CHILDREN = {"LineItem": "lineItems", "ProductVariant": "variants", "Return": "returns"}


class BackfillError(Exception):
    """The shop could not prepare the file."""


def drain() -> int:
    """Take every back-fill that is due one step further. Returns how many steps were taken."""
    steps = 0
    while batch := claim(StoreBackfill, batch=1, lease_seconds=LEASE_SECONDS):
        for row in batch:
            step(row)
            steps += 1
    return steps


def step(row: StoreBackfill) -> None:
    """Take one back-fill one step further, or plan another attempt."""
    try:
        with scope_of(row):
            store = Store.objects.get(pk=row.store_id)
        if not store.is_connected:
            _set_aside(row, store.trouble or "The shop is not connected.")
            return
        _STEPS[BackfillPhase(row.phase)](Connection(store), row)
    except LeaseLostError:
        logger.warning("backfill.lease_lost", backfill_id=str(row.pk))
    except ThrottledError as error:
        _again(row, error.message, after=error.wait + 1.0)
    except RefusedError as error:
        # Five operations run at a time; another app of ours or an older one may be at it.
        _again(row, error.message, after=30.0)
    except (ShopifyError, BackfillError) as error:
        _again(row, str(error))
    except Exception as error:
        logger.exception("backfill.failed", backfill_id=str(row.pk))
        _again(row, f"{type(error).__name__}: {error}"[:300])


def _again(row: StoreBackfill, reason: str, *, after: float | None = None) -> None:
    with scope_of(row):
        if not fail(row, reason=reason, policy=RETRIES, after=after):
            StoreBackfill.objects.filter(pk=row.pk).update(phase=BackfillPhase.FAILED)


def _set_aside(row: StoreBackfill, reason: str) -> None:
    with scope_of(row):
        finish(row, state=WorkState.IGNORED, reason=reason, phase=BackfillPhase.FAILED)


def _next(row: StoreBackfill, *, after: float, **changes: Any) -> None:
    """Store a finished step and give the row back, to be claimed again."""
    with scope_of(row):
        # A step that went well is no failed attempt: only those count against the limit.
        finish(row, state=WorkState.NEW, attempts=0, lease_token=None, lease_until=None, **changes)
        StoreBackfill.objects.filter(pk=row.pk).update(
            due_at=timezone.now() + timedelta(seconds=after), finished_at=None
        )


def _ask(shop: Connection, row: StoreBackfill) -> None:
    subject = SyncSubject(row.subject)
    as_of = timezone.now()
    text_of_query = bulk_text(subject, now=as_of)
    payload = shop.call(
        "bulk_operation_run_query", {"query": text_of_query}, background=True
    ).payload("bulkOperationRunQuery")
    operation = text(node(payload.get("bulkOperation")).get("id"))
    if not operation:
        raise BackfillError("The shop started nothing.")
    _next(
        row,
        after=POLL_SECONDS / 3,
        phase=BackfillPhase.PREPARE,
        operation_gid=operation,
        as_of=as_of,
        total=0,
        done=0,
    )


def bulk_text(subject: SyncSubject, *, now: datetime) -> str:
    """Return the query of one back-fill, with its window of time."""
    since = (now - ORDER_WINDOW).date().isoformat()
    return document(_TEXTS[subject]).text.replace(
        "updated_at:>='2026-01-01'", f"updated_at:>='{since}'"
    )


def _prepare(shop: Connection, row: StoreBackfill) -> None:
    told = node(
        shop.call("bulk_operation", {"id": row.operation_gid}, background=True).data.get(
            "bulkOperation"
        )
    )
    state = text(told.get("status"))
    total = whole(told.get("rootObjectCount"))
    if state in {"CREATED", "RUNNING", "CANCELING"}:
        _next(row, after=POLL_SECONDS, total=total)
    elif state == "COMPLETED":
        _next(
            row,
            after=0.0,
            phase=BackfillPhase.READ,
            result_url=text(told.get("url")),
            total=total,
        )
    else:
        # EXPIRED, FAILED, CANCELED: from the start, after a while.
        with scope_of(row):
            fail(row, reason=f"The shop's file: {state.lower() or 'gone'}.", policy=RETRIES)
            StoreBackfill.objects.filter(pk=row.pk).update(
                phase=BackfillPhase.ASK, operation_gid=""
            )


def _read(shop: Connection, row: StoreBackfill) -> None:
    subject = SyncSubject(row.subject)
    store, now = shop.store, timezone.now()
    if row.result_url:
        try:
            started = time.monotonic()
            with shop.download(row.result_url) as lines:
                things = assembled(lines, root=_ROOTS[subject])
                # What an earlier try has stored is skipped, not written again.
                rest = itertools.islice(things, row.done, None)
                for chunk in _chunks(rest, CHUNK):
                    with scope_of(row):
                        _write(store, subject, chunk, now=now)
                        row.done += len(chunk)
                        renew(row, lease_seconds=LEASE_SECONDS)
                        StoreBackfill.objects.filter(pk=row.pk).update(done=row.done)
                    if time.monotonic() - started > TURN_SECONDS:
                        _next(row, after=0.0)
                        return
        except QueryFailedError as error:
            raise BackfillError(error.message) from error
    with scope_of(row):
        SyncMark.objects.filter(store=store, subject=subject).update(
            complete_until=row.as_of, reconciled_at=timezone.now(), error=""
        )
        finish(row, phase=BackfillPhase.DONE, done=row.done, total=row.done, result_url="")
    logger.info("backfill.done", store_id=str(store.pk), subject=row.subject, things=row.done)


_STEPS = {
    BackfillPhase.ASK: _ask,
    BackfillPhase.PREPARE: _prepare,
    BackfillPhase.READ: _read,
}


def _write(
    store: Store, subject: SyncSubject, things: list[dict[str, Any]], *, now: datetime
) -> None:
    if subject == SyncSubject.CUSTOMERS:
        write_customers(store, [customer_facts(one, read_at=now) for one in things], now=now)
    elif subject == SyncSubject.ORDERS:
        orders = [order_facts(one, read_at=now) for one in things]
        write_orders(store, orders, now=now, detailed=False)
    else:
        products = [product_facts(one, currency=store.currency, read_at=now) for one in things]
        write_products(store, products, now=now)


def assembled(lines: Iterable[str], *, root: str) -> Iterator[dict[str, Any]]:
    """Yield whole things out of the lines of a bulk result; children follow their parent."""
    current: dict[str, Any] | None = None
    for line in lines:
        if not line.strip():
            continue
        thing = json.loads(line)
        kind = kind_of(text(thing.get("id")))
        if thing.get("__parentId") is None:
            if current is not None:
                yield current
            current = thing if kind == root else None
        elif current is not None and thing["__parentId"] == current["id"] and kind in _CHILDREN:
            current.setdefault(_CHILDREN[kind], []).append(thing)
    if current is not None:
        yield current


def _chunks(things: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(itertools.islice(things, size)):
        yield chunk


def wake_backfills(*, store: Store, operation_gid: str) -> bool:
    """Look at a back-fill now: its file is ready. False when nobody waits for it."""
    waiting = StoreBackfill.objects.filter(
        store=store, operation_gid=operation_gid, work_state=WorkState.NEW
    )
    return bool(waiting.update(due_at=timezone.now()))


def progress_of(store: Store) -> list[StoreBackfill]:
    """Return the latest back-fill of each kind, for the screen."""
    latest: dict[str, StoreBackfill] = {}
    for row in StoreBackfill.objects.filter(store=store).order_by("id"):
        latest[row.subject] = row
    return [latest[subject] for subject in SyncSubject if subject in latest]
