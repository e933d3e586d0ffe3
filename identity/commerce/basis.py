"""What a preview rests on: if any of it changed, the preview is a lie and must be looked at again."""

from typing import Any

from identity.commerce.facts import OrderFacts
from identity.commerce.seam import Preview


def basis_of(order: OrderFacts) -> dict[str, Any]:
    """Return what money and goods of an order depend on, as plain JSON."""
    return {
        "paid": str(order.paid),
        "refunded": str(order.refunded),
        "total": str(order.current_total),
        "cancelled": order.cancelled,
        "shipped": order.shipped,
        "lines": [
            [line.id, line.current_quantity, line.refundable_quantity, line.fulfilled_quantity]
            for line in order.lines
        ],
        "returns": sorted([one.id, str(one.state)] for one in order.returns),
    }


def what_changed(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Return a sentence about the first difference, or "" when there is none."""
    words = {
        "paid": "More or less has been paid",
        "refunded": "Money went back",
        "total": "Its total changed",
        "cancelled": "It was cancelled",
        "shipped": "It was shipped",
        "lines": "Its items changed",
        "returns": "A return was opened, changed or closed",
    }
    for name, says in words.items():
        if before.get(name) != now.get(name):
            return f"{says} since the preview. Nothing was done: look at it again."
    return ""


def same_calculation(before: Preview, now: Preview) -> bool:
    """Say whether the shop still calculates what was shown and confirmed."""
    return (before.refund, before.due, before.value) == (now.refund, now.due, now.value)
