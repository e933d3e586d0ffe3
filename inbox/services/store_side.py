"""What the shops know of a person, read from our copies beside the conversation (SH-2).

Two statements and no call to a shop: links with their customers, then the orders. The stores come
with the conversation itself (``stores_here``), so that a workspace without a shop pays nothing.

Everything is shown to the agent. What the person may be *told* is another matter: ``verified`` says
of each customer and order whether whoever speaks here was proven to be theirs (ID-2).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from identity.commerce.codec import CodecError
from identity.commerce.facts import CustomerFacts, OrderFacts
from identity.models import (
    Contact,
    ContactPoint,
    CustomerLink,
    PointKind,
    Store,
    StoreCustomer,
    StoreOrder,
    StoreProduct,
    SyncMark,
    SyncSubject,
)
from identity.models.mirror import order_name_key
from identity.services.proofs import Shown, what_may_be_shown
from inbox.rest.paging import older_than

logger = structlog.get_logger(__name__)

#: Orders shown beside a conversation; the others are a click away.
NEWEST = 10
#: Addresses, customers and order numbers looked for: nobody has more, but somebody may pretend to.
MOST = 6


#: Sorts behind every character that a name or title goes on with.
AFTER_ALL = "\U0010ffff"


class Match(StrEnum):
    """Why an order is shown, from the strongest reason to the weakest."""

    CUSTOMER = "customer"
    ADDRESS = "address"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class SideStore:
    """A shop of the workspace. ``complete_until``: every change up to then is in our copy."""

    id: UUID
    name: str
    domain: str
    platform: str
    status: str
    trouble: str
    currency: str
    #: Facts the platform does not show us, such as "email".
    hidden: tuple[str, ...]
    complete_until: datetime | None
    #: Why the last look at the shop failed; empty while it answers.
    error: str


@dataclass(frozen=True, slots=True)
class SideCustomer:
    """A shop's customer that this contact is, or is said to be."""

    link: CustomerLink
    facts: CustomerFacts
    verified: bool


@dataclass(frozen=True, slots=True)
class SideOrder:
    """An order, why it is here, and whether it is proven to be this person's."""

    row: StoreOrder
    facts: OrderFacts
    match: Match
    verified: bool
    evidence: str
    spoken: bool


@dataclass(frozen=True, slots=True)
class StoreSide:
    """Everything the sidebar shows of shops."""

    stores: tuple[SideStore, ...]
    customers: tuple[SideCustomer, ...] = ()
    orders: tuple[SideOrder, ...] = ()
    more: bool = False
    #: Whether anything may be told, and why or why not.
    may_tell: bool = False
    because: str = ""


def stores_here() -> Any:
    """Return an expression for the shops of the workspace, as a list of JSON objects."""
    mark = SyncMark.objects.filter(store=OuterRef("pk"), subject=SyncSubject.ORDERS)
    shops = Store.objects.order_by("name", "id")
    return ArraySubquery(
        shops.values(
            told=JSONObject(
                id="id",
                name="name",
                domain="domain",
                platform="platform",
                status="status",
                trouble="trouble",
                currency="currency",
                hidden="hidden",
                complete_until=Subquery(mark.values("complete_until")[:1]),
                error=Subquery(mark.values("error")[:1]),
            )
        )
    )


def stores_of(told: Iterable[Mapping[str, Any]]) -> tuple[SideStore, ...]:
    """Return the shops that ``stores_here`` found."""
    return tuple(
        SideStore(
            id=UUID(one["id"]),
            name=one["name"] or one["domain"],
            domain=one["domain"],
            platform=one["platform"],
            status=one["status"],
            trouble=one["trouble"],
            currency=one["currency"],
            hidden=tuple(one["hidden"]),
            complete_until=(
                datetime.fromisoformat(one["complete_until"]) if one["complete_until"] else None
            ),
            error=one["error"] or "",
        )
        for one in told
    )


def side_of(
    *,
    contact_id: UUID,
    points: Sequence[ContactPoint],
    stores: tuple[SideStore, ...],
    judge: Callable[[Sequence[CustomerLink]], Shown],
    spoken: Iterable[str] = (),
    limit: int = NEWEST,
) -> StoreSide:
    """Return what the shops know of a contact.

    ``spoken``: order numbers named to us; ``judge`` says what may be told.
    """
    if not stores:
        return StoreSide(stores=())
    links = _links_of(contact_id)
    shown = judge(links)
    customers = _customers_of(links, shown)
    keys = list(dict.fromkeys(key for name in spoken if (key := order_name_key(name))))[:MOST]
    found = _orders_of(customers, points, keys, limit)
    orders = [
        order
        for row in found
        if (order := _side_order(row, customers, points, keys, shown)) is not None
    ]
    newest = [order for order in orders if order.match != Match.NUMBER][:limit]
    named = [order for order in orders if order.spoken and order not in newest]
    return StoreSide(
        stores=stores,
        customers=customers,
        orders=(*named, *newest),
        more=sum(order.match != Match.NUMBER for order in orders) > limit,
        may_tell=shown.orders,
        because=shown.because,
    )


def orders_query(
    customers: Iterable[tuple[UUID, str]],
    points: Iterable[ContactPoint],
    keys: Sequence[str] = (),
    *,
    most: int,
    before: tuple[datetime, UUID] | None = None,
) -> QuerySet[StoreOrder]:
    """Return the orders of these (store, gid) customers, of these addresses, and of these numbers.

    Each source is read through its own index and no further than ``most``: somebody with thousands
    of orders costs no more than somebody with ten.
    """
    newest = StoreOrder.objects.filter(deleted_at__isnull=True).order_by("-placed_at", "-pk")
    own = newest if before is None else newest.filter(older_than("placed_at", *before))
    sources = [own.filter(store=store, customer_gid=gid) for store, gid in customers]
    for point in points:
        if point.kind == PointKind.EMAIL:
            sources.append(own.filter(email=point.value.lower()))
        elif point.kind == PointKind.PHONE:
            sources.append(own.filter(phone=point.value))
    # Slices, so that each keeps its order inside the union.
    parts = [source.values("pk")[:most] for source in sources]
    if keys:
        parts.append(newest.filter(name_key__in=keys).values("pk")[: len(keys) * MOST])
    if not parts:
        return StoreOrder.objects.none()
    ids = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return StoreOrder.objects.filter(pk__in=ids).order_by("-placed_at", "-pk")


def offered(order: OrderFacts) -> tuple[str, ...]:
    """Return the kinds of action that make sense for an order now; the policy judges later."""
    shipped = order.shipped
    some = any(line.current_quantity > 0 for line in order.lines)
    wanted = {
        "refund": bool(order.left_to_refund),
        "cancel": order.cancellable,
        "return": shipped and not order.cancelled,
        "exchange": shipped and not order.cancelled,
        "reship": some and not order.cancelled,
        "edit": order.editable and not order.cancelled,
        "order_address": not shipped and not order.cancelled and order.requires_shipping,
        "note": True,
        "tags": True,
        "discount": bool(order.customer_id),
        "gift_card": bool(order.customer_id),
        "confirmation": bool(order.email),
        "invoice": True,
    }
    return tuple(kind for kind, sensible in wanted.items() if sensible)


def _orders_of(
    customers: Sequence[SideCustomer],
    points: Sequence[ContactPoint],
    keys: Sequence[str],
    limit: int,
) -> list[StoreOrder]:
    named = [(one.link.customer.store_id, one.link.customer.gid) for one in customers]
    return list(orders_query(named, points[: MOST * 2], keys, most=limit + 1))


def page_of_orders(
    *,
    contact: Contact,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> tuple[list[SideOrder], bool]:
    """Return a contact's orders, newest first, and whether there are more."""
    shown, points = what_may_be_shown(contact), list(contact.points.all())
    customers = _customers_of(_links_of(contact.pk), shown)
    named = [(one.link.customer.store_id, one.link.customer.gid) for one in customers]
    rows = list(orders_query(named, points[: MOST * 2], most=limit + 1, before=before))
    orders = [
        order
        for row in rows[:limit]
        if (order := _side_order(row, customers, points, (), shown)) is not None
    ]
    return orders, len(rows) > limit


def one_order(row: StoreOrder, contact: Contact | None = None) -> SideOrder | None:
    """Return an order as it stands to a contact, or to nobody."""
    if contact is None:
        return _side_order(row, (), (), (), Shown(orders=False, because=""))
    shown = what_may_be_shown(contact)
    customers = _customers_of(_links_of(contact.pk), shown)
    return _side_order(row, customers, list(contact.points.all()), (), shown)


def find_customers(q: str, *, limit: int = 12) -> list[StoreCustomer]:
    """Return customers whose address, number, name or order is what was typed.

    Each way is a range of an index: LIKE would read every row under row-level security.
    """
    wanted = q.strip()
    if len(wanted) < 2:
        return []
    alive = StoreCustomer.objects.filter(deleted_at__isnull=True)
    ways = [_begins(alive, "email", wanted.lower()), _begins(alive, "phone", _as_phone(wanted))]
    spellings = dict.fromkeys((wanted, wanted.title(), wanted.capitalize()))
    ways += [_begins(alive, "name", name) for name in spellings]
    of_order = find_orders(wanted)
    owners = [(order.store_id, order.customer_gid) for order in of_order if order.customer_gid]
    found = {row.pk: row for store, gid in owners for row in alive.filter(store=store, gid=gid)}
    for way in ways:
        if len(found) < limit:
            found |= {row.pk: row for row in way[:limit]}
    return list(found.values())[:limit]


def find_orders(q: str, *, limit: int = MOST) -> list[StoreOrder]:
    """Return orders whose number is what was typed, newest first."""
    key = order_name_key(q)
    rows = StoreOrder.objects.filter(name_key=key, deleted_at__isnull=True)
    return list(rows.order_by("-placed_at")[:limit]) if key else []


def find_products(store: Store, *, q: str = "", gids: Sequence[str] = ()) -> list[StoreProduct]:
    """Return a shop's products by their platform ids, or whose title begins so."""
    alive = StoreProduct.objects.filter(store=store, deleted_at__isnull=True)
    if gids:
        return list(alive.filter(gid__in=gids))
    wanted = q.strip()
    if len(wanted) < 2:
        return []
    found: dict[UUID, StoreProduct] = {}
    for start in dict.fromkeys((wanted, wanted.title(), wanted.capitalize())):
        rows = alive.filter(title__gte=start, title__lt=start + AFTER_ALL).order_by("title")
        found |= {row.pk: row for row in rows[:MOST]}
    return list(found.values())[:MOST]


def _begins(rows: QuerySet[StoreCustomer], field: str, start: str) -> QuerySet[StoreCustomer]:
    if not start:
        return rows.none()
    ends = {f"{field}__gte": start, f"{field}__lt": start + AFTER_ALL}
    return rows.filter(**ends).order_by(field, "pk")


def _as_phone(text: str) -> str:
    """Return typed digits as numbers are stored; empty for what is no international number."""
    digits = "".join(one for one in text if one.isdigit())
    if text.startswith("00"):
        return f"+{digits[2:]}" if len(digits) > 4 else ""
    return f"+{digits}" if text.startswith("+") and len(digits) > 2 else ""


def _side_order(
    row: StoreOrder,
    customers: Sequence[SideCustomer],
    points: Sequence[ContactPoint],
    keys: Sequence[str],
    shown: Shown,
) -> SideOrder | None:
    facts = order_facts(row)
    if facts is None:
        return None
    match, evidence = Match.NUMBER, "Only its number was named here"
    owner = next(
        (
            one.link
            for one in customers
            if (one.link.customer.store_id, one.link.customer.gid)
            == (row.store_id, row.customer_gid)
        ),
        None,
    )
    address = next(
        (one for one in points if one.value and one.value.lower() in {row.email, row.phone}), None
    )
    if owner is not None:
        match, evidence = Match.CUSTOMER, owner.evidence
    elif address is not None:
        match, evidence = Match.ADDRESS, f"Placed with {address.value}"
    return SideOrder(
        row=row,
        facts=facts,
        match=match,
        verified=shown.orders and shown.holds(row),
        evidence=evidence,
        spoken=row.name_key in keys,
    )


def order_facts(row: StoreOrder) -> OrderFacts | None:
    """Return a copy's facts; None for one that a later release wrote in a form unknown here."""
    try:
        return OrderFacts.from_json(row.facts)
    except CodecError:
        logger.warning("store_side.unreadable_order", order_id=str(row.pk))
        return None


def _links_of(contact_id: UUID) -> list[CustomerLink]:
    links = CustomerLink.objects.filter(
        contact=contact_id, undone_at__isnull=True, customer__deleted_at__isnull=True
    )
    return list(links.select_related("customer").order_by("-verified", "id")[:MOST])


def _customers_of(links: Iterable[CustomerLink], shown: Shown) -> tuple[SideCustomer, ...]:
    return tuple(
        SideCustomer(
            link=link,
            facts=facts,
            verified=(link.customer.store_id, link.customer.gid) in shown.customers,
        )
        for link in links
        if (facts := _customer_facts(link)) is not None
    )


def _customer_facts(link: CustomerLink) -> CustomerFacts | None:
    try:
        return CustomerFacts.from_json(link.customer.facts)
    except CodecError:
        logger.warning("store_side.unreadable_customer", customer_id=str(link.customer_id))
        return None
