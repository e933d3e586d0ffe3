"""A copy of a person's data, and erasing them everywhere, proven by looking everywhere (SH-6)."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail as outbox
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from channels_app.chat.services.sessions import Visitor, create_session
from channels_app.models import ChatSession, InboundEvent
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.privacy import Person, parts
from identity.commerce.models import MoneyAction
from identity.models import (
    Contact,
    ContactPoint,
    CustomerLink,
    Evidence,
    PrivacyRequest,
    Store,
    StoreCustomer,
    StoreEvent,
    StoreOrder,
)
from identity.services.codes import issue_code
from identity.services.contacts import merge_contacts
from identity.services.erasing import ERASED, Eraser, without_person
from identity.services.privacy import (
    NobodyNamedError,
    continue_erasures,
    find_person,
    forget_copies,
    redact_customer,
    redact_store,
    request_export,
)
from identity.services.proofs import Through, record_proof
from identity.services.resolution import claim_point, create_visitor, verify_point
from identity.shopify import compliance
from identity.shopify.hints import Subject
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Draft, IdempotencyRecord, Message
from inbox.privacy import GONE
from inbox.search.index import query_words
from inbox.services.conversations import change_conversation, save_draft
from inbox.services.files import store_upload
from inbox.services.forwarding import forward
from inbox.services.receiving import IncomingFile
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail
from tests.factories.shop import make_customer, make_order, make_store
from tests.inbox.conftest import signed_in

EMAIL, PHONE, NAME = "zaphira.quell@customer.test", "+4791234567", "Zaphira Quell"
GIVEAWAYS = ("zaphira", "quell", "91234567", "912 34 567", "hip operation")


@pytest.fixture(autouse=True)
def inside(shop, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def store(shop) -> Store:
    return make_store(shop)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def zaphira(shop, store, mail, chat, ana) -> Contact:
    """Somebody who has left a trace in every place there is."""
    file = IncomingFile("quell.txt", "text/plain", b"Zaphira's hip operation")
    said = receive_mail(
        mail,
        sender_value=EMAIL,
        sender_name=NAME,
        sender_verified=True,
        sender_evidence="DMARC passed",
        text=f"After my hip operation. Call {PHONE}. #1001",
        subject="For Zaphira",
        files=[file],
        to=[{"address": mail.address, "name": ""}],
    )
    contact = said.conversation.contact
    Contact.objects.filter(pk=contact.pk).update(notes="Zaphira prefers mornings.")
    claim_point(contact=contact, kind="phone", value=PHONE, evidence="said by Zaphira")
    send(conversation=said.conversation, author=ana, body_text="Dear Zaphira, yes.")
    send(conversation=said.conversation, author=ana, body_text="Zaphira is nice", private=True)
    forward(conversation=said.conversation, author=ana, to=["carrier@post.test"], body_text="See")
    save_draft(conversation=said.conversation, membership=ana, mode="reply", body="Dear Zaphira")
    change_conversation(conversation=said.conversation, by=ana, changes={"subject": "Ms Quell"})
    InboundEvent.objects.create(
        channel=mail,
        source="email/raw",
        dedupe_key="1",
        body=f"From: {NAME} <{EMAIL}>\r\n\r\nhip operation".encode(),
        message_ids=[said.message.pk],
        work_state="done",
    )
    InboundEvent.objects.create(
        channel=mail,
        source="email/raw",
        dedupe_key="2",
        body=b"From: ZAPHIRA.QUELL@customer.test\r\nbroken",
        reason=f"It could not be read: {EMAIL}",
        work_state="quarantined",
    )
    visitor = Visitor(
        name=NAME, email=EMAIL, consent_text="I agree", attributes={"order_number": "1001"}
    )
    session, _ = create_session(channel=chat, visitor=visitor)
    receive_chat(chat, contact=session.contact, sender_name=NAME, sender_value=str(session.pk))
    ChatSession.objects.update(conversation=Conversation.objects.order_by("-pk")[0])
    store_upload(
        name="z.txt", content=b"Zaphira", content_type="text/plain", upload_session=session.pk
    )
    InboundEvent.objects.create(
        channel=chat,
        source="chat",
        dedupe_key="3",
        order_key=f"chat:{session.pk}",
        body=b'{"text": "my hip operation"}',
        work_state="done",
    )
    merge_contacts(survivor=contact, other=session.contact, by=ana, because="Zaphira herself")
    IdempotencyRecord.objects.create(
        digest="d",
        fingerprint="f",
        status=200,
        body=f'{{"to": "{EMAIL}"}}',
        created_at=timezone.now(),
    )
    through = Through("chat", str(session.pk))
    record_proof(contact=contact, kind="email", value=EMAIL, how=Evidence.CODE, through=through)
    issue_code(contact=contact, kind="email", value=EMAIL, through=through)
    _in_the_shop(shop, store, ana, said.conversation)
    return Contact.objects.get(pk=contact.pk)


def _in_the_shop(shop, store, ana, conversation) -> None:
    customer = make_customer(
        shop, id="gid://shopify/Customer/7", name=NAME, email=EMAIL, phone=PHONE
    )
    StoreCustomer.objects.filter(pk=customer.pk).update(facts={"name": NAME, "email": EMAIL})
    order = make_order(
        shop, id="gid://shopify/Order/1", name="#1001", customer=customer, email=EMAIL
    )
    StoreOrder.objects.filter(pk=order.pk).update(
        facts={"id": "gid://shopify/Order/1", "shipping_address": {"line1": "Quell street"}}
    )
    CustomerLink.objects.create(contact_id=conversation.contact_id, customer=customer, how="manual")
    for key, state in (("8", "done"), ("9", "claimed")):
        StoreEvent.objects.create(
            store=store,
            topic="customers/update",
            dedupe_key=key,
            body=json.dumps({"customer": {"email": EMAIL, "first_name": "Zaphira"}}).encode(),
            work_state=state,
        )
    MoneyAction.objects.create(
        store=store,
        kind="order_address",
        state="done",
        order_id="gid://shopify/Order/1",
        customer_id="gid://shopify/Customer/7",
        lane="x",
        key=uuid7(),
        request={"address": {"first_name": "Zaphira", "line1": "Quell street"}, "kind": "x"},
        preview={"amount": {"amount": "5.00", "currency": "EUR"}, "email": EMAIL},
        reason="Zaphira moved",
        actor="agent",
        requested_by=ana,
        expires_at=timezone.now(),
    )


@pytest.fixture
def others(mail, ana) -> Conversation:
    """Somebody else's conversation, in which Zaphira took part and is spoken of."""
    first = receive_mail(
        mail,
        text=f"My friend {EMAIL} (912 34 567) told me of you. Mine is bo@else.test.",
        sender_value="bo@else.test",
        sender_name="Bo",
        subject=f"From {EMAIL}",
        cc=[{"address": EMAIL.upper(), "name": ""}],
    )
    receive_mail(
        mail,
        text="I am the friend: hip operation.",
        sender_value=EMAIL,
        sender_name=NAME,
        session_conversation_id=first.conversation.pk,
        files=[IncomingFile("z.txt", "text/plain", b"Zaphira")],
    )
    save_draft(conversation=first.conversation, membership=ana, mode="note", body=f"ask {EMAIL}")
    return first.conversation


def found_anywhere(media: Path) -> list[str]:
    """Every place where something gives her away: all tables, and all stored files."""
    places = []
    words = [f"%{word}%" for word in GIVEAWAYS]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY(%s) "
                "OR EXISTS (SELECT FROM jsonb_each_text(to_jsonb(t)) c WHERE CASE "
                r"WHEN c.value ~ '^\\x([0-9a-f]{2})+$' THEN "
                "encode(decode(substr(c.value, 3), 'hex'), 'escape') ILIKE ANY(%s) END)",
                [words, words],
            )
            if cursor.fetchone()[0]:
                places.append(table)
    files = (path for path in media.rglob("*") if path.is_file())
    return places + [path.name for path in files if b"zaphira" in path.read_bytes().lower()]


def test_she_is_in_every_place_before(zaphira, others, media):
    """The look below would also find nothing if it did not look."""
    assert set(found_anywhere(media)) >= {
        "channels_app_chatsession",
        "channels_app_inboundevent",
        "identity_contact",
        "identity_contactpoint",
        "identity_contactproof",
        "identity_moneyaction",
        "identity_onetimecode",
        "identity_storecustomer",
        "identity_storeevent",
        "identity_storeorder",
        "inbox_attachment",
        "inbox_conversation",
        "inbox_draft",
        "inbox_idempotencyrecord",
        "inbox_message",
        "inbox_messageindex",
    }
    assert sum(path.is_file() for path in media.rglob("*")) >= 3


def test_erasing_by_address_leaves_her_nowhere(zaphira, others, media, ana):
    done = redact_customer(email=EMAIL, phone=PHONE, by=ana)
    assert found_anywhere(media) == []
    assert done.found
    assert done.finished_at is not None
    assert {result.app for result in done.results.all()} == {part.app for part in parts()}


def test_erasing_as_the_shop_asks_leaves_her_nowhere(zaphira, others, store, media):
    body = {
        "customer": {"id": 7, "email": EMAIL, "phone": PHONE},
        "orders_to_redact": [1],
    }
    StoreEvent.objects.create(
        store=store,
        topic="customers/redact",
        dedupe_key="10",
        body=json.dumps(body).encode(),
        work_state="claimed",
    )
    request = compliance.PrivacyRequest(
        subject=Subject.REDACT_CUSTOMER,
        customer_gid="gid://shopify/Customer/7",
        email=EMAIL,
        phone=PHONE,
    )
    told = compliance.execute(store, request, now=timezone.now())
    assert "did it for what people wrote" in told
    assert found_anywhere(media) == []
    done = PrivacyRequest.objects.get()
    assert (done.kind, done.store_domain) == ("erase", store.domain)


def test_the_id_alone_finds_her(zaphira, store, media):
    redact_customer(store=store, customer_gid="gid://shopify/Customer/7")
    assert found_anywhere(media) == []


def test_other_people_keep_what_they_said(zaphira, others):
    redact_customer(email=EMAIL, phone=PHONE)
    first, second = Message.objects.filter(conversation=others).order_by("seq")
    assert first.body_text == (
        f"My friend {ERASED} ({ERASED}) told me of you. Mine is bo@else.test."
    )
    assert first.author_address == "bo@else.test"
    assert (second.body_text, second.author_contact) == (GONE, None)
    assert Draft.objects.get().body == f"ask {ERASED}"
    assert query_words("friend")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_messages('friend'::tsquery, 10)")
        assert cursor.fetchone() == (1,)


def test_erasing_twice_finds_nothing_the_second_time(zaphira):
    assert redact_customer(email=EMAIL).found is True
    assert redact_customer(email=EMAIL).found is False


def test_whoever_only_typed_her_address_and_proved_their_own_stays(zaphira, mail):
    bo = receive_mail(mail, sender_value="bo@else.test", sender_verified=True)
    claim_point(contact=bo.conversation.contact, kind="email", value=EMAIL, evidence="typed")
    redact_customer(email=EMAIL)
    (point,) = ContactPoint.objects.filter(contact=bo.conversation.contact)
    assert point.value == "bo@else.test"


def test_a_number_of_several_customers_does_not_erase_the_others(zaphira, shop, store, mail):
    make_customer(shop, id="gid://shopify/Customer/8", name="Bo", email="bo@else.test", phone=PHONE)
    bo = receive_mail(mail, sender_value="bo@else.test", sender_verified=True)
    verify_point(contact=bo.conversation.contact, kind="phone", value="+4799999999", evidence="")
    redact_customer(store=store, customer_gid="gid://shopify/Customer/7", email=EMAIL)
    assert StoreCustomer.objects.filter(deleted_at=None).get().name == "Bo"
    assert Conversation.objects.get().contact == bo.conversation.contact


def test_another_workspaces_person_of_the_same_address_stays(zaphira, other_shop, chat):
    with tenant_scope(other_shop.pk):
        theirs = create_visitor(session_id="x", name=NAME, email=EMAIL)
    redact_customer(email=EMAIL, phone=PHONE)
    with tenant_scope(other_shop.pk):
        assert theirs.points.filter(value=EMAIL).exists()


def test_the_evidence_holds_no_data(zaphira):
    done = redact_customer(email=EMAIL, phone=PHONE)
    counted = {result.app: result.counts for result in done.results.all()}
    assert counted["inbox"]["conversations"] == 2
    assert counted["inbox"]["files"] >= 1
    assert counted["channels_app"]["chat sessions"] == 1
    assert counted["identity"]["contacts"] == 2
    assert all(isinstance(n, int) for counts in counted.values() for n in counts.values())


def test_the_books_of_money_stay_without_the_person(zaphira):
    redact_customer(email=EMAIL)
    action = MoneyAction.objects.get()
    assert action.preview["amount"] == {"amount": "5.00", "currency": "EUR"}
    assert action.request == {"address": {"first_name": "", "line1": ""}, "kind": "x"}
    assert action.reason == ""


# --- a shop ---------------------------------------------------------------------------------------


def test_erasing_a_shop_erases_its_customers_and_leaves_strangers(zaphira, store, mail, media):
    stranger = receive_mail(mail, sender_value="stranger@else.test").conversation
    Store.objects.filter(pk=store.pk).update(status="uninstalled")
    store.refresh_from_db()
    request = compliance.PrivacyRequest(subject=Subject.REDACT_SHOP)
    compliance.execute(store, request, now=timezone.now())
    assert Conversation.objects.get() == stranger
    for model in (StoreCustomer, StoreOrder, CustomerLink, ChatSession):
        assert not model.objects.exists(), model
    assert not Contact.objects.filter(name=NAME).exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_big_shop_is_erased_in_goes_and_the_evidence_says_when_it_was_done(
    zaphira, shop, store, mail, monkeypatch
):
    monkeypatch.setattr("identity.services.privacy.BATCH", 1)
    for number in range(3):
        make_customer(shop, email=f"c{number}@else.test")
        receive_mail(mail, sender_value=f"c{number}@else.test", sender_verified=True)
    done = redact_store(store=store)
    assert done.finished_at is None
    goes = 1
    while continue_erasures():
        goes += 1
    done.refresh_from_db()
    assert goes >= 2
    assert (done.pending, done.finished_at is not None, done.found) == ([], True, True)
    assert not Contact.objects.exists()
    assert sum(result.counts.get("contacts", 0) for result in done.results.all()) == 5


def test_somebody_who_is_another_shops_customer_too_stays(zaphira, shop, store):
    other = Store.objects.create(gid="2", domain="other.example", installed_at=timezone.now())
    also = StoreCustomer.objects.create(store=other, gid="c", number=1, synced_at=timezone.now())
    CustomerLink.objects.create(contact=zaphira, customer=also, how="manual")
    redact_store(store=store)
    assert Contact.objects.filter(pk=zaphira.pk).exists()


# --- a copy ---------------------------------------------------------------------------------------


def packed(request: PrivacyRequest) -> zipfile.ZipFile:
    with default_storage.open(request.file_key) as stored:
        return zipfile.ZipFile(io.BytesIO(stored.read()))


def test_the_copy_holds_everything_as_data_as_a_page_and_as_files(zaphira, others, store):
    request = request_export(
        store=store, customer_gid="gid://shopify/Customer/7", email=EMAIL, reference="4711"
    )
    archive = packed(request)
    data = json.loads(archive.read("data.json"))
    assert {one["address"] for one in data["addresses"]} >= {EMAIL, PHONE}
    assert [one["name"] for one in data["orders"]] == ["#1001"]
    texts = " ".join(one["text"] for one in data["messages"])
    assert "hip operation" in texts
    assert "Zaphira is nice" in texts
    assert data["chat sessions"][0]["agreed to"] == "I agree"
    page = archive.read("read-me.html").decode()
    assert "After my hip operation" in page
    files = [name for name in archive.namelist() if name.startswith("files/")]
    assert b"Zaphira's hip operation" in [archive.read(name) for name in files]
    assert (request.reference, request.found) == ("4711", True)
    assert "bo@else.test" not in json.dumps(data["addresses"])


def test_what_customers_wrote_is_harmless_in_the_page(mail):
    receive_mail(mail, sender_value=EMAIL, text="<script>alert(1)</script>")
    page = packed(request_export(email=EMAIL)).read("read-me.html").decode()
    assert "<script>" not in page


def test_a_data_request_of_the_shop_leaves_a_file_and_tells_the_admins(
    zaphira, store, ana, ben, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    request = compliance.PrivacyRequest(
        subject=Subject.DATA_REQUEST,
        customer_gid="gid://shopify/Customer/7",
        email=EMAIL,
        reference="99",
    )
    with django_capture_on_commit_callbacks(execute=True):
        compliance.execute(store, request, now=timezone.now())
    done = PrivacyRequest.objects.get()
    assert (done.kind, done.reference) == ("export", "99")
    assert done.due_at - done.created_at == timedelta(days=30)
    (told,) = outbox.outbox
    assert told.to == [ana.user.email]
    assert "/settings/privacy/" in told.body
    assert EMAIL not in told.body


def test_erasing_takes_the_copies_too(zaphira, media):
    request = request_export(email=EMAIL)
    redact_customer(email=EMAIL, phone=PHONE)
    request.refresh_from_db()
    assert (request.file_key, request.subjects) == ("", [])
    assert found_anywhere(media) == []


def test_a_copy_is_kept_for_thirty_days(zaphira, media):
    request_export(email=EMAIL)
    assert forget_copies(now=timezone.now() + timedelta(days=29)) == 0
    assert forget_copies(now=timezone.now() + timedelta(days=31)) == 1
    assert not list(media.rglob("*.zip"))


def test_a_request_has_to_name_somebody():
    with pytest.raises(NobodyNamedError):
        find_person()


# --- the page -------------------------------------------------------------------------------------


def test_admins_download_and_erase_on_the_page(zaphira, ana, media):
    client = signed_in(ana)
    client.post("/settings/privacy/", {"email": EMAIL, "phone": "", "act": "export", "again": ""})
    request = PrivacyRequest.objects.get()
    answer = client.get(f"/settings/privacy/{request.pk}/copy/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    request.refresh_from_db()
    assert request.downloaded_at is not None
    asked = {"email": EMAIL, "phone": "", "act": "erase", "again": "zaphira"}
    assert "Type exactly" in client.post("/settings/privacy/", asked).content.decode()
    assert Contact.objects.filter(name=NAME).exists()
    client.post("/settings/privacy/", {**asked, "again": EMAIL})
    page = client.get("/settings/privacy/").content.decode()
    assert "no longer kept" in page
    assert EMAIL not in page
    assert found_anywhere(media) == []


def test_agents_neither_see_the_page_nor_the_copy(zaphira, ben):
    request = request_export(email=EMAIL)
    client = signed_in(ben)
    for path in ("/settings/privacy/", f"/settings/privacy/{request.pk}/copy/"):
        assert client.get(path).status_code == 403


def test_the_page_of_another_workspace_shows_nothing(zaphira, eve):
    request = request_export(email=EMAIL)
    client = signed_in(eve)
    assert client.get(f"/settings/privacy/{request.pk}/copy/").status_code == 404
    assert "Nobody has asked" in client.get("/settings/privacy/").content.decode()


def test_an_admin_decides_what_is_enough_to_be_told_of_orders(shop, ana, ben):
    client = signed_in(ana)
    client.post("/settings/privacy/evidence/", {"accepted": ["mail", "order"]})
    shop.refresh_from_db()
    assert shop.accepted_evidence == ["mail", "order"]
    client.post("/settings/privacy/evidence/", {})
    shop.refresh_from_db()
    assert shop.accepted_evidence == ["mail", "order"]
    assert signed_in(ben).post("/settings/privacy/evidence/", {}).status_code == 403


# --- the pieces -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail ZAPHIRA.Quell@customer.test!", f"mail {ERASED}!"),
        ("xzaphira.quell@customer.test", "xzaphira.quell@customer.test"),
        ("zaphira.quell@customer.test.evil", "zaphira.quell@customer.test.evil"),
        ("+47 912 34 567", ERASED),
        ("0047 91234567", ERASED),
        ("call 91 23 45 67 today", f"call {ERASED} today"),
        ("order 1234567", "order 1234567"),
    ],
)
def test_addresses_are_taken_out_however_they_are_written(text, left):
    assert Eraser([EMAIL, PHONE]).text(text).replace("  ", " ").strip() == left


def test_facts_lose_the_person_and_keep_their_shape():
    facts = {"id": "1", "email": "a@b.test", "lines": [{"title": "Tent"}], "formatted": ["a", "b"]}
    assert without_person(facts) == {
        "id": "1",
        "email": "",
        "lines": [{"title": "Tent"}],
        "formatted": [],
    }


def test_every_app_with_tables_of_people_has_a_part():
    """An app that refers to contacts or conversations must say how it forgets them."""
    people = (Contact, Conversation, Message)
    needed = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model in people
    }
    assert needed == {part.app for part in parts()}


def test_the_upper_floors_erase_first():
    assert [part.app for part in parts()] == ["channels_app", "inbox", "identity"]
    for part in parts():
        assert part.erase(Person()) == {}
        assert not any(part.export(Person()).counts.values())
