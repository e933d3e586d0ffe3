"""Refunds: what Shopify would suggest, and what it does (shopify.md §6 "Refund, step by step")."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.database import Database
from sandbox.shopify.errors import UserError
from sandbox.shopify.money import ZERO, rounded, total
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.new_order import add_transaction, note_event

Order = dict[str, Any]
RESTOCKING = frozenset({"CANCEL", "RETURN"})


@dataclass(slots=True)
class Piece:
    """So many units of one line."""

    line_id: int
    quantity: int
    restock: str = "NO_RESTOCK"
    location: int | None = None


@dataclass(slots=True)
class Payment:
    """Money through one payment of the order."""

    parent_id: int | None
    gateway: str
    amount: Decimal


@dataclass(slots=True)
class Suggestion:
    """What these pieces and this shipping are worth, in the customer's currency."""

    subtotal: Decimal = ZERO
    undiscounted: Decimal = ZERO
    tax: Decimal = ZERO
    shipping: Decimal = ZERO
    shipping_most: Decimal = ZERO
    most: Decimal = ZERO
    amount: Decimal = ZERO
    lines: list[dict[str, Any]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)


def suggest(order: Order, pieces: list[Piece], shipping: Decimal) -> Suggestion:
    """Return the refund of these pieces. Raises UserError for pieces that are not there."""
    found = Suggestion(shipping=shipping, shipping_most=order_math.shipping_left(order))
    if shipping > found.shipping_most:
        raise UserError("Shipping refund amount is more than the remaining shipping", ["shipping"])
    counted: dict[int, int] = {}
    for index, piece in enumerate(pieces):
        line = _line(order, piece, index, counted)
        before = (
            line["quantity"]
            - order_math.refundable_quantity(order, line)
            + counted.get(line["id"], 0)
        )
        worth = order_math.worth(order, line, piece.quantity, before)
        tax = order_math.tax_of(order, line, piece.quantity, before)
        counted[line["id"]] = counted.get(line["id"], 0) + piece.quantity
        found.subtotal += worth
        found.tax += tax
        found.undiscounted += Decimal(line["price"]) * piece.quantity
        found.lines.append(
            {"line_id": line["id"], "quantity": piece.quantity, "restockType": piece.restock,
             "location_id": _location(order, piece) if piece.restock in RESTOCKING else None,
             "subtotal": amount_text(worth, order["currency"]), "tax": amount_text(tax, order["currency"])}
        )  # fmt: skip
    extra = ZERO if order["taxesIncluded"] else found.tax
    found.most = order_math.most_refundable(order)
    found.amount = min(found.most, found.subtotal + extra + shipping)
    found.payments = spread(order, found.amount)
    return found


def everything(order: Order) -> list[Piece]:
    """Return all that is left of an order; unsent pieces as CANCEL, sent ones as RETURN."""
    found = []
    for line in order["lines"]:
        left = order_math.refundable_quantity(order, line)
        waiting = min(left, order_math.unfulfilled_quantity(order, line))
        if waiting:
            found.append(Piece(line["id"], waiting, "CANCEL"))
        if left > waiting:
            found.append(Piece(line["id"], left - waiting, "RETURN"))
    return found


def spread(order: Order, amount: Decimal) -> list[Payment]:
    """Share an amount over the payments it can go back through."""
    found, left = [], amount
    for each in order_math.refundable_payments(order):
        part = min(left, order_math.left_of(order, each))
        if part > 0:
            found.append(Payment(each["id"], each["gateway"], part))
            left -= part
    return found


def _line(order: Order, piece: Piece, index: int, counted: dict[int, int]) -> dict[str, Any]:
    line = order_math.line_of(order, piece.line_id)
    where = ["refundLineItems", str(index)]
    if line is None:
        raise UserError("Line item does not belong to the order", [*where, "lineItemId"])
    left = order_math.refundable_quantity(order, line) - counted.get(piece.line_id, 0)
    if piece.quantity < 1:
        raise UserError("Quantity must be greater than 0", [*where, "quantity"])
    if piece.quantity > left:
        raise UserError(
            "Quantity cannot refund more items than were purchased", [*where, "quantity"]
        )
    return line


def _location(order: Order, piece: Piece) -> int | None:
    if piece.location is not None:
        return piece.location
    works = order["fulfillment_orders"]
    return works[0]["location_id"] if works else None


def check_restock(db: Database, order: Order, pieces: list[Piece]) -> None:
    """CANCEL is for unshipped lines, RETURN for shipped ones; both need an active location."""
    waiting = {line["id"]: order_math.unfulfilled_quantity(order, line) for line in order["lines"]}
    for index, piece in enumerate(pieces):
        where = ["refundLineItems", str(index)]
        if piece.restock == "LEGACY_RESTOCK":
            raise UserError("Restock type is not accepted for new refunds", [*where, "restockType"])
        if piece.restock not in RESTOCKING:
            continue
        if piece.location is None:
            raise UserError("Location is required to restock", [*where, "locationId"])
        place = db.get("location", piece.location)
        if place is None or not place["isActive"]:
            raise UserError("Location is not active or does not exist", [*where, "locationId"])
        line = order_math.line_of(order, piece.line_id)
        assert line is not None
        left = order_math.refundable_quantity(order, line)
        unsent = waiting[piece.line_id]
        if piece.restock == "CANCEL":
            if piece.quantity > unsent:
                raise UserError(
                    "Fulfilled items cannot be cancelled, return them", [*where, "restockType"]
                )
            waiting[piece.line_id] -= piece.quantity
        elif piece.quantity > left - unsent:
            raise UserError(
                "Unfulfilled items cannot be returned, cancel them", [*where, "restockType"]
            )


def check_payments(order: Order, payments: list[Payment]) -> None:
    """A refund cannot exceed what is left, neither in all nor of one payment."""
    if total(each.amount for each in payments) > order_math.most_refundable(order):
        raise UserError(
            "Refund amount is greater than the amount that can be refunded", ["transactions"]
        )
    by_id = {each["id"]: each for each in order["transactions"]}
    used: dict[int, Decimal] = {}
    for index, each in enumerate(payments):
        where = ["transactions", str(index)]
        parent = by_id.get(each.parent_id or 0)
        if each.amount <= 0:
            raise UserError("Amount must be greater than zero", [*where, "amount"])
        if (
            parent is None
            or parent["kind"] not in order_math.PAYING
            or parent["status"] != "SUCCESS"
        ):
            raise UserError(
                "Parent transaction is not a payment of this order", [*where, "parentId"]
            )
        if parent["gateway"] != each.gateway:
            raise UserError("Gateway does not match the parent transaction", [*where, "gateway"])
        used[parent["id"]] = used.get(parent["id"], ZERO) + each.amount
        if used[parent["id"]] > order_math.left_of(order, parent):
            raise UserError(
                "Refund amount is greater than the remaining amount of the payment",
                [*where, "amount"],
            )


def apply(
    db: Database,
    order: Order,
    pieces: list[Piece],
    *,
    shipping: Decimal = ZERO,
    payments: list[Payment],
    at: str,
    note: str | None = None,
    status: str = "SUCCESS",
    return_id: int | None = None,
    store_credit: Decimal = ZERO,
    app: str | None = None,
) -> dict[str, Any]:
    """Write a refund into the order (checked before) and return it. Stock and work are put right."""
    found = suggest(order, pieces, shipping)
    extra = ZERO if order["taxesIncluded"] else found.tax
    made: dict[str, Any] = {
        "id": db.next_id("refund"), "createdAt": at, "note": note, "lines": found.lines,
        "shipping": amount_text(shipping, order["currency"]), "return_id": return_id,
        "suggested": amount_text(found.subtotal + extra + shipping, order["currency"]),
        "store_credit": amount_text(store_credit, order["currency"]), "transaction_ids": [],
    }  # fmt: skip
    for each in payments:
        moved = add_transaction(
            db, order, "REFUND", each.gateway, each.amount, at, parent=each.parent_id, status=status
        )
        made["transaction_ids"].append(moved["id"])
    for piece in pieces:
        take_from_work(order, piece)
    order["refunds"].append(made)
    paid = rounded(total(each.amount for each in payments) + store_credit, order["currency"])
    note_event(db, order, "refund", f"{paid} {order['currency']} were refunded.", at, app)
    for piece in pieces:
        restock(db, order, piece)
    return made


def take_from_work(order: Order, piece: Piece) -> None:
    """Unsent pieces that are refunded are no longer to be sent."""
    left = 0 if piece.restock == "RETURN" else piece.quantity
    for work in order["fulfillment_orders"]:
        for each in work["lines"]:
            if each["line_id"] == piece.line_id and left:
                taken = min(left, each["remaining"])
                each["remaining"] -= taken
                left -= taken
        if work["status"] != "CANCELLED" and not any(each["remaining"] for each in work["lines"]):
            work["status"] = "CLOSED"


def restock(db: Database, order: Order, piece: Piece) -> None:
    """Put pieces back on the shelf."""
    line = order_math.line_of(order, piece.line_id)
    if piece.restock in RESTOCKING and line and line["variant_id"]:
        move_stock(db, line["variant_id"], piece.quantity)


def move_stock(db: Database, variant_id: int, by: int) -> None:
    product = db.find("product", "variant", str(variant_id))
    if product is None:
        return
    for variant in product["variants"]:
        if variant["id"] == variant_id:
            variant["inventoryQuantity"] += by
    (db.stock_moved or partial(db.put, "product"))(product)
