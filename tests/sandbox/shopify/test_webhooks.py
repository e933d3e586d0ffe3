"""shopify.md §5: signed, doubled, late, in no order, retried eight times in four hours."""

import base64
import hashlib
import hmac
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.shopify.gid import gid
from sandbox.shopify.platform import Platform
from sandbox.shopify.store import SandboxStore
from sandbox.shopify.webhooks import GAPS
from sandbox.threaded import ThreadedSandbox


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks; refuses the first ``refusals`` of them."""

    got: list[tuple[dict[str, str], bytes]] = []
    refusals = 0
    redirect = False

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        kind = type(self)
        kind.got.append(({name.lower(): value for name, value in self.headers.items()}, raw))
        status = 302 if kind.redirect else (503 if len(kind.got) <= kind.refusals else 200)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def receiver(store: SandboxStore) -> Iterator[type[Receiver]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.got, Receiver.refusals, Receiver.redirect = [], 0, False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    store.app.webhook_url = f"http://127.0.0.1:{server.server_port}/hooks/shopify/"
    store.platform.sender.pace = 0.0001
    yield Receiver
    store.platform.sender.pace = 1.0
    server.shutdown()
    thread.join()
    server.server_close()


def note(store: SandboxStore, ask, text: str = "Hello"):
    return ask.done(
        "order_update", input={"id": gid("Order", store.order("#1038")["id"]), "note": text}
    )


def tries(store: SandboxStore, count: int) -> list[Any]:
    deadline = time.monotonic() + 20
    while len(store.webhooks()) < count:
        assert time.monotonic() < deadline, f"{len(store.webhooks())} of {count} tries"
        time.sleep(0.01)
    return store.webhooks()


def test_the_body_is_signed_and_the_headers_tell_the_rest(
    store: SandboxStore, ask, receiver: type[Receiver]
):
    note(store, ask)
    store.wait_for_webhook("orders/updated")
    [(headers, raw)] = receiver.got
    wanted = base64.b64encode(
        hmac.new(store.app.api_secret.encode(), raw, hashlib.sha256).digest()
    ).decode()

    assert headers["x-shopify-hmac-sha256"] == wanted
    assert headers["x-shopify-topic"] == "orders/updated"
    assert headers["x-shopify-shop-domain"] == store.domain
    assert headers["x-shopify-api-version"] == "2026-10"
    assert headers["x-shopify-triggered-at"].endswith("Z")


def test_the_signature_is_the_one_shopifys_form_wants(
    store: SandboxStore, ask, receiver: type[Receiver]
):
    note(store, ask, "Ünïcode 🙂")
    store.wait_for_webhook("orders/updated")

    assert "Ünïcode 🙂".encode() in receiver.got[0][1]


def test_a_refused_delivery_is_tried_again_with_the_same_id_and_body(
    store: SandboxStore, ask, receiver: type[Receiver]
):
    """§5: "names one delivery and stays the same over its retries"; "body as it was at the first try"."""
    receiver.refusals = 3
    note(store, ask)
    sent = tries(store, 4)

    assert [each.status for each in sent] == [503, 503, 503, 200]
    assert len({each.headers["X-Shopify-Webhook-Id"] for each in sent}) == 1
    assert len({each.body for each in sent}) == 1


def test_after_eight_retries_it_is_given_up(store: SandboxStore, ask, receiver: type[Receiver]):
    receiver.refusals = 99
    note(store, ask)
    tries(store, 9)
    store.platform.sender.idle()

    assert len(receiver.got) == 9
    assert store.waiting_webhooks() == []
    assert sum(GAPS) == 4 * 3600
    assert list(GAPS) == sorted(GAPS)


def test_a_redirect_is_a_failure(store: SandboxStore, ask, receiver: type[Receiver]):
    """§5: "any 2xx is success, 3xx is failure"."""
    receiver.redirect = True
    note(store, ask)

    assert [each.status for each in tries(store, 2)[:2]] == [302, 302]


def test_a_double_has_the_same_webhook_id(store: SandboxStore, ask, receiver: type[Receiver]):
    store.fault("duplicate")
    note(store, ask)
    first, second = tries(store, 2)

    assert first.headers["X-Shopify-Webhook-Id"] == second.headers["X-Shopify-Webhook-Id"]


def test_a_lost_delivery_never_comes(store: SandboxStore, ask, receiver: type[Receiver]):
    store.fault("drop")
    note(store, ask, "lost")
    note(store, ask, "told")
    store.platform.sender.idle()

    assert [
        body["note"] for body in (each.json() for each in store.webhooks("orders/updated"))
    ] == ["told"]


def test_shop_specific_subscriptions_are_signed_named_and_deleted_after_failures(
    store: SandboxStore, ask, receiver: type[Receiver]
):
    store.app.topics.clear()
    uri = store.app.webhook_url
    made = ask.done("webhook_subscription_create", topic="ORDERS_UPDATED", webhookSubscription={
        "uri": uri, "name": "mine", "includeFields": ["id", "note"]})["webhookSubscription"]  # fmt: skip
    taken = ask.refused(
        "webhook_subscription_create", topic="ORDERS_UPDATED", webhookSubscription={"uri": uri}
    )
    listed = ask("webhook_subscriptions", first=10)["nodes"]
    receiver.refusals = 99
    note(store, ask)
    tries(store, 9)
    store.platform.sender.idle()

    assert "already been taken" in taken["message"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert receiver.got[0][0]["x-shopify-name"] == "mine"
    assert set(store.webhooks()[0].json()) == {"id", "note"}
    assert ask("webhook_subscriptions", first=10)["nodes"] == []


def test_bodies_of_customers_lost_their_tags_and_counts(store: SandboxStore, ask):
    """§1.4: "lost tags, consent, order count and total spent in 2025-01"."""
    one = store.customer("dana@shopper.example")
    ask.done("customer_update", input={"id": gid("Customer", one["id"]), "note": "Climbs"})
    body = store.wait_for_webhook("customers/update").json()

    assert body["note"] == "Climbs"
    assert not {
        "tags",
        "orders_count",
        "total_spent",
        "email_marketing_consent",
        "accepts_marketing",
    } & set(body)


def test_acts_of_merchant_and_carrier_are_told(store: SandboxStore):
    order = store.act.buys("jane.doe@shopper.example", ("Wool Beanie", 1))
    store.act.ships(order["id"])
    store.act.scans(order["id"], "OUT_FOR_DELIVERY", city="Cork")
    store.act.deletes_order(order["id"])
    store.act.scopes("read_orders")

    for topic in ("orders/create", "fulfillments/create", "fulfillment_events/create", "fulfillments/update",
                  "orders/delete", "app/scopes_update"):  # fmt: skip
        assert store.wait_for_webhook(topic).topic == topic


def test_products_are_told_of_on_every_sale(store: SandboxStore):
    """§5: "products/update … fires on every sale"."""
    before = store.product("Wool Beanie")["variants"][0]["inventoryQuantity"]
    store.act.buys("jane.doe@shopper.example", ("Wool Beanie", 2))
    body = store.wait_for_webhook("products/update").json()

    assert body["variants"][0]["inventory_quantity"] == before - 2


def test_what_was_not_posted_survives_a_restart(tmp_path: Path):
    with ThreadedSandbox(tmp_path) as first:
        first.platform.app.webhook_url = "http://127.0.0.1:9/nobody"
        shop = first.platform.shop("seaside-supply.myshopify.com")
        assert shop is not None
        store = SandboxStore(first.platform, shop)
        store.install()
        order = store.order("#2003")
        store.act.changes_order(order["id"], note="kept")
        first.platform.sender.wait_for(lambda each: each.status == 0)
    again = Platform(tmp_path)
    shop = again.shop("seaside-supply.myshopify.com")
    assert shop is not None
    kept = SandboxStore(again, shop)

    assert kept.order("#2003")["note"] == "kept"
    assert kept.shop.settings.installed_at
    assert [body["json"]["note"] for body in kept.waiting_webhooks()] == ["kept"]
    again.close()
