"""Holds on a shipment, and tracking put right."""

from typing import Any

from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.engine import Call, Given
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_order
from sandbox.shopify.reads.visible import within
from sandbox.shopify.writes.inputs import only

Record = dict[str, Any]
HOLDABLE = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD"})
MOST_HOLDS = 10


def _work(call: Call, given: Given) -> tuple[Record, Record]:
    wanted = number(given["id"], "FulfillmentOrder")
    order = call.shop.db.find("order", "fulfillment_order", str(wanted))
    if order is None:
        raise UserError("Fulfillment order does not exist", ["id"], "FULFILLMENT_ORDER_NOT_FOUND")
    return order, next(each for each in order["fulfillment_orders"] if each["id"] == wanted)


@mutation("fulfillmentOrderHold")
def hold(_root: Any, call: Call, given: Given) -> Record:
    order, work = _work(call, given)
    wanted = given["fulfillmentHold"]
    only(
        wanted,
        "FulfillmentOrderHoldInput",
        "reason",
        "reasonNotes",
        "handle",
        "notifyMerchant",
        "externalId",
    )
    if work["status"] not in HOLDABLE or not any(each["remaining"] for each in work["lines"]):
        raise UserError(f"Fulfillment order is {work['status'].lower()}", ["id"], "TAKEN")
    handle = wanted.get("handle") or ""
    if any(each["handle"] == handle for each in work["holds"]):
        code = "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
        raise UserError(
            "The handle is in use for another hold", ["fulfillmentHold", "handle"], code
        )
    if len(work["holds"]) >= MOST_HOLDS:
        code = "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"
        raise UserError("The fulfillment order has reached its limit of holds", ["id"], code)
    made = {"id": call.shop.db.next_id("hold"), "reason": wanted["reason"], "handle": handle,
            "reasonNotes": wanted.get("reasonNotes")}  # fmt: skip
    work["holds"].append(made)
    work["status"] = "ON_HOLD"
    keep_order(call.shop, order)
    return {
        "fulfillmentHold": made,
        "fulfillmentOrder": within(order, work),
        "remainingFulfillmentOrder": None,
    }


@mutation("fulfillmentOrderReleaseHold")
def release(_root: Any, call: Call, given: Given) -> Record:
    order, work = _work(call, given)
    chosen = given.get("holdIds")
    gone = {number(each, "FulfillmentHold") for each in chosen} if chosen else None
    work["holds"] = [each for each in work["holds"] if gone is not None and each["id"] not in gone]
    if work["status"] == "ON_HOLD" and not work["holds"]:
        work["status"] = "OPEN"
    keep_order(call.shop, order)
    return {"fulfillmentOrder": within(order, work)}


@mutation("fulfillmentTrackingInfoUpdate")
def tracking(_root: Any, call: Call, given: Given) -> Record:
    wanted = number(given["fulfillmentId"], "Fulfillment")
    order = call.shop.db.find("order", "fulfillment", str(wanted))
    if order is None:
        raise UserError("Fulfillment does not exist", ["fulfillmentId"])
    parcel = next(each for each in order["fulfillments"] if each["id"] == wanted)
    if parcel["status"] != "SUCCESS":
        raise UserError("Fulfillment is cancelled", ["fulfillmentId"])
    info = given["trackingInfoInput"]
    numbers = info.get("numbers") or [info.get("number")]
    urls = info.get("urls") or [info.get("url")]
    urls += [None] * (len(numbers) - len(urls))
    parcel["trackingInfo"] = [
        {"company": info.get("company"), "number": code, "url": url}
        for code, url in zip(numbers, urls, strict=False)
    ]
    parcel["updatedAt"] = call.shop.stamp
    keep_order(call.shop, order, ("fulfillments/update", bodies.fulfillment_body(order, parcel)))
    return {"fulfillment": within(order, parcel)}
