"""Faults on demand: each strikes as often as ordered, and only where ordered."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from sandbox.faults import Faults
from sandbox.shopify import order_math
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore
from tests.sandbox.shopify.conftest import DOCUMENTS


class Client:
    def __init__(self, store: SandboxStore) -> None:
        self.store, self.token = store, store.tokens()["access_token"]

    def post(self, name: str, timeout: float = 5.0, **variables) -> httpx.Response:
        text = (DOCUMENTS / f"{name}.graphql").read_text()
        return httpx.post(self.store.graphql_url, json={"query": text, "variables": variables}, timeout=timeout,
                          headers={"X-Shopify-Access-Token": self.token})  # fmt: skip


@pytest.fixture
def client(store: SandboxStore) -> Client:
    return Client(store)


@pytest.mark.parametrize(("mode", "status"), [
    ("fail", 503), ("frozen", 402), ("gone", 404), ("locked", 423), ("expired_token", 401),
])  # fmt: skip
def test_a_fault_strikes_once_and_runs_nothing(
    store: SandboxStore, client: Client, mode: str, status: int
):
    store.fault(mode)
    given: dict[str, Any] = {
        "input": {"id": gid("Order", store.order("#1038")["id"]), "note": "written"}
    }
    struck = client.post("order_update", **given)
    client.token = store.tokens()["access_token"]
    after = store.order("#1038")["note"]
    fine = client.post("order_update", **given)

    assert (struck.status_code, after) == (status, None)
    assert fine.json()["data"]["orderUpdate"]["order"]["note"] == "written"


def test_throttling_is_http_200_or_429(store: SandboxStore, client: Client):
    store.fault("throttle")
    store.fault("throttle", code=429, seconds=3)
    first, second = client.post("shop"), client.post("shop")

    assert (first.status_code, first.json()["errors"][0]["extensions"]["code"]) == (
        200,
        "THROTTLED",
    )
    assert (second.status_code, second.headers["retry-after"]) == (429, "3.0")


def test_a_timeout_after_the_commit_did_it(store: SandboxStore, client: Client, ask):
    """§3: "After a timeout of any other write: read the state, then decide"; a refund repeats its key."""
    given = ask.refund(store.order("#1042"), "20.00")
    store.fault("timeout_after_commit")
    with pytest.raises(httpx.ReadTimeout):
        client.post("refund_create", timeout=0.5, **given)
    again = client.post("refund_create", **given).json()["data"]["refundCreate"]

    assert again["userErrors"] == []
    assert order_math.refunded(store.order("#1042")) == Decimal("20.00")


def test_a_hang_did_nothing(store: SandboxStore, client: Client, ask):
    store.fault("hang", at="write")
    with pytest.raises(httpx.ReadTimeout):
        client.post("refund_create", timeout=0.5, **ask.refund(store.order("#1042"), "20.00"))

    assert store.order("#1042")["refunds"] == []


def test_a_fault_waits_for_its_operation_and_its_shop(
    store: SandboxStore, other_store: SandboxStore, client: Client
):
    other_store.fault("fail", times=0)
    store.fault("fail", only="OrderUpdate")

    assert client.post("shop").status_code == 200
    assert client.post("order_update", input={"id": gid("Order", 1)}).status_code == 503
    assert Client(other_store).post("shop").status_code == 503


def test_scopes_can_be_lost_for_a_call(store: SandboxStore, client: Client):
    store.fault("scope_loss", text="write_orders")
    given: dict[str, Any] = {
        "input": {"id": gid("Order", store.order("#1038")["id"]), "note": "no"}
    }
    answer = client.post("order_update", **given).json()

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert answer["data"]["orderUpdate"] is None


def test_a_refund_can_be_left_pending(store: SandboxStore, client: Client, ask):
    store.fault("pending")
    found = client.post("refund_create", **ask.refund(store.order("#1042"), "20.00")).json()[
        "data"
    ]["refundCreate"]

    assert found["refund"]["transactions"]["nodes"][0]["status"] == "PENDING"
    assert store.shop.settings.pending_refunds is False


def test_tokens_can_fail_too(store: SandboxStore):
    store.fault("fail", at="token", code=500)

    assert httpx.post(f"{store.base_url}/admin/oauth/access_token", json={}).status_code == 500


def test_many_threads_take_each_order_once():
    faults = Faults()
    faults.order({"provider": "shopify", "mode": "fail", "times": 7})
    with ThreadPoolExecutor(16) as pool:
        taken = [
            found for found in pool.map(lambda _n: faults.take("shopify"), range(200)) if found
        ]

    assert len(taken) == 7
    assert faults.waiting() == []
