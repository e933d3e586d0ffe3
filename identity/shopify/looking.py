"""Looking at a shop once more for somebody who is on screen: what changed unnoticed arrives in seconds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone

from identity.models import ContactPoint, CustomerLink, PointKind, Store, StoreOrder
from identity.shopify.errors import ShopifyError
from identity.shopify.fetching import refresh_customer, refresh_order
from identity.tenancy import tenant_scope

Refresh = Callable[..., object]

logger = structlog.get_logger(__name__)

#: Copies younger than this are as good as what a look would bring.
YOUNG = timedelta(seconds=60)
#: Orders read anew; older ones are kept current by events and reconciliation.
NEWEST = 3
MOST_CUSTOMERS = 4


def look_again(*, workspace_id: UUID, contact_id: UUID) -> int:
    """Read a contact's customers and newest orders from their shops. Returns how many were read.

    Between the readings no transaction is open. A shop that does not answer is left for today's
    other ways: the copy's age is shown.
    """
    now = timezone.now()
    with tenant_scope(workspace_id):
        customers = list(
            CustomerLink.objects.filter(
                contact=contact_id, undone_at=None, customer__deleted_at=None
            ).select_related("customer__store")[:MOST_CUSTOMERS]
        )
        orders = _orders(contact_id, customers, now)
    silent: set[UUID] = set()
    read = 0
    for link in customers:
        customer = link.customer
        if now - customer.synced_at > YOUNG:
            read += _try(refresh_customer, customer.store, customer.gid, silent)
    looked_at = [
        order.pk for order in orders if _try(refresh_order, order.store, order.gid, silent)
    ]
    with tenant_scope(workspace_id):
        # What did not change was not written, and is as fresh all the same.
        StoreOrder.objects.filter(pk__in=looked_at, synced_at__lt=now).update(synced_at=now)
    return read + len(looked_at)


def _try(refresh: Refresh, store: Store, gid: str, silent: set[UUID]) -> int:
    if store.pk in silent or not store.is_connected:
        return 0
    try:
        refresh(store, gid, background=True)
    except ShopifyError as error:
        silent.add(store.pk)
        logger.info("shop.not_looked_at", store_id=str(store.pk), error=type(error).__name__)
        return 0
    return 1


def _orders(contact_id: UUID, links: list[CustomerLink], now: datetime) -> list[StoreOrder]:
    whose = Q(pk__in=[])
    for link in links:
        whose |= Q(store=link.customer.store_id, customer_gid=link.customer.gid)
    points = ContactPoint.objects.filter(contact=contact_id, kind=PointKind.EMAIL)
    for value in points.values_list("value", flat=True)[:MOST_CUSTOMERS]:
        whose |= Q(email=value)
    rows = StoreOrder.objects.filter(whose, deleted_at=None).select_related("store")
    newest = rows.order_by("-placed_at")[:NEWEST]
    return [row for row in newest if now - row.synced_at > YOUNG]
