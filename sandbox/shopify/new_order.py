"""Makes orders as a checkout would: lines, tax, shipping, payment, the work for the warehouse."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.shopify.clock import written
from sandbox.shopify.database import Database
from sandbox.shopify.money import rounded
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.order_math import price

Order = dict[str, Any]


@dataclass(slots=True)
class Item:
    """A variant in a cart. ``price`` is for one, in the customer's currency."""

    product: dict[str, Any]
    variant: dict[str, Any]
    quantity: int = 1
    price: Decimal | None = None
    discount: Decimal = Decimal(0)


@dataclass(slots=True)
class Cart:
    """What somebody buys. ``rate`` turns the customer's currency into the shop's."""

    items: list[Item]
    placed_at: datetime
    email: str | None
    phone: str | None = None
    customer: dict[str, Any] | None = None
    address: dict[str, Any] | None = None
    currency: str = "EUR"
    shop_currency: str = "EUR"
    rate: Decimal = Decimal(1)
    shipping: Decimal = Decimal(0)
    shipping_title: str = "Standard"
    tax_rate: Decimal = Decimal("0.21")
    taxes_included: bool = True
    payments: list[tuple[str, Decimal | None]] = field(
        default_factory=lambda: [("shopify_payments", None)]
    )
    location: int = 1
    discount_codes: list[str] = field(default_factory=list)
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    attributes: list[dict[str, str]] = field(default_factory=list)
    source: str = "web"
    locale: str = "en"


def new_order(db: Database, cart: Cart, *, name: str, number: int | None = None) -> Order:
    """Return an order that is placed and, unless ``payments`` is empty, paid. It is not stored."""
    at = written(cart.placed_at)
    order: Order = {
        "id": number or db.next_id("order"), "name": name, "email": cart.email, "phone": cart.phone,
        "customer_id": cart.customer["id"] if cart.customer else None, "currency": cart.currency,
        "shop_currency": cart.shop_currency, "rate": str(cart.rate), "createdAt": at,
        "processedAt": at, "updatedAt": at, "cancelledAt": None, "cancelReason": None,
        "closedAt": None, "test": False, "edited": False, "note": cart.note,
        "tags": sorted(cart.tags), "attributes": cart.attributes, "sourceName": cart.source,
        "customerLocale": cart.locale, "poNumber": None, "discountCodes": cart.discount_codes,
        "taxesIncluded": cart.taxes_included, "shipping_address": cart.address,
        "billing_address": cart.address, "shipping": _shipping(cart), "lines": [],
        "fulfillment_orders": [], "fulfillments": [], "transactions": [], "refunds": [],
        "returns": [], "events": [],
    }  # fmt: skip
    order["confirmationNumber"] = f"C{order['id'] * 7919 % 10**8:08X}"
    order["statusKey"] = f"{order['id'] * 2654435761 % 2**64:016x}"
    order["lines"] = [_line(db, item, cart) for item in cart.items]
    order["fulfillment_orders"] = [_work(db, order, cart.location)]
    _pay(db, order, cart)
    note_event(db, order, "confirmed", f"Order {name} was placed.", at)
    return order


def _shipping(cart: Cart) -> dict[str, Any] | None:
    if not any(item.variant.get("requiresShipping", True) for item in cart.items):
        return None
    return {
        "title": cart.shipping_title, "code": cart.shipping_title.upper(),
        "price": amount_text(cart.shipping, cart.currency), "discount": "0",
        "tax": amount_text(_tax(cart.shipping, cart), cart.currency),
    }  # fmt: skip


def _tax(amount: Decimal, cart: Cart) -> Decimal:
    """Return the tax in an amount, or on top of it where prices are without."""
    if cart.taxes_included:
        return rounded(amount - amount / (1 + cart.tax_rate), cart.currency)
    return rounded(amount * cart.tax_rate, cart.currency)


def _line(db: Database, item: Item, cart: Cart) -> dict[str, Any]:
    each = item.price if item.price is not None else Decimal(item.variant["price"])
    whole = each * item.quantity - item.discount
    return {
        "id": db.next_id("line"), "variant_id": item.variant["id"], "product_id": item.product["id"],
        "title": item.product["title"], "variant_title": item.variant["title"],
        "sku": item.variant["sku"], "vendor": item.product["vendor"], "quantity": item.quantity,
        "removed": 0, "price": amount_text(each, cart.currency),
        "discount": amount_text(item.discount, cart.currency),
        "tax": amount_text(_tax(whole, cart), cart.currency),
        "requiresShipping": item.variant.get("requiresShipping", True),
        "isGiftCard": bool(item.product.get("isGiftCard")), "image": item.product.get("image"),
        "attributes": [],
    }  # fmt: skip


def _work(db: Database, order: Order, location: int) -> dict[str, Any]:
    return {
        "id": db.next_id("fulfillment_order"), "status": "OPEN", "requestStatus": "UNSUBMITTED",
        "location_id": location, "fulfillAt": order["createdAt"], "fulfillBy": None, "holds": [],
        "lines": [
            {"id": db.next_id("fulfillment_order_line"), "line_id": line["id"],
             "total": line["quantity"], "remaining": line["quantity"]}
            for line in order["lines"]
        ],
    }  # fmt: skip


def _pay(db: Database, order: Order, cart: Cart) -> None:
    owed = price(order)
    for gateway, part in cart.payments:
        amount = owed if part is None else part
        if amount > 0:
            add_transaction(db, order, "SALE", gateway, amount, order["createdAt"])
            owed -= amount


def add_transaction(
    db: Database,
    order: Order,
    kind: str,
    gateway: str,
    amount: Decimal,
    at: str,
    *,
    parent: int | None = None,
    status: str = "SUCCESS",
) -> dict[str, Any]:
    made = {
        "id": db.next_id("transaction"), "kind": kind, "status": status, "gateway": gateway,
        "amount": amount_text(amount, order["currency"]), "parent_id": parent, "processedAt": at,
        "errorCode": None,
    }  # fmt: skip
    order["transactions"].append(made)
    return made


def note_event(
    db: Database, order: Order, action: str, message: str, at: str, app: str | None = None
) -> None:
    """Add a line to the order's timeline."""
    order["events"].append(
        {
            "id": db.next_id("event"),
            "action": action,
            "message": message,
            "createdAt": at,
            "appTitle": app,
        }
    )


@dataclass(slots=True)
class Parcel:
    """How a parcel went. Steps are (status, hours after shipping, message, city)."""

    carrier: str
    number: str
    url: str
    shipped_at: datetime
    steps: Iterable[tuple[str, float, str, str]] = ()
    estimate: datetime | None = None
    country: str = "NL"


def ship(
    db: Database, order: Order, parcel: Parcel, lines: dict[int, int] | None = None
) -> dict[str, Any]:
    """Send open pieces (``lines``: line id → quantity, all without) and return the fulfilment."""
    at = written(parcel.shipped_at)
    sent, place = [], 1
    for work in order["fulfillment_orders"]:
        place = work["location_id"]
        for each in work["lines"]:
            wanted = (
                each["remaining"]
                if lines is None
                else min(lines.get(each["line_id"], 0), each["remaining"])
            )
            if wanted:
                each["remaining"] -= wanted
                sent.append(
                    {
                        "id": db.next_id("fulfillment_line"),
                        "line_id": each["line_id"],
                        "quantity": wanted,
                    }
                )
        if not any(each["remaining"] for each in work["lines"]):
            work["status"] = "CLOSED"
    made: dict[str, Any] = {
        "id": db.next_id("fulfillment"), "name": f"{order['name']}.{len(order['fulfillments']) + 1}",
        "status": "SUCCESS", "createdAt": at, "updatedAt": at, "inTransitAt": None,
        "estimatedDeliveryAt": written(parcel.estimate) if parcel.estimate else None,
        "deliveredAt": None, "displayStatus": "FULFILLED", "location_id": place,
        "trackingInfo": [{"company": parcel.carrier, "number": parcel.number, "url": parcel.url}],
        "lines": sent, "events": [],
    }  # fmt: skip
    order["fulfillments"].append(made)
    for status, hours, message, city in parcel.steps:
        track(
            db,
            order,
            made,
            status,
            parcel.shipped_at + timedelta(hours=hours),
            message,
            city,
            parcel.country,
        )
    order["updatedAt"] = max(order["updatedAt"], made["updatedAt"])
    note_event(
        db, order, "fulfillment_success", f"{len(sent)} lines were sent with {parcel.carrier}.", at
    )
    return made


def track(
    db: Database,
    order: Order,
    parcel: dict[str, Any],
    status: str,
    moment: datetime,
    message: str,
    city: str = "",
    country: str = "",
) -> None:
    """Add a scan of the carrier."""
    at = written(moment)
    parcel["events"].append(
        {"id": db.next_id("fulfillment_event"), "status": status, "message": message, "happenedAt": at,
         "city": city or None, "province": None, "country": country or None,
         "estimatedDeliveryAt": parcel["estimatedDeliveryAt"]}
    )  # fmt: skip
    parcel["displayStatus"], parcel["updatedAt"] = status, at
    if status == "IN_TRANSIT" and not parcel["inTransitAt"]:
        parcel["inTransitAt"] = at
    if status == "DELIVERED":
        parcel["deliveredAt"] = at
    order["updatedAt"] = max(order["updatedAt"], at)
