"""shopify.md §6: returns, exchanges, and what they pay back."""

from decimal import Decimal

import pytest

from sandbox.shopify import order_math
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore


def presentment(bag):
    return Decimal(bag["presentmentMoney"]["amount"])


def wanted(order, line=0, quantity=1, **more):
    found = order["fulfillments"][0]["lines"][line]
    return {"fulfillmentLineItemId": gid("FulfillmentLineItem", found["id"]), "quantity": quantity,
            "returnReasonDefinitionId": gid("ReturnReasonDefinition", 1)} | more  # fmt: skip


@pytest.fixture
def tent(store: SandboxStore):
    return store.order("#1042")


def opened(ask, order, *lines, **more):
    given = {
        "orderId": gid("Order", order["id"]),
        "returnLineItems": list(lines) or [wanted(order)],
    } | more
    return ask.done("return_create", returnInput=given)["return"]


def detail(ask, one):
    return ask("return_detail", id=one["id"])


def processing(ask, one, *, money=None, exchange=(), disposition="RESTOCKED"):
    found = detail(ask, one)
    reverse = found["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"]
    given = {"returnId": one["id"], "exchangeLineItems": list(exchange), "returnLineItems": [
        {"id": line["id"], "quantity": line["processableQuantity"], "dispositions": [{
            "reverseFulfillmentOrderLineItemId": back["id"], "quantity": line["processableQuantity"],
            "locationId": gid("Location", 1), "dispositionType": disposition}]}
        for line, back in zip(found["returnLineItems"]["nodes"], reverse, strict=True)
    ]}  # fmt: skip
    if money:
        given["financialTransfer"] = {"issueRefund": {"orderTransactions": [
            {"parentId": money[0], "transactionAmount": {"amount": money[1], "currencyCode": "EUR"}}]}}  # fmt: skip
    return given


def outcome(ask, one, exchange=()):
    lines = [
        {"id": line["id"], "quantity": line["quantity"]}
        for line in detail(ask, one)["returnLineItems"]["nodes"]
    ]
    found = ask(
        "return_suggested_outcome",
        id=one["id"],
        returnLineItems=lines,
        exchangeLineItems=list(exchange),
    )
    return found["suggestedFinancialOutcome"]


def test_only_what_was_sent_and_not_taken_can_come_back(ask, store, tent):
    nodes = ask("returnable_fulfillments", orderId=gid("Order", tent["id"]), first=10)["nodes"]
    opened(ask, tent)
    after = ask("returnable_fulfillments", orderId=gid("Order", tent["id"]), first=10)["nodes"]
    waiting = ask(
        "returnable_fulfillments", orderId=gid("Order", store.order("#1038")["id"]), first=10
    )["nodes"]

    def names(found):
        lines = found[0]["returnableFulfillmentLineItems"]["nodes"]
        return [line["fulfillmentLineItem"]["lineItem"]["name"] for line in lines]

    assert names(nodes) == ["Nord 2 Tent - Green", "Ground Sheet - Nord 2"]
    assert names(after) == ["Ground Sheet - Nord 2"]
    assert waiting == []


def test_the_same_piece_is_not_returned_twice(ask, tent):
    """The document says: no @idempotent here, look for an open return before a retry."""
    opened(ask, tent)
    again = ask.refused(
        "return_create",
        returnInput={"orderId": gid("Order", tent["id"]), "returnLineItems": [wanted(tent)]},
    )

    assert again["code"] == "INVALID"


def test_ids_are_those_of_the_fulfilment_line(ask, tent):
    """§6: "ids are FulfillmentLineItem ids"."""
    line = {"fulfillmentLineItemId": gid("LineItem", tent["lines"][0]["id"]), "quantity": 1}
    answer = ask.raw(
        "return_create",
        returnInput={"orderId": gid("Order", tent["id"]), "returnLineItems": [line]},
    )

    assert answer["errors"][0]["extensions"]["code"] == "RESOURCE_NOT_FOUND"


def test_a_processed_return_pays_what_was_suggested_and_restocks(ask, store, tent):
    one = opened(ask, tent)
    before = store.product("Nord 2 Tent")["variants"][0]["inventoryQuantity"]
    transfer = outcome(ask, one)["financialTransfer"]
    [payment] = transfer["suggestedTransactions"]
    given = processing(
        ask,
        one,
        money=(
            payment["parentTransaction"]["id"],
            payment["amountSet"]["presentmentMoney"]["amount"],
        ),
    )
    done = ask.done("return_process", input=given)["return"]

    assert presentment(transfer["amount"]) == Decimal("449.00")
    assert done["status"] == "CLOSED"
    assert done["order"]["returnStatus"] == "RETURNED"
    assert order_math.refunded(store.order("#1042")) == Decimal("449.00")
    assert store.product("Nord 2 Tent")["variants"][0]["inventoryQuantity"] == before + 1
    assert presentment(ask.detail(tent)["totalOutstandingSet"]) == 0


def test_processing_without_a_transfer_leaves_the_customer_owed(ask, tent):
    """The document says: if financialTransfer is given, pays."""
    one = opened(ask, tent)
    ask.done("return_process", input=processing(ask, one))

    assert presentment(ask.detail(tent)["totalOutstandingSet"]) == Decimal("-449.00")


def test_fees_are_kept_and_owed_by_nobody(ask, tent):
    one = opened(ask, tent, wanted(tent, restockingFee={"percentage": 10.0}),
                 returnShippingFee={"amount": {"amount": "5.00", "currencyCode": "EUR"}})  # fmt: skip
    transfer = outcome(ask, one)["financialTransfer"]
    parent = transfer["suggestedTransactions"][0]["parentTransaction"]["id"]
    ask.done("return_process", input=processing(ask, one, money=(parent, "399.10")))

    assert presentment(transfer["amount"]) == Decimal("399.10")
    assert presentment(ask.detail(tent)["totalOutstandingSet"]) == 0


def test_an_exchange_is_a_return_with_lines_and_the_difference(ask, store, tent):
    cheaper = store.product("Summit Pack 30L")["variants"][0]
    one = opened(
        ask,
        tent,
        exchangeLineItems=[{"variantId": gid("ProductVariant", cheaper["id"]), "quantity": 1}],
    )
    [line] = detail(ask, one)["exchangeLineItems"]["nodes"]
    swap = [{"id": line["id"], "quantity": 1}]
    transfer = outcome(ask, one, swap)["financialTransfer"]
    parent = transfer["suggestedTransactions"][0]["parentTransaction"]["id"]
    ask.done("return_process", input=processing(ask, one, money=(parent, "320.00"), exchange=swap))
    after = ask.detail(tent)

    assert presentment(transfer["amount"]) == Decimal("320.00")
    assert after["lineItems"]["nodes"][2]["title"] == "Summit Pack 30L"
    assert after["lineItems"]["nodes"][2]["unfulfilledQuantity"] == 1
    assert presentment(after["totalOutstandingSet"]) == 0


def test_a_dearer_exchange_pays_nothing_back_and_is_owed(ask, store, tent):
    dearer = store.product("Nord 3 Tent")["variants"][0]
    one = opened(
        ask,
        tent,
        exchangeLineItems=[{"variantId": gid("ProductVariant", dearer["id"]), "quantity": 1}],
    )
    [line] = detail(ask, one)["exchangeLineItems"]["nodes"]
    swap = [{"id": line["id"], "quantity": 1}]
    found = outcome(ask, one, swap)
    ask.done("return_process", input=processing(ask, one, exchange=swap))

    assert found["financialTransfer"] is None
    assert presentment(ask.detail(tent)["totalOutstandingSet"]) == Decimal("100.00")


def test_a_return_cannot_pay_more_than_is_left(ask, tent):
    one = opened(ask, tent)
    parent = gid("OrderTransaction", tent["transactions"][0]["id"])
    error = ask.refused("return_process", input=processing(ask, one, money=(parent, "508.01")))

    assert error["code"] == "TOO_BIG"


def test_a_customers_request_is_approved_or_declined(ask, store, tent):
    for line in tent["fulfillments"][0]["lines"]:
        store.act.asks_to_return(tent["id"], line["id"])
    first, second = ask.detail(tent)["returns"]["nodes"]
    approved = ask.done("return_approve_request", input={"id": first["id"]})["return"]
    declined = ask.done(
        "return_decline_request", input={"id": second["id"], "declineReason": "FINAL_SALE"}
    )["return"]
    again = ask.refused("return_approve_request", input={"id": first["id"]})

    assert (approved["status"], declined["status"]) == ("OPEN", "DECLINED")
    assert declined["decline"] == {"reason": "FINAL_SALE", "note": None}
    assert again["code"] == "INVALID_STATE"
    assert {"returns/request", "returns/approve", "returns/decline"} <= {
        body["topic"] for body in store.waiting_webhooks()
    } | {sent.topic for sent in store.webhooks()}


def test_a_return_is_closed_and_reopened_and_cancelled_only_before_work(ask, tent):
    one = opened(ask, tent)
    states = [
        ask.done(f"return_{verb}", id=one["id"])["return"]["status"]
        for verb in ("close", "reopen", "cancel")
    ]
    other = opened(ask, tent)
    given = processing(ask, other)
    ask.done("return_process", input=given)

    assert states == ["CLOSED", "OPEN", "CANCELED"]
    assert ask.refused("return_cancel", id=other["id"])["code"] == "INVALID_STATE"


def test_the_reasons_are_records(ask):
    """§6: "reasons are records now, the enum is deprecated"."""
    assert [one["handle"] for one in ask("return_reason_definitions", first=3)["nodes"]] == [
        "too-small", "too-large", "changed-my-mind",
    ]  # fmt: skip
