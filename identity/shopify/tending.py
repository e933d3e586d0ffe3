"""What is done for every held shop by the clock: keys kept alive, trouble looked into, old rows dropped."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from helpdesk.foundation.ledger import WorkState
from identity.models import (
    BackfillPhase,
    Store,
    StoreBackfill,
    StoreEvent,
    StoreStatus,
    SyncSubject,
)
from identity.services.stores import for_each_held, start_backfills
from identity.shopify.calling import Connection, refresh_now
from identity.shopify.errors import ShopGoneError, ShopifyError, TokenRefusedError
from identity.shopify.webhooks import forget_unrouted
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

#: A refresh token lives ninety days; a shop nobody called for a week gets a new one.
REFRESH_AFTER = timedelta(days=7)
#: Bodies of events hold names and addresses: they are kept as long as a replay can be of use.
KEEP_EVENTS = timedelta(days=14)


def refresh_idle(*, now: datetime | None = None) -> int:
    """Refresh the keys of shops without traffic. Returns how many were refreshed."""
    moment = now or timezone.now()
    done = 0

    def look(store: Store) -> None:
        nonlocal done
        idle_since = store.token_expires_at
        if store.status != StoreStatus.INSTALLED or idle_since is None:
            return
        if moment - idle_since < REFRESH_AFTER:
            return
        try:
            refresh_now(store)
            done += 1
        except TokenRefusedError:
            logger.warning("shopify.refresh_token_ended", store_id=str(store.pk))

    for_each_held(look)
    return done


def probe_troubled() -> int:
    """Ask frozen shops whether they are back. Returns how many are. One that is gone twice is gone."""
    back = 0

    def look(store: Store) -> None:
        nonlocal back
        if store.status != StoreStatus.FROZEN:
            return
        try:
            Connection(store).call("shop", background=True)
        except ShopGoneError as error:
            _settle(store, StoreStatus.GONE, error.message)
        except ShopifyError:
            return
        else:
            _settle(store, StoreStatus.INSTALLED, "")
            back += 1

    for_each_held(look)
    return back


def _settle(store: Store, status: StoreStatus, trouble: str) -> None:
    with tenant_scope(store.workspace_id):
        Store.objects.filter(pk=store.pk, status=StoreStatus.FROZEN).update(
            status=status, trouble=trouble, updated_at=timezone.now()
        )


def read_products_again(*, now: datetime | None = None) -> int:
    """Plan to read the products of shops anew once a day: nothing else asks what changed of them.

    Returns how many shops were planned for.
    """
    before = (now or timezone.now()) - timedelta(days=1)
    planned = 0

    def look(store: Store) -> None:
        nonlocal planned
        if not store.is_connected:
            return
        with tenant_scope(store.workspace_id):
            last = StoreBackfill.objects.filter(store=store, subject=SyncSubject.PRODUCTS).last()
            if last is None or (last.phase == BackfillPhase.DONE and last.created_at < before):
                start_backfills(store=store, subjects=[SyncSubject.PRODUCTS])
                planned += 1

    for_each_held(look)
    return planned


def drop_old_events(*, now: datetime | None = None) -> int:
    """Delete finished events whose time is over."""
    before = (now or timezone.now()) - KEEP_EVENTS
    dropped = forget_unrouted()

    def drop(store: Store) -> None:
        nonlocal dropped
        with tenant_scope(store.workspace_id):
            gone, _ = StoreEvent.objects.filter(
                store=store,
                work_state__in=[WorkState.DONE, WorkState.IGNORED],
                finished_at__lt=before,
            ).delete()
        dropped += gone

    for_each_held(drop)
    return dropped
