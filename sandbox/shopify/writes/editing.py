"""Order edit: a session on a copy; nothing changes before commit (shopify.md §6)."""

import copy
import hashlib
import json
from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_order
from sandbox.shopify.money import ZERO, bag, rounded
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.new_order import note_event
from sandbox.shopify.reads.catalogue import variant_of
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.writes import exchange, inputs
from sandbox.shopify.writes.inputs import amount, only

Record = dict[str, Any]


def _base(order: Record) -> str:
    """Name the state an edit starts from: what moved since makes it stale."""
    parts = [order[name] for name in ("lines", "refunds", "fulfillments", "returns", "cancelledAt")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@mutation("orderEditBegin")
def begin(_root: Any, call: Call, given: Given) -> Record:
    order = inputs.order(call.shop, given["id"], ["id"])
    why = order_math.not_editable_because(order)
    if why:
        raise UserError(f"The order cannot be edited: {why[0]}", ["id"])
    session = {"id": call.shop.db.next_id("edit"), "order": copy.deepcopy(order), "base": _base(order),
               "stock": []}  # fmt: skip
    call.shop.db.put("edit", session)
    return {"calculatedOrder": session}


def _session(call: Call, given: Given) -> Record:
    found = call.shop.db.get("edit", number(given["id"], "CalculatedOrder"))
    if found is None:
        raise UserError("The calculated order does not exist", ["id"])
    return found


def _line(session: Record, given: Given) -> Record:
    line = order_math.line_of(session["order"], number(given["lineItemId"], "CalculatedLineItem"))
    if line is None:
        raise UserError("The line item does not exist", ["lineItemId"])
    return line


def _kept(call: Call, session: Record, line: Record) -> Record:
    call.shop.db.put("edit", session)
    return {"calculatedOrder": session, "calculatedLineItem": line | {"_order": session["order"]}}


@mutation("orderEditSetQuantity")
def set_quantity(_root: Any, call: Call, given: Given) -> Record:
    """0 removes the line. What was sent stays."""
    session, wanted = _session(call, given), given["quantity"]
    order, line = session["order"], _line(session, given)
    now, waiting = (
        order_math.refundable_quantity(order, line),
        order_math.unfulfilled_quantity(order, line),
    )
    if wanted < 0:
        raise UserError("Quantity must be greater than or equal to 0", ["quantity"])
    if wanted < now - waiting:
        raise UserError("Cannot remove items that have been fulfilled", ["quantity"])
    if wanted > now:
        if line["discount"] != "0" and Decimal(line["discount"]) > 0:
            raise UserError("Cannot raise the quantity of a discounted line", ["quantity"])
        _grow(call, order, line, wanted - now)
        session["stock"].append([line["variant_id"], now - wanted])
    elif wanted < now:
        line["removed"] += now - wanted
        refunding.take_from_work(order, refunding.Piece(line["id"], now - wanted, "CANCEL"))
        if given.get("restock"):
            session["stock"].append([line["variant_id"], now - wanted])
    return _kept(call, session, line)


def _grow(call: Call, order: Record, line: Record, by: int) -> None:
    """More of a line: its own tax grows with it."""
    tax = Decimal(line["tax"]) * (line["quantity"] + by) / line["quantity"]
    line |= {"quantity": line["quantity"] + by, "tax": amount_text(tax, order["currency"])}
    line["raised"] = line.get("raised", 0) + by
    exchange.add_work(call.shop, order, line, by)


@mutation("orderEditAddVariant")
def add_variant(_root: Any, call: Call, given: Given) -> Record:
    session = _session(call, given)
    variant = number(given["variantId"], "ProductVariant")
    if given["quantity"] < 1:
        raise UserError("Quantity must be greater than 0", ["quantity"])
    place = number(given["locationId"], "Location") if given.get("locationId") else None
    order = session["order"]
    held = any(
        line["variant_id"] == variant and order_math.refundable_quantity(order, line)
        for line in order["lines"]
    )
    if held and not given.get("allowDuplicates"):
        raise UserError("The variant is already in the order", ["variantId"])
    try:
        line = exchange.new_line(call.shop, order, variant, given["quantity"])
    except LookupError as error:
        raise UserError("The variant does not exist", ["variantId"]) from error
    order["lines"].append(line)
    exchange.add_work(call.shop, order, line, given["quantity"], place)
    session["stock"].append([variant, -given["quantity"]])
    return _kept(call, session, line)


@mutation("orderEditAddLineItemDiscount")
def add_discount(_root: Any, call: Call, given: Given) -> Record:
    session, wanted = _session(call, given), given["discount"]
    only(wanted, "OrderEditAppliedDiscountInput", "description", "fixedValue", "percentValue")
    order, line = session["order"], _line(session, given)
    if not line.get("added"):
        raise UserError("Discounts can be added to newly added items only", ["lineItemId"])
    whole = Decimal(line["price"]) * line["quantity"]
    if wanted.get("percentValue") is not None:
        part = Decimal(str(wanted["percentValue"]))
        if not 0 < part <= 100:
            raise UserError("Percentage must be between 0 and 100", ["discount", "percentValue"])
        off = rounded(whole * part / 100, order["currency"])
    elif wanted.get("fixedValue"):
        off = (
            amount(wanted["fixedValue"]["amount"], order["currency"], ["discount", "fixedValue"])
            * line["quantity"]
        )
    else:
        raise UserError("A fixed value or a percentage is required", ["discount"])
    if not ZERO < off <= whole:
        raise UserError("Discount must not be more than the price", ["discount"])
    tax = (whole - off) * exchange.tax_share(order)
    line |= {
        "discount": amount_text(off, order["currency"]),
        "tax": amount_text(tax, order["currency"]),
    }
    return _kept(call, session, line)


@mutation("orderEditCommit")
def commit(_root: Any, call: Call, given: Given) -> Record:
    """Now it counts: a higher total leaves an amount to pay, a lower one money to refund."""
    session, shop = _session(call, given), call.shop
    current = shop.require("order", session["order"]["id"])
    if _base(current) != session["base"]:
        raise UserError("The order has changed since the edit began", ["id"])
    edited = session["order"]
    current |= {name: edited[name] for name in ("lines", "fulfillment_orders")}
    current["edited"] = True
    for variant, by in session["stock"]:
        if variant:
            refunding.move_stock(shop.db, variant, by)
    text = given.get("staffNote") or "The order was edited."
    note_event(shop.db, current, "edit_complete", text, shop.stamp, "Helpdesk")
    shop.db.delete("edit", session["id"])
    body = {"order_edit": {"id": session["id"], "order_id": current["id"], "staff_note": given.get("staffNote"),
                           "committed_at": shop.stamp, "created_at": shop.stamp}}  # fmt: skip
    keep_order(shop, current, ("orders/edited", body))
    return {"order": current, "successMessages": ["Order updated"]}


# The calculated order ----------------------------------------------------------------------


@resolves("CalculatedOrder", "totalPriceSet")
def calculated_total(one: Record, _call: Call, _given: Given) -> Record:
    return bag(order_math.current_total(one["order"]), one["order"])


@resolves("CalculatedOrder", "totalOutstandingSet")
def calculated_outstanding(one: Record, _call: Call, _given: Given) -> Record:
    return bag(order_math.outstanding(one["order"]), one["order"])


@resolves("CalculatedOrder", "subtotalLineItemsQuantity")
def pieces(one: Record, _call: Call, _given: Given) -> int:
    return sum(order_math.refundable_quantity(one["order"], line) for line in one["order"]["lines"])


@resolves("CalculatedOrder", "lineItems")
def lines(one: Record, call: Call, given: Given) -> Record:
    order = one["order"]
    return connection(call, given, [{**line, "_order": order} for line in order["lines"]])


@resolves("CalculatedLineItem", "quantity")
def quantity(line: Record, _call: Call, _given: Given) -> int:
    return order_math.refundable_quantity(line["_order"], line)


@resolves("CalculatedLineItem", "editableQuantity")
def editable(line: Record, _call: Call, _given: Given) -> int:
    return order_math.unfulfilled_quantity(line["_order"], line)


@resolves("CalculatedLineItem", "variant")
def variant_of_line(line: Record, call: Call, _given: Given) -> Any:
    return variant_of(call, line["variant_id"])
