"""Fulfilments (parcels with their tracking) and fulfilment orders (the work to be done)."""

from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.reads.visible import within

Part = dict[str, Any]


@resolves("Order", "fulfillments")
def fulfillments(order: Part, _call: Call, given: Given) -> list[Part]:
    return [within(order, each) for each in order["fulfillments"][: given.get("first")]]


@resolves("Fulfillment", "trackingInfo")
def tracking(one: Part, _call: Call, given: Given) -> list[Part]:
    return list(one["trackingInfo"][: given.get("first")])


@resolves("Fulfillment", "location")
def location(one: Part, call: Call, _given: Given) -> Any:
    return call.shop.db.get("location", one["location_id"])


@resolves("Fulfillment", "fulfillmentLineItems")
def parcel_lines(one: Part, call: Call, given: Given) -> Part:
    return connection(call, given, [within(one["_order"], each) for each in one["lines"]])


@resolves("FulfillmentLineItem", "lineItem")
@resolves("FulfillmentOrderLineItem", "lineItem")
@resolves("RefundLineItem", "lineItem")
def line_item(one: Part, _call: Call, _given: Given) -> Any:
    order = one["_order"]
    line = order_math.line_of(order, one["line_id"])
    return within(order, line) if line else None


@resolves("Fulfillment", "events")
def events(one: Part, call: Call, given: Given) -> Part:
    rows = sorted(
        one["events"], key=lambda each: each["happenedAt"], reverse=bool(given.get("reverse"))
    )
    return connection(call, given, rows)


@resolves("Order", "fulfillmentOrders")
def fulfillment_orders(order: Part, call: Call, given: Given) -> Part:
    return connection(call, given, [within(order, each) for each in order["fulfillment_orders"]])


@resolves("FulfillmentOrder", "assignedLocation")
def assigned(one: Part, call: Call, _given: Given) -> Part:
    found = call.shop.db.get("location", one["location_id"]) or {}
    return {"name": found.get("name", ""), "location": found or None}


@resolves("FulfillmentOrder", "supportedActions")
def actions(one: Part, _call: Call, _given: Given) -> list[Part]:
    known = {
        "OPEN": ["CREATE_FULFILLMENT", "HOLD", "MOVE"],
        "IN_PROGRESS": ["CREATE_FULFILLMENT", "HOLD"],
        "ON_HOLD": ["RELEASE_HOLD", "HOLD"],
    }
    return [{"action": each} for each in known.get(one["status"], ())]


@resolves("FulfillmentOrder", "fulfillmentHolds")
def holds(one: Part, _call: Call, _given: Given) -> list[Part]:
    return list(one["holds"])


@resolves("FulfillmentHold", "displayReason")
def hold_reason(one: Part, _call: Call, _given: Given) -> str:
    return str(one["reasonNotes"] or one["reason"].replace("_", " ").capitalize())


@resolves("FulfillmentHold", "heldByRequestingApp")
def held_by_us(_one: Part, _call: Call, _given: Given) -> bool:
    return True


@resolves("FulfillmentOrder", "lineItems")
def work_lines(one: Part, call: Call, given: Given) -> Part:
    return connection(call, given, [within(one["_order"], each) for each in one["lines"]])


@resolves("FulfillmentOrderLineItem", "totalQuantity")
def total_quantity(one: Part, _call: Call, _given: Given) -> int:
    return int(one["total"])


@resolves("FulfillmentOrderLineItem", "remainingQuantity")
def remaining_quantity(one: Part, _call: Call, _given: Given) -> int:
    return int(one["remaining"])
