"""The three requests of the law: what a person's data is, erasing them, erasing a shop.

This file erases what came from the shop. What people wrote to us is erased by whoever registered for
it, in the same transaction; the ledger's row is the evidence that it was done, without the data.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from identity.models import (
    CustomerLink,
    Store,
    StoreBackfill,
    StoreCustomer,
    StoreEvent,
    StoreOrder,
    StorePolicy,
    StoreProduct,
    StoreStatus,
    StoreUser,
    SupportHistory,
)
from identity.models.store import HELD
from identity.shopify.hints import Hint, Subject
from identity.shopify.mirror import bury
from identity.shopify.values import gid_of, text

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """Whom it is about, as the platform names them. Empty for a whole shop."""

    subject: Subject
    customer_gid: str = ""
    email: str = ""
    phone: str = ""
    order_gids: tuple[str, ...] = ()
    #: The platform's number of the request, for the merchant.
    reference: str = ""


#: Does its part inside the store's scope and says in a few words what it did.
Handler = Callable[[Store, PrivacyRequest, datetime], str]
_handlers: list[Handler] = []


def on_privacy_request(handler: Handler) -> Handler:
    """Register who else has to act: conversations, files, traces."""
    if handler not in _handlers:
        _handlers.append(handler)
    return handler


def read_request(hint: Hint, body: bytes) -> PrivacyRequest:
    """Return the request of a verified body."""
    told: dict[str, Any] = json.loads(body)
    if hint.subject is Subject.REDACT_SHOP:
        return PrivacyRequest(subject=hint.subject)
    customer = told.get("customer") or {}
    orders = told.get("orders_to_redact") or told.get("orders_requested") or []
    return PrivacyRequest(
        subject=hint.subject,
        customer_gid=hint.gid,
        email=text(customer.get("email")).strip().lower(),
        phone=text(customer.get("phone")).strip(),
        order_gids=tuple(gid_of("Order", number) for number in orders),
        reference=str((told.get("data_request") or {}).get("id") or ""),
    )


def execute(store: Store, request: PrivacyRequest, *, now: datetime) -> str:
    """Do what is asked and return, in a sentence, what was done. Runs inside the store's scope."""
    if request.subject is Subject.REDACT_SHOP and store.status in HELD:
        return "The shop is connected again, so nothing was erased."
    # The others first: they find the person through the links that our own part erases.
    theirs = [handler(store, request, now) for handler in _handlers]
    told = [_OWN[request.subject](store, request, now), *theirs]
    logger.info("privacy.done", store_id=str(store.pk), subject=str(request.subject))
    return "; ".join(part for part in told if part)[:500]


def _nothing_of_ours(store: Store, request: PrivacyRequest, now: datetime) -> str:
    orders = StoreOrder.objects.filter(store=store, customer_gid=request.customer_gid).count()
    return f"asked for what is held: {orders} orders of the mirror"


def _erase_customer(store: Store, request: PrivacyRequest, now: datetime) -> str:
    gids = set(request.order_gids) | set(
        StoreOrder.objects.filter(store=store, customer_gid=request.customer_gid).values_list(
            "gid", flat=True
        )
    )
    for gid in sorted(gids):
        bury(store, StoreOrder, gid, now=now)
    StoreOrder.objects.filter(store=store, gid__in=gids).update(customer_gid="", facts={})
    bury(store, StoreCustomer, request.customer_gid, now=now)
    customers = StoreCustomer.objects.filter(store=store, gid=request.customer_gid)
    links, _ = CustomerLink.objects.filter(customer__in=customers).delete()
    SupportHistory.objects.filter(customer__in=customers).delete()
    keys = [f"{store.pk}:{Subject.ORDER}:{gid}" for gid in gids]
    keys.append(f"{store.pk}:{Subject.CUSTOMER}:{request.customer_gid}")
    # Bodies hold names and addresses; what is still to be worked reads nothing but ids from them.
    StoreEvent.objects.filter(store=store, order_key__in=keys).exclude(
        work_state__in=["new", "claimed"]
    ).delete()
    return f"erased a customer, {len(gids)} orders, {links} links"


def _erase_shop(store: Store, request: PrivacyRequest, now: datetime) -> str:
    counted = 0
    for model in (SupportHistory, CustomerLink):
        counted += model.objects.filter(customer__store=store).delete()[0]
    for kind in (StoreCustomer, StoreOrder, StoreProduct, StorePolicy, StoreBackfill, StoreUser):
        counted += kind.objects.filter(store=store).delete()[0]
    counted += StoreEvent.objects.filter(store=store).exclude(work_state="claimed").delete()[0]
    store.marks.all().delete()
    Store.objects.filter(pk=store.pk).update(
        status=StoreStatus.GONE,
        name="",
        email="",
        secrets={},
        scopes=[],
        trouble="The shop's data was erased as the platform asked.",
        updated_at=now,
    )
    return f"erased the shop: {counted} rows"


_OWN: dict[Subject, Handler] = {
    Subject.DATA_REQUEST: _nothing_of_ours,
    Subject.REDACT_CUSTOMER: _erase_customer,
    Subject.REDACT_SHOP: _erase_shop,
}
