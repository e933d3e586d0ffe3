"""Returns: what can come back, what was agreed, what came."""

from decimal import Decimal
from typing import Any

from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.gid import gid, number
from sandbox.shopify.money import bag
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.reads.visible import order_of, visible, within
from sandbox.shopify.return_math import (
    line_worth,
    parcel_line,
    processable,
    refunded_pieces,
    returnable,
)

Part = dict[str, Any]


@resolves("QueryRoot", "returnReasonDefinitions")
def reasons(_root: Any, call: Call, given: Given) -> Part:
    return connection(call, given, list(call.shop.db.all("return_reason")))


@resolves("LineItem", "suggestedReturnReasonDefinitions")
def suggested_reasons(_one: Any, call: Call, given: Given) -> Part:
    rows = [one for one in call.shop.db.all("return_reason") if not one["deleted"]]
    return connection(call, given, rows)


@resolves("QueryRoot", "returnableFulfillments")
def returnable_fulfillments(_root: Any, call: Call, given: Given) -> Part:
    order = order_of(call, number(given["orderId"], "Order"))
    if order is None:
        return connection(call, given, [])
    rows = []
    for parcel in order["fulfillments"]:
        left = [(each, returnable(order, each)) for each in parcel["lines"]]
        lines = [
            {"fulfillmentLineItem": within(order, each), "quantity": quantity}
            for each, quantity in left
            if quantity > 0
        ]
        if lines and parcel["status"] == "SUCCESS":
            rows.append({"id": parcel["id"], "fulfillment": within(order, parcel), "lines": lines})
    return connection(call, given, rows)


@resolves("ReturnableFulfillment", "returnableFulfillmentLineItems")
def returnable_lines(one: Part, call: Call, given: Given) -> Part:
    return connection(call, given, one["lines"])


@resolves("QueryRoot", "return")
def by_id(_root: Any, call: Call, given: Given) -> Part | None:
    wanted = number(given["id"], "Return")
    order = call.shop.db.find("order", "return", str(wanted))
    if order is None or not visible(call, order):
        return None
    return next(within(order, each) for each in order["returns"] if each["id"] == wanted)


@resolves("Order", "returns")
def of_order(order: Part, call: Call, given: Given) -> Part:
    return connection(call, given, [within(order, each) for each in order["returns"]])


@resolves("Return", "order")
def order(one: Part, _call: Call, _given: Given) -> Part:
    found: Part = one["_order"]
    return found


@resolves("Return", "totalQuantity")
def total_quantity(one: Part, _call: Call, _given: Given) -> int:
    return sum(int(each["quantity"]) for each in one["lines"])


@resolves("Return", "decline")
def decline(one: Part, _call: Call, _given: Given) -> Any:
    return one.get("decline")


@resolves("Return", "returnShippingFees")
def fees(one: Part, _call: Call, _given: Given) -> list[Part]:
    if not one["fee"]:
        return []
    return [
        {
            "id": gid("ReturnShippingFee", one["id"]),
            "amountSet": bag(Decimal(one["fee"]), one["_order"]),
        }
    ]


@resolves("Return", "returnLineItems")
def lines(one: Part, call: Call, given: Given) -> Part:
    rows = [
        {**each, "__typename": "ReturnLineItem", "_order": one["_order"], "_return": one,
         "id": gid("ReturnLineItem", each["id"])}
        for each in one["lines"]
    ]  # fmt: skip
    return connection(call, given, rows)


@resolves("ReturnLineItem", "processedQuantity")
def processed(one: Part, _call: Call, _given: Given) -> int:
    return int(one["processed"])


@resolves("ReturnLineItem", "processableQuantity")
def processable_quantity(one: Part, _call: Call, _given: Given) -> int:
    return processable(one["_return"], one)


@resolves("ReturnLineItem", "refundedQuantity")
def refunded_quantity(one: Part, _call: Call, _given: Given) -> int:
    return refunded_pieces(one)


@resolves("ReturnLineItem", "refundableQuantity")
def refundable_quantity(one: Part, _call: Call, _given: Given) -> int:
    return int(one["quantity"]) - refunded_pieces(one)


@resolves("ReturnLineItem", "returnReasonNote")
def reason_note(one: Part, _call: Call, _given: Given) -> str:
    return one["note"] or ""


@resolves("ReturnLineItem", "customerNote")
def customer_note(one: Part, _call: Call, _given: Given) -> Any:
    return one.get("customer_note")


@resolves("ReturnLineItem", "returnReasonDefinition")
def reason(one: Part, call: Call, _given: Given) -> Any:
    return call.shop.db.get("return_reason", one["reason_id"]) if one["reason_id"] else None


@resolves("ReturnLineItem", "fulfillmentLineItem")
@resolves("ReverseFulfillmentOrderLineItem", "fulfillmentLineItem")
def fulfillment_line(one: Part, _call: Call, _given: Given) -> Any:
    found = parcel_line(one["_order"], one["parcel_line_id"])
    return within(one["_order"], found) if found else None


@resolves("ReturnLineItem", "withCodeDiscountedTotalPriceSet")
def discounted_total(one: Part, _call: Call, _given: Given) -> Any:
    return bag(line_worth(one["_order"], one, int(one["quantity"])), one["_order"])


@resolves("ReturnLineItem", "restockingFee")
def restocking_fee(one: Part, _call: Call, _given: Given) -> Any:
    if not one["restocking"]:
        return None
    worth = line_worth(one["_order"], one, int(one["quantity"]))
    share = worth * Decimal(str(one["restocking"])) / 100
    return {"percentage": one["restocking"], "amountSet": bag(share, one["_order"])}


@resolves("Return", "exchangeLineItems")
def exchange_lines(one: Part, call: Call, given: Given) -> Part:
    rows = [
        {
            **each,
            "variantId": gid("ProductVariant", each["variant_id"]),
            "processedQuantity": each["processed"],
        }
        for each in one["exchange"]
    ]
    return connection(call, given, rows)


@resolves("Return", "reverseFulfillmentOrders")
def reverse_orders(one: Part, call: Call, given: Given) -> Part:
    rows = []
    if one["status"] in {"OPEN", "CLOSED"}:
        done = all(int(each["processed"]) >= int(each["quantity"]) for each in one["lines"])
        rows = [{"id": one["id"], "status": "CLOSED" if done else "OPEN", "_return": one}]
    return connection(call, given, rows)


@resolves("ReverseFulfillmentOrder", "lineItems")
def reverse_lines(one: Part, call: Call, given: Given) -> Part:
    found = one["_return"]
    rows = [
        within(found["_order"], {**each, "totalQuantity": each["quantity"]})
        for each in found["lines"]
    ]
    return connection(call, given, rows)


@resolves("ReverseFulfillmentOrder", "reverseDeliveries")
def reverse_deliveries(one: Part, call: Call, given: Given) -> Part:
    label = one["_return"].get("label")
    rows = [{"id": one["id"], "_label": label}] if label else []
    return connection(call, given, rows)


@resolves("ReverseDelivery", "deliverable")
def deliverable(one: Part, _call: Call, _given: Given) -> Part:
    return {"__typename": "ReverseDeliveryShippingDeliverable", **one["_label"]}


@resolves("Return", "refunds")
def refunds(one: Part, call: Call, given: Given) -> Part:
    order = one["_order"]
    rows = [within(order, each) for each in order["refunds"] if each.get("return_id") == one["id"]]
    return connection(call, given, rows)
