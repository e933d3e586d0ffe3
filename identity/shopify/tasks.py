"""Wake-ups and the clock of connected shops. The rows are the truth: losing one of these costs seconds."""

from uuid import UUID

from celery import shared_task

from helpdesk.foundation.lanes import only_one
from helpdesk.foundation.wakeups import wake, woken
from identity.models import Store, SyncSubject
from identity.services.stores import held_stores
from identity.tenancy import tenant_scope


@shared_task(name="identity.drain_store_events")
def drain_store_events(*, slot: int) -> None:
    """Follow all due hints of shops."""
    from identity.shopify import draining  # here: the way to the shop loads where it is used

    woken(drain_store_events, slot=slot)
    draining.drain()


@shared_task(name="identity.drain_backfills")
def drain_backfills(*, slot: int) -> None:
    """Take every back-fill that is due one step further."""
    from identity.shopify import backfilling

    woken(drain_backfills, slot=slot)
    backfilling.drain()


@shared_task(name="identity.drain_histories")
def drain_histories(*, slot: int) -> None:
    """Write the support histories that changed into their shops."""
    from identity.shopify import history

    woken(drain_histories, slot=slot)
    history.drain()


@shared_task(name="identity.sweep_stores")
def sweep_stores() -> None:
    """Wake the shops' ledgers: whatever was missed, is due again, or lost its worker, is found."""
    for task in (drain_store_events, drain_backfills, drain_histories):
        wake(task, slot=0)


@shared_task(name="identity.reconcile_stores")
def reconcile_stores() -> None:
    """Ask for a reconciliation of every connected shop."""
    for workspace_id, store_id, status, *_ in held_stores():
        if status == "installed":
            reconcile_store.apply_async(
                kwargs={"workspace_id": str(workspace_id), "store_id": str(store_id)},
                expires=600,
            )


@shared_task(name="identity.reconcile_store")
def reconcile_store(*, workspace_id: str, store_id: str) -> None:
    """Find what events of one shop have missed; one run at a time."""
    from identity.shopify.errors import ShopifyError
    from identity.shopify.syncing import SOURCES, read_policies, reconcile

    with only_one(f"reconcile:{store_id}") as alone:
        with tenant_scope(UUID(workspace_id)):
            store = Store.objects.filter(pk=store_id).first()
        if not alone or store is None or not store.is_connected:
            return
        try:
            for subject in SOURCES:
                reconcile(store, SyncSubject(subject))
            read_policies(store)
        except ShopifyError:
            return  # the mark's row and the log say why; the next run tries again


@shared_task(name="identity.tend_stores")
def tend_stores() -> None:
    """Keep keys alive, look into trouble, drop what is too old."""
    from identity.shopify import tending

    tending.probe_troubled()
    tending.refresh_idle()
    tending.read_products_again()
    tending.drop_old_events()


@shared_task(name="identity.look_at_shop")
def look_at_shop(*, workspace_id: str, contact_id: str) -> None:
    """Read again what is on somebody's screen."""
    from identity.shopify.looking import look_again

    look_again(workspace_id=UUID(workspace_id), contact_id=UUID(contact_id))
