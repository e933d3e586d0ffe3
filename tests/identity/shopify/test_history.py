"""SH-7: a customer's page in the shop's admin says how they are doing with us."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.foundation.redis import client as valkey
from identity.models import Contact, CustomerLink, StoreCustomer, SupportHistory
from identity.services.support_history import Summary, keep_history
from identity.shopify import history
from identity.shopify.fetching import refresh_customer
from identity.shopify.install import connect_to, look_around
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope
from inbox.models import Conversation
from inbox.services import shop_history
from inbox.services.conversations import change_conversation
from tests.factories.inbox import receive_mail


@pytest.fixture
def fjellmark(shop, store):
    return connect_to(
        shop.pk, look_around(store.domain, exchange_page_token(store.domain, store.id_token()))
    )


@pytest.fixture
def buyer(fjellmark, store):
    told = next(store.shop.db.all("customer"))
    refresh_customer(fjellmark, f"gid://shopify/Customer/{told['id']}")
    with tenant_scope(fjellmark.workspace_id):
        return StoreCustomer.objects.get()


@pytest.fixture(autouse=True)
def _nothing_noted(servers):
    valkey().delete("hd:shop-history")


def link(buyer, contact):
    with tenant_scope(buyer.workspace_id):
        CustomerLink.objects.get_or_create(
            contact=contact, customer=buyer, undone_at=None, defaults={"how": "email"}
        )


def write_due(buyer):
    with tenant_scope(buyer.workspace_id):
        SupportHistory.objects.update(due_at=datetime.now(UTC) - timedelta(seconds=1))
    return history.drain()


def metafields(store):
    return {one["key"]: one["value"] for one in store.shop.db.all("metafield")}


def summary(**changes):
    facts = {
        "conversations": 2,
        "open": 1,
        "last_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
        "last_number": 1042,
        "last_status": "open",
        "link": "https://desk.example/inbox/1/",
    }
    return Summary(**{**facts, **changes})


def test_summary_and_link_stand_on_the_customer(fjellmark, buyer, store):
    with tenant_scope(buyer.workspace_id):
        contact = Contact.objects.create(name="Kim")
    link(buyer, contact)
    with tenant_scope(buyer.workspace_id):
        assert keep_history(contact_id=contact.pk, summary=summary()) == 1
    assert write_due(buyer) == 1
    fields = metafields(store)
    assert fields["support_summary"].startswith("2 conversations, 1 open.\nLast: #1042, open")
    assert fields["support_link"] == "https://desk.example/inbox/1/"


def test_many_changes_become_one_write_and_the_same_again_none(fjellmark, buyer, store):
    with tenant_scope(buyer.workspace_id):
        contact = Contact.objects.create(name="Kim")
    link(buyer, contact)
    with tenant_scope(buyer.workspace_id):
        for number in (3, 4, 5):
            keep_history(contact_id=contact.pk, summary=summary(conversations=number))
        assert SupportHistory.objects.count() == 1
    assert write_due(buyer) == 1
    assert metafields(store)["support_summary"].startswith("5 conversations")
    with tenant_scope(buyer.workspace_id):
        assert keep_history(contact_id=contact.pk, summary=summary(conversations=5)) == 0
    assert history.drain() == 0


def test_a_shop_that_is_down_is_told_later(fjellmark, buyer, store):
    with tenant_scope(buyer.workspace_id):
        contact = Contact.objects.create(name="Kim")
    link(buyer, contact)
    with tenant_scope(buyer.workspace_id):
        keep_history(contact_id=contact.pk, summary=summary())
    store.fault("fail", times=3)
    write_due(buyer)
    assert metafields(store) == {}
    write_due(buyer)
    assert "support_summary" in metafields(store)


def test_a_conversation_that_moves_is_counted_and_told(
    mail, fjellmark, buyer, store, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        receive_mail(mail)
    with tenant_scope(mail.workspace_id):
        talk = Conversation.objects.select_related("contact").get()
    link(buyer, talk.contact)
    assert shop_history.keep_noted() == 1
    write_due(buyer)
    assert metafields(store)["support_summary"].startswith("1 conversation, 1 open.")
    assert metafields(store)["support_link"].endswith(f"/inbox/{talk.pk}/")
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(mail.workspace_id):
        change_conversation(conversation=talk, by=None, changes={"status": "closed"})
    shop_history.keep_noted()
    write_due(buyer)
    assert metafields(store)["support_summary"].startswith("1 conversation, 0 open.")
