"""shopify.md §6 "Refund, step by step", and §1.3: refunds need a key."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from sandbox.shopify import order_math
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore

LOCATION = gid("Location", 1)


def presentment(bag):
    return Decimal(bag["presentmentMoney"]["amount"])


def test_a_refund_without_the_directive_is_refused(store: SandboxStore, ask):
    """§1.3: "refundCreate is refused at run time since 2026-04 unless it carries @idempotent(key:)"."""
    order = store.order("#1042")
    bare = (
        "mutation($input: RefundInput!) { refundCreate(input: $input) { userErrors { message } } }"
    )
    answer = store.run(bare, {"input": ask.refund(order, "1.00")["input"]})

    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert store.order("#1042")["refunds"] == []


def test_the_same_key_and_input_refund_once(store: SandboxStore, ask):
    order = store.order("#1042")
    given = ask.refund(order, "10.00")
    first, second = ask.done("refund_create", **given), ask.done("refund_create", **given)

    assert first["refund"]["id"] == second["refund"]["id"]
    assert order_math.refunded(store.order("#1042")) == Decimal("10.00")


def test_the_same_key_with_other_input_is_refused(store: SandboxStore, ask):
    order = store.order("#1042")
    ask.done("refund_create", **ask.refund(order, "10.00"))
    answer = ask.raw("refund_create", **ask.refund(order, "11.00"))

    assert answer["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert order_math.refunded(store.order("#1042")) == Decimal("10.00")


def test_fifty_threads_with_one_key_move_money_once(store: SandboxStore, ask):
    given = ask.refund(store.order("#1042"), "25.00")
    with ThreadPoolExecutor(8) as pool:
        ids = {
            found["refund"]["id"]
            for found in pool.map(lambda _n: ask.done("refund_create", **given), range(50))
        }

    assert len(ids) == 1
    assert order_math.refunded(store.order("#1042")) == Decimal("25.00")


def test_fifty_keys_at_once_never_refund_more_than_was_paid(store: SandboxStore, ask):
    """§6: "a higher one needs allowOverRefunding: never"."""
    order = store.order("#1042")
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: ask("refund_create", **ask.refund(order, "100.00", f"k{n}")), range(50)
            )
        )

    after = store.order("#1042")
    assert order_math.refunded(after) == Decimal("500.00")
    assert order_math.received(after) == Decimal("508.00")


def test_the_suggestion_gives_amount_maximum_and_the_transactions_to_send_back(
    store: SandboxStore, ask, line_of
):
    order = store.order("#1042")
    found = ask("order_suggested_refund", id=gid("Order", order["id"]),
                refundLineItems=[line_of(order, restockType="RETURN")])["suggestedRefund"]  # fmt: skip

    assert presentment(found["amountSet"]) == Decimal("449.00")
    assert presentment(found["maximumRefundableSet"]) == Decimal("508.00")
    assert found["refundLineItems"][0]["location"]["id"] == LOCATION
    [payment] = found["suggestedTransactions"]
    assert (payment["gateway"], presentment(payment["amountSet"])) == (
        order["transactions"][0]["gateway"],
        Decimal("449.00"),
    )
    assert payment["parentTransaction"]["id"] == gid(
        "OrderTransaction", order["transactions"][0]["id"]
    )


def test_what_was_refunded_is_no_longer_suggested(store: SandboxStore, ask, line_of):
    order = store.order("#1042")
    ask.done("refund_create", **ask.refund(order, "449.00", refundLineItems=[
        line_of(order, restockType="RETURN", locationId=LOCATION)]))  # fmt: skip
    found = ask("order_suggested_refund", id=gid("Order", order["id"]), suggestFullRefund=True)[
        "suggestedRefund"
    ]
    gone = ask.raw(
        "order_suggested_refund", id=gid("Order", order["id"]), refundLineItems=[line_of(order)]
    )

    assert presentment(found["amountSet"]) == Decimal("59.00")
    assert gone["data"]["order"]["suggestedRefund"] is None
    assert gone["errors"]


def test_a_lower_amount_than_suggested_is_fine_and_leaves_no_debt(
    store: SandboxStore, ask, line_of
):
    order = store.order("#1042")
    ask.done("refund_create", **ask.refund(order, "400.00", discrepancyReason="DAMAGE", refundLineItems=[
        line_of(order, restockType="NO_RESTOCK")]))  # fmt: skip
    after = ask.detail(order)

    assert presentment(after["totalRefundedSet"]) == Decimal("400.00")
    assert presentment(after["totalOutstandingSet"]) == 0
    assert after["displayFinancialStatus"] == "PARTIALLY_REFUNDED"


def test_without_transactions_nothing_is_paid_only_recorded(store: SandboxStore, ask, line_of):
    """§6: "Without transactions and refundMethods nothing is paid, only recorded"."""
    order = store.order("#1042")
    found = ask.done("refund_create", input={"orderId": gid("Order", order["id"]), "refundLineItems": [line_of(order)]},
                     idempotencyKey="k")  # fmt: skip

    assert found["refund"]["transactions"]["nodes"] == []
    assert order_math.refunded(store.order("#1042")) == 0
    assert ask.detail(order)["lineItems"]["nodes"][0]["refundableQuantity"] == 0


def test_more_pieces_than_are_left_are_refused(ask, store: SandboxStore, line_of):
    order = store.order("#1042")
    error = ask.refused(
        "refund_create", **ask.refund(order, "1.00", refundLineItems=[line_of(order, quantity=2)])
    )

    assert "more items than were purchased" in error["message"]


def test_restock_needs_an_active_location(ask, store: SandboxStore, line_of):
    """§6: "a location is needed for CANCEL and RETURN … Inactive locations fail"."""
    order = store.order("#1042")
    without = ask.refund(order, "1.00", refundLineItems=[line_of(order, restockType="RETURN")])
    inactive = ask.refund(order, "1.00", refundLineItems=[
        line_of(order, restockType="RETURN", locationId=gid("Location", 3))])  # fmt: skip

    assert "Location is required" in ask.refused("refund_create", **without)["message"]
    assert "not active" in ask.refused("refund_create", **inactive)["message"]


def test_cancel_is_for_unshipped_lines_and_return_for_shipped_ones(
    ask, store: SandboxStore, line_of
):
    """§6: "CANCEL for unshipped lines, RETURN for shipped ones, NO_RESTOCK else"."""
    sent, waiting = store.order("#1042"), store.order("#1038")
    wrong = ask.refund(
        sent, "1.00", refundLineItems=[line_of(sent, restockType="CANCEL", locationId=LOCATION)]
    )
    other = ask.refund(
        waiting,
        "1.00",
        refundLineItems=[line_of(waiting, restockType="RETURN", locationId=LOCATION)],
    )

    assert "cannot be cancelled" in ask.refused("refund_create", **wrong)["message"]
    assert "cannot be returned" in ask.refused("refund_create", **other)["message"]


def test_restocked_pieces_lie_on_the_shelf_again_and_need_not_be_sent(
    ask, store: SandboxStore, line_of
):
    order = store.order("#1038")
    before = store.product("Lyng Fleece")["variants"][1]["inventoryQuantity"]
    ask.done("refund_create", **ask.refund(order, "89.00", refundLineItems=[
        line_of(order, restockType="CANCEL", locationId=LOCATION)]))  # fmt: skip

    assert store.product("Lyng Fleece")["variants"][1]["inventoryQuantity"] == before + 1
    assert ask.detail(order)["lineItems"]["nodes"][0]["unfulfilledQuantity"] == 0


def test_a_pending_refund_is_not_yet_paid_but_holds_the_money(store: SandboxStore, ask):
    """§6: "userErrors empty is not yet paid: transactions may be PENDING"."""
    store.shop.settings.pending_refunds = True
    order = store.order("#1042")
    found = ask.done("refund_create", **ask.refund(order, "500.00"))
    too_much = ask.refused("refund_create", **ask.refund(order, "100.00", "other"))
    store.act.settles(order["id"])

    assert found["refund"]["transactions"]["nodes"][0]["status"] == "PENDING"
    assert presentment(found["order"]["totalRefundedSet"]) == 0
    assert "greater than" in too_much["message"]
    assert order_math.refunded(store.order("#1042")) == Decimal("500.00")


def test_a_refund_that_fails_at_the_bank_frees_the_money(store: SandboxStore, ask):
    store.shop.settings.pending_refunds = True
    order = store.order("#1042")
    ask.done("refund_create", **ask.refund(order, "508.00"))
    store.act.settles(order["id"], "FAILURE", "CARD_DECLINED")

    assert order_math.most_refundable(store.order("#1042")) == Decimal("508.00")
    assert ask.detail(order)["transactions"][-1]["errorCode"] == "CARD_DECLINED"


def test_orders_in_another_currency_need_it_said_and_take_its_digits(store: SandboxStore, ask):
    """§6: "currency is required where it differs from the shop's"; "digits differ (JPY 0, KWD 3)"."""
    yen = store.act.buys(
        "haruto.sato@customer.example", ("Wool Beanie", 1), currency="JPY", rate="0.0061"
    )
    dinar = store.act.buys(
        "khalid.al-sabah@customer.example", ("Wool Beanie", 1), currency="KWD", rate="3.01"
    )

    assert (
        "Currency is required" in ask.refused("refund_create", **ask.refund(yen, "100"))["message"]
    )
    assert (
        "must be JPY"
        in ask.refused("refund_create", **ask.refund(yen, "100", currency="EUR"))["message"]
    )
    assert (
        "decimals"
        in ask.refused("refund_create", **ask.refund(yen, "100.50", currency="JPY"))["message"]
    )
    ask.done("refund_create", **ask.refund(dinar, "1.125", currency="KWD"))
    shown = ask.detail(dinar)["totalRefundedSet"]
    assert shown["presentmentMoney"] == {"amount": "1.125", "currencyCode": "KWD"}
    assert shown["shopMoney"] == {"amount": "3.39", "currencyCode": "EUR"}


def test_over_refunding_is_not_known_loudly(store: SandboxStore, ask):
    answer = ask.raw(
        "refund_create", **ask.refund(store.order("#1042"), "1.00", allowOverRefunding=True)
    )

    assert answer["errors"][0]["extensions"]["code"] == "NOT_IMPLEMENTED"


def test_shipping_goes_back_once(store: SandboxStore, ask):
    order = store.act.buys("jane.doe@shopper.example", ("Liner Socks", 1), shipping=Decimal("4.90"))
    whole = ask.refund(order, "4.90", "a", shipping={"fullRefund": True})
    ask.done("refund_create", **whole)
    error = ask.refused(
        "refund_create", **ask.refund(order, "1.00", "b", shipping={"amount": "1.00"})
    )

    assert "remaining shipping" in error["message"]
    assert ask.detail(order)["totalRefundedShippingSet"]["shopMoney"]["amount"] == "4.9"


def test_a_refund_is_told_with_the_event_id_of_the_order_update(store: SandboxStore, ask):
    """§5: "orders/updated and refunds/create have the same" event id."""
    ask.done("refund_create", **ask.refund(store.order("#1042"), "10.00"))
    refund, order = (
        store.wait_for_webhook("refunds/create"),
        store.wait_for_webhook("orders/updated"),
    )

    assert refund.headers["X-Shopify-Event-Id"] == order.headers["X-Shopify-Event-Id"]
    assert refund.headers["X-Shopify-Webhook-Id"] != order.headers["X-Shopify-Webhook-Id"]
    assert refund.json()["transactions"][0]["amount"] == "10.00"


def test_every_refund_of_three_equal_pieces_adds_up_to_the_line(store: SandboxStore, ask, line_of):
    """Shares of a discounted line are rounded so that nothing is lost and nothing is made."""
    order = store.act.buys("jane.doe@shopper.example", ("Wool Beanie", 3))
    with store.shop.db.transaction():
        order["lines"][0]["discount"] = "0.01"
        order["transactions"][0]["amount"] = "95.99"
        store.shop.db.put("order", order)
    parts = []
    for turn in range(3):
        found = ask(
            "order_suggested_refund", id=gid("Order", order["id"]), refundLineItems=[line_of(order)]
        )
        amount = found["suggestedRefund"]["amountSet"]["shopMoney"]["amount"]
        parts.append(Decimal(amount))
        ask.done(
            "refund_create",
            **ask.refund(order, amount, f"k{turn}", refundLineItems=[line_of(order)]),
        )

    assert sum(parts) == Decimal("95.99")
    assert ask.detail(order)["displayFinancialStatus"] == "REFUNDED"
