"""The orders a conversation speaks of are kept with it, as claims."""

import pytest
from django.utils import timezone

from identity.models import Store, StoreOrder
from identity.models.mirror import order_name_key
from identity.tenancy import tenant_scope
from inbox.models import Conversation
from inbox.services.orders_spoken import judge_orders, keys_spoken_of, told_orders
from tests.factories.inbox import receive_chat, receive_mail


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def store() -> Store:
    return Store.objects.create(gid="1", domain="nordlys.example", installed_at=timezone.now())


def order(store: Store, name: str, **fields) -> StoreOrder:
    return StoreOrder.objects.create(
        store=store,
        gid=f"gid://order/{name}",
        number=1,
        name=name,
        name_key=order_name_key(name),
        synced_at=timezone.now(),
        **fields,
    )


def names(received) -> list[str]:
    conversation = Conversation.objects.get(pk=received.conversation.pk)
    return [item["name"] for item in conversation.orders_spoken_of]


def test_a_named_order_is_kept_with_the_message_that_named_it(mail):
    first = receive_mail(mail, text="Where is #1001?")
    assert told_orders(Conversation.objects.get()) == [
        {"name": "#1001", "message_id": str(first.message.pk), "claimed": True}
    ]


@pytest.mark.parametrize(
    ("proven", "email", "claimed"),
    [
        (True, "dana@customer.test", False),
        (False, "dana@customer.test", True),
        (True, "else@customer.test", True),
    ],
    ids=["her own", "sender not proven", "somebody else's"],
)
def test_an_order_is_a_claim_until_it_is_proven_the_senders(mail, store, proven, email, claimed):
    order(store, "#1001", email=email)
    receive_mail(
        mail, text="#1001?", sender_verified=proven, sender_evidence="DMARC passed" * proven
    )
    (told,) = told_orders(Conversation.objects.get())
    assert told["claimed"] is claimed


def test_an_order_that_reached_us_later_is_judged_again(mail, store):
    receive_mail(mail, text="#1001?", sender_verified=True, sender_evidence="DMARC passed")
    conversation = Conversation.objects.get()
    assert judge_orders(conversation) is False
    order(store, "#1001", email="dana@customer.test")
    assert judge_orders(conversation) is True
    assert told_orders(Conversation.objects.get())[0]["claimed"] is False


def test_the_same_order_is_kept_once_and_the_newest_comes_first(mail):
    first = receive_mail(mail, text="Where is #1001?")
    receive_mail(mail, references=[first.message.provider_id], text="Order 1001 and 1002, I mean.")
    assert names(first) == ["#1001", "#1002"]
    assert keys_spoken_of(Conversation.objects.get()) == ("1002", "1001")


def test_what_was_quoted_was_not_said_again(mail):
    received = receive_mail(mail, text="Thanks!\n> Where is #1001?", new_text="Thanks!")
    assert names(received) == []


def test_the_subject_and_the_form_before_the_chat_count(mail, chat):
    assert names(receive_mail(mail, subject="Order 1003")) == ["#1003"]
    assert names(receive_chat(chat, attributes={"order_number": "1050"})) == ["#1050"]


def test_a_bare_number_counts_when_the_shop_has_it_and_an_order_is_spoken_of(mail, store):
    order(store, "#10433")
    assert names(receive_mail(mail, text="hey where is my order? 10433")) == ["#10433"]
    assert names(receive_mail(mail, text="hey where is my order? 10434")) == []
    assert names(receive_mail(mail, text="I live in 10433 Berlin")) == []


def test_a_bare_number_counts_when_the_order_is_the_senders(mail, store):
    order(store, "#10439", email="dana@customer.test")
    text = "Please change the boots in 10439 to size 39."
    assert names(receive_mail(mail, text=text)) == ["#10439"]
    assert names(receive_mail(mail, text=text, sender_value="else@customer.test")) == []


def test_the_shops_own_letters_are_understood(mail, store):
    Store.objects.update(order_prefix="FM-", order_suffix="-NO")
    received = receive_mail(mail, text="fm-1001-no has not come")
    assert names(received) == ["FM-1001-NO"]
    assert "fm-1001-no" in keys_spoken_of(Conversation.objects.get())


def test_a_long_list_is_kept_up_to_a_limit(mail):
    first = receive_mail(mail, text="order 1001")
    for start in range(2000, 2040, 8):
        text = "orders " + ", ".join(str(one) for one in range(start, start + 8))
        receive_mail(mail, references=[first.message.provider_id], text=text)
    assert len(names(first)) == 20
    assert names(first)[-1] == "#2039"
