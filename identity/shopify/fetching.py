"""Reading single things from a shop and putting them into the mirror.

The network is asked outside of any transaction; what came back is written in one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from identity.commerce.facts import CustomerFacts, OrderFacts, ProductFacts
from identity.models import Store, StoreCustomer, StoreOrder, StoreProduct
from identity.shopify.calling import Connection
from identity.shopify.mirror import (
    announce,
    bury,
    write_customers,
    write_orders,
    write_products,
)
from identity.shopify.reading import (
    customer_facts,
    order_facts,
    order_lines,
    product_facts,
    withheld,
)
from identity.shopify.values import node, text
from identity.tenancy import tenant_scope

#: Pages of a hundred lines read of one order; more are told as cut.
LINE_PAGES = 5
#: Without read_all_orders the shop answers null for orders older than this.
SHOWN_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One thing as the shop told it; ``facts`` is None where it told nothing."""

    gid: str
    facts: OrderFacts | CustomerFacts | ProductFacts | None
    read_at: datetime


def fetch_order(shop: Connection, gid: str, *, background: bool = False) -> OrderFacts | None:
    """Read an order with all its lines; None where the shop shows none."""
    read_at = timezone.now()
    answer = shop.call("order_detail", {"id": gid}, background=background)
    told = node(answer.data.get("order"))
    if not told:
        return None
    facts = order_facts(told, read_at=read_at, hidden=withheld(answer.denied))
    page = node(node(told.get("lineItems")).get("pageInfo"))
    for _ in range(LINE_PAGES):
        if page.get("hasNextPage") is not True:
            break
        more = shop.call(
            "order_lines", {"id": gid, "after": text(page.get("endCursor"))}, background=background
        )
        connection = node(node(more.data.get("order")).get("lineItems"))
        page = node(connection.get("pageInfo"))
        facts = replace(
            facts,
            lines=(*facts.lines, *order_lines(connection, facts)),
            lines_cut=page.get("hasNextPage") is True,
        )
    return facts


def fetch_customer(shop: Connection, gid: str, *, background: bool = False) -> CustomerFacts | None:
    """Read a customer; None where there is none."""
    read_at = timezone.now()
    answer = shop.call("customer_by_id", {"id": gid}, background=background)
    told = node(answer.data.get("customer"))
    if not told:
        return None
    return customer_facts(told, read_at=read_at, hidden=withheld(answer.denied))


def fetch_product(shop: Connection, gid: str, *, background: bool = False) -> ProductFacts | None:
    """Read a product; None where there is none."""
    read_at = timezone.now()
    told = node(shop.call("product_detail", {"id": gid}, background=background).data.get("product"))
    if not told:
        return None
    return product_facts(told, currency=shop.store.currency, read_at=read_at)


def keep_order(
    store: Store, gid: str, facts: OrderFacts | None, *, deleted: bool = False
) -> UUID | None:
    """Write what was read of an order. Returns the row's id when something changed.

    Nothing is a deletion only where an event said so, or where the shop would still show it.
    """
    now = timezone.now()
    if facts is not None:
        _note_hidden(store, facts.withheld)
        changed = write_orders(store, [facts], now=now, detailed=True).changed
        announce(store, StoreOrder, changed)
        return changed[0] if changed else None
    if deleted or _would_be_shown(store, gid, now):
        return _bury(store, StoreOrder, gid, now)
    return None


def keep_customer(store: Store, gid: str, facts: CustomerFacts | None) -> UUID | None:
    """Write what was read of a customer. Returns the row's id when something changed."""
    now = timezone.now()
    if facts is None:
        return _bury(store, StoreCustomer, gid, now)
    _note_hidden(store, facts.withheld)
    changed = write_customers(store, [facts], now=now).changed
    announce(store, StoreCustomer, changed)
    return changed[0] if changed else None


def keep_product(store: Store, gid: str, facts: ProductFacts | None) -> UUID | None:
    """Write what was read of a product."""
    now = timezone.now()
    if facts is None:
        return _bury(store, StoreProduct, gid, now)
    changed = write_products(store, [facts], now=now).changed
    return changed[0] if changed else None


def refresh_order(store: Store, gid: str, *, background: bool = False) -> OrderFacts | None:
    """Read an order from the shop into the mirror; for screens that refresh behind."""
    facts = fetch_order(Connection(store), gid, background=background)
    with tenant_scope(store.workspace_id):
        keep_order(store, gid, facts)
    return facts


def refresh_customer(store: Store, gid: str, *, background: bool = False) -> CustomerFacts | None:
    """Read a customer from the shop into the mirror."""
    facts = fetch_customer(Connection(store), gid, background=background)
    with tenant_scope(store.workspace_id):
        keep_customer(store, gid, facts)
    return facts


def _bury(store: Store, model: Any, gid: str, now: datetime) -> UUID | None:
    gone = bury(store, model, gid, now=now)
    if gone is not None:
        announce(store, model, [gone])
    return gone


def _would_be_shown(store: Store, gid: str, now: datetime) -> bool:
    if "read_all_orders" in store.scopes:
        return True
    row = StoreOrder.objects.filter(store=store, gid=gid).first()
    return bool(row and row.placed_at and row.placed_at > now - SHOWN_FOR + timedelta(days=1))


def _note_hidden(store: Store, hidden: tuple[str, ...]) -> None:
    """Remember what the shop does not show us, for the screen that says why a name is missing."""
    if sorted(store.hidden) != sorted(hidden):
        store.hidden = list(hidden)
        Store.objects.filter(pk=store.pk).update(hidden=store.hidden)
