"""Keys of shops: refreshed once whoever asks, kept alive, and never another workspace's."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from identity.models import Store, StoreBackfill, StoreEvent, StoreOrder, StoreStatus
from identity.shopify import draining, tending, tokens
from identity.shopify.calling import Connection
from identity.shopify.client import Shop, shared_client
from identity.shopify.documents import document
from identity.shopify.errors import DisconnectedError, ShopFrozenError, TokenRefusedError
from identity.shopify.fetching import refresh_order
from identity.shopify.install import connect_to, look_around
from identity.tenancy import tenant_scope
from sandbox.shopify import oauth
from tests.factories.identity import make_workspace

pytestmark = pytest.mark.django_db(transaction=True)


def connected(store, name="Fjellmark"):
    workspace = make_workspace(name)
    grant = tokens.exchange_page_token(store.domain, store.id_token())
    return connect_to(workspace.pk, look_around(store.domain, grant))


def fresh(row):
    with tenant_scope(row.workspace_id):
        return Store.objects.get(pk=row.pk)


def age(row, **ago):
    with tenant_scope(row.workspace_id):
        Store.objects.filter(pk=row.pk).update(
            token_expires_at=datetime.now(UTC) - timedelta(**ago)
        )
    return fresh(row)


def test_tokens_are_sealed_in_the_database_and_in_no_text(store):
    row = connected(store)
    token = row.secrets["access_token"]
    with connection.cursor() as cursor, tenant_scope(row.workspace_id):
        cursor.execute("SELECT secrets FROM identity_store WHERE id = %s", [row.pk])
        assert token not in cursor.fetchone()[0]
    assert token not in repr(row)


def test_many_callers_of_a_stale_key_make_one_refresh_and_all_go_on(store, monkeypatch):
    row = age(connected(store), minutes=1)
    oauth.expire_access(store.shop)
    asked = []
    whole = tokens.refresh

    def counted(*args, **options):
        asked.append(args)
        return whole(*args, **options)

    monkeypatch.setattr(tokens, "refresh", counted)
    answers, errors = [], []

    def call():
        try:
            answers.append(Connection(fresh(row)).call("shop").data["shop"]["id"])
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert len(answers) == 5
    assert len(asked) == 1


def test_a_refused_key_is_refreshed_once_and_the_call_goes_on(store):
    row = connected(store)
    oauth.expire_access(store.shop)
    assert Connection(fresh(row)).call("shop").data["shop"]
    assert fresh(row).secrets["access_token"] != row.secrets["access_token"]


def test_a_refresh_inside_a_longer_transaction_outlives_its_rollback(store):
    row = age(connected(store), minutes=1)

    def call_and_die():
        with tenant_scope(row.workspace_id):
            Connection(Store.objects.get(pk=row.pk)).call("shop")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_and_die()
    assert fresh(row).secrets["refresh_token"] != row.secrets["refresh_token"]


def test_a_refresh_that_is_refused_marks_the_shop_and_says_what_mends_it(store):
    row = age(connected(store), minutes=1)
    oauth.revoke_all(store.shop)
    with pytest.raises(TokenRefusedError):
        Connection(row).call("shop")
    marked = fresh(row)
    assert marked.status == StoreStatus.NEEDS_LOGIN
    assert "Open the app in Shopify" in marked.trouble
    with pytest.raises(DisconnectedError):
        Connection(marked).call("shop")


def test_a_frozen_shop_is_marked_and_found_again_when_it_is_back(store):
    row = connected(store)
    store.close_shop("frozen")
    with pytest.raises(ShopFrozenError):
        Connection(row).call("shop")
    assert fresh(row).status == StoreStatus.FROZEN
    assert tending.probe_troubled() == 0
    store.close_shop("active")
    assert tending.probe_troubled() == 1
    assert fresh(row).status == StoreStatus.INSTALLED


def test_a_shop_gone_twice_is_gone(store):
    row = connected(store)
    store.close_shop("gone")
    with pytest.raises(Exception, match="no such shop"):
        Connection(row).call("shop")
    assert fresh(row).status == StoreStatus.FROZEN
    tending.probe_troubled()
    assert fresh(row).status == StoreStatus.GONE


def test_shops_nobody_called_for_a_week_are_refreshed(store):
    row = age(connected(store), days=8)
    assert tending.refresh_idle() == 1
    assert fresh(row).token_expires_at > datetime.now(UTC)
    assert tending.refresh_idle() == 0


def both(store, other_store):
    return connected(store), connected(other_store, "Seaside")


def read_first_order(row, sandbox_store):
    number = sandbox_store.orders()[0]["id"]
    return refresh_order(row, f"gid://shopify/Order/{number}")


def mirrored(row):
    with tenant_scope(row.workspace_id):
        return {order.store_id for order in StoreOrder.objects.all()}


def test_two_shops_interleaved_in_threads_never_mix(store, other_store):
    rows = both(store, other_store)
    errors = []

    def work(row, sandbox_store):
        try:
            for _ in range(3):
                read_first_order(row, sandbox_store)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in zip(rows, (store, other_store), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert [mirrored(row) for row in rows] == [{rows[0].pk}, {rows[1].pk}]


def test_two_shops_interleaved_in_async_tasks_never_mix(store, other_store):
    rows = both(store, other_store)

    async def both_at_once():
        await asyncio.gather(
            *(
                asyncio.to_thread(_read_and_close, row, sandbox_store)
                for _ in range(3)
                for row, sandbox_store in zip(rows, (store, other_store), strict=True)
            )
        )

    asyncio.run(both_at_once())
    assert [mirrored(row) for row in rows] == [{rows[0].pk}, {rows[1].pk}]


def _read_and_close(row, sandbox_store):
    try:
        read_first_order(row, sandbox_store)
    finally:
        connection.close()


def test_one_shops_key_opens_no_other_shop(store, other_store):
    mine, theirs = both(store, other_store)
    stolen = Shop(domain=theirs.domain, token=mine.secrets["access_token"])
    with pytest.raises(TokenRefusedError):
        shared_client().call(stolen, document("shop"))


def test_products_are_read_anew_once_a_day(store):
    row = connected(store)
    assert tending.read_products_again() == 0
    with tenant_scope(row.workspace_id):
        StoreBackfill.objects.update(
            phase="done", work_state="done", created_at=datetime.now(UTC) - timedelta(days=2)
        )
    assert tending.read_products_again() == 1
    assert tending.read_products_again() == 0


def test_finished_events_are_dropped_when_their_time_is_over(store):
    row = connected(store)
    with tenant_scope(row.workspace_id):
        for days, state in ((20, "done"), (1, "done"), (20, "quarantined")):
            StoreEvent.objects.create(
                store=row,
                topic="orders/updated",
                dedupe_key=f"{days}-{state}",
                body=b"{}",
                work_state=state,
                finished_at=datetime.now(UTC) - timedelta(days=days),
            )
    assert tending.drop_old_events() == 1
    with tenant_scope(row.workspace_id):
        assert StoreEvent.objects.count() == 2


def test_a_turn_that_takes_long_leaves_the_rest_to_the_next(store, monkeypatch):
    row = connected(store)
    with tenant_scope(row.workspace_id):
        for number in (1, 2):
            StoreEvent.objects.create(
                store=row,
                topic="orders/updated",
                dedupe_key=str(number),
                body=f'{{"id": {number}}}'.encode(),
                order_key=str(number),
            )
    monkeypatch.setattr(draining, "TURN_SECONDS", -1.0)
    assert draining.drain() == 2
    with tenant_scope(row.workspace_id):
        assert set(StoreEvent.objects.values_list("work_state", flat=True)) == {"new"}
