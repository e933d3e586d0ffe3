"""shopify.md §6: reships by draft order, codes, gift cards, store credit, metafields, the app's own things."""

import pytest

from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore


def shop_money(bag) -> str:
    return str(bag["shopMoney"]["amount"])


def reship(store: SandboxStore, **more):
    variant = store.product("Nord 2 Tent")["variants"][0]
    return {
        "purchasingEntity": {"customerId": gid("Customer", store.customer("dana@shopper.example")["id"])},
        "useCustomerDefaultAddress": True, "tags": ["reship"], "note": "Reship of #1042",
        "lineItems": [{"variantId": gid("ProductVariant", variant["id"]), "quantity": 1}],
        "appliedDiscount": {"value": 100.0, "valueType": "PERCENTAGE", "title": "Reship"},
        "customAttributes": [{"key": "original_order", "value": "#1042"}],
    } | more  # fmt: skip


# Draft orders ----------------------------------------------------------------------------------


def test_a_reship_costs_nothing_and_takes_stock_when_completed(store: SandboxStore, ask):
    """§6: "100 % discount … tags and attributes back to ticket and order; stock is taken at complete"."""
    before = store.product("Nord 2 Tent")["variants"][0]["inventoryQuantity"]
    draft = ask.done("draft_order_create", input=reship(store))["draftOrder"]
    saved = store.product("Nord 2 Tent")["variants"][0]["inventoryQuantity"]
    done = ask.done("draft_order_complete", id=draft["id"])["draftOrder"]
    order = ask("order_detail", id=done["order"]["id"])

    assert shop_money(draft["totalPriceSet"]) == "0.0"
    assert (saved, store.product("Nord 2 Tent")["variants"][0]["inventoryQuantity"]) == (
        before,
        before - 1,
    )
    assert (order["displayFinancialStatus"], order["displayFulfillmentStatus"]) == (
        "PAID",
        "UNFULFILLED",
    )
    assert order["tags"] == ["reship"]
    assert order["customAttributes"] == [{"key": "original_order", "value": "#1042"}]
    assert order["customer"]["displayName"] == "Dana Miller"
    assert order["shippingAddress"]["city"] == "Bergen"


def test_a_draft_is_completed_once_and_its_order_can_be_read(ask, store: SandboxStore):
    """The document says: completing twice fails, so a retry is safe: take its order."""
    draft = ask.done("draft_order_create", input=reship(store))["draftOrder"]
    done = ask.done("draft_order_complete", id=draft["id"])["draftOrder"]
    again = ask.refused("draft_order_complete", id=draft["id"])

    assert "has been paid" in again["message"]
    assert ask("draft_order_detail", id=draft["id"])["order"] == {
        "id": done["order"]["id"], "name": done["order"]["name"],
    }  # fmt: skip


def test_a_draft_is_worked_out_before_anything_is_saved(ask, store: SandboxStore):
    given = reship(store, appliedDiscount={"value": 10.0, "valueType": "PERCENTAGE"},
                   shippingLine={"title": "Express", "priceWithCurrency": {"amount": "12.90", "currencyCode": "EUR"}})  # fmt: skip
    found = ask.done("draft_order_calculate", input=given)["calculatedDraftOrder"]

    assert shop_money(found["subtotalPriceSet"]) == "404.1"
    assert shop_money(found["totalPriceSet"]) == "417.0"
    assert [rate["handle"] for rate in found["availableShippingRates"]] == ["standard", "express"]
    assert store.shop.db.count("draft") == 0


def test_an_invoice_of_a_draft_needs_an_address(ask, store: SandboxStore):
    draft = ask.done("draft_order_create", input=reship(store))["draftOrder"]
    sent = ask.done("draft_order_invoice_send", id=draft["id"])["draftOrder"]

    assert sent["status"] == "INVOICE_SENT"
    assert (
        "Add at least 1 product"
        in ask.refused("draft_order_create", input=reship(store, lineItems=[]))["message"]
    )


# Codes, cards, credit --------------------------------------------------------------------------


def code(store: SandboxStore, **more):
    one = gid("Customer", store.customer("dana@shopper.example")["id"])
    return {"title": "Sorry", "code": "SORRY-1", "startsAt": "2026-01-01T00:00:00Z", "usageLimit": 1,
            "context": {"customers": {"add": [one]}},
            "customerGets": {"items": {"all": True}, "value": {"percentage": 0.1}}} | more  # fmt: skip


def test_a_code_exists_once_whatever_its_case(ask, store: SandboxStore):
    """§6: "double: error TAKEN"."""
    made = ask.done("discount_code_basic_create", basicCodeDiscount=code(store))["codeDiscountNode"]
    again = ask.refused("discount_code_basic_create", basicCodeDiscount=code(store, code="sorry-1"))
    found = ask("discount_by_code", code="Sorry-1")

    assert again["code"] == "TAKEN"
    assert found["id"] == made["id"]
    assert found["codeDiscount"]["status"] == "ACTIVE"
    ask.done("discount_code_deactivate", id=made["id"])
    assert ask("discount_by_code", code="SORRY-1")["codeDiscount"]["status"] == "EXPIRED"


@pytest.mark.parametrize(("more", "expected"), [
    ({"customerGets": {"items": {"all": True}, "value": {"percentage": 10}}}, "VALUE_OUTSIDE_RANGE"),
    ({"endsAt": "2025-01-01T00:00:00Z"}, "END_DATE_BEFORE_START_DATE"),
    ({"title": " "}, "BLANK"), ({"usageLimit": 0}, "GREATER_THAN"),
    ({"context": {"customers": {"add": ["gid://shopify/Customer/99999"]}}}, "INVALID"),
])  # fmt: skip
def test_a_wrong_code_is_refused(ask, store: SandboxStore, more, expected: str):
    """§6: "percentage 0 to 1"."""
    assert (
        ask.refused("discount_code_basic_create", basicCodeDiscount=code(store, **more))["code"]
        == expected
    )


def test_a_gift_card_shows_its_code_once(ask):
    made = ask.done("gift_card_create", input={"initialValue": "25.50", "code": "ABCD1234"})

    assert made["giftCardCode"] == "abcd1234"
    assert made["giftCard"]["lastCharacters"] == "1234"
    assert made["giftCard"]["initialValue"]["amount"] == "25.5"
    assert (
        ask.refused("gift_card_create", input={"initialValue": "5", "code": "abcd1234"})["code"]
        == "TAKEN"
    )
    assert ask.refused("gift_card_create", input={"initialValue": "0"})["code"] == "GREATER_THAN"
    assert (
        ask.refused("gift_card_create", input={"initialValue": "5", "code": "abc"})["code"]
        == "TOO_SHORT"
    )


def test_store_credit_adds_up_by_currency(ask, store: SandboxStore):
    one = gid("Customer", store.customer("dana@shopper.example")["id"])

    def credit(amount: str, currency: str = "EUR"):
        return {
            "id": one,
            "creditInput": {"creditAmount": {"amount": amount, "currencyCode": currency}},
        }

    ask.done("store_credit_account_credit", **credit("10.00"))
    found = ask.done("store_credit_account_credit", **credit("2.50"))[
        "storeCreditAccountTransaction"
    ]

    assert found["account"]["balance"] == {"amount": "12.5", "currencyCode": "EUR"}
    assert (
        ask.refused("store_credit_account_credit", **credit("0"))["code"]
        == "NEGATIVE_OR_ZERO_AMOUNT"
    )
    assert (
        ask.refused("store_credit_account_credit", **credit("1", "CHF"))["code"]
        == "UNSUPPORTED_CURRENCY"
    )


# Metafields ------------------------------------------------------------------------------------


def field(store: SandboxStore, value: str, **more):
    return {"ownerId": gid("Customer", store.customer("dana@shopper.example")["id"]), "namespace": "$app",
            "key": "support", "type": "single_line_text_field", "value": value} | more  # fmt: skip


def test_a_metafield_is_written_read_and_guarded_by_its_digest(ask, store: SandboxStore):
    """§6: "compareDigest; namespace $app is ours"."""
    [first] = ask.done("metafields_set", metafields=[field(store, "one", compareDigest=None)])[
        "metafields"
    ]
    [second] = ask.done(
        "metafields_set", metafields=[field(store, "two", compareDigest=first["compareDigest"])]
    )["metafields"]
    stale = ask.refused(
        "metafields_set", metafields=[field(store, "three", compareDigest=first["compareDigest"])]
    )
    read = ask("customer_metafields", id=field(store, "")["ownerId"], namespace="$app", first=5)[
        "metafields"
    ]["nodes"]

    assert stale["code"] == "STALE_OBJECT"
    assert second["id"] == first["id"]
    assert [one["value"] for one in read] == ["two"]


def test_metafields_are_all_or_nothing_and_25_at_a_time(ask, store: SandboxStore):
    good, bad = field(store, "one"), field(store, "{", key="other", type="json")
    error = ask.refused("metafields_set", metafields=[good, bad])

    assert (error["code"], error["elementIndex"]) == ("INVALID_VALUE", 1)
    assert store.shop.db.count("metafield") == 0
    assert ask.raw("metafields_set", metafields=[good] * 26)["errors"]


def test_metafields_need_the_scope_of_their_owner(ask, store: SandboxStore):
    answer = ask.raw("metafields_set", "read_customers", metafields=[field(store, "one")])

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


# The app's own ---------------------------------------------------------------------------------


def test_a_plan_waits_for_the_merchant(ask, store: SandboxStore):
    """§4 Billing: "merchant approves at confirmationUrl, truth is currentAppInstallation"."""
    plan = {"appRecurringPricingDetails": {"price": {"amount": "49.00", "currencyCode": "USD"}}}
    made = ask.done("app_subscription_create", name="Standard", returnUrl="https://app.example/back",
                    lineItems=[{"plan": plan}])  # fmt: skip
    before = ask("current_app_installation")["activeSubscriptions"]
    from sandbox.shopify.writes.app import approve

    approve(store.shop, 1)
    [active] = ask("current_app_installation")["activeSubscriptions"]

    assert (made["appSubscription"]["status"], before) == ("PENDING", [])
    assert active["lineItems"][0]["plan"]["pricingDetails"]["price"] == {
        "amount": "49.0",
        "currencyCode": "USD",
    }
    assert (
        ask.done("app_subscription_cancel", id=active["id"])["appSubscription"]["status"]
        == "CANCELLED"
    )


def test_the_app_takes_itself_off(ask, store: SandboxStore):
    ask.done("app_uninstall")

    assert store.shop.settings.installed_at == ""
    assert store.wait_for_webhook("app/uninstalled").json()["domain"] == store.domain


def test_flow_wants_a_handle(ask):
    assert ask.refused("flow_trigger_receive", handle="", payload={})["field"] == ["handle"]
    ask.done("flow_trigger_receive", handle="ticket-created", payload={"customer_id": 1})
