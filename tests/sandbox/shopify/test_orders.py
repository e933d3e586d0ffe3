"""shopify.md §6: cancel, change, tag, edit and hold orders."""

from decimal import Decimal

import pytest

from sandbox.shopify import order_math
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore


def order_gid(order):
    return gid("Order", order["id"])


def cancel_input(order, **more):
    return {"orderId": order_gid(order), "reason": "CUSTOMER", "restock": True, "notifyCustomer": False,
            "refundMethod": {"originalPaymentMethodsRefund": True}} | more  # fmt: skip


def test_a_cancel_is_a_job_that_gives_everything_back(store: SandboxStore, ask):
    """§6: "job; refund by refundMethod; … cannot be undone"."""
    order = store.order("#1038")
    paid = order_math.received(order)
    job = ask.done("order_cancel", **cancel_input(order, staffNote="Ticket 4711"))["job"]
    before = store.order("#1038")["cancelledAt"]
    store.finish_jobs()
    after = ask.detail(order)

    assert before is None
    assert job["done"] is False
    assert ask("job_status", id=job["id"])["done"] is True
    assert after["cancelReason"] == "CUSTOMER"
    assert after["displayFinancialStatus"] == "REFUNDED"
    assert order_math.refunded(store.order("#1038")) == paid
    assert store.wait_for_webhook("orders/cancelled").json()["cancel_reason"] == "customer"


def test_a_shipped_order_cannot_be_cancelled(store: SandboxStore, ask):
    assert (
        "fulfilled" in ask.refused("order_cancel", **cancel_input(store.order("#1042")))["message"]
    )


def test_a_partly_shipped_order_cannot_be_cancelled(store: SandboxStore, ask):
    assert (
        "fulfilled" in ask.refused("order_cancel", **cancel_input(store.order("#10429")))["message"]
    )


def test_an_order_is_cancelled_once(store: SandboxStore, ask):
    order = store.order("#1038")
    ask.done("order_cancel", **cancel_input(order))
    assert (
        "already being cancelled" in ask.refused("order_cancel", **cancel_input(order))["message"]
    )
    store.finish_jobs()
    assert "already been cancelled" in ask.refused("order_cancel", **cancel_input(order))["message"]


def test_an_order_that_left_before_the_job_is_not_cancelled(store: SandboxStore, ask):
    order = store.order("#1038")
    ask.done("order_cancel", **cancel_input(order))
    store.act.ships(order["id"])
    store.finish_jobs()

    assert store.order("#1038")["cancelledAt"] is None
    assert order_math.refunded(store.order("#1038")) == 0


def test_the_staff_note_of_a_cancel_has_255_letters(store: SandboxStore, ask):
    error = ask.refused("order_cancel", **cancel_input(store.order("#1038"), staffNote="x" * 256))
    assert error["code"] == "INVALID"


def test_a_cancel_into_store_credit_needs_a_customer(store: SandboxStore, ask):
    guest = store.act.buys("guest@nowhere.example", ("Wool Beanie", 1))
    given = cancel_input(guest, refundMethod={"storeCreditRefund": {}})
    assert ask.refused("order_cancel", **given)["code"] == "STORE_CREDIT_REFUND_MISSING_CUSTOMER"


def test_an_update_replaces_what_is_sent_and_nothing_else(store: SandboxStore, ask):
    """§6: "each member replaces"."""
    order = store.order("#1038")
    ask.done("order_update", input={"id": order_gid(order), "note": "First", "tags": ["a", "b"]})
    ask.done("order_update", input={"id": order_gid(order), "tags": ["c"], "shippingAddress": {
        "firstName": "Greta", "lastName": "Holm", "address1": "Sankt Olofsgatan 12", "zip": "753 11",
        "city": "Uppsala", "countryCode": "SE"}})  # fmt: skip
    after = ask.detail(order)

    assert (after["note"], after["tags"]) == ("First", ["c"])
    assert after["shippingAddress"]["formatted"] == [
        "Greta Holm",
        "Sankt Olofsgatan 12",
        "753 11 Uppsala",
        "Sweden",
    ]
    assert after["shippingAddress"]["phone"] is None
    assert after["billingAddress"]["city"] == "Stockholm"


def test_a_wrong_email_or_phone_is_refused(store: SandboxStore, ask):
    one = order_gid(store.order("#1038"))
    assert ask.refused("order_update", input={"id": one, "email": "nobody"})["field"] == ["email"]
    assert ask.refused("order_update", input={"id": one, "phone": "12"})["field"] == ["phone"]


def test_tags_are_kept_once_whatever_their_case(store: SandboxStore, ask):
    order = store.order("#1038")
    ask.done("tags_add", id=order_gid(order), tags=["VIP", "vip", "support"])
    ask.done("tags_remove", id=order_gid(order), tags=["SUPPORT"])
    assert store.order("#1038")["tags"] == ["VIP"]


def test_tags_of_a_customer_fire_their_own_topic(store: SandboxStore, ask):
    one = store.customer("dana@shopper.example")
    ask.done("tags_add", id=gid("Customer", one["id"]), tags=["climber"])
    assert store.wait_for_webhook("customer.tags_added").json()["tags"] == ["climber"]


# Order edit ----------------------------------------------------------------------------------


@pytest.fixture
def edit(store: SandboxStore, ask):
    return ask.done("order_edit_begin", id=order_gid(store.order("#1038")))["calculatedOrder"]


def test_nothing_changes_before_the_commit(store: SandboxStore, ask, edit):
    line = edit["lineItems"]["nodes"][0]
    found = ask.done(
        "order_edit_set_quantity", id=edit["id"], lineItemId=line["id"], quantity=0, restock=True
    )

    assert found["calculatedOrder"]["totalOutstandingSet"]["shopMoney"]["amount"] == "-89.0"
    assert (
        ask.detail(store.order("#1038"))["currentTotalPriceSet"]["shopMoney"]["amount"] == "121.0"
    )


def test_an_edit_that_lowers_the_total_leaves_money_to_refund(store: SandboxStore, ask, edit):
    line = edit["lineItems"]["nodes"][0]
    ask.done(
        "order_edit_set_quantity", id=edit["id"], lineItemId=line["id"], quantity=0, restock=True
    )
    found = ask.done(
        "order_edit_commit", id=edit["id"], notifyCustomer=False, staffNote="Ticket 1"
    )["order"]

    assert found["currentTotalPriceSet"]["shopMoney"]["amount"] == "32.0"
    assert found["totalOutstandingSet"]["shopMoney"]["amount"] == "-89.0"
    assert store.wait_for_webhook("orders/edited").json()["order_edit"]["staff_note"] == "Ticket 1"


def test_an_edit_that_raises_the_total_leaves_an_amount_to_pay(store: SandboxStore, ask, edit):
    variant = store.product("Liner Socks")["variants"][0]
    added = ask.done(
        "order_edit_add_variant",
        id=edit["id"],
        variantId=gid("ProductVariant", variant["id"]),
        quantity=2,
    )
    ask.done("order_edit_add_line_item_discount", id=edit["id"], lineItemId=added["calculatedLineItem"]["id"],
             discount={"percentValue": 50.0})  # fmt: skip
    ask.done("order_edit_commit", id=edit["id"], notifyCustomer=False)
    after = ask.detail(store.order("#1038"))

    assert after["totalOutstandingSet"]["shopMoney"]["amount"] == "14.0"
    assert after["totalPriceSet"]["shopMoney"]["amount"] == "121.0"
    assert after["edited"] is True
    assert after["lineItems"]["nodes"][2]["unfulfilledQuantity"] == 2


def test_an_edit_is_committed_once(ask, edit):
    ask.done("order_edit_commit", id=edit["id"], notifyCustomer=False)
    assert (
        "does not exist"
        in ask.refused("order_edit_commit", id=edit["id"], notifyCustomer=False)["message"]
    )


def test_an_edit_that_began_before_the_parcel_left_is_stale(store: SandboxStore, ask, edit):
    store.act.ships(store.order("#1038")["id"])
    assert (
        "has changed"
        in ask.refused("order_edit_commit", id=edit["id"], notifyCustomer=False)["message"]
    )


def test_a_sent_order_cannot_be_edited(store: SandboxStore, ask):
    assert (
        "cannot be edited"
        in ask.refused("order_edit_begin", id=order_gid(store.order("#1042")))["message"]
    )


# Holds, tracking, invoice ----------------------------------------------------------------------


def test_a_hold_stops_the_shipment_until_it_is_released(store: SandboxStore, ask):
    order = store.order("#1038")
    work = gid("FulfillmentOrder", order["fulfillment_orders"][0]["id"])
    wanted = {"reason": "OTHER", "reasonNotes": "Ticket 4711", "handle": "ticket-4711"}
    ask.done("fulfillment_order_hold", id=work, fulfillmentHold=wanted)
    again = ask.refused("fulfillment_order_hold", id=work, fulfillmentHold=wanted)
    held = ask.detail(order)["displayFulfillmentStatus"]
    ask.done("fulfillment_order_release_hold", id=work)

    assert again["code"] == "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
    assert held == "ON_HOLD"
    assert ask.detail(order)["displayFulfillmentStatus"] == "UNFULFILLED"


def test_a_sent_fulfilment_order_cannot_be_held(store: SandboxStore, ask):
    work = gid("FulfillmentOrder", store.order("#1042")["fulfillment_orders"][0]["id"])
    assert (
        ask.refused("fulfillment_order_hold", id=work, fulfillmentHold={"reason": "OTHER"})["code"]
        == "TAKEN"
    )


def test_tracking_is_put_right(store: SandboxStore, ask):
    parcel = gid("Fulfillment", store.order("#1042")["fulfillments"][0]["id"])
    found = ask.done("fulfillment_tracking_info_update", fulfillmentId=parcel, notifyCustomer=False,
                     trackingInfoInput={"company": "DHL", "number": "N1", "url": "https://dhl.example/N1"})  # fmt: skip
    assert found["fulfillment"]["trackingInfo"] == [
        {"company": "DHL", "number": "N1", "url": "https://dhl.example/N1"}
    ]


def test_an_invoice_needs_an_address(store: SandboxStore, ask):
    guest = store.act.buys(None, ("Wool Beanie", 1))
    assert "no e-mail" in ask.refused("order_invoice_send", id=order_gid(guest))["message"]
    ask.done("order_invoice_send", id=order_gid(store.order("#1011")))


def test_money_adds_up_over_a_life_of_an_order(store: SandboxStore, ask, line_of):
    order = store.act.buys(
        "jane.doe@shopper.example", ("Wool Beanie", 2), ("Liner Socks", 1), shipping=Decimal("4.90")
    )
    store.act.ships(order["id"], lines={order["lines"][0]["id"]: 1})
    ask.done("refund_create", **ask.refund(order, "32.00", refundLineItems=[
        line_of(order, restockType="RETURN", locationId=gid("Location", 1))]))  # fmt: skip
    after = ask.detail(order)

    def shown(name):
        return Decimal(after[name]["shopMoney"]["amount"])

    assert (
        shown("subtotalPriceSet") + shown("totalShippingPriceSet")
        == shown("totalPriceSet")
        == Decimal("82.90")
    )
    assert (
        shown("totalReceivedSet") - shown("totalRefundedSet")
        == shown("netPaymentSet")
        == Decimal("50.90")
    )
    assert shown("currentTotalPriceSet") == shown("netPaymentSet")
    assert shown("totalOutstandingSet") == 0
