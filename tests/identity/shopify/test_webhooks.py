"""The door: what is signed is kept once and answered at once, whatever it is."""

import base64
import json

import pytest

from helpdesk.foundation.ledger import claim
from identity.models import StoreEvent, StoreStatus, UnroutedEvent
from identity.shopify import draining
from identity.shopify.hints import TOPICS
from identity.shopify.webhooks import MAX_BYTES
from identity.tenancy import tenant_scope
from tests.corpus import FIXTURES, corpus_files
from tests.factories.stores import API_SECRET, make_store, post_hook, signature

ORDER = {"id": 820982911946154508, "admin_graphql_api_id": "gid://shopify/Order/820982911946154508"}


@pytest.fixture
def nordlys(shop):
    return make_store(shop)


def events(store):
    with tenant_scope(store.workspace_id):
        return list(StoreEvent.objects.filter(store=store))


@pytest.mark.parametrize("prefix", ["X-Shopify-", "Shopify-", "x-shopify-"])
def test_a_signed_event_is_stored_with_either_prefix(client, nordlys, prefix):
    answer = post_hook(client, "orders/updated", ORDER, prefix=prefix, webhook_id="w-1")
    assert answer.status_code == 200
    [event] = events(nordlys)
    assert (event.topic, event.dedupe_key, event.api_version) == (
        "orders/updated",
        "w-1",
        "2026-10",
    )
    assert json.loads(bytes(event.body)) == ORDER
    assert event.order_key.endswith(":order:gid://shopify/Order/820982911946154508")


@pytest.mark.parametrize("signed", ["", "x", "é", base64.b64encode(b"0" * 32).decode()])
def test_a_wrong_or_missing_signature_is_refused_and_stores_nothing(client, nordlys, signed):
    answer = post_hook(client, "orders/updated", ORDER, signed=signed)
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_signature"
    assert events(nordlys) == []


def test_a_body_changed_by_one_byte_is_refused(client, nordlys):
    raw = json.dumps(ORDER).encode()
    answer = post_hook(client, "orders/updated", raw + b" ", signed=signature(raw))
    assert answer.status_code == 401


def test_without_an_app_secret_nothing_is_signed_rightly(client, nordlys, settings):
    settings.SHOPIFY_API_SECRET = ""
    assert post_hook(client, "orders/updated", ORDER, secret="x").status_code == 401
    assert post_hook(client, "orders/updated", ORDER, secret=" ").status_code == 401


def test_the_old_secret_is_accepted_while_it_is_rotated(client, nordlys, settings):
    settings.SHOPIFY_OLD_API_SECRET, settings.SHOPIFY_API_SECRET = API_SECRET, "the-new-one"
    assert post_hook(client, "orders/updated", ORDER).status_code == 200
    settings.SHOPIFY_OLD_API_SECRET = ""
    assert post_hook(client, "orders/updated", ORDER).status_code == 401


def test_a_retry_is_stored_once_and_answered_alike(client, nordlys):
    for _ in range(3):
        assert post_hook(client, "orders/updated", ORDER, webhook_id="w-7").status_code == 200
    assert len(events(nordlys)) == 1


def test_two_deliveries_of_one_act_are_two_events(client, nordlys):
    post_hook(client, "orders/updated", ORDER, webhook_id="w-1")
    post_hook(client, "refunds/create", {"id": 5, "order_id": ORDER["id"]}, webhook_id="w-2")
    first, second = events(nordlys)
    assert first.order_key == second.order_key


def test_an_event_of_a_shop_nobody_is_connected_to_is_kept_apart(client, db):
    for _ in range(2):
        answer = post_hook(
            client, "orders/updated", ORDER, domain="strange.myshopify.com", webhook_id="w-9"
        )
        assert answer.status_code == 200
    kept = UnroutedEvent.objects.get()
    assert kept.domain == "strange.myshopify.com"


def test_a_body_too_large_is_refused(client, nordlys):
    answer = post_hook(client, "orders/updated", b" " * (MAX_BYTES + 1))
    assert answer.status_code == 413


def test_a_get_is_not_a_webhook(client, nordlys):
    assert client.get("/hooks/shopify/").status_code == 405


def test_a_renamed_shop_is_found_by_the_id_in_its_body(client, nordlys):
    body = {"id": 548380009, "name": "Nordlys"}
    post_hook(client, "shop/update", body, domain="nordlys-new.myshopify.com")
    assert [event.topic for event in events(nordlys)] == ["shop/update"]


def test_an_event_that_names_a_former_domain_is_still_found(client, shop):
    store = make_store(shop, former_domains=["old-name.myshopify.com"])
    post_hook(client, "orders/updated", ORDER, domain="old-name.myshopify.com")
    assert len(events(store)) == 1


def test_an_unknown_topic_or_version_is_kept_as_ignored_with_its_reason(client, nordlys):
    post_hook(client, "carts/update", {"id": 1})
    post_hook(client, "orders/updated", ORDER, version="2026-13")
    draining.drain()
    unknown, version = events(nordlys)
    assert (unknown.work_state, version.work_state) == ("ignored", "ignored")
    assert "carts/update" in unknown.reason
    assert "2026-13" in version.reason


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": "../1"}', b"\xff", b'{"id": null}'])
def test_a_body_that_names_nothing_is_set_aside(client, nordlys, body):
    assert post_hook(client, "orders/updated", body).status_code == 200
    draining.drain()
    [event] = events(nordlys)
    assert event.work_state == "quarantined"


def test_an_uninstall_takes_the_keys_away_at_once_and_works_twice(client, nordlys):
    for _ in range(2):
        post_hook(client, "app/uninstalled", {"id": 548380009})
    draining.drain()
    with tenant_scope(nordlys.workspace_id):
        nordlys.refresh_from_db()
    assert nordlys.status == StoreStatus.UNINSTALLED
    assert nordlys.secrets == {}
    assert {event.work_state for event in events(nordlys)} == {"done"}


def test_an_uninstall_from_before_the_last_install_changes_nothing(client, nordlys):
    post_hook(client, "app/uninstalled", {"id": 548380009}, triggered_at="2026-01-01T00:00:00Z")
    draining.drain()
    with tenant_scope(nordlys.workspace_id):
        nordlys.refresh_from_db()
    assert nordlys.status == StoreStatus.INSTALLED
    [event] = events(nordlys)
    assert event.reason == "The app was installed again after this."


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("app/uninstalled", {"id": 1}),
        ("shop/redact", {"shop_id": 1, "shop_domain": "other.myshopify.com"}),
        ("customers/redact", {"shop_id": 1, "customer": {"id": 2}, "orders_to_redact": []}),
    ],
)
def test_a_signed_body_of_another_shop_under_our_header_does_nothing(client, nordlys, topic, body):
    """Only the body is signed: a recorded one can be replayed with any header."""
    post_hook(client, topic, body)
    draining.drain()
    [event] = events(nordlys)
    assert event.work_state == "ignored"
    with tenant_scope(nordlys.workspace_id):
        nordlys.refresh_from_db()
    assert nordlys.status == StoreStatus.INSTALLED


def test_events_of_two_shops_stay_in_their_workspaces(client, nordlys, other_shop):
    theirs = make_store(other_shop, domain="seaside.myshopify.com", gid="gid://shopify/Shop/2")
    post_hook(client, "orders/updated", ORDER, webhook_id="same")
    post_hook(client, "orders/updated", ORDER, webhook_id="same", domain="seaside.myshopify.com")
    assert len(events(nordlys)) == len(events(theirs)) == 1
    with tenant_scope(other_shop.pk):
        assert StoreEvent.objects.filter(store_id=nordlys.pk).count() == 0


#: Real deliveries come without the second half of their topic.
REAL = {
    "real_orders.2025-04.2.json": "orders/edited",
    "real_orders.2025-04.3.json": "orders/risk_assessment_changed",
}


def sample(path):
    index = json.loads((FIXTURES / "shopify/index.json").read_text())
    [entry] = [one for one in index if one["file"] == f"webhooks/{path.name}"]
    resource, _, act = entry["topic"].partition("/")
    if act == "*":
        acts = [topic for topic in TOPICS if topic.partition("/")[0] == resource]
        acts = [topic for topic in acts if topic.endswith(("update", "updated", "create"))]
        return REAL.get(path.name) or (acts or [f"{resource}/update"])[-1], entry["api_version"]
    return entry["topic"], entry["api_version"]


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus_files("shopify/webhooks", "*.json"))
def test_every_sample_payload_is_taken_in_and_understood_or_told_why_not(client, nordlys, path):
    topic, version = sample(path)
    answer = post_hook(client, topic, path.read_bytes(), version=version)
    assert answer.status_code == 200
    bundles = draining._bundles(claim(StoreEvent, batch=5, lease_seconds=60))
    [event] = events(nordlys)
    if topic in TOPICS:
        [bundle] = bundles
        assert bundle.hint.gid
        assert event.work_state == "claimed"
    else:
        assert event.work_state == "ignored"
        assert topic in event.reason
