"""The shops' part of a conversation: what is found, what it rests on, and what it costs."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from identity.models import CustomerLink, Evidence, StoreOrder, StoreStatus
from identity.services.customer_links import link_by_hand
from identity.services.proofs import Through, record_proof
from identity.tenancy import tenant_scope
from tests.factories.inbox import receive_chat, receive_mail
from tests.factories.shop import PLACED, make_customer, make_order, make_product, make_store
from tests.inbox.conftest import signed_in


@pytest.fixture
def thread(mail):
    return receive_mail(mail, sender_verified=True).conversation


@pytest.fixture
def dana(shop, ben, thread):
    """A customer that the thread's contact was proven to be."""
    customer = make_customer(shop)
    with tenant_scope(shop.pk):
        link_by_hand(contact=thread.contact, customer=customer, by=ben)
        CustomerLink.objects.update(verified=True, how="email", evidence="matched by e-mail")
    return customer


def shop_of(person, conversation):
    return person.get(f"conversations/{conversation.pk}").json()["shop"]


def test_without_a_shop_there_is_no_part_of_one(ben, thread, as_person):
    assert shop_of(as_person(ben), thread) is None


def test_a_customers_orders_come_newest_first_with_the_evidence(shop, ben, thread, dana, as_person):
    old = make_order(shop, customer=dana, placed_at=PLACED - timedelta(days=60), email="")
    new = make_order(shop, customer=dana, email="")
    told = shop_of(as_person(ben), thread)
    assert [order["id"] for order in told["orders"]] == [str(new.pk), str(old.pk)]
    (customer,) = told["customers"]
    assert (customer["name"], customer["verified"]) == ("Dana Miller", True)
    assert customer["spent"] == {"amount": "1284.00", "currency": "GBP"}
    assert told["orders"][0]["evidence"] == "matched by e-mail"
    assert told["orders"][0]["verified"] is True


def test_a_guests_order_is_found_by_its_address_and_as_sure_as_that(shop, ben, mail, as_person):
    order = make_order(shop, email="typed@customer.test")
    claimed = receive_mail(mail, sender_value="typed@customer.test").conversation
    (told,) = shop_of(as_person(ben), claimed)["orders"]
    assert (told["id"], told["match"], told["verified"]) == (str(order.pk), "address", False)
    assert told["status_page_url"] == ""  # a secret of the verified customer


def test_what_a_mailbox_proved_is_not_told_to_a_chat_until_a_code_proves_it_there(
    shop, ben, chat, mail, as_person
):
    order = make_order(shop, email="dana@customer.test")
    contact = receive_mail(mail, sender_verified=True).conversation.contact
    visit = receive_chat(chat, contact=contact)
    told = shop_of(as_person(ben), visit.conversation)
    assert (told["may_tell"], told["orders"][0]["verified"]) == (False, False)
    assert told["because"] == "Nobody has shown yet who sits in this chat. Send a one-time code."
    with tenant_scope(shop.pk):
        record_proof(
            contact=contact,
            kind="email",
            value="dana@customer.test",
            how=Evidence.CODE,
            through=Through("chat", visit.message.author_address),
        )
    told = shop_of(as_person(ben), visit.conversation)
    assert (told["may_tell"], told["orders"][0]["verified"]) == (True, True)
    assert told["orders"][0]["id"] == str(order.pk)


def test_a_forged_mail_is_shown_the_orders_as_a_claim(shop, ben, dana, mail, thread, as_person):
    make_order(shop, customer=dana)
    forged = receive_mail(mail, sender_verified=False, subject="Another").conversation
    told = shop_of(as_person(ben), forged)
    assert (told["may_tell"], told["orders"][0]["verified"]) == (False, False)
    assert "may be forged" in told["because"]


def test_an_order_named_by_a_stranger_is_shown_first_and_as_a_claim(shop, ben, mail, as_person):
    order = make_order(shop, email="somebody@else.test")
    asked = f"Where is {order.name}?"
    stranger = receive_mail(mail, sender_value="s@x.test", subject=asked).conversation
    (told,) = shop_of(as_person(ben), stranger)["orders"]
    assert (told["match"], told["spoken"], told["verified"]) == ("number", True, False)


def test_an_older_order_that_was_named_comes_before_the_ten_newest(
    shop, ben, mail, dana, as_person, thread
):
    old = make_order(shop, customer=dana, placed_at=PLACED - timedelta(days=500))
    for day in range(12):
        make_order(shop, customer=dana, placed_at=PLACED - timedelta(days=day))
    asked = f"About order {old.name[1:]}"
    receive_mail(mail, sender_verified=True, text=asked, session_conversation_id=thread.pk)
    told = shop_of(as_person(ben), thread)
    assert told["orders"][0]["id"] == str(old.pk)
    assert told["orders"][0]["spoken"] is True
    assert len(told["orders"]) == 11
    assert told["more"] is True


def test_several_shops_stand_side_by_side(shop, ben, dana, thread, as_person):
    second = make_store(
        shop, domain="outlet.myshopify.com", name="Outlet", status=StoreStatus.FROZEN
    )
    make_order(shop, customer=dana)
    make_order(shop, store=second)
    told = shop_of(as_person(ben), thread)
    assert {store["name"]: store["status"] for store in told["stores"]} == {
        "Fjellmark": "installed",
        "Outlet": "frozen",
    }
    assert {order["store"] for order in told["orders"]} == {str(dana.store_id), str(second.pk)}


def test_what_a_later_release_wrote_does_not_hide_the_rest(shop, ben, dana, thread, as_person):
    make_order(shop, customer=dana)
    strange = make_order(shop, customer=dana)
    with tenant_scope(shop.pk):
        StoreOrder.objects.filter(pk=strange.pk).update(facts={"id": 7})
    assert len(shop_of(as_person(ben), thread)["orders"]) == 1


def test_opening_a_conversation_with_orders_takes_at_most_ten_statements(
    shop, ben, dana, thread, as_person, as_program
):
    for _ in range(12):
        make_order(shop, customer=dana)
    for speaker in (as_person(ben), as_program(ben)):
        speaker.get(f"conversations/{thread.pk}")
        with CaptureQueriesContext(connection) as captured:
            assert shop_of(speaker, thread)["orders"]
        made = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
        assert len(made) <= 10 + 1, made  # one more resets the scope, in tests only


def test_the_page_carries_the_shops_part_of_its_first_thread(shop, ben, dana, thread):
    order = make_order(shop, customer=dana)
    page = signed_in(ben).get(f"/inbox/{thread.pk}/").content.decode()
    boot = json.loads(page.split('id="boot"', 1)[1].split(">", 1)[1].split("</script>", 1)[0])
    assert [one["id"] for one in boot["conversation"]["shop"]["orders"]] == [str(order.pk)]


def test_linking_by_hand_shows_a_customer_and_proves_nothing(shop, ben, chat, as_person):
    visitor = receive_chat(chat).conversation
    customer = make_customer(shop)
    make_order(shop, customer=customer)
    person = as_person(ben)
    (hit,) = person.get("shop-customers", q="dana@cust").json()["results"]
    answer = person.post(
        f"contacts/{visitor.contact_id}/customers", {"customer": hit["customer"]["id"]}
    )
    assert answer.status_code == 201
    told = shop_of(person, visitor)
    assert (told["customers"][0]["how"], told["customers"][0]["verified"]) == ("manual", False)
    assert told["orders"][0]["verified"] is False


def test_unlinking_takes_customer_and_orders_away_and_once_only(shop, ben, dana, thread, as_person):
    make_order(shop, customer=dana, email="")
    person = as_person(ben)
    path = f"contacts/{thread.contact_id}/customers/{dana.pk}"
    assert person.send("DELETE", path).status_code == 204
    told = shop_of(person, thread)
    assert (told["customers"], told["orders"]) == ([], [])
    assert person.send("DELETE", path).status_code == 404


@pytest.mark.parametrize("typed", ["dana mil", "DANA@customer", "+44 7700 9", "order"])
def test_customers_are_found_by_name_address_phone_and_order(shop, ben, as_person, typed):
    customer = make_customer(shop, phone="+447700900123")
    order = make_order(shop, customer=customer)
    asked = order.name if typed == "order" else typed
    hits = as_person(ben).get("shop-customers", q=asked).json()["results"]
    assert [hit["customer"]["id"] for hit in hits] == [str(customer.pk)]


def test_a_guests_order_is_found_by_its_number(shop, ben, as_person):
    order = make_order(shop)
    (hit,) = as_person(ben).get("shop-customers", q=order.name).json()["results"]
    assert (hit["customer"], hit["order"]) == (None, str(order.pk))


def test_orders_are_listed_in_pages_without_gap_or_double(shop, ben, dana, thread, as_person):
    made = {str(make_order(shop, customer=dana).pk) for _ in range(5)}  # all of one moment
    person, seen, cursor = as_person(ben), [], ""
    while True:
        page = person.get(f"contacts/{thread.contact_id}/orders", limit=2, cursor=cursor).json()
        seen += [order["id"] for order in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert (len(seen), set(seen)) == (5, made)


def test_pictures_lead_through_us_and_only_with_our_signature(shop, ben, dana, thread, as_person):
    make_order(shop, customer=dana)
    image = shop_of(as_person(ben), thread)["orders"][0]["lines"][0]["image"]
    assert image.startswith("/files/shop/")
    assert signed_in(ben).get(image[:-3] + "xyz").status_code == 404


def test_variants_are_found_by_product_and_by_title(shop, ben, as_person):
    store = make_store(shop)
    product = make_product(shop, title="Skarv 2 tent", variants=("Moss", "Slate"))
    make_product(shop, title="Stove", variants=("Default",))
    person = as_person(ben)
    by_title = person.get("shop-variants", store=str(store.pk), q="skarv").json()["results"]
    assert [one["name"] for one in by_title] == ["Skarv 2 tent (Moss)", "Skarv 2 tent (Slate)"]
    by_id = person.get("shop-variants", store=str(store.pk), product=product.gid).json()
    assert by_id["results"] == by_title
    (stove,) = person.get("shop-variants", store=str(store.pk), q="Sto").json()["results"]
    assert stove["name"] == "Stove"


def test_another_workspaces_products_are_not_found(shop, eve, as_person):
    store = make_store(shop)
    make_product(shop, title="Stove", variants=("Default",))
    answer = as_person(eve).get("shop-variants", store=str(store.pk), q="Sto")
    assert answer.json()["results"] == []
