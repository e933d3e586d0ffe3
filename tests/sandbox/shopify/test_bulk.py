"""shopify.md §6 "backfill": JSONL with __parentId, five at a time, a topic when it is done."""

import json
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from sandbox.shopify import bulk_run
from sandbox.shopify.big_shop import big_shop, settings
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore
from tests.sandbox.shopify.conftest import DOCUMENTS


def text(name: str) -> str:
    return (DOCUMENTS / "bulk" / f"{name}.graphql").read_text()


def finished(store: SandboxStore, ask, one, timeout: float = 30.0):
    deadline = time.monotonic() + timeout
    while True:
        found = ask("bulk_operation", id=one["id"])
        if found["status"] not in bulk_run.UNFINISHED:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def start(ask, query: str):
    return ask.done("bulk_operation_run_query", query=query)["bulkOperation"]


def test_orders_come_as_lines_whose_children_name_their_parent(store: SandboxStore, ask):
    query = text("orders").replace("2026-01-01", "2020-01-01")
    done = finished(store, ask, start(ask, query))
    rows = [json.loads(line) for line in httpx.get(done["url"]).text.splitlines()]
    orders = [row for row in rows if "__parentId" not in row]
    lines = [row for row in rows if "__parentId" in row]

    assert done["status"] == "COMPLETED"
    assert (
        (int(done["objectCount"]), int(done["rootObjectCount"]))
        == (len(rows), len(orders))
        == (len(rows), 150)
    )
    assert {line["__parentId"] for line in lines} <= {order["id"] for order in orders}
    assert {order["name"] for order in orders} == {one["name"] for one in store.orders()}
    assert int(done["fileSize"]) == len(httpx.get(done["url"]).content)


def test_a_row_says_the_same_as_a_query(store: SandboxStore, ask):
    done = finished(store, ask, start(ask, text("customers")))
    rows = {row["id"]: row for row in map(json.loads, httpx.get(done["url"]).text.splitlines())}
    one = gid("Customer", store.customer("dana@shopper.example")["id"])
    asked = ask("customer_by_id", id=one)

    assert all(
        asked[name] == value
        for name, value in rows[one].items()
        if name in asked and not isinstance(value, dict)
    )
    assert rows[one]["amountSpent"] == asked["amountSpent"]


@pytest.mark.parametrize("grouped", [True, False])
def test_ungrouped_children_come_far_from_their_parent(store: SandboxStore, ask, grouped: bool):
    """``groupObjects``: grouped, children follow their parent; else they come when they come."""
    run = "mutation($q: String!, $g: Boolean!) { bulkOperationRunQuery(query: $q, groupObjects: $g) { bulkOperation { id } } }"
    answer = store.run(run, {"q": text("orders").replace("2026-01-01", "2020-01-01"), "g": grouped})
    done = finished(store, ask, answer["data"]["bulkOperationRunQuery"]["bulkOperation"])
    first = [json.loads(line) for line in httpx.get(done["url"]).text.splitlines()[:2]]

    assert (first[1].get("__parentId") == first[0]["id"]) is grouped


def test_the_end_is_told(store: SandboxStore, ask):
    one = start(ask, text("products"))
    body = store.wait_for_webhook("bulk_operations/finish").json()

    assert (body["admin_graphql_api_id"], body["status"], body["error_code"]) == (
        one["id"],
        "completed",
        None,
    )


@pytest.mark.parametrize(("query", "words"), [
    ("{ shop { name } }", "at least one connection"),
    ("{ customers { edges { node { id } } } orders { edges { node { id } } } }", "one root field"),
    ("mutation { appUninstall { app { id } } }", "exactly one query"),
])  # fmt: skip
def test_what_is_no_bulk_query_is_refused(ask, query: str, words: str):
    error = ask.refused("bulk_operation_run_query", query=query)

    assert error["code"] == "INVALID"
    assert words in error["message"]


def test_five_at_a_time(store: SandboxStore, ask):
    """§6: "five at a time per shop and app since 2026-01"."""
    for _ in range(5):
        number = store.shop.db.next_id("bulk")
        store.shop.db.put(
            "bulk", {"id": number, "status": "RUNNING", "createdAt": store.shop.stamp}
        )

    assert (
        ask.refused("bulk_operation_run_query", query=text("products"))["code"] == "LIMIT_REACHED"
    )


def test_a_missing_scope_fails_the_operation(store: SandboxStore, ask):
    answer = ask.raw("bulk_operation_run_query", "read_products", query=text("customers"))
    done = finished(store, ask, answer["data"]["bulkOperationRunQuery"]["bulkOperation"])

    assert (done["status"], done["errorCode"], done["url"]) == ("FAILED", "ACCESS_DENIED", None)


def test_an_ordered_failure_leaves_partial_data(store: SandboxStore, ask):
    store.fault("fail", at="bulk")
    done = finished(store, ask, start(ask, text("customers")))

    assert (done["status"], done["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert done["url"] is None
    assert httpx.get(done["partialDataUrl"]).status_code == 200


def test_it_can_be_cancelled_and_a_finished_one_cannot(store: SandboxStore, ask):
    done = finished(store, ask, start(ask, text("products")))

    assert "cannot be canceled" in ask.refused("bulk_operation_cancel", id=done["id"])["message"]


def test_a_restart_takes_an_interrupted_operation_up_again(store: SandboxStore, ask):
    number = store.shop.db.next_id("bulk")
    store.shop.db.put("bulk", {
        "id": number, "status": "RUNNING", "type": "QUERY", "errorCode": None, "createdAt": store.shop.stamp,
        "completedAt": None, "objectCount": 3, "rootObjectCount": 3, "fileSize": None, "url": None,
        "partialDataUrl": None, "query": text("products"), "scopes": store.shop.settings.scopes, "grouped": False,
    })  # fmt: skip
    bulk_run.resume(store.shop)

    assert finished(store, ask, {"id": gid("BulkOperation", number)})["status"] == "COMPLETED"


def test_a_bigger_shop_streams_while_others_write(store_platform):
    now = datetime.now(UTC)
    shop = store_platform.add(
        settings(), lambda one: big_shop(one, customers=40, orders=300, now=now)
    )
    store = SandboxStore(store_platform, shop)
    store.install()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            store.act.changes_customer(1000, note=str(time.monotonic()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answer = store.run(
            (DOCUMENTS / "bulk_operation_run_query.graphql").read_text(), {"query": text("orders")}
        )
        sent = store.wait_for_webhook("bulk_operations/finish", 60)
    finally:
        stop.set()
        writer.join()

    assert answer["data"]["bulkOperationRunQuery"]["userErrors"] == []
    assert sent.json()["status"] == "completed"
    assert store.shop.require("bulk", 1)["rootObjectCount"] > 250
