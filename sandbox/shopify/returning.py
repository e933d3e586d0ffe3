"""Returns: made, approved, declined, processed, closed, cancelled, reopened (shopify.md §6)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.errors import UserError, not_implemented
from sandbox.shopify.gid import number
from sandbox.shopify.money import read_amount
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.new_order import note_event
from sandbox.shopify.return_math import parcel_line, returnable
from sandbox.shopify.shop import Shop

Record = dict[str, Any]


def new_return(
    shop: Shop, order: Record, wanted: Sequence[Record], *, status: str = "OPEN",
    exchange: Sequence[Record] = (), fee: Record | None = None,
) -> Record:  # fmt: skip
    """Add a return to an order. Raises UserError for pieces that cannot come back."""
    if not wanted:
        raise UserError(
            "At least one return line item is required", ["returnInput", "returnLineItems"], "BLANK"
        )
    made: Record = {
        "id": shop.db.next_id("return"), "name": f"{order['name']}-R{len(order['returns']) + 1}",
        "status": status, "createdAt": shop.stamp, "closedAt": None, "fee": None, "decline": None,
        "requestApprovedAt": shop.stamp if status == "OPEN" else None, "lines": [], "exchange": [],
        "label": None,
    }  # fmt: skip
    order["returns"].append(made)
    for index, one in enumerate(wanted):
        made["lines"].append(_line(shop, order, one, index))
    made["exchange"] = [_exchange(shop, one, index) for index, one in enumerate(exchange)]
    if fee:
        made["fee"] = amount_text(
            read_amount(fee["amount"]["amount"], order["currency"]), order["currency"]
        )
    if made["status"] == "OPEN":
        made["label"] = _label(made)
    note_event(shop.db, order, "return_created", f"Return {made['name']} was opened.", shop.stamp)
    order["closedAt"] = (
        None  # "If you create a return on an archived order, the order is unarchived."
    )
    return made


def _label(made: Record) -> Record:
    tracking = {"number": f"RET{made['id']:08}", "url": f"https://track.example/RET{made['id']:08}",
                "carrierName": "DHL"}  # fmt: skip
    return {
        "label": {"publicFileUrl": f"https://labels.example/RET{made['id']:08}.pdf"},
        "tracking": tracking,
    }


def _line(shop: Shop, order: Record, one: Record, index: int) -> Record:
    where = ["returnInput", "returnLineItems", str(index)]
    found = parcel_line(order, number(one["fulfillmentLineItemId"], "FulfillmentLineItem"))
    if found is None:
        raise UserError(
            "Fulfillment line item does not exist", [*where, "fulfillmentLineItemId"], "NOT_FOUND"
        )
    quantity = one["quantity"]
    if quantity < 1:
        raise UserError("Quantity must be greater than 0", [*where, "quantity"], "GREATER_THAN")
    if quantity > returnable(order, found):
        raise UserError("Quantity is not available for return", [*where, "quantity"], "INVALID")
    reason = one.get("returnReasonDefinitionId")
    reason_id = number(reason, "ReturnReasonDefinition") if reason else None
    if reason_id and shop.db.get("return_reason", reason_id) is None:
        raise UserError(
            "Return reason definition does not exist",
            [*where, "returnReasonDefinitionId"],
            "NOT_FOUND",
        )
    fee = one.get("restockingFee")
    return {
        "id": shop.db.next_id("return_line"), "parcel_line_id": found["id"], "quantity": quantity,
        "processed": 0, "refunded": 0, "note": one.get("returnReasonNote") or "", "reason_id": reason_id,
        "customer_note": one.get("customerNote"), "restocking": fee["percentage"] if fee else None,
    }  # fmt: skip


def _exchange(shop: Shop, one: Record, index: int) -> Record:
    where = ["returnInput", "exchangeLineItems", str(index)]
    if one.get("appliedDiscount") or one.get("giftCardCodes"):
        raise not_implemented("discounts and gift cards of exchange lines")
    variant = number(one["variantId"], "ProductVariant") if one.get("variantId") else 0
    product = shop.db.find("product", "variant", str(variant))
    if product is None:
        raise UserError("Variant does not exist", [*where, "variantId"], "NOT_FOUND")
    if one["quantity"] < 1:
        raise UserError("Quantity must be greater than 0", [*where, "quantity"], "GREATER_THAN")
    return {"id": shop.db.next_id("exchange_line"), "variant_id": variant, "quantity": one["quantity"],
            "processed": 0}  # fmt: skip


def has_work(order: Record, one: Record) -> bool:
    """Tell whether anything was inspected or refunded for a return already."""
    touched = any(each["processed"] or each["refunded"] for each in one["lines"])
    return touched or any(refund.get("return_id") == one["id"] for refund in order["refunds"])


def dispose(shop: Shop, order: Record, line: Record, dispositions: Sequence[Record]) -> None:
    """Restock what came back, where the merchant said so."""
    for index, one in enumerate(dispositions):
        where = ["returnLineItems", "dispositions", str(index)]
        if one["dispositionType"] != "RESTOCKED":
            continue
        place = (
            shop.db.get("location", number(one["locationId"], "Location"))
            if one.get("locationId")
            else None
        )
        if place is None or not place["isActive"]:
            raise UserError(
                "Location is not active or does not exist", [*where, "locationId"], "INVALID"
            )
        found = parcel_line(order, line["parcel_line_id"])
        ordered = order_math.line_of(order, found["line_id"]) if found else None
        if ordered and ordered["variant_id"]:
            refunding.move_stock(shop.db, ordered["variant_id"], one["quantity"])


def variant_price(shop: Shop, variant_id: int, order: Record) -> Decimal:
    """Return what a variant costs in the order's currency."""
    product = shop.db.find("product", "variant", str(variant_id))
    assert product is not None
    one = next(each for each in product["variants"] if each["id"] == variant_id)
    return Decimal(one["price"]) / Decimal(order["rate"])
