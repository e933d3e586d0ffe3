"""Orders: cancel, change, tags, invoice."""

from typing import Any

from sandbox.shopify import jobs, order_math, refunding
from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.engine import Call, Given
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import gid, split
from sandbox.shopify.keeping import keep_customer, keep_order, keep_product
from sandbox.shopify.money import ZERO
from sandbox.shopify.new_order import note_event
from sandbox.shopify.permission import owner_denied
from sandbox.shopify.shop import Shop
from sandbox.shopify.writes import credit, inputs
from sandbox.shopify.writes.inputs import in_past, only

Record = dict[str, Any]
NOTE = 255


@mutation("orderCancel")
def cancel(_root: Any, call: Call, given: Given) -> Record:
    """A job; cannot be undone. A shipped order cannot be cancelled."""
    shop = call.shop
    one = inputs.order(shop, given["orderId"], ["orderId"], "NOT_FOUND")
    if len(given.get("staffNote") or "") > NOTE:
        raise UserError(
            "Staff note is too long (maximum is 255 characters)", ["staffNote"], "INVALID"
        )
    if one["cancelledAt"]:
        raise UserError("Order has already been cancelled", ["orderId"], "INVALID")
    if any(parcel["status"] == "SUCCESS" for parcel in one["fulfillments"]):
        raise UserError("Cannot cancel an order that has been fulfilled", ["orderId"], "INVALID")
    if jobs.waiting(shop, "cancel", order=one["id"]):
        raise UserError("Order is already being cancelled", ["orderId"], "INVALID")
    method = given.get("refundMethod") or {}
    to_credit = method.get("storeCreditRefund")
    if to_credit is not None and not one["customer_id"]:
        raise UserError(
            "Order has no customer", ["refundMethod"], "STORE_CREDIT_REFUND_MISSING_CUSTOMER"
        )
    if to_credit and in_past(shop, to_credit.get("expiresAt")):
        raise UserError(
            "Expiry is in the past", ["refundMethod"], "STORE_CREDIT_REFUND_EXPIRATION_IN_PAST"
        )
    money = (
        "credit"
        if to_credit is not None
        else ("back" if method.get("originalPaymentMethodsRefund") else "")
    )
    job = jobs.start(shop, "cancel", order=one["id"], reason=given["reason"], restock=given["restock"],
                     money=money, note=given.get("staffNote"))  # fmt: skip
    return {"job": job}


@jobs.works("cancel")
def do_cancel(shop: Shop, given: Record) -> None:
    one = shop.require("order", given["order"])
    if one["cancelledAt"] or any(parcel["status"] == "SUCCESS" for parcel in one["fulfillments"]):
        return  # it left the warehouse in between
    at, most = shop.stamp, order_math.most_refundable(one)
    pieces = refunding.everything(one)
    for piece in pieces:
        piece.restock = "CANCEL" if given["restock"] else "NO_RESTOCK"
    back = refunding.spread(one, most) if given["money"] == "back" else []
    credited = most if given["money"] == "credit" else ZERO
    topics = []
    if pieces or back:
        shipping = order_math.shipping_left(one) if given["money"] else ZERO
        status = "PENDING" if shop.settings.pending_refunds else "SUCCESS"
        made = refunding.apply(shop.db, one, pieces, shipping=shipping, payments=back, at=at, status=status,
                               note=given["note"], store_credit=credited, app="Helpdesk")  # fmt: skip
        topics.append(("refunds/create", bodies.refund_body(one, made)))
    if credited:
        credit.add(shop, one["customer_id"], credited, one["currency"])
    for work in one["fulfillment_orders"]:
        work["status"] = "CANCELLED"
    one |= {"cancelledAt": at, "cancelReason": given["reason"], "closedAt": at}
    note_event(shop.db, one, "cancelled", "The order was cancelled.", at, "Helpdesk")
    keep_order(shop, one, *topics, ("orders/cancelled", bodies.order_body(shop, one)))


@mutation("orderUpdate")
def update(_root: Any, call: Call, given: Given) -> Record:
    """Each member that is sent replaces what the order holds."""
    wanted, shop = given["input"], call.shop
    only(
        wanted,
        "OrderInput",
        "id",
        "customAttributes",
        "email",
        "note",
        "phone",
        "poNumber",
        "shippingAddress",
        "tags",
    )
    one = inputs.order(shop, wanted["id"], ["id"])
    if "email" in wanted:
        one["email"] = inputs.email(wanted["email"], ["email"])
    if "phone" in wanted:
        one["phone"] = inputs.phone(wanted["phone"], ["phone"])
    if wanted.get("shippingAddress") is not None:
        one["shipping_address"] = inputs.address(
            shop, wanted["shippingAddress"], ["shippingAddress"]
        )
        note_event(
            shop.db,
            one,
            "shipping_address_changed",
            "The shipping address was changed.",
            shop.stamp,
            "Helpdesk",
        )
    if wanted.get("customAttributes") is not None:
        one["attributes"] = inputs.attributes(wanted["customAttributes"])
    if wanted.get("tags") is not None:
        one["tags"] = inputs.tags(wanted["tags"], ["tags"])
    one |= {name: wanted[name] for name in ("note", "poNumber") if name in wanted}
    keep_order(shop, one)
    return {"order": one}


@mutation("tagsAdd")
def tags_add(_root: Any, call: Call, given: Given) -> Record:
    return _tag(
        call, given["id"], lambda held: held + given["tags"], given["tags"], "customer.tags_added"
    )


@mutation("tagsRemove")
def tags_remove(_root: Any, call: Call, given: Given) -> Record:
    gone = {one.lower() for one in given["tags"]}
    return _tag(
        call, given["id"], lambda held: [one for one in held if one.lower() not in gone], given["tags"],
        "customer.tags_removed",
    )  # fmt: skip


def _tag(call: Call, given: str, change: Any, tags: list[str], topic: str) -> Record:
    kind, found = split(given)
    denied = owner_denied(call.scopes, kind)
    if denied is not None:
        raise denied
    table = {
        "Order": "order",
        "Customer": "customer",
        "DraftOrder": "draft",
        "Product": "product",
    }.get(kind)
    one = call.shop.db.get(table, found) if table else None
    if one is None:
        raise UserError(f"{kind} does not exist", ["id"])
    one["tags"] = inputs.tags(change(one["tags"]), ["tags"])
    if kind == "Order":
        keep_order(call.shop, one)
    elif kind == "Customer":
        body = {"customerId": gid("Customer", found), "tags": tags, "occurredAt": call.shop.stamp}
        keep_customer(call.shop, one, (topic, body))
    elif kind == "Product":
        keep_product(call.shop, one)
    else:
        call.shop.db.put("draft", one)
    return {"node": {"__typename": kind, "id": gid(kind, found)}}


@mutation("orderInvoiceSend")
def invoice_send(_root: Any, call: Call, given: Given) -> Record:
    one = inputs.order(call.shop, given["id"], ["id"])
    to = (given.get("email") or {}).get("to") or one["email"]
    if not inputs.email(to, ["email", "to"]):
        raise UserError("The order has no e-mail address", ["email", "to"])
    note_event(
        call.shop.db,
        one,
        "mail_sent",
        f"The invoice was sent to {to}.",
        call.shop.stamp,
        "Helpdesk",
    )
    call.shop.db.put("order", one)
    return {"order": one}
