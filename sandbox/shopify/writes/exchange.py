"""Lines that are added to an order later: exchanges and edits."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.money import rounded
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.shop import Shop

Record = dict[str, Any]


def unit_price(shop: Shop, order: Record, variant_id: int) -> Decimal:
    """Return what a variant costs in the currency of the order."""
    _product, variant = found(shop, variant_id)
    return rounded(Decimal(variant["price"]) / Decimal(order["rate"]), order["currency"])


def found(shop: Shop, variant_id: int) -> tuple[Record, Record]:
    """Return product and variant. Raises LookupError."""
    product = shop.db.find("product", "variant", str(variant_id))
    if product is None:
        raise LookupError(f"variant {variant_id}")
    return product, next(each for each in product["variants"] if each["id"] == variant_id)


def tax_share(order: Record) -> Decimal:
    """Return the part of a price that is tax, as on the first line of the order."""
    line = order["lines"][0]
    worth = order_math.line_total(line)
    return Decimal(line["tax"]) / worth if worth else Decimal(0)


def price_of(shop: Shop, order: Record, one: Record, count: int) -> Decimal:
    """Return what so many pieces cost, tax included."""
    net = unit_price(shop, order, one["variant_id"]) * count
    return (
        net if order["taxesIncluded"] else rounded(net * (1 + tax_share(order)), order["currency"])
    )


def new_line(shop: Shop, order: Record, variant_id: int, count: int) -> Record:
    """Return a line that was not ordered at first; it is not in the order yet."""
    product, variant = found(shop, variant_id)
    each = unit_price(shop, order, variant_id)
    return {
        "id": shop.db.next_id("line"), "variant_id": variant_id, "product_id": product["id"],
        "title": product["title"], "variant_title": variant["title"], "sku": variant["sku"],
        "vendor": product["vendor"], "quantity": count, "removed": 0, "added": True,
        "price": amount_text(each, order["currency"]), "discount": "0",
        "tax": amount_text(each * count * tax_share(order), order["currency"]),
        "requiresShipping": True, "isGiftCard": False, "image": product.get("image"), "attributes": [],
    }  # fmt: skip


def add_line(
    shop: Shop, order: Record, one: Record, count: int, location: int | None = None
) -> Record:
    """Put pieces into the order, with the work to send them, and take them from the shelf."""
    made = new_line(shop, order, one["variant_id"], count)
    order["lines"].append(made)
    add_work(shop, order, made, count, location)
    refunding.move_stock(shop.db, one["variant_id"], -count)
    return made


def add_work(
    shop: Shop, order: Record, line: Record, count: int, location: int | None = None
) -> None:
    works = order["fulfillment_orders"]
    order["fulfillment_orders"].append({
        "id": shop.db.next_id("fulfillment_order"), "status": "OPEN", "requestStatus": "UNSUBMITTED",
        "location_id": location or (works[0]["location_id"] if works else 1), "fulfillAt": shop.stamp,
        "fulfillBy": None, "holds": [],
        "lines": [{"id": shop.db.next_id("fulfillment_order_line"), "line_id": line["id"],
                   "total": count, "remaining": count}],
    })  # fmt: skip
