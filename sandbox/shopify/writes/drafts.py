"""Draft orders: a reship is one with 100 % off. Saving charges nothing and ships nothing."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_order
from sandbox.shopify.money import ZERO, bag, money, rounded, total
from sandbox.shopify.new_order import Cart, Item, new_order
from sandbox.shopify.reads.catalogue import variant_of
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.writes import exchange, inputs
from sandbox.shopify.writes.inputs import amount, only

Record = dict[str, Any]
KNOWN = (
    "appliedDiscount", "billingAddress", "customAttributes", "customerId", "email", "lineItems", "note",
    "phone", "purchasingEntity", "shippingAddress", "shippingLine", "sourceName", "tags", "taxExempt",
    "useCustomerDefaultAddress", "visibleToCustomer", "presentmentCurrencyCode",
)  # fmt: skip
RATES = (("standard", "Standard", Decimal("4.90")), ("express", "Express", Decimal("12.90")))


def _cart(call: Call, wanted: Record) -> Cart:
    """Read a draft into a cart, prices and discounts worked out. Raises UserError."""
    only(wanted, "DraftOrderInput", *KNOWN)
    shop, currency = call.shop, call.shop.settings.currency
    if wanted.get("presentmentCurrencyCode") not in {None, currency}:
        raise UserError(
            "The sandbox drafts in the shop's currency only", ["presentmentCurrencyCode"]
        )
    items = [_item(call, each, index) for index, each in enumerate(wanted.get("lineItems") or [])]
    if not items:
        raise UserError("Add at least 1 product", ["lineItems"])
    _discount_all(items, wanted.get("appliedDiscount"), currency)
    holder = (wanted.get("purchasingEntity") or {}).get("customerId") or wanted.get("customerId")
    buyer = inputs.customer(shop, holder, ["purchasingEntity", "customerId"]) if holder else None
    place = None
    if wanted.get("shippingAddress"):
        place = inputs.address(shop, wanted["shippingAddress"], ["shippingAddress"])
    elif wanted.get("useCustomerDefaultAddress") and buyer and buyer["addresses"]:
        place = buyer["addresses"][0]
    title, shipping = _shipping(wanted.get("shippingLine"), currency)
    cart = Cart(
        items, shop.now(), inputs.email(wanted.get("email"), ["email"]) or (buyer["email"] if buyer else None),
        phone=inputs.phone(wanted.get("phone"), ["phone"]), customer=buyer, address=place, currency=currency,
        shop_currency=currency, shipping=shipping, shipping_title=title, payments=[],
        taxes_included=shop.settings.taxes_included, note=wanted.get("note"),
        tags=inputs.tags(wanted.get("tags") or [], ["tags"]),
        attributes=inputs.attributes(wanted.get("customAttributes") or []), source="draft",
    )  # fmt: skip
    if wanted.get("taxExempt"):
        cart.tax_rate = ZERO
    return cart


def _item(call: Call, given: Record, index: int) -> Item:
    where = ["lineItems", str(index)]
    only(given, "DraftOrderLineItemInput", "variantId", "quantity", "appliedDiscount", "title", "originalUnitPrice",
         "originalUnitPriceWithCurrency", "customAttributes", "requiresShipping", "taxable", "sku")  # fmt: skip
    if given["quantity"] < 1:
        raise UserError("Quantity must be greater than 0", [*where, "quantity"])
    currency = call.shop.settings.currency
    if given.get("variantId"):
        try:
            product, variant = exchange.found(
                call.shop, number(given["variantId"], "ProductVariant")
            )
        except LookupError as error:
            raise UserError(
                "Product with the variant is no longer available", [*where, "variantId"]
            ) from error
        item = Item(product, variant, given["quantity"])
    elif given.get("title"):
        price = (
            given.get("originalUnitPrice")
            or (given.get("originalUnitPriceWithCurrency") or {}).get("amount")
            or "0"
        )
        variant = {"id": None, "title": "", "sku": given.get("sku"), "price": str(price),
                   "requiresShipping": given.get("requiresShipping", True)}  # fmt: skip
        item = Item(
            {"id": None, "title": given["title"], "vendor": None}, variant, given["quantity"]
        )
    else:
        raise UserError("A variant or a title is required", where)
    item.discount = _off(
        given.get("appliedDiscount"), Decimal(item.variant["price"]) * item.quantity, currency
    )
    return item


def _off(given: Record | None, whole: Decimal, currency: str) -> Decimal:
    if not given:
        return ZERO
    value = Decimal(str(given["value"]))
    if given["valueType"] == "PERCENTAGE":
        if not 0 <= value <= 100:
            raise UserError(
                "Discount percentage must be between 0 and 100", ["appliedDiscount", "value"]
            )
        return rounded(whole * value / 100, currency)
    return min(whole, amount(value, currency, ["appliedDiscount", "value"]))


def _discount_all(items: list[Item], given: Record | None, currency: str) -> None:
    """Share a discount of the whole order over its lines, to the last cent."""
    worths = [Decimal(each.variant["price"]) * each.quantity - each.discount for each in items]
    whole = total(worths)
    off, spent, done = _off(given, whole, currency), ZERO, ZERO
    for item, worth in zip(items, worths, strict=True):
        spent += worth
        part = (rounded(off * spent / whole, currency) if whole else ZERO) - done
        item.discount += part
        done += part


def _shipping(given: Record | None, currency: str) -> tuple[str, Decimal]:
    if not given:
        return "Standard", ZERO
    only(given, "ShippingLineInput", "title", "price", "priceWithCurrency", "shippingRateHandle")
    if given.get("shippingRateHandle"):
        for handle, title, price in RATES:
            if handle == given["shippingRateHandle"]:
                return title, price
        raise UserError("Shipping rate is not available", ["shippingLine", "shippingRateHandle"])
    named = (given.get("priceWithCurrency") or {}).get("amount") or given.get("price") or "0"
    return given.get("title") or "Shipping", amount(named, currency, ["shippingLine", "price"])


def _worked_out(call: Call, wanted: Record) -> Record:
    return new_order(call.shop.db, _cart(call, wanted), name="draft", number=0)


@mutation("draftOrderCalculate")
def calculate(_root: Any, call: Call, given: Given) -> Record:
    one, currency = _worked_out(call, given["input"]), call.shop.settings.currency
    return {"calculatedDraftOrder": {
        "subtotalPriceSet": bag(order_math.subtotal(one), one), "totalTaxSet": bag(order_math.tax(one), one),
        "totalShippingPriceSet": bag(order_math.shipping_price(one), one),
        "totalPriceSet": bag(order_math.price(one), one), "warnings": [],
        "availableShippingRates": [
            {"handle": handle, "title": title, "price": money(price, currency)} for handle, title, price in RATES
        ],
    }}  # fmt: skip


@mutation("draftOrderCreate")
def create(_root: Any, call: Call, given: Given) -> Record:
    one, wanted = _worked_out(call, given["input"]), given["input"]
    number_of = call.shop.db.next_id("draft")
    made = {
        "id": number_of, "name": f"#D{number_of}", "status": "OPEN", "input": wanted, "order": one,
        "createdAt": call.shop.stamp, "completedAt": None, "invoiceSentAt": None, "order_id": None,
        "tags": one["tags"], "attributes": one["attributes"],
        "invoiceUrl": f"https://{call.shop.domain}/invoices/{number_of}",
    }  # fmt: skip
    call.shop.db.put("draft", made)
    return {"draftOrder": made}


def _draft(call: Call, given: Given) -> Record:
    found = call.shop.db.get("draft", number(given["id"], "DraftOrder"))
    if found is None:
        raise UserError("Draft order does not exist", ["id"])
    return found


@mutation("draftOrderComplete")
def complete(_root: Any, call: Call, given: Given) -> Record:
    """Completing twice fails. Stock is taken now."""
    shop, draft = call.shop, _draft(call, given)
    if draft["status"] == "COMPLETED":
        raise UserError("This order has been paid", ["id"])
    cart = _cart(call, draft["input"])
    cart.tags, cart.payments = draft["tags"], [("manual", None)]
    count = shop.db.next_id("draft_completed")
    name = f"{shop.settings.prefix}{20000 + count}"  # above what the demo and the tests use
    order = new_order(shop.db, cart, name=name, number=900_000 + count)
    order["sourceName"] = given.get("sourceName") or "draft"
    for line in order["lines"]:
        if line["variant_id"]:
            refunding.move_stock(shop.db, line["variant_id"], -line["quantity"])
    keep_order(shop, order, created=True)
    draft |= {"status": "COMPLETED", "completedAt": shop.stamp, "order_id": order["id"]}
    shop.db.put("draft", draft)
    return {"draftOrder": draft}


@mutation("draftOrderInvoiceSend")
def invoice_send(_root: Any, call: Call, given: Given) -> Record:
    draft = _draft(call, given)
    to = (given.get("email") or {}).get("to") or draft["order"]["email"]
    if not inputs.email(to, ["email", "to"]):
        raise UserError("To can't be blank", ["email", "to"])
    if draft["status"] == "COMPLETED":
        raise UserError("This order has been paid", ["id"])
    draft |= {"status": "INVOICE_SENT", "invoiceSentAt": call.shop.stamp}
    call.shop.db.put("draft", draft)
    return {"draftOrder": draft}


# What is read of a draft -------------------------------------------------------------------


@resolves("QueryRoot", "draftOrder")
def by_id(_root: Any, call: Call, given: Given) -> Any:
    return call.shop.db.get("draft", number(given["id"], "DraftOrder"))


@resolves("DraftOrder", "ready")
def ready(_one: Record, _call: Call, _given: Given) -> bool:
    return True


@resolves("DraftOrder", "warnings")
def warnings(_one: Record, _call: Call, _given: Given) -> list[Record]:
    return []


@resolves("DraftOrder", "totalPriceSet")
def total_price(one: Record, _call: Call, _given: Given) -> Record:
    return bag(order_math.price(one["order"]), one["order"])


@resolves("DraftOrder", "order")
def completed_order(one: Record, call: Call, _given: Given) -> Any:
    return call.shop.db.get("order", one["order_id"]) if one["order_id"] else None


@resolves("DraftOrder", "lineItems")
def lines(one: Record, call: Call, given: Given) -> Record:
    rows = [
        {"id": line["id"], "quantity": line["quantity"], "variant": variant_of(call, line["variant_id"]),
         "name": f"{line['title']} - {line['variant_title']}" if line["variant_title"] else line["title"]}
        for line in one["order"]["lines"]
    ]  # fmt: skip
    return connection(call, given, rows)
