"""The sums of an order. Everything is derived, so nothing can disagree. Amounts: customer's currency."""

from decimal import Decimal
from typing import Any

from sandbox.shopify.money import ZERO, rounded, share, total

Order = dict[str, Any]
Line = dict[str, Any]
PAYING = ("SALE", "CAPTURE")


def line_of(order: Order, number: int) -> Line | None:
    return next((line for line in order["lines"] if line["id"] == number), None)


# Pieces ------------------------------------------------------------------------------------


def refunded_quantity(order: Order, line: Line) -> int:
    return sum(
        each["quantity"]
        for refund in order["refunds"]
        for each in refund["lines"]
        if each["line_id"] == line["id"]
    )


def refundable_quantity(order: Order, line: Line) -> int:
    """Return the units ordered, without refunded and removed ones."""
    return int(line["quantity"]) - int(line["removed"]) - refunded_quantity(order, line)


def fulfilled_quantity(order: Order, line: Line) -> int:
    return sum(
        each["quantity"]
        for parcel in order["fulfillments"]
        if parcel["status"] == "SUCCESS"
        for each in parcel["lines"]
        if each["line_id"] == line["id"]
    )


def unfulfilled_quantity(order: Order, line: Line) -> int:
    return sum(
        each["remaining"]
        for work in order["fulfillment_orders"]
        for each in work["lines"]
        if each["line_id"] == line["id"]
    )


# Lines -------------------------------------------------------------------------------------


def line_total(line: Line) -> Decimal:
    """Return what all ordered units cost after discounts (with tax where prices include it)."""
    return Decimal(line["price"]) * int(line["quantity"]) - Decimal(line["discount"])


def _share(order: Order, line: Line, whole: Decimal, first: int, last: int) -> Decimal:
    """Return what the units ``first`` to ``last`` make of an amount for the whole line."""
    of, currency = int(line["quantity"]), order["currency"]
    return share(whole, last, of, currency) - share(whole, first, of, currency)


def worth(order: Order, line: Line, quantity: int, before: int | None = None) -> Decimal:
    """Return what the next ``quantity`` units refund, discounts taken off, tax as in the price."""
    gone = _gone(order, line) if before is None else before
    return _share(order, line, line_total(line), gone, gone + quantity)


def tax_of(order: Order, line: Line, quantity: int, before: int | None = None) -> Decimal:
    gone = _gone(order, line) if before is None else before
    return _share(order, line, Decimal(line["tax"]), gone, gone + quantity)


def _gone(order: Order, line: Line) -> int:
    return refunded_quantity(order, line) + int(line["removed"])


# Sums of the order -------------------------------------------------------------------------


def subtotal(order: Order) -> Decimal:
    return total(line_total(line) for line in order["lines"] if not line.get("added"))


def shipping_price(order: Order) -> Decimal:
    """Return the shipping after discounts."""
    line = order["shipping"]
    return Decimal(line["price"]) - Decimal(line["discount"]) if line else ZERO


def shipping_tax(order: Order) -> Decimal:
    return Decimal(order["shipping"]["tax"]) if order["shipping"] else ZERO


def tax(order: Order) -> Decimal:
    lines = total(Decimal(line["tax"]) for line in order["lines"] if not line.get("added"))
    return lines + shipping_tax(order)


def price(order: Order) -> Decimal:
    """Return the total of the order as placed."""
    extra = ZERO if order["taxesIncluded"] else tax(order)
    return subtotal(order) + shipping_price(order) + extra


def refunded_shipping(order: Order) -> Decimal:
    return total(Decimal(refund["shipping"]) for refund in order["refunds"])


def shipping_left(order: Order) -> Decimal:
    """Return the shipping (with its tax) that may still be refunded."""
    extra = ZERO if order["taxesIncluded"] else shipping_tax(order)
    return shipping_price(order) + extra - refunded_shipping(order)


def current_total(order: Order) -> Decimal:
    """Return the total after edits and returns."""
    lines = ZERO
    for line in order["lines"]:
        left = refundable_quantity(order, line)
        lines += worth(order, line, left)
        lines += ZERO if order["taxesIncluded"] else tax_of(order, line, left)
    return lines + shipping_left(order)


# Money that moved --------------------------------------------------------------------------


def received(order: Order) -> Decimal:
    return _moved(order, PAYING, ("SUCCESS",))


def refunded(order: Order) -> Decimal:
    return _moved(order, ("REFUND",), ("SUCCESS",))


def _moved(order: Order, kinds: tuple[str, ...], states: tuple[str, ...]) -> Decimal:
    return total(
        Decimal(each["amount"])
        for each in order["transactions"]
        if each["kind"] in kinds and each["status"] in states
    )


def promised(order: Order) -> Decimal:
    """Return what went back and what is on its way back."""
    return _moved(order, ("REFUND",), ("SUCCESS", "PENDING")) + _credited(order)


def _credited(order: Order) -> Decimal:
    return total(Decimal(refund.get("store_credit", "0")) for refund in order["refunds"])


def net(order: Order) -> Decimal:
    return received(order) - refunded(order)


def most_refundable(order: Order) -> Decimal:
    """Return the most that may still go back: a refund cannot exceed what is left."""
    return received(order) - promised(order)


def left_of(order: Order, transaction: dict[str, Any]) -> Decimal:
    """Return what may still go back through one payment."""
    gone = total(
        Decimal(each["amount"])
        for each in order["transactions"]
        if each["kind"] == "REFUND"
        and each["status"] in {"SUCCESS", "PENDING"}
        and each["parent_id"] == transaction["id"]
    )
    return Decimal(transaction["amount"]) - gone


def refundable_payments(order: Order) -> list[dict[str, Any]]:
    """Return the payments money can go back through."""
    return [
        each
        for each in order["transactions"]
        if each["kind"] in PAYING and each["status"] == "SUCCESS" and left_of(order, each) > 0
    ]


def discrepancy(order: Order) -> Decimal:
    """Return suggested less actual over all refunds: positive is in the merchant's favour."""
    return total(Decimal(refund["suggested"]) - _paid(order, refund) for refund in order["refunds"])


def _paid(order: Order, refund: dict[str, Any]) -> Decimal:
    return refund_total(order, refund, ("SUCCESS", "PENDING"))


def refund_total(
    order: Order, refund: dict[str, Any], states: tuple[str, ...] = ("SUCCESS",)
) -> Decimal:
    """Return what one refund paid back."""
    paid = total(
        Decimal(each["amount"])
        for each in order["transactions"]
        if each["id"] in refund["transaction_ids"] and each["status"] in states
    )
    return paid + Decimal(refund.get("store_credit", "0"))


def outstanding(order: Order) -> Decimal:
    """Return what is still to be paid; below zero the customer is owed money."""
    if order["cancelledAt"]:
        return ZERO
    owed = current_total(order) + discrepancy(order)
    return owed - (received(order) - promised(order))


# States ------------------------------------------------------------------------------------


def financial_status(order: Order) -> str:
    paid, back = received(order), refunded(order) + _credited(order)
    if paid == 0:
        if order["cancelledAt"] and price(order) > 0:
            return "VOIDED"
        held = [each for each in order["transactions"] if each["kind"] == "AUTHORIZATION"]
        return "AUTHORIZED" if held else ("PENDING" if price(order) > 0 else "PAID")
    if back >= paid:
        return "REFUNDED"
    if back > 0:
        return "PARTIALLY_REFUNDED"
    return "PARTIALLY_PAID" if outstanding(order) > 0 else "PAID"


def fulfillment_status(order: Order) -> str:
    open_pieces = sum(unfulfilled_quantity(order, line) for line in order["lines"])
    sent = sum(fulfilled_quantity(order, line) for line in order["lines"])
    works = [
        each
        for each in order["fulfillment_orders"]
        if each["status"] not in {"CLOSED", "CANCELLED"}
    ]
    if open_pieces == 0 and sent:
        return "FULFILLED"
    if any(each["holds"] for each in works):
        return "ON_HOLD"
    if sent:
        return "PARTIALLY_FULFILLED"
    if any(each["status"] == "IN_PROGRESS" for each in works):
        return "IN_PROGRESS"
    return "UNFULFILLED"


def return_status(order: Order) -> str:
    states = {each["status"] for each in order["returns"]}
    if "OPEN" in states:
        return "IN_PROGRESS"
    if "REQUESTED" in states:
        return "RETURN_REQUESTED"
    return "RETURNED" if "CLOSED" in states else "NO_RETURN"


def not_editable_because(order: Order) -> list[str]:
    """Return why the merchant cannot edit the order; nothing means they can."""
    found = []
    if order["cancelledAt"]:
        found.append("The order has been cancelled")
    if financial_status(order) == "REFUNDED":
        found.append("The order has been fully refunded")
    if not any(unfulfilled_quantity(order, line) for line in order["lines"]):
        found.append("The order has been fulfilled")
    return found


def unit_price_after_discounts(order: Order, line: Line) -> Decimal:
    quantity = int(line["quantity"])
    return rounded(line_total(line) / quantity, order["currency"]) if quantity else ZERO
