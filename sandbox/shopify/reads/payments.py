"""Transactions and refunds."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.money import bag, money, total
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.reads.visible import within

Part = dict[str, Any]
GATEWAYS = {"shopify_payments": "Shopify Payments", "paypal": "PayPal", "gift_card": "Gift card",
            "bank_deposit": "Bank deposit"}  # fmt: skip
MANUAL = frozenset({"bank_deposit"})


@resolves("Order", "transactions")
def transactions(order: Part, _call: Call, given: Given) -> list[Part]:
    return [within(order, each) for each in order["transactions"][: given.get("first")]]


@resolves("OrderTransaction", "formattedGateway")
@resolves("SuggestedOrderTransaction", "formattedGateway")
def formatted_gateway(one: Part, _call: Call, _given: Given) -> str:
    return GATEWAYS.get(str(one["gateway"]), str(one["gateway"]))


@resolves("OrderTransaction", "manualPaymentGateway")
def manual(one: Part, _call: Call, _given: Given) -> bool:
    return one["gateway"] in MANUAL


@resolves("OrderTransaction", "amountSet")
def amount(one: Part, _call: Call, _given: Given) -> Any:
    return bag(Decimal(one["amount"]), one["_order"])


@resolves("OrderTransaction", "maximumRefundableV2")
def maximum_refundable(one: Part, _call: Call, _given: Given) -> Any:
    if one["kind"] not in order_math.PAYING:
        return None
    order = one["_order"]
    return money(order_math.left_of(order, one), order["currency"])


@resolves("OrderTransaction", "parentTransaction")
@resolves("SuggestedOrderTransaction", "parentTransaction")
def parent(one: Part, _call: Call, _given: Given) -> Any:
    order = one["_order"]
    found = (each for each in order["transactions"] if each["id"] == one["parent_id"])
    return next((within(order, each) for each in found), None)


@resolves("Order", "refunds")
def refunds(order: Part, _call: Call, given: Given) -> list[Part]:
    return [within(order, each) for each in order["refunds"][: given.get("first")]]


@resolves("Refund", "totalRefundedSet")
def refund_total(one: Part, _call: Call, _given: Given) -> Any:
    order = one["_order"]
    return bag(order_math.refund_total(order, one), order)


@resolves("Refund", "transactions")
def refund_transactions(one: Part, call: Call, given: Given) -> Part:
    order = one["_order"]
    rows = [
        within(order, each)
        for each in order["transactions"]
        if each["id"] in one["transaction_ids"]
    ]
    return connection(call, given, rows)


@resolves("Refund", "refundLineItems")
def refund_lines(one: Part, call: Call, given: Given) -> Part:
    return connection(call, given, [within(one["_order"], each) for each in one["lines"]])


@resolves("RefundLineItem", "location")
def location(one: Part, call: Call, _given: Given) -> Any:
    return call.shop.db.get("location", one["location_id"]) if one["location_id"] else None


@resolves("RefundLineItem", "subtotalSet")
def line_subtotal(one: Part, _call: Call, _given: Given) -> Any:
    return bag(Decimal(one["subtotal"]), one["_order"])


@resolves("RefundLineItem", "totalTaxSet")
def line_tax(one: Part, _call: Call, _given: Given) -> Any:
    return bag(Decimal(one["tax"]), one["_order"])


def sum_of(rows: list[Part], name: str) -> Decimal:
    return total(Decimal(row[name]) for row in rows)
