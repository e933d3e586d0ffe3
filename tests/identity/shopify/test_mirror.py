"""Hints, back-fill and reconciliation against the sandbox's store, in a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.foundation.ledger import WorkState
from identity.commerce.facts import CustomerFacts, OrderFacts
from identity.models import (
    Contact,
    CustomerLink,
    StoreBackfill,
    StoreCustomer,
    StoreEvent,
    StoreOrder,
    StorePolicy,
    StoreProduct,
    StoreStatus,
    SyncMark,
    SyncSubject,
)
from identity.shopify import backfilling, draining
from identity.shopify.fetching import fetch_order
from identity.shopify.install import PLATFORM, come_back, connect_to, look_around
from identity.shopify.mirror import write_customers
from identity.shopify.syncing import read_policies, reconcile
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope
from tests.factories.stores import post_hook


@pytest.fixture
def fjellmark(shop, store):
    """The sandbox's demo shop, connected to ana's workspace."""
    grant = exchange_page_token(store.domain, store.id_token())
    return connect_to(shop.pk, look_around(store.domain, grant))


def in_scope(row, model):
    with tenant_scope(row.workspace_id):
        return list(model.objects.filter(store=row).order_by("number"))


def people(store):
    return list(store.shop.db.all("customer"))


def fill(connected, store):
    """Let the back-fill run to its end."""
    for _ in range(12):
        store.finish_jobs()
        with tenant_scope(connected.workspace_id):
            StoreBackfill.objects.filter(work_state=WorkState.NEW).update(
                due_at=datetime.now(UTC) - timedelta(seconds=1)
            )
        if not backfilling.drain():
            break


def hear(client, store, connected):
    """Deliver everything the sandbox would post, and follow it."""
    for sent in store.waiting_webhooks():
        post_hook(client, sent["topic"], sent["body"].encode(), domain=store.domain)
    draining.drain()


def test_connecting_reads_who_the_shop_is_and_plans_to_read_everything(fjellmark, store):
    assert fjellmark.platform == PLATFORM
    assert fjellmark.gid == f"gid://shopify/Shop/{store.shop.settings.id}"
    assert fjellmark.domain == store.domain
    assert fjellmark.currency == store.shop.settings.currency
    assert "write_orders" in fjellmark.scopes
    with tenant_scope(fjellmark.workspace_id):
        assert set(StoreBackfill.objects.values_list("subject", flat=True)) == {
            "orders",
            "customers",
            "products",
        }


def test_a_back_fill_brings_everything_and_tells_how_far_it_is(fjellmark, store):
    fill(fjellmark, store)
    orders = in_scope(fjellmark, StoreOrder)
    assert len(orders) == len(store.orders())
    assert len(in_scope(fjellmark, StoreCustomer)) == len(people(store))
    assert in_scope(fjellmark, StoreProduct)
    for row in orders:
        facts = OrderFacts.from_json(row.facts)
        assert facts.lines
        assert facts.total.currency == facts.currency
        assert row.name_key == row.name.lstrip("#").casefold()
    with tenant_scope(fjellmark.workspace_id):
        for run in StoreBackfill.objects.all():
            assert (run.phase, run.percent, run.work_state) == ("done", 100, "done")
            assert run.done == run.total
        assert all(
            SyncMark.objects.get(subject=subject).complete_until
            for subject in ("orders", "customers")
        )


def test_a_back_fill_goes_on_where_a_worker_stopped(fjellmark, store, monkeypatch):
    monkeypatch.setattr(backfilling, "CHUNK", 10)
    written: list[int] = []
    whole_write = backfilling._write

    def write_twice_then_die(connected, subject, things, *, now):
        if subject == SyncSubject.ORDERS:
            if len(written) == 2:
                raise KeyboardInterrupt
            written.append(len(things))
        whole_write(connected, subject, things, now=now)

    monkeypatch.setattr(backfilling, "_write", write_twice_then_die)
    with pytest.raises(KeyboardInterrupt):
        fill(fjellmark, store)
    assert len(in_scope(fjellmark, StoreOrder)) == 20
    with tenant_scope(fjellmark.workspace_id):
        run = StoreBackfill.objects.get(subject="orders")
        assert (run.phase, run.done) == ("read", 20)
        # The dead worker's lease ends.
        StoreBackfill.objects.filter(pk=run.pk).update(lease_until=datetime.now(UTC))
    monkeypatch.setattr(backfilling, "_write", whole_write)
    fill(fjellmark, store)
    assert len(in_scope(fjellmark, StoreOrder)) == len(store.orders())


def test_a_hint_is_read_again_and_what_the_body_says_is_not_believed(client, fjellmark, store):
    told = store.orders()[0]
    body = {"id": told["id"], "name": "#FORGED", "total_price": "0.01", "email": "eve@evil.test"}
    post_hook(client, "orders/updated", body, domain=store.domain)
    draining.drain()
    [row] = in_scope(fjellmark, StoreOrder)
    assert row.name == told["name"]
    assert row.email != "eve@evil.test"
    assert row.detailed


def test_many_hints_about_one_order_become_one_reading(client, fjellmark, store, monkeypatch):
    readings = []

    def counted(*args, **options):
        readings.append(args)
        return fetch_order(*args, **options)

    monkeypatch.setattr(draining, "fetch_order", counted)
    number = store.orders()[0]["id"]
    for topic in ("orders/create", "orders/updated", "orders/paid"):
        post_hook(client, topic, {"id": number}, domain=store.domain)
    post_hook(client, "refunds/create", {"id": 1, "order_id": number}, domain=store.domain)
    draining.drain()
    assert len(readings) == 1
    assert {event.work_state for event in events(fjellmark)} == {"done"}


def events(connected):
    with tenant_scope(connected.workspace_id):
        return list(StoreEvent.objects.filter(store=connected))


def test_a_stale_reading_never_overwrites_a_newer_one(fjellmark):
    newer, older = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    now = datetime.now(UTC)
    gid = "gid://shopify/Customer/9"
    with tenant_scope(fjellmark.workspace_id):
        write_customers(fjellmark, [CustomerFacts(id=gid, name="New", updated_at=newer)], now=now)
        late = write_customers(
            fjellmark, [CustomerFacts(id=gid, name="Old", updated_at=older)], now=now
        )
        assert late.changed == ()
        assert StoreCustomer.objects.get(gid=gid).name == "New"


def test_a_deleted_customer_stays_deleted_whatever_comes_late(client, fjellmark, store):
    customer = people(store)[0]
    post_hook(client, "customers/update", {"id": customer["id"]}, domain=store.domain)
    draining.drain()
    store.shop.db.delete("customer", customer["id"])
    post_hook(client, "customers/delete", {"id": customer["id"]}, domain=store.domain)
    draining.drain()
    [row] = in_scope(fjellmark, StoreCustomer)
    assert row.deleted_at is not None
    assert (row.name, row.email, row.facts) == ("", "", {})
    with tenant_scope(fjellmark.workspace_id):
        write_customers(
            fjellmark,
            [CustomerFacts(id=row.gid, name="Back", updated_at=datetime.now(UTC))],
            now=datetime.now(UTC),
        )
        row.refresh_from_db()
    assert row.name == ""


def test_ids_beyond_what_a_float_can_hold_stay_exact(client, fjellmark):
    body = b'{"id": 9223372036854775806}'
    with tenant_scope(fjellmark.workspace_id):
        write_customers(
            fjellmark,
            [CustomerFacts(id="gid://shopify/Customer/9223372036854775806", name="Big")],
            now=datetime.now(UTC),
        )
    post_hook(client, "customers/delete", body, domain=fjellmark.domain)
    draining.drain()
    [row] = in_scope(fjellmark, StoreCustomer)
    assert row.number == 9223372036854775806
    assert row.deleted_at is not None


def test_without_approval_for_protected_data_the_rest_is_kept_and_it_is_said(
    client, fjellmark, store
):
    store.protect("name")
    customer = people(store)[0]
    post_hook(client, "customers/update", {"id": customer["id"]}, domain=store.domain)
    draining.drain()
    [row] = in_scope(fjellmark, StoreCustomer)
    facts = CustomerFacts.from_json(row.facts)
    assert row.email == row.phone == ""
    assert facts.name
    assert set(facts.withheld) == {"address", "email", "phone"}
    with tenant_scope(fjellmark.workspace_id):
        fjellmark.refresh_from_db()
    assert set(fjellmark.hidden) == {"address", "email", "phone"}


def test_reconciliation_finds_what_no_event_told_and_counts_it(fjellmark, store):
    fill(fjellmark, store)
    order = store.orders()[3]
    store.act.changes_order(order["id"], note="changed without a webhook")
    with tenant_scope(fjellmark.workspace_id):
        fjellmark.refresh_from_db()
    run = reconcile(fjellmark, SyncSubject.ORDERS)
    assert run is not None
    assert run.mended == 1
    [row] = [one for one in in_scope(fjellmark, StoreOrder) if one.name == order["name"]]
    assert row.facts["note"] == "changed without a webhook"
    with tenant_scope(fjellmark.workspace_id):
        mark = SyncMark.objects.get(subject="orders")
    assert mark.drift == 1
    assert mark.complete_until is not None
    assert mark.complete_until > datetime.now(UTC) - timedelta(minutes=5)
    again = reconcile(fjellmark, SyncSubject.ORDERS)
    assert again is not None
    assert again.mended == 0


def test_policies_are_read_where_the_shop_allows_it(fjellmark):
    assert read_policies(fjellmark) > 0
    with tenant_scope(fjellmark.workspace_id):
        assert StorePolicy.objects.filter(kind="refund_policy").exists()


def test_a_shop_that_is_down_keeps_its_hints_and_is_asked_again(client, fjellmark, store):
    store.fault("fail", times=3)
    number = store.orders()[0]["id"]
    post_hook(client, "orders/updated", {"id": number}, domain=store.domain)
    draining.drain()
    [event] = events(fjellmark)
    assert event.work_state == "new"
    assert event.reason
    with tenant_scope(fjellmark.workspace_id):
        StoreEvent.objects.update(due_at=datetime.now(UTC) - timedelta(seconds=1))
    draining.drain()
    assert len(in_scope(fjellmark, StoreOrder)) == 1


def test_customers_merged_in_the_shop_take_their_links_along(client, fjellmark, store):
    kept, gone = people(store)[:2]
    for one in (kept, gone):
        post_hook(client, "customers/update", {"id": one["id"]}, domain=store.domain)
    draining.drain()
    with tenant_scope(fjellmark.workspace_id):
        contact = Contact.objects.create(name="Kim")
        other = StoreCustomer.objects.get(number=gone["id"])
        CustomerLink.objects.create(contact=contact, customer=other, how="email")
    store.shop.db.delete("customer", gone["id"])
    body = {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept['id']}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone['id']}",
        "status": "completed",
        "errors": [],
    }
    post_hook(client, "customers/merge", body, domain=store.domain)
    draining.drain()
    with tenant_scope(fjellmark.workspace_id):
        link = CustomerLink.objects.select_related("customer").get(contact=contact)
        other.refresh_from_db()
    assert link.customer.number == kept["id"]
    assert other.merged_into_gid == f"gid://shopify/Customer/{kept['id']}"


def test_a_merge_that_failed_moves_nothing(client, fjellmark, store):
    kept, gone = people(store)[:2]
    body = {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept['id']}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone['id']}",
        "status": "failed",
    }
    post_hook(client, "customers/merge", body, domain=store.domain)
    draining.drain()
    [event] = events(fjellmark)
    assert event.work_state == "ignored"


def test_erasing_a_customer_leaves_no_trace_of_them(client, fjellmark, store):
    order = next(one for one in store.orders() if one.get("customer_id"))
    customer = store.shop.require("customer", order["customer_id"])
    post_hook(client, "customers/update", {"id": customer["id"]}, domain=store.domain)
    post_hook(client, "orders/updated", {"id": order["id"]}, domain=store.domain)
    draining.drain()
    body = {
        "shop_id": store.shop.settings.id,
        "customer": {"id": customer["id"], "email": customer["email"], "phone": None},
        "orders_to_redact": [order["id"]],
    }
    post_hook(client, "customers/redact", body, domain=store.domain)
    draining.drain()
    [row] = in_scope(fjellmark, StoreOrder)
    [person] = in_scope(fjellmark, StoreCustomer)
    assert row.facts == person.facts == {}
    assert row.email == row.phone == row.customer_gid == person.email == person.name == ""
    [kept] = events(fjellmark)
    assert kept.topic == "customers/redact"
    assert kept.reason.startswith("erased a customer")


def test_erasing_a_shop_waits_until_it_is_disconnected(client, fjellmark, store):
    fill(fjellmark, store)
    body = {"shop_id": store.shop.settings.id, "shop_domain": store.domain}
    post_hook(client, "shop/redact", body, domain=store.domain)
    draining.drain()
    assert in_scope(fjellmark, StoreOrder)
    post_hook(client, "app/uninstalled", {"id": store.shop.settings.id}, domain=store.domain)
    draining.drain()
    post_hook(client, "shop/redact", body, domain=store.domain, webhook_id="again")
    draining.drain()
    for model in (StoreOrder, StoreCustomer, StoreProduct):
        assert in_scope(fjellmark, model) == []
    with tenant_scope(fjellmark.workspace_id):
        fjellmark.refresh_from_db()
    assert fjellmark.status == StoreStatus.GONE


def test_a_shop_installed_again_comes_back_to_its_workspace(client, fjellmark, store):
    post_hook(client, "app/uninstalled", {"id": store.shop.settings.id}, domain=store.domain)
    draining.drain()
    grant = exchange_page_token(store.domain, store.id_token())
    back = come_back(look_around(store.domain, grant))
    assert back is not None
    assert back.pk == fjellmark.pk
    assert back.status == StoreStatus.INSTALLED
