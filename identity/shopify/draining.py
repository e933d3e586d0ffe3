"""From hints to the mirror: the worker's side of the webhook ledger.

Hints about one thing are claimed together and become one reading of it. The shop is asked outside
of any transaction; what it told is written and the hints are finished in one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils import timezone

from helpdesk.foundation.ledger import (
    LeaseLostError,
    RetryPolicy,
    WorkState,
    claims,
    fail,
    finish,
)
from identity.models import Store, StoreEvent, StoreStatus, SyncMark, SyncSubject
from identity.services.stores import disconnect_store, take_store_facts
from identity.shopify import compliance
from identity.shopify.backfilling import wake_backfills
from identity.shopify.calling import Connection
from identity.shopify.errors import (
    DisconnectedError,
    ShopFrozenError,
    ShopGoneError,
    ShopifyError,
    ShopLockedError,
    ThrottledError,
    TokenRefusedError,
)
from identity.shopify.fetching import (
    fetch_customer,
    fetch_order,
    fetch_product,
    keep_customer,
    keep_order,
    keep_product,
)
from identity.shopify.hints import Hint, Subject, UnknownTopicError, UnreadableError, read_hint
from identity.shopify.install import granted_scopes
from identity.shopify.mirror import merge_customers
from identity.shopify.reading import store_facts
from identity.shopify.values import node, text
from identity.tenancy import scope_of

logger = structlog.get_logger(__name__)

BATCH = 20
LEASE_SECONDS = 240.0
#: A turn ends well before the lease and the task's own limit; what is left is taken by the next.
TURN_SECONDS = 120.0
#: Being held back by a busy shop counts as an attempt too, so there are many; they span four days.
RETRIES = RetryPolicy(delays=(2, 10, 60, 300, 900, 1800), max_attempts=200)
#: While a shop is frozen or waits for a log-in its hints wait too; reconciliation mends the rest.
PAUSE_SECONDS = 900.0

_MARKS = {
    Subject.ORDER: SyncSubject.ORDERS,
    Subject.RETURN: SyncSubject.ORDERS,
    Subject.CUSTOMER: SyncSubject.CUSTOMERS,
    Subject.MERGE: SyncSubject.CUSTOMERS,
    Subject.PRODUCT: SyncSubject.PRODUCTS,
}


@dataclass(slots=True)
class Bundle:
    """Hints about one thing of one shop; the last one is the newest."""

    hint: Hint
    events: list[StoreEvent]

    @property
    def newest(self) -> StoreEvent:
        """Return the event that came last."""
        return self.events[-1]


#: What to do in the transaction that finishes the hints; it returns the state and a reason.
Finishing = Callable[[Store], tuple[WorkState, str]]


def drain() -> int:
    """Work every due hint of every shop. Returns how many."""
    worked = 0
    until = time.monotonic() + TURN_SECONDS
    for batch in claims(StoreEvent, batch=BATCH, lease_seconds=LEASE_SECONDS):
        for bundle in _bundles(batch):
            if time.monotonic() > until:
                _again(bundle, "Left for the next turn.", after=0.0)
            else:
                work(bundle)
        worked += len(batch)
        if time.monotonic() > until:
            break
    return worked


def _bundles(batch: list[StoreEvent]) -> list[Bundle]:
    """Put hints about one thing together; what can't be understood is set aside at once."""
    found: dict[tuple[UUID, str, bool], Bundle] = {}
    for event in batch:
        try:
            hint = read_hint(event.topic, event.api_version, bytes(event.body))
        except UnknownTopicError as error:
            _rest(event, WorkState.IGNORED, str(error))
            continue
        except UnreadableError as error:
            _rest(event, WorkState.QUARANTINED, str(error))
            continue
        bundle = found.setdefault((event.store_id, hint.key, hint.deleted), Bundle(hint, []))
        bundle.events.append(event)
    return list(found.values())


def _rest(event: StoreEvent, state: WorkState, reason: str) -> None:
    try:
        with scope_of(event):
            finish(event, state=state, reason=reason)
    except LeaseLostError:
        logger.warning("shopify.lease_lost", event_id=str(event.pk))


def work(bundle: Bundle) -> None:
    """Follow one hint to its end, or plan another attempt."""
    event = bundle.newest
    try:
        with scope_of(event):
            store = Store.objects.get(pk=event.store_id)
        finishing = _prepare(store, bundle)
        with scope_of(event):
            state, reason = finishing(store)
            _mark_heard(store, bundle)
            for one in bundle.events:
                finish(one, state=state, reason=reason)
    except LeaseLostError:
        logger.warning("shopify.lease_lost", event_id=str(event.pk))
    except ThrottledError as error:
        _again(bundle, error.message, after=error.wait + 1.0)
    except (
        DisconnectedError,
        ShopFrozenError,
        ShopLockedError,
        ShopGoneError,
        TokenRefusedError,
    ) as error:
        _again(bundle, error.message, after=PAUSE_SECONDS)
    except ShopifyError as error:
        _again(bundle, error.message)
    except Exception as error:
        logger.exception("shopify.hint_failed", event_id=str(event.pk), topic=event.topic)
        _again(bundle, f"{type(error).__name__}: {error}"[:300])


def _again(bundle: Bundle, reason: str, *, after: float | None = None) -> None:
    for event in bundle.events:
        try:
            with scope_of(event):
                fail(event, reason=reason, policy=RETRIES, after=after)
        except (DatabaseError, LeaseLostError):
            logger.warning("shopify.left_to_lease", event_id=str(event.pk))


def _prepare(store: Store, bundle: Bundle) -> Finishing:
    """Ask the shop what there is to ask, and return what to write."""
    hint = bundle.hint
    if hint.shop_gid and hint.shop_gid != store.gid:
        # The header that led here is not signed; the body is, and it speaks of another shop.
        return _ignoring("It speaks of another shop than the one it came for.")
    if hint.subject in _WITHOUT_SHOP:
        return _WITHOUT_SHOP[hint.subject](store, bundle)
    if store.status in {StoreStatus.UNINSTALLED, StoreStatus.GONE}:
        return _ignoring("The shop is not connected any more.")
    return _WITH_SHOP[hint.subject](Connection(store), hint)


def _ignoring(reason: str) -> Finishing:
    return lambda store: (WorkState.IGNORED, reason)


def _order(shop: Connection, hint: Hint) -> Finishing:
    facts = fetch_order(shop, hint.gid, background=True)

    def write(store: Store) -> tuple[WorkState, str]:
        keep_order(store, hint.gid, facts, deleted=hint.deleted)
        reason = "" if facts else "The shop shows no such order."
        return WorkState.DONE, reason

    return write


def _customer(shop: Connection, hint: Hint) -> Finishing:
    facts = fetch_customer(shop, hint.gid, background=True)

    def write(store: Store) -> tuple[WorkState, str]:
        keep_customer(store, hint.gid, facts)
        return WorkState.DONE, "" if facts else "The shop has no such customer any more."

    return write


def _product(shop: Connection, hint: Hint) -> Finishing:
    facts = fetch_product(shop, hint.gid, background=True)

    def write(store: Store) -> tuple[WorkState, str]:
        keep_product(store, hint.gid, facts)
        return WorkState.DONE, ""

    return write


def _return(shop: Connection, hint: Hint) -> Finishing:
    told = node(shop.call("return_detail", {"id": hint.gid}, background=True).data.get("return"))
    order_gid = text(node(told.get("order")).get("id"))
    if not order_gid:
        return _ignoring("The shop shows no such return.")
    return _order(shop, Hint(Subject.ORDER, gid=order_gid))


def _merge(shop: Connection, hint: Hint) -> Finishing:
    kept = fetch_customer(shop, hint.gid, background=True)
    gone = fetch_customer(shop, hint.other, background=True)
    if kept is None or gone is not None:
        # The event also tells of merges that failed: nothing is moved unless it happened.
        return _ignoring("The shop did not merge these customers.")

    def write(store: Store) -> tuple[WorkState, str]:
        keep_customer(store, hint.gid, kept)
        merge_customers(store, kept=hint.gid, gone=hint.other, now=timezone.now())
        return WorkState.DONE, ""

    return write


def _shop(shop: Connection, hint: Hint) -> Finishing:
    facts = store_facts(node(shop.call("shop", background=True).data.get("shop")))

    def write(store: Store) -> tuple[WorkState, str]:
        if facts.id != store.gid:
            return WorkState.IGNORED, "Another shop answers under this domain."
        locked: Store = Store.objects.select_for_update().get(pk=store.pk)
        take_store_facts(locked, facts)
        locked.save()
        return WorkState.DONE, ""

    return write


def _scopes(shop: Connection, hint: Hint) -> Finishing:
    scopes = granted_scopes(shop)

    def write(store: Store) -> tuple[WorkState, str]:
        Store.objects.filter(pk=store.pk).update(scopes=list(scopes))
        return WorkState.DONE, ""

    return write


def _bulk(shop: Connection, hint: Hint) -> Finishing:
    def write(store: Store) -> tuple[WorkState, str]:
        if wake_backfills(store=store, operation_gid=hint.gid):
            return WorkState.DONE, ""
        return WorkState.IGNORED, "Nobody here waits for this bulk operation."

    return write


def _uninstall(store: Store, bundle: Bundle) -> Finishing:
    at = bundle.newest.triggered_at or bundle.newest.received_at

    def write(store: Store) -> tuple[WorkState, str]:
        if disconnect_store(store=store, at=at, trouble="The app was removed in the shop."):
            return WorkState.DONE, ""
        return WorkState.IGNORED, "The app was installed again after this."

    return write


def _compliance(store: Store, bundle: Bundle) -> Finishing:
    request = compliance.read_request(bundle.hint, bytes(bundle.newest.body))

    def write(store: Store) -> tuple[WorkState, str]:
        return WorkState.DONE, compliance.execute(store, request, now=timezone.now())

    return write


_WITH_SHOP: dict[Subject, Callable[[Connection, Hint], Finishing]] = {
    Subject.ORDER: _order,
    Subject.CUSTOMER: _customer,
    Subject.PRODUCT: _product,
    Subject.RETURN: _return,
    Subject.MERGE: _merge,
    Subject.SHOP: _shop,
    Subject.SCOPES: _scopes,
    Subject.BULK: _bulk,
}
_WITHOUT_SHOP: dict[Subject, Callable[[Store, Bundle], Finishing]] = {
    Subject.UNINSTALL: _uninstall,
    Subject.DATA_REQUEST: _compliance,
    Subject.REDACT_CUSTOMER: _compliance,
    Subject.REDACT_SHOP: _compliance,
}


def _mark_heard(store: Store, bundle: Bundle) -> None:
    subject = _MARKS.get(bundle.hint.subject)
    if subject is None:
        return
    at = bundle.newest.received_at
    SyncMark.objects.filter(store=store, subject=subject).filter(
        Q(last_event_at=None) | Q(last_event_at__lt=at)
    ).update(last_event_at=at)
