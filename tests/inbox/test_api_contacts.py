"""Contacts: found, described, blocked; and a person's story in one stream."""

import pytest

from identity.services.resolution import verify_point
from identity.tenancy import tenant_scope
from inbox.services.conversations import change_conversation
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail
from tests.factories.shop import make_customer


def names(answer):
    assert answer.status_code == 200, answer.content
    return [one["name"] for one in answer.json()["results"]]


@pytest.fixture
def people(mail):
    for name, address in (
        ("Zoë Åström", "zoe@north.test"),
        ("Jane Miller", "jane.m@customer.test"),
        ("", "quiet@customer.test"),
    ):
        receive_mail(mail, sender_name=name, sender_value=address)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("jane", ["Jane Miller"]),
        ("JANE.M@cust", ["Jane Miller"]),
        ("zoe", ["Zoë Åström"]),
        ("astrom", ["Zoë Åström"]),
        ("Miller", ["Jane Miller"]),
        ("jane miller", ["Jane Miller"]),
        ("quiet", ["quiet@customer.test"]),
        ("nobody", []),
        ("!!!", []),
        ("'; drop table", []),
    ],
)
def test_somebody_is_found_by_the_beginning_of_name_or_address(ben, people, as_person, q, found):
    assert names(as_person(ben).get("contacts", q=q)) == found


def test_contacts_are_listed_newest_first_in_pages(ben, people, as_person):
    person = as_person(ben)
    first = person.get("contacts", limit=2)
    assert names(first) == ["quiet@customer.test", "Jane Miller"]
    second = person.get("contacts", limit=2, cursor=first.json()["next"])
    assert names(second) == ["Zoë Åström"]
    assert second.json()["next"] is None


def test_a_contact_shows_which_addresses_are_proven(ben, mail, as_person):
    contact = receive_mail(mail).conversation.contact
    with tenant_scope(ben.workspace_id):
        verify_point(
            contact=contact, kind="email", value="dana@customer.test", evidence="DMARC passed"
        )
    found = as_person(ben).get(f"contacts/{contact.pk}").json()
    assert found["points"] == [
        {
            "kind": "email",
            "value": "dana@customer.test",
            "verified": True,
            "evidence": "DMARC passed",
        }
    ]
    assert found["merged_into"] is None
    assert found["shopify_customer"] is None


def test_name_and_notes_are_changed(ben, mail, as_person):
    contact = receive_mail(mail).conversation.contact
    person = as_person(ben)
    answer = person.patch(f"contacts/{contact.pk}", {"name": " Dana M. ", "notes": "Likes tea"})
    assert answer.json()["name"] == "Dana M."
    assert person.patch(f"contacts/{contact.pk}", {"notes": ""}).json()["name"] == "Dana M."
    (row,) = person.get("conversations").json()["results"]
    assert row["contact"]["name"] == "Dana M."


def test_a_blocked_persons_conversations_are_spam_until_unblocked(ben, mail, as_person):
    contact = receive_mail(mail).conversation.contact
    person = as_person(ben)
    assert person.post(f"contacts/{contact.pk}/block").json()["blocked"] is True
    assert receive_mail(mail).conversation.status == "spam"
    assert len(person.get("conversations", status="spam").json()["results"]) == 2
    assert person.send("DELETE", f"contacts/{contact.pk}/block").json()["blocked"] is False


def test_the_timeline_is_one_stream_over_all_channels(ben, mail, chat, as_person):
    first = receive_mail(mail)
    contact = first.conversation.contact
    with tenant_scope(ben.workspace_id):
        send(conversation=first.conversation, author=ben, body_text="A note", private=True)
        change_conversation(conversation=first.conversation, by=ben, changes={"priority": "high"})
    receive_chat(chat, contact=contact, text="Hello again")
    person = as_person(ben)
    seen, cursor = [], ""
    while cursor is not None:
        page = person.get(f"contacts/{contact.pk}/timeline", limit=3, cursor=cursor).json()
        seen += page["results"]
        cursor = page["next"]
    told = [(one["kind"], one["text"], one["who"]) for one in seen]
    assert told == [
        ("message", "Hello again", "Dana Miller"),
        ("event", "priority", "Ben"),
        ("note", "A note", "Ben"),
        ("message", "One pole is bent.", "Dana Miller"),
    ]
    assert {one["channel"]["kind"] for one in seen if one["channel"]} == {"chat", "email"}


def test_the_timeline_of_somebody_else_is_not_in_it(ben, mail, as_person):
    contact = receive_mail(mail).conversation.contact
    receive_mail(mail, sender_value="other@customer.test", text="Not hers")
    (item,) = as_person(ben).get(f"contacts/{contact.pk}/timeline").json()["results"]
    assert item["text"] == "One pole is bent."


def test_a_contact_shows_which_customer_they_are_and_on_what_evidence(shop, ben, mail, as_person):
    customer = make_customer(shop)
    received = receive_mail(mail, sender_verified=True, sender_evidence="DMARC passed")
    found = as_person(ben).get(f"contacts/{received.conversation.contact_id}").json()
    assert found["shopify_customer"] == {
        "id": str(customer.pk),
        "gid": customer.gid,
        "name": "Dana Miller",
        "email": "dana@customer.test",
        "phone": "",
        "store": {"id": str(customer.store_id), "domain": "fjellmark.myshopify.com"},
        "verified": True,
        "evidence": "matched by e-mail, DMARC passed",
    }
