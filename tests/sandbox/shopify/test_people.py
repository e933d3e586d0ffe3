"""shopify.md §6: customers, consent, merge; §8: consent states."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore


def of(store: SandboxStore, email: str) -> str:
    return gid("Customer", store.customer(email)["id"])


def test_an_update_replaces_what_is_sent(store: SandboxStore, ask):
    one = of(store, "dana@shopper.example")
    found = ask.done(
        "customer_update", input={"id": one, "note": "Prefers e-mail", "tags": ["vip"]}
    )["customer"]

    assert (found["note"], found["tags"], found["firstName"]) == ("Prefers e-mail", ["vip"], "Dana")


def test_an_email_or_phone_belongs_to_one_customer(store: SandboxStore, ask):
    one = of(store, "dana@shopper.example")

    assert (
        "taken"
        in ask.refused("customer_update", input={"id": one, "email": "greta.holm@shopper.example"})[
            "message"
        ]
    )
    assert "taken" in ask.refused("customer_create", input={"phone": "+46 700 000 006"})["message"]


def test_a_new_customer_needs_something_to_be_known_by(store: SandboxStore, ask):
    assert "must be present" in ask.refused("customer_create", input={"note": "nobody"})["message"]
    made = ask.done("customer_create", input={"email": "New.Person@shopper.example"})["customer"]
    found = ask("customer_by_identifier", identifier={"emailAddress": "new.person@shopper.example"})

    assert found["id"] == made["id"]
    assert (
        store.wait_for_webhook("customers/create").json()["email"] == "new.person@shopper.example"
    )


def test_phones_are_found_in_e164_only_exactly(store: SandboxStore, ask):
    """§6: "exact; oneOf … Phone in E.164"."""
    assert (
        ask("customer_by_identifier", identifier={"phoneNumber": "+46700000006"})["firstName"]
        == "Greta"
    )
    assert ask("customer_by_identifier", identifier={"phoneNumber": "0700000006"}) is None
    both = {"phoneNumber": "+46700000006", "emailAddress": "greta.holm@shopper.example"}
    assert ask.raw("customer_by_identifier", identifier=both)["errors"]


def test_an_address_is_changed_and_made_the_default(store: SandboxStore, ask):
    one = store.customer("greta.holm@shopper.example")
    given = {"customerId": gid("Customer", one["id"]), "setAsDefault": True,
             "addressId": gid("MailingAddress", one["addresses"][0]["id"])}  # fmt: skip
    found = ask.done(
        "customer_address_update", **given, address={"address1": "Nygatan 4", "city": "Uppsala"}
    )

    assert found["address"]["formatted"] == ["Greta Holm", "Nygatan 4", "111 23 Uppsala", "Sweden"]
    listed = ask("customer_addresses", id=gid("Customer", one["id"]), first=5)
    assert listed["addressesV2"]["nodes"][0]["address1"] == "Nygatan 4"


def test_consent_is_written_with_its_time(store: SandboxStore, ask):
    """§8: "write UNSUBSCRIBED with time"."""
    one, at = of(store, "dana@shopper.example"), "2026-03-01T10:00:00Z"
    mail = ask.done("customer_email_marketing_consent_update", input={"customerId": one, "emailMarketingConsent": {
        "marketingState": "UNSUBSCRIBED", "consentUpdatedAt": at}})["customer"]  # fmt: skip
    sms = ask.done("customer_sms_marketing_consent_update", input={"customerId": one, "smsMarketingConsent": {
        "marketingState": "UNSUBSCRIBED"}})["customer"]  # fmt: skip

    assert mail["defaultEmailAddress"]["marketingState"] == "UNSUBSCRIBED"
    assert mail["defaultEmailAddress"]["marketingUpdatedAt"] == at
    assert sms["defaultPhoneNumber"]["marketingState"] == "UNSUBSCRIBED"
    assert store.wait_for_webhook("customers_email_marketing_consent/update").json()["customer_id"]


@pytest.mark.parametrize("wrong", [
    {"marketingState": "NOT_SUBSCRIBED"}, {"marketingState": "REDACTED"},
    {"marketingState": "SUBSCRIBED", "consentUpdatedAt": (datetime.now(UTC) + timedelta(days=2)).isoformat()},
])  # fmt: skip
def test_some_states_come_about_by_themselves(store: SandboxStore, ask, wrong):
    given = {"customerId": of(store, "dana@shopper.example"), "emailMarketingConsent": wrong}

    assert ask.refused("customer_email_marketing_consent_update", input=given)["code"] == "INVALID"


# Merge -----------------------------------------------------------------------------------------


@pytest.fixture
def pair(store: SandboxStore):
    store.act.joins("Dana", "M.", phone="+4790000099")
    twin = store.shop.db.find("customer", "phone", "+4790000099")
    assert twin is not None
    return {
        "customerOneId": gid("Customer", twin["id"]),
        "customerTwoId": of(store, "dana@shopper.example"),
    }


def test_a_merge_is_previewed_and_then_a_job_that_moves_the_orders(store: SandboxStore, ask, pair):
    """§6: "job; who is kept is Shopify's choice"; the schema: exactly one has an e-mail, that one is kept."""
    preview = ask("customer_merge_preview", **pair)
    done = ask.done("customer_merge", **pair)
    orders = ask("customer_by_id", id=pair["customerTwoId"])["numberOfOrders"]
    store.finish_jobs()

    assert preview["resultingCustomerId"] == done["resultingCustomerId"] == pair["customerTwoId"]
    assert preview["defaultFields"]["orderCount"] == orders
    assert ask("customer_by_id", id=pair["customerOneId"]) is None
    body = store.wait_for_webhook("customers/merge").json()
    assert body["admin_graphql_api_customer_deleted_id"] == pair["customerOneId"]


def test_the_email_to_keep_decides(store: SandboxStore, ask):
    pair = {
        "customerOneId": of(store, "jane.doe@shopper.example"),
        "customerTwoId": of(store, "tom.nguyen@shopper.example"),
    }
    for kept in pair.values():
        found = ask(
            "customer_merge_preview", **pair, overrideFields={"customerIdOfEmailToKeep": kept}
        )
        assert found["resultingCustomerId"] == kept


@pytest.mark.parametrize(("hurdle", "field"), [("gift card", "GIFT_CARDS"), ("store credit", "STORE_CREDIT"),
                                               ("data request", "PENDING_DATA_REQUEST")])  # fmt: skip
def test_a_merge_is_blocked_by(store: SandboxStore, ask, pair, hurdle: str, field: str):
    """§6: "blocked by subscriptions, gift cards, store credit, B2B, open data requests"."""
    one = pair["customerTwoId"]
    if hurdle == "gift card":
        ask.done("gift_card_create", input={"initialValue": "10", "customerId": one})
    elif hurdle == "store credit":
        money = {"amount": "10.00", "currencyCode": "EUR"}
        ask.done("store_credit_account_credit", id=one, creditInput={"creditAmount": money})
    else:
        store.act.changes_customer(store.customer("dana@shopper.example")["id"], obstacles=[field])
    preview = ask("customer_merge_preview", **pair)

    assert preview["resultingCustomerId"] is None
    assert preview["customerMergeErrors"][0]["errorFields"] == [field]
    assert ask.refused("customer_merge", **pair)["code"] in {
        "INVALID_CUSTOMER",
        "CUSTOMER_HAS_GIFT_CARDS",
    }


def test_nobody_is_merged_twice_or_with_themselves(ask, pair):
    same = {"customerOneId": pair["customerTwoId"], "customerTwoId": pair["customerTwoId"]}
    assert ask.refused("customer_merge", **same)["code"] == "INVALID_CUSTOMER"
    ask.done("customer_merge", **pair)
    assert "MERGE_IN_PROGRESS" in ask.refused("customer_merge", **pair)["message"]
