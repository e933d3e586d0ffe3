"""A look at the shop behind an open screen, against the sandbox's store."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.models import Contact, CustomerLink, LinkHow, StoreCustomer, StoreOrder
from identity.services.shop_looks import look_soon
from identity.shopify.fetching import refresh_customer, refresh_order
from identity.shopify.install import connect_to, look_around
from identity.shopify.looking import YOUNG, look_again
from identity.shopify.tokens import exchange_page_token
from identity.shopify.values import gid_of
from identity.tenancy import tenant_scope


@pytest.fixture
def buyer(shop, store):
    """Somebody of ours who is a customer of the sandbox's shop, with an old copy of their order."""
    grant = exchange_page_token(store.domain, store.id_token())
    connected = connect_to(shop.pk, look_around(store.domain, grant))
    orders = (refresh_order(connected, gid_of("Order", one["id"])) for one in store.orders())
    order = next(one for one in orders if one is not None and one.customer_id)
    refresh_customer(connected, order.customer_id)
    with tenant_scope(shop.pk):
        contact = Contact.objects.create(name="Dana")
        customer = StoreCustomer.objects.get()
        CustomerLink.objects.create(contact=contact, customer=customer, how=LinkHow.MANUAL)
        StoreOrder.objects.exclude(gid=order.id).delete()
        StoreOrder.objects.update(synced_at=datetime.now(UTC) - 2 * YOUNG)
    return contact


def test_a_change_that_no_webhook_told_is_there_after_a_look(shop, store, buyer):
    with tenant_scope(shop.pk):
        copy = StoreOrder.objects.get()
        true_facts = copy.facts
        copy.facts = {**true_facts, "note": "as it was yesterday"}
        assert copy.remote_updated_at is not None
        copy.remote_updated_at -= timedelta(days=1)
        copy.save()
    assert (
        look_again(workspace_id=shop.pk, contact_id=buyer.pk) == 1
    )  # the customer's copy is young
    with tenant_scope(shop.pk):
        assert StoreOrder.objects.get().facts["note"] == true_facts["note"]


def test_a_shop_that_does_not_answer_leaves_the_copy_as_it_was(shop, store, buyer, settings):
    settings.SHOPIFY_BASE_URL = "http://127.0.0.1:9/{shop}"
    with tenant_scope(shop.pk):
        before = StoreOrder.objects.get()
    assert look_again(workspace_id=shop.pk, contact_id=buyer.pk) == 0
    with tenant_scope(shop.pk):
        assert StoreOrder.objects.get().facts == before.facts


def test_young_copies_are_not_read_again(shop, store, buyer):
    with tenant_scope(shop.pk):
        StoreOrder.objects.update(synced_at=datetime.now(UTC) - timedelta(seconds=5))
    assert look_again(workspace_id=shop.pk, contact_id=buyer.pk) == 0


def test_leafing_back_and_forth_asks_once_a_minute(shop, buyer):
    with tenant_scope(shop.pk):
        assert [look_soon(buyer.pk) for _ in range(3)] == [True, False, False]
