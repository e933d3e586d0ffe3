"""Orders older than 60 days need read_all_orders (shopify.md §1.6)."""

from datetime import timedelta
from typing import Any

from sandbox.shopify import clock
from sandbox.shopify.engine import Call

RECENT = timedelta(days=60)


def visible(call: Call, order: dict[str, Any]) -> bool:
    if "read_all_orders" in call.scopes:
        return True
    return clock.read(order["createdAt"]) >= call.shop.now() - RECENT


def order_of(call: Call, number: int) -> dict[str, Any] | None:
    """Return an order this call may see."""
    found = call.shop.db.get("order", number)
    return found if found is not None and visible(call, found) else None


def within(order: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of an order that knows its order."""
    return {**part, "_order": order}
