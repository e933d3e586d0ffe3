"""Orders and their lines. All sums come out of order_math."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.gid import gid, number
from sandbox.shopify.money import ZERO, bag, total
from sandbox.shopify.reads.catalogue import variant_of
from sandbox.shopify.reads.paging import connection, searched
from sandbox.shopify.reads.visible import order_of, visible, within

Order = dict[str, Any]
Line = dict[str, Any]
READERS: dict[str, Callable[[Order], Any]] = {
    "default": lambda one: [one["name"], one["email"], (one["shipping_address"] or {}).get("lastName")],
    "name": lambda one: one["name"],
    "email": lambda one: one["email"],
    "phone": lambda one: one["phone"],
    "id": lambda one: one["id"],
    "customer_id": lambda one: one["customer_id"],
    "confirmation_number": lambda one: one["confirmationNumber"],
    "tag": lambda one: one["tags"] or None,
    "test": lambda one: one["test"],
    "financial_status": lambda one: order_math.financial_status(one),
    "fulfillment_status": lambda one: {
        "UNFULFILLED": "unfulfilled", "PARTIALLY_FULFILLED": "partial", "FULFILLED": "shipped",
    }.get(order_math.fulfillment_status(one), "unfulfilled"),
    "return_status": lambda one: order_math.return_status(one),
    "status": lambda one: "cancelled" if one["cancelledAt"] else ("closed" if one["closedAt"] else "open"),
    "updated_at": lambda one: one["updatedAt"],
    "created_at": lambda one: one["createdAt"],
    "processed_at": lambda one: one["processedAt"],
    "sku": lambda one: [line["sku"] for line in one["lines"]],
    "source_name": lambda one: one["sourceName"],
}  # fmt: skip
SORTS = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at", "PROCESSED_AT": "processed_at"}
#: MoneyBag fields of an order → the sum they show.
SUMS: dict[str, Callable[[Order], Decimal]] = {
    "subtotalPriceSet": order_math.subtotal,
    "totalShippingPriceSet": order_math.shipping_price,
    "totalTaxSet": order_math.tax,
    "totalDiscountsSet": lambda one: (
        total(Decimal(line["discount"]) for line in one["lines"])
        + (Decimal(one["shipping"]["discount"]) if one["shipping"] else ZERO)
    ),
    "totalPriceSet": order_math.price,
    "currentTotalPriceSet": order_math.current_total,
    "totalReceivedSet": order_math.received,
    "totalOutstandingSet": order_math.outstanding,
    "totalRefundedSet": order_math.refunded,
    "totalRefundedShippingSet": order_math.refunded_shipping,
    "netPaymentSet": order_math.net,
    "refundDiscrepancySet": order_math.discrepancy,
}


@resolves("QueryRoot", "order")
def by_id(_root: Any, call: Call, given: Given) -> Order | None:
    return order_of(call, number(given["id"], "Order"))


@resolves("QueryRoot", "orders")
def search(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    sort = SORTS.get(given.get("sortKey") or "PROCESSED_AT", "number")
    return searched(call, given, "order", READERS, sort=sort, keep=lambda one: visible(call, one))


def _sum(name: str, count: Callable[[Order], Decimal]) -> None:
    @resolves("Order", name)
    def find(one: Order, _call: Call, _given: Given) -> dict[str, Any]:
        return bag(count(one), one)


for _name, _count in SUMS.items():
    _sum(_name, _count)


@resolves("Order", "legacyResourceId")
def legacy_id(one: Order, _call: Call, _given: Given) -> str:
    return str(one["id"])


@resolves("Order", "currencyCode")
def currency(one: Order, _call: Call, _given: Given) -> str:
    return str(one["shop_currency"])


@resolves("Order", "presentmentCurrencyCode")
def presentment(one: Order, _call: Call, _given: Given) -> str:
    return str(one["currency"])


@resolves("Order", "closed")
def closed(one: Order, _call: Call, _given: Given) -> bool:
    return bool(one["closedAt"])


@resolves("Order", "fullyPaid")
def fully_paid(one: Order, _call: Call, _given: Given) -> bool:
    return order_math.received(one) >= order_math.price(one)


@resolves("Order", "unpaid")
def unpaid(one: Order, _call: Call, _given: Given) -> bool:
    return order_math.received(one) == 0 and order_math.price(one) > 0


@resolves("Order", "capturable")
def capturable(one: Order, _call: Call, _given: Given) -> bool:
    return order_math.financial_status(one) == "AUTHORIZED"


@resolves("Order", "refundable")
def refundable(one: Order, _call: Call, _given: Given) -> bool:
    return order_math.most_refundable(one) > 0


@resolves("Order", "restockable")
def restockable(one: Order, _call: Call, _given: Given) -> bool:
    return any(order_math.refundable_quantity(one, line) for line in one["lines"])


@resolves("Order", "confirmed")
def confirmed(_one: Order, _call: Call, _given: Given) -> bool:
    return True


@resolves("Order", "merchantEditable")
def merchant_editable(one: Order, _call: Call, _given: Given) -> bool:
    return not order_math.not_editable_because(one)


@resolves("Order", "merchantEditableErrors")
def merchant_editable_errors(one: Order, _call: Call, _given: Given) -> list[str]:
    return order_math.not_editable_because(one)


@resolves("Order", "canNotifyCustomer")
def can_notify(one: Order, _call: Call, _given: Given) -> bool:
    return bool(one["email"] or one["phone"])


@resolves("Order", "requiresShipping")
def requires_shipping(one: Order, _call: Call, _given: Given) -> bool:
    return any(line["requiresShipping"] for line in one["lines"])


@resolves("Order", "displayFinancialStatus")
def financial(one: Order, _call: Call, _given: Given) -> str:
    return order_math.financial_status(one)


@resolves("Order", "displayFulfillmentStatus")
def fulfilment(one: Order, _call: Call, _given: Given) -> str:
    return order_math.fulfillment_status(one)


@resolves("Order", "returnStatus")
def return_status(one: Order, _call: Call, _given: Given) -> str:
    return order_math.return_status(one)


@resolves("Order", "customAttributes")
@resolves("DraftOrder", "customAttributes")
@resolves("LineItem", "customAttributes")
def attributes(one: Order, _call: Call, _given: Given) -> list[dict[str, str]]:
    return list(one["attributes"])


@resolves("Order", "statusPageUrl")
def status_page(one: Order, call: Call, _given: Given) -> str:
    host = call.shop.domain.replace(".myshopify.com", ".example")
    return f"https://{host}/account/orders/{one['statusKey']}/authenticate?key={one['statusKey'][::-1]}"


@resolves("Order", "paymentGatewayNames")
def gateways(one: Order, _call: Call, _given: Given) -> list[str]:
    return list(dict.fromkeys(each["gateway"] for each in one["transactions"]))


@resolves("Order", "customer")
def customer(one: Order, call: Call, _given: Given) -> Any:
    return call.shop.db.get("customer", one["customer_id"]) if one["customer_id"] else None


@resolves("Order", "shippingAddress")
def shipping_address(one: Order, _call: Call, _given: Given) -> Any:
    return one["shipping_address"]


@resolves("Order", "billingAddress")
def billing_address(one: Order, _call: Call, _given: Given) -> Any:
    return one["billing_address"]


@resolves("Order", "shippingLine")
def shipping_line(one: Order, _call: Call, _given: Given) -> Any:
    return within(one, one["shipping"]) if one["shipping"] else None


@resolves("ShippingLine", "currentDiscountedPriceSet")
def shipping_price(one: Line, _call: Call, _given: Given) -> Any:
    order = one["_order"]
    return bag(order_math.shipping_price(order) - order_math.refunded_shipping(order), order)


@resolves("ShippingLine", "deliveryCategory")
def delivery_category(_one: Line, _call: Call, _given: Given) -> None:
    return None


@resolves("Order", "risk")
def risk(one: Order, _call: Call, _given: Given) -> dict[str, Any]:
    level = one.get("risk", "LOW")
    advice = {"HIGH": "CANCEL", "MEDIUM": "INVESTIGATE"}.get(level, "ACCEPT")
    return {"recommendation": advice, "assessments": [{"riskLevel": level}]}


@resolves("Order", "disputes")
def disputes(one: Order, _call: Call, _given: Given) -> list[Any]:
    return list(one.get("disputes", ()))


@resolves("Order", "events")
def events(one: Order, call: Call, given: Given) -> dict[str, Any]:
    rows = sorted(one["events"], key=lambda each: (each["createdAt"], each["id"]))
    if given.get("reverse"):
        rows.reverse()
    shown = [
        {"__typename": "BasicEvent", "attributeToUser": False, "criticalAlert": False,
         "subjectId": gid("Order", one["id"]), "subjectType": "ORDER",
         "attributeToApp": bool(each["appTitle"]), **each}
        for each in rows
    ]  # fmt: skip
    return connection(call, given, shown)


@resolves("Order", "lineItems")
def lines(one: Order, call: Call, given: Given) -> dict[str, Any]:
    return connection(call, given, [within(one, line) for line in one["lines"]])


@resolves("LineItem", "name")
def line_name(line: Line, _call: Call, _given: Given) -> str:
    return f"{line['title']} - {line['variant_title']}" if line["variant_title"] else line["title"]


@resolves("LineItem", "variantTitle")
def variant_title(line: Line, _call: Call, _given: Given) -> Any:
    return line["variant_title"] or None


@resolves("LineItem", "currentQuantity")
@resolves("LineItem", "refundableQuantity")
def refundable_quantity(line: Line, _call: Call, _given: Given) -> int:
    return order_math.refundable_quantity(line["_order"], line)


@resolves("LineItem", "unfulfilledQuantity")
def unfulfilled_quantity(line: Line, _call: Call, _given: Given) -> int:
    return order_math.unfulfilled_quantity(line["_order"], line)


@resolves("LineItem", "restockable")
def line_restockable(line: Line, _call: Call, _given: Given) -> bool:
    return order_math.refundable_quantity(line["_order"], line) > 0


@resolves("LineItem", "merchantEditable")
def line_editable(line: Line, _call: Call, _given: Given) -> bool:
    order = line["_order"]
    return not order_math.not_editable_because(order) and bool(
        order_math.unfulfilled_quantity(order, line)
    )


@resolves("LineItem", "originalUnitPriceSet")
def original_price(line: Line, _call: Call, _given: Given) -> Any:
    return bag(Decimal(line["price"]), line["_order"])


@resolves("LineItem", "discountedUnitPriceAfterAllDiscountsSet")
def discounted_price(line: Line, _call: Call, _given: Given) -> Any:
    return bag(order_math.unit_price_after_discounts(line["_order"], line), line["_order"])


@resolves("LineItem", "totalDiscountSet")
def line_discount(line: Line, _call: Call, _given: Given) -> Any:
    return bag(Decimal(line["discount"]), line["_order"])


@resolves("LineItem", "variant")
def line_variant(line: Line, call: Call, _given: Given) -> Any:
    return variant_of(call, line["variant_id"])


@resolves("LineItem", "product")
def line_product(line: Line, call: Call, _given: Given) -> Any:
    return call.shop.db.get("product", line["product_id"]) if line["product_id"] else None


@resolves("LineItem", "image")
def line_image(line: Line, call: Call, _given: Given) -> Any:
    if not line.get("image"):
        return None
    return {"url": call.shop.file_url(line["image"]), "altText": line["title"]}
