"""What of a return is still open, and what its pieces are worth."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.money import rounded

Part = dict[str, Any]
#: States in which a return holds its pieces.
HOLDING = frozenset({"OPEN", "REQUESTED", "CLOSED"})


def parcel_line(order: Part, number: int) -> Part | None:
    return next(
        (
            each
            for parcel in order["fulfillments"]
            for each in parcel["lines"]
            if each["id"] == number
        ),
        None,
    )


def returnable(order: Part, line: Part) -> int:
    """Return how many pieces of a parcel's line may still come back.

    Pieces in another return are taken; so are pieces that were refunded without one.
    """
    taken = sum(
        int(each["quantity"])
        for one in order["returns"]
        if one["status"] in HOLDING
        for each in one["lines"]
        if each["parcel_line_id"] == line["id"]
    )
    ordered = order_math.line_of(order, line["line_id"])
    loose = sum(
        each["quantity"]
        for refund in order["refunds"]
        if not refund.get("return_id")
        for each in refund["lines"]
        if each["line_id"] == line["line_id"] and each["restockType"] != "CANCEL"
    )
    left = int(line["quantity"]) - taken - loose
    return max(0, left) if ordered else 0


def processable(one: Part, line: Part) -> int:
    return int(line["quantity"]) - int(line["processed"]) if one["status"] == "OPEN" else 0


def refunded_pieces(line: Part) -> int:
    return int(line["refunded"])


def line_worth(order: Part, line: Part, quantity: int) -> Decimal:
    """Return what so many pieces of a return line refund before fees."""
    ordered = _ordered(order, line)
    return order_math.worth(order, ordered, quantity) if ordered else Decimal(0)


def line_tax(order: Part, line: Part, quantity: int) -> Decimal:
    ordered = _ordered(order, line)
    return order_math.tax_of(order, ordered, quantity) if ordered else Decimal(0)


def restocking_fee(order: Part, line: Part, quantity: int) -> Decimal:
    """Return what is kept of the worth of so many pieces."""
    percentage = Decimal(str(line["restocking"] or 0))
    return rounded(line_worth(order, line, quantity) * percentage / 100, order["currency"])


def _ordered(order: Part, line: Part) -> Part | None:
    found = parcel_line(order, line["parcel_line_id"])
    return order_math.line_of(order, found["line_id"]) if found else None
