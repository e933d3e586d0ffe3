"""refundCreate and what is asked before it: ``Order.suggestedRefund``."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError, not_implemented, top_error
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_order
from sandbox.shopify.money import ZERO, bag, total
from sandbox.shopify.reads.visible import within
from sandbox.shopify.refunding import Payment, Piece, Suggestion
from sandbox.shopify.writes import credit
from sandbox.shopify.writes.inputs import amount, only, order

Record = dict[str, Any]


@resolves("Order", "suggestedRefund")
def suggested_refund(one: Record, call: Call, given: Given) -> Record:
    """What Shopify would give back. A wrong question is an error, not a user error: it is a read."""
    try:
        found = _suggested(one, call, given)
    except UserError as error:
        raise top_error(str(error), "INVALID") from error
    undiscounted = found.undiscounted - found.subtotal
    shown = {
        "amountSet": found.amount, "maximumRefundableSet": found.most, "subtotalSet": found.subtotal,
        "discountedSubtotalSet": found.subtotal, "totalTaxSet": found.tax, "totalDutiesSet": ZERO,
        "totalCartDiscountAmountSet": undiscounted,
    }  # fmt: skip
    answer: Record = {name: bag(value, one) for name, value in shown.items()}
    answer["shipping"] = {
        "amountSet": bag(found.shipping, one),
        "maximumRefundableSet": bag(found.shipping_most, one),
    }
    answer["refundLineItems"] = [within(one, each) for each in found.lines]
    answer["suggestedTransactions"], answer["suggestedRefundMethods"] = [], []
    if given.get("refundMethodAllocation") == "STORE_CREDIT":
        answer["suggestedRefundMethods"] = [
            {"__typename": "SuggestedStoreCreditRefund", "amount": bag(found.amount, one),
             "maximumRefundable": bag(found.most, one)}
        ]  # fmt: skip
    else:
        answer["suggestedTransactions"] = [suggested_payment(one, each) for each in found.payments]
    return answer


def suggested_payment(one: Record, payment: Payment) -> Record:
    """Return a ``SuggestedOrderTransaction``."""
    parent = next(each for each in one["transactions"] if each["id"] == payment.parent_id)
    return {
        "kind": "SUGGESTED_REFUND", "gateway": payment.gateway, "amountSet": bag(payment.amount, one),
        "maximumRefundableSet": bag(order_math.left_of(one, parent), one), "_order": one,
        "parent_id": payment.parent_id,
    }  # fmt: skip


def _suggested(one: Record, _call: Call, given: Given) -> Suggestion:
    left = order_math.shipping_left(one)
    if given.get("suggestFullRefund"):
        found = refunding.suggest(one, refunding.everything(one), left)
        found.amount = found.most
        found.payments = refunding.spread(one, found.most)
        return found
    shipping = ZERO
    if given.get("refundShipping"):
        shipping = left
    if given.get("shippingAmount") is not None:
        shipping = amount(given["shippingAmount"], one["currency"], ["shippingAmount"])
    return refunding.suggest(one, pieces_of(given.get("refundLineItems") or []), shipping)


def pieces_of(given: list[Record]) -> list[Piece]:
    return [
        Piece(
            number(each["lineItemId"], "LineItem"),
            each["quantity"],
            each.get("restockType") or "NO_RESTOCK",
            number(each["locationId"], "Location") if each.get("locationId") else None,
        )
        for each in given
    ]


@mutation("refundCreate")
def refund_create(_root: Any, call: Call, given: Given) -> Record:
    """Refused without ``@idempotent``; the same key and input give the same answer (§1.3, §6)."""
    key = given["@"].get("key")
    if not key:
        raise top_error(
            "The @idempotent directive is required for this mutation but was not provided.",
            "BAD_REQUEST",
        )
    print_of = hashlib.sha256(json.dumps(given["input"], sort_keys=True).encode()).hexdigest()
    known = call.shop.db.find("idempotent", "key", f"refundCreate|{key}")
    if known is not None:
        if known["input"] != print_of:
            raise top_error(
                "The idempotency key was used with other parameters.",
                "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
            )
        return _answer(call, known["order"], known["refund"])
    one, made = _refund(call, given["input"])
    call.shop.db.put("idempotent", {
        "id": call.shop.db.next_id("idempotent"), "key": f"refundCreate|{key}", "input": print_of,
        "order": one["id"], "refund": made["id"],
    })  # fmt: skip
    return _answer(call, one["id"], made["id"])


def _answer(call: Call, order_id: int, refund_id: int) -> Record:
    one = call.shop.require("order", order_id)
    made = next(each for each in one["refunds"] if each["id"] == refund_id)
    return {"refund": within(one, made), "order": one}


def _refund(call: Call, given: Record) -> tuple[Record, Record]:
    only(given, "RefundInput", "orderId", "currency", "note", "notify", "refundLineItems", "shipping",
         "transactions", "discrepancyReason", "allowOverRefunding", "refundMethods")  # fmt: skip
    if given.get("allowOverRefunding"):
        raise not_implemented("RefundInput.allowOverRefunding")
    shop = call.shop
    one = order(shop, given["orderId"], ["orderId"])
    _check_currency(one, given.get("currency"))
    pieces = pieces_of(given.get("refundLineItems") or [])
    shipping = _shipping(one, given.get("shipping") or {})
    payments = _payments(one, given.get("transactions") or [])
    credited = _store_credit(one, given.get("refundMethods") or [])
    if not pieces and not shipping and not payments and not credited:
        raise UserError("Refund must have line items, shipping or transactions", ["input"])
    refunding.suggest(one, pieces, shipping)  # wrong pieces are told first
    refunding.check_restock(shop.db, one, pieces)
    refunding.check_payments(one, payments)
    if total(each.amount for each in payments) + credited > order_math.most_refundable(one):
        raise UserError(
            "Refund amount is greater than the amount that can be refunded", ["refundMethods"]
        )
    made = refunding.apply(
        shop.db, one, pieces, shipping=shipping, payments=payments, at=shop.stamp, note=given.get("note"),
        status="PENDING" if shop.settings.pending_refunds else "SUCCESS", store_credit=credited, app="Helpdesk",
    )  # fmt: skip
    if credited:
        credit.add(shop, one["customer_id"], credited, one["currency"])
    give_back_gift_cards(call, one, payments)
    keep_order(shop, one, ("refunds/create", bodies.refund_body(one, made)))
    return one, made


def _check_currency(one: Record, currency: str | None) -> None:
    """Amounts are the customer's; that has to be said where it differs from the shop's."""
    if currency is None and one["currency"] != one["shop_currency"]:
        raise UserError(
            "Currency is required for orders in another currency than the shop's", ["currency"]
        )
    if currency is not None and currency != one["currency"]:
        raise UserError(f"Currency must be {one['currency']}", ["currency"])


def _shipping(one: Record, given: Record) -> Decimal:
    left = order_math.shipping_left(one)
    if given.get("fullRefund"):
        return left
    if given.get("amount") is None:
        return ZERO
    wanted = amount(given["amount"], one["currency"], ["shipping", "amount"])
    if wanted < 0:
        raise UserError("Amount must be greater than zero", ["shipping", "amount"])
    if wanted > left:
        raise UserError(
            "Shipping refund amount is more than the remaining shipping", ["shipping", "amount"]
        )
    return wanted


def _payments(one: Record, given: list[Record]) -> list[Payment]:
    found = []
    for index, each in enumerate(given):
        where = ["transactions", str(index)]
        if number(each["orderId"], "Order") != one["id"]:
            raise UserError("Transaction is of another order", [*where, "orderId"])
        if each["kind"] != "REFUND":
            raise UserError("Kind must be REFUND", [*where, "kind"])
        parent = number(each["parentId"], "OrderTransaction") if each.get("parentId") else None
        found.append(
            Payment(
                parent, each["gateway"], amount(each["amount"], one["currency"], [*where, "amount"])
            )
        )
    return found


def _store_credit(one: Record, given: list[Record]) -> Decimal:
    found = ZERO
    for index, each in enumerate(given):
        wanted = each.get("storeCreditRefund")
        where = ["refundMethods", str(index), "storeCreditRefund"]
        if not wanted:
            continue
        if not one["customer_id"]:
            raise UserError("Store credit needs a customer", where)
        if wanted["amount"]["currencyCode"] != one["currency"]:
            raise UserError(f"Currency must be {one['currency']}", [*where, "amount"])
        part = amount(wanted["amount"]["amount"], one["currency"], [*where, "amount"])
        if part <= 0:
            raise UserError("Amount must be greater than zero", [*where, "amount"])
        found += part
    return found


def give_back_gift_cards(call: Call, one: Record, payments: list[Payment]) -> None:
    """What was paid by gift card goes back onto a card."""
    for each in payments:
        if each.gateway == "gift_card":
            card = call.shop.db.find("gift_card", "customer_id", str(one["customer_id"]))
            if card is not None:
                balance = Decimal(card["balance"]) + each.amount
                call.shop.db.put("gift_card", card | {"balance": str(balance)})
