"""shopify.md §6 Conventions, §1: cost, search, partial data, sixty days, what is not known."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.shopify import clock, cost
from sandbox.shopify.gid import gid
from sandbox.shopify.keys import words
from sandbox.shopify.search import parse
from sandbox.shopify.store import SandboxStore


def ids(found):
    return [one["id"] for one in found["nodes"]]


# Cost ----------------------------------------------------------------------------------------


def test_the_cost_of_a_connection_grows_with_the_logarithm_of_its_size(store: SandboxStore):
    """§6: "connection 2 + children * floor(2 ln(size)) (so 250 rows cost 11 times one)"."""
    text = "query($n: Int!) { orders(first: $n) { nodes { id } } }"
    [one, many] = [
        store.run(text, {"n": size})["extensions"]["cost"]["requestedQueryCost"]
        for size in (1, 250)
    ]

    assert (one, many) == (3, 2 + 11)


def test_what_was_not_needed_is_given_back(store: SandboxStore):
    """§6: "The requested cost must be there before it runs, the difference is given back"."""
    store.shop.bucket = cost.Bucket(lambda: 0.0)
    answer = store.run(
        'query { orders(first: 250, query: "name:#1042") { nodes { id customer { id } } } }'
    )
    told = answer["extensions"]["cost"]

    assert told["requestedQueryCost"] == 2 + 2 * 11
    assert told["actualQueryCost"] == 2 + 2 * 1
    assert told["throttleStatus"] == {
        "maximumAvailable": 2000.0,
        "restoreRate": 100.0,
        "currentlyAvailable": 1996,
    }


def test_an_empty_bucket_throttles_with_http_200_and_fills_again():
    """§1.9: 100 points a second; §6: "a THROTTLED answer is HTTP 200"."""
    now = [0.0]
    bucket = cost.Bucket(lambda: now[0])
    assert bucket.take(1990)
    assert not bucket.take(20)
    now[0] += 0.1
    assert bucket.take(20)


def test_a_throttled_call_ran_nothing(store: SandboxStore, ask):
    store.shop.bucket.drain()
    answer = ask.raw("order_detail", id=gid("Order", store.order("#1042")["id"]))

    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert answer["extensions"]["cost"]["requestedQueryCost"] > 100


def test_one_query_costs_at_most_a_thousand(store: SandboxStore):
    variants = "product { variants(first: 250) { nodes { id product { id } } } }"
    lines = f"lineItems(first: 250) {{ nodes {{ id {variants} }} }}"
    answer = store.run(f"{{ orders(first: 250) {{ nodes {{ {lines} }} }} }}")

    assert answer["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


@pytest.mark.parametrize("size", [0, 251])
def test_pages_have_at_most_250_rows(store: SandboxStore, size: int):
    answer = store.run("query($n: Int!) { orders(first: $n) { nodes { id } } }", {"n": size})

    assert bool(answer.get("errors")) == (size > 250)


# Search --------------------------------------------------------------------------------------


def test_pages_lead_through_all_orders_once(store: SandboxStore, ask):
    seen, after = [], None
    while True:
        found = ask(
            "orders_updated_since", query="updated_at:>='2020-01-01'", first=40, after=after
        )
        seen += ids(found)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break

    assert len(seen) == len(set(seen)) == 150


def test_changes_come_oldest_first_and_from_the_moment_asked(store: SandboxStore, ask):
    """The document says: the highest updatedAt seen is a safe place to go on from."""
    since = clock.written(datetime.now(UTC) - timedelta(days=20))
    found = ask("orders_updated_since", query=f"updated_at:>='{since}'", first=100)["nodes"]
    moments = [one["updatedAt"] for one in found]

    assert moments == sorted(moments)
    assert moments[0] >= since
    assert len(found) == sum(one["updatedAt"] >= since for one in store.orders())


def test_email_is_searched_by_words_so_it_may_hit_others(store: SandboxStore, ask):
    """§6: "email: is tokenised: quote it, then compare"."""
    store.act.joins("Anna", "Dana", "anna.dana@shopper.example")
    found = ask("customers_search", query='email:"dana@shopper.example"', first=10)["nodes"]

    assert {one["defaultEmailAddress"]["emailAddress"] for one in found} == {
        "dana@shopper.example", "anna.dana@shopper.example",
    }  # fmt: skip


def test_a_name_may_hit_others_too(store: SandboxStore, ask):
    store.act.buys("jane.doe@shopper.example", ("Wool Beanie", 1), name="EU-1042")
    found = ask("orders_search", query='name:"#1042"', first=5)["nodes"]

    assert {one["name"] for one in found} == {"#1042", "EU-1042"}


def test_an_unknown_field_is_left_out_with_a_warning(store: SandboxStore, ask):
    """§6: "an unknown field is ignored with a warning … so a typo returns everything"."""
    answer = ask.raw("orders_search", query='emial:"dana@shopper.example"', first=5)

    assert len(answer["data"]["orders"]["nodes"]) == 5
    assert answer["extensions"]["search"][0]["warnings"][0]["field"] == "emial"


@pytest.mark.parametrize(("query", "there", "away"), [
    ("email:greta.holm@shopper.example fulfillment_status:unfulfilled", {"#1038"}, {"#1042"}),
    ("name:1042 OR name:1038", {"#1042", "#1038"}, {"#1041"}),
    ("email:dana@shopper.example -name:1042", set(), {"#1042"}),
    ('email:dana@shopper.example NOT name:"#1042"', set(), {"#1042"}),
    (r'"dana\@shopper.example"', {"#1042"}, {"#1038"}),
    ("name:104*", {"#1042", "#10421"}, {"#1038"}),
])  # fmt: skip
def test_and_or_not_phrases_and_wildcards(
    store: SandboxStore, ask, query: str, there: set[str], away: set[str]
):
    found = {one["name"] for one in ask("orders_search", query=query, first=50)["nodes"]}

    assert there <= found
    assert not away & found


def test_words_are_cut_at_everything_but_letters_and_digits():
    assert words("ada@example.com") == ["ada", "example", "com"]
    assert (
        parse("tag:'very good' -state:enabled", {"tag", "state"}).groups[0][0].value
        == '"very good"'
    )


# Who may see what ------------------------------------------------------------------------------


def test_without_approval_fields_are_empty_one_by_one_with_an_error_each(store: SandboxStore, ask):
    """§1.5: "Without approval the fields come back null or as an error, per field"."""
    store.protect("name")
    answer = ask.raw("order_detail", id=gid("Order", store.order("#1042")["id"]))
    order, codes = answer["data"]["order"], {one["extensions"]["code"] for one in answer["errors"]}

    assert codes == {"ACCESS_DENIED"}
    assert (order["email"], order["phone"], order["shippingAddress"]["address1"]) == (
        None,
        None,
        None,
    )
    assert order["shippingAddress"]["firstName"] == "Dana"
    assert order["name"] == "#1042"


def test_a_customer_without_an_approved_name_is_still_a_customer(store: SandboxStore, ask):
    store.protect()
    answer = ask.raw(
        "customer_by_id", id=gid("Customer", store.customer("dana@shopper.example")["id"])
    )

    assert answer["data"]["customer"]["displayName"] == ""
    assert answer["data"]["customer"]["defaultEmailAddress"] is None
    assert int(answer["data"]["customer"]["numberOfOrders"]) > 0


def test_a_missing_scope_denies_the_field_and_leaves_the_rest(store: SandboxStore, ask):
    scopes = [one for one in store.shop.settings.scopes if one != "write_returns"]
    answer = ask.raw("order_detail", *scopes, id=gid("Order", store.order("#1042")["id"]))

    denied = {tuple(one["path"]) for one in answer["errors"]}
    assert all("returns" in path or "return" in str(path) for path in denied)


def test_write_implies_read(store: SandboxStore, ask):
    """§4: "write implies read"."""
    answer = ask.raw("customer_by_id", "write_customers", "write_orders", id=gid("Customer", 1))

    assert "errors" not in answer


def test_orders_older_than_sixty_days_need_their_own_scope(store: SandboxStore, ask):
    """§1.6."""
    old = gid("Order", store.order("#0987")["id"])
    recent_only = [one for one in store.shop.settings.scopes if one != "read_all_orders"]

    assert ask.raw("order_detail", id=old)["data"]["order"]["name"] == "#0987"
    assert ask.raw("order_detail", *recent_only, id=old)["data"]["order"] is None


def test_a_field_beyond_our_documents_is_not_implemented_loudly(store: SandboxStore):
    answer = store.run("{ shop { name billingAddress { city } } }")

    assert answer["errors"][0]["extensions"]["code"] == "NOT_IMPLEMENTED"
    assert "data" not in answer


def test_ids_beyond_2_to_the_53_come_back_whole(store: SandboxStore, ask):
    made = store.act.joins("Big", "Number", "big.number@shopper.example")
    huge = 2**53 + 1
    with store.shop.db.transaction():
        store.shop.db.delete("customer", made["id"])
        store.shop.db.put("customer", made | {"id": huge})
    found = ask("customer_by_id", id=gid("Customer", huge))

    assert (found["id"], found["legacyResourceId"]) == (gid("Customer", huge), str(huge))
