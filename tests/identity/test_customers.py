"""Which customers a contact is, and who may be told of which orders (ID-1, ID-2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from identity.models import (
    Contact,
    CustomerLink,
    Evidence,
    Store,
    StoreCustomer,
    StoreOrder,
    Workspace,
)
from identity.models.mirror import order_name_key
from identity.services.contacts import merge_contacts, undo_merge
from identity.services.customer_links import link_by_hand, unlink
from identity.services.customers import drop_groundless, link_customer, link_recent
from identity.services.proofs import Through, record_proof, what_may_be_shown
from identity.services.resolution import claim_point, create_visitor, resolve_sender
from identity.tenancy import tenant_scope

DANA = "dana@customer.test"


@pytest.fixture(autouse=True)
def inside(shop):
    with tenant_scope(shop.pk):
        yield


@pytest.fixture
def store() -> Store:
    return Store.objects.create(gid="1", domain="nordlys.example", installed_at=timezone.now())


def customer(store, number=1, **fields) -> StoreCustomer:
    return StoreCustomer.objects.create(
        store=store, gid=f"c/{number}", number=number, synced_at=timezone.now(), **fields
    )


def order(store, name, **fields) -> StoreOrder:
    return StoreOrder.objects.create(
        store=store,
        gid=f"o/{name}",
        number=1,
        name=name,
        name_key=order_name_key(name),
        synced_at=timezone.now(),
        **fields,
    )


def mail(value=DANA, *, proven=True) -> Contact:
    evidence = "DMARC passed" if proven else ""
    found = resolve_sender(kind="email", value=value, verified=proven, evidence=evidence)
    return found.contact


def link_of(contact) -> tuple[str, bool, str]:
    link = CustomerLink.objects.get(contact=contact, undone_at=None)
    return link.how, link.verified, link.evidence


def accept(*evidence) -> None:
    Workspace.objects.update(accepted_evidence=list(evidence))


# --- links ----------------------------------------------------------------------------------------


def test_a_proven_mail_is_its_customer_and_the_evidence_is_told(store):
    customer(store, email=DANA)
    assert link_of(mail()) == ("email", True, "matched by e-mail, DMARC passed")


def test_a_typed_address_is_only_said_to_be_a_customers(store):
    customer(store, email=DANA)
    visitor = create_visitor(session_id="s", name="", email=DANA)
    told = "matched by e-mail, typed in the chat form: not proven"
    assert link_of(visitor) == ("email", False, told)


def test_a_proof_makes_the_link_verified_and_weaker_evidence_does_not_unmake_it(store):
    customer(store, email=DANA)
    contact = mail(proven=False)
    assert link_of(contact)[1] is False
    assert mail() == contact
    assert link_of(contact)[1] is True
    mail(proven=False)
    assert link_of(contact)[1] is True


def test_several_customers_with_one_phone_are_all_shown_and_none_is_proven(store):
    for number in (1, 2):
        customer(store, number, phone="+4790000000")
    contact = resolve_sender(kind="phone", value="+4790000000", verified=True).contact
    links = CustomerLink.objects.filter(contact=contact)
    assert [link.verified for link in links] == [False, False]
    assert links[0].evidence == "matched by phone number, which 2 customers have"


def test_a_second_customer_with_the_number_makes_the_first_doubtful(store):
    first = customer(store, 1, phone="+4790000000")
    contact = resolve_sender(kind="phone", value="+4790000000", verified=True).contact
    assert link_of(contact)[1] is True
    link_customer(customer(store, 2, phone="+4790000000"))
    assert CustomerLink.objects.get(customer=first).verified is False


def test_one_customer_with_several_addresses_is_one_for_all_of_them(store):
    customer(store, email=DANA, phone="+4790000000")
    contact = mail()
    claim_point(contact=contact, kind="phone", value="+4790000000", evidence="said on the phone")
    assert link_of(contact) == ("email", True, "matched by e-mail, DMARC passed")


def test_a_customer_who_comes_later_is_linked_and_a_changed_address_unlinks(store):
    contact = mail()
    late = customer(store, email=DANA)
    link_customer(late)
    assert link_of(contact)[1] is True
    late.email = "new@customer.test"
    link_customer(late)
    assert not CustomerLink.objects.filter(undone_at=None).exists()
    late.email = DANA
    link_customer(late)
    assert link_of(contact)[1] is True


def test_a_back_fill_is_linked_in_one_look(store):
    contact = mail()
    customer(store, email=DANA)
    assert link_recent(since=timezone.now() - timedelta(minutes=1)) == 1
    assert link_of(contact)[1] is True
    assert link_recent(since=timezone.now() - timedelta(minutes=1)) == 0


def test_a_deleted_customer_is_nobodys(store):
    gone = customer(store, email=DANA)
    contact = mail()
    gone.email, gone.deleted_at = "", timezone.now()
    gone.save()
    link_customer(gone)
    assert not CustomerLink.objects.filter(contact=contact, undone_at=None).exists()


def test_what_was_unlinked_by_hand_is_not_linked_again_by_itself(store, ana):
    wrong = customer(store, email=DANA)
    contact = mail()
    unlink(contact=contact, customer=wrong, by=ana)
    link_customer(wrong)
    mail()
    assert not CustomerLink.objects.filter(undone_at=None).exists()
    link_by_hand(contact=contact, customer=wrong, by=ana)
    assert link_of(contact)[0] == "manual"


def test_a_parted_contact_loses_links_by_an_address_that_went_back(store):
    dana, other = mail(), mail("other@customer.test")
    made = merge_contacts(survivor=other, other=dana, by=None, because="asked for")
    link_customer(customer(store, email=DANA))
    assert link_of(other)[1] is True
    undo_merge(merge=made, by=None)
    drop_groundless(other.pk)
    assert not CustomerLink.objects.filter(contact=other, undone_at=None).exists()


# --- what may be shown ----------------------------------------------------------------------------

BY_MAIL = Through("email", DANA)
BY_CHAT = Through("chat", "s")


def test_the_proven_mailbox_is_told_of_its_customers_and_its_guest_orders(store):
    customer(store, email=DANA)
    contact = mail()
    shown = what_may_be_shown(contact, through=BY_MAIL)
    assert shown.orders
    assert shown.holds(order(store, "#1", customer_gid="c/1"))
    assert shown.holds(order(store, "#2", email=DANA))
    assert not shown.holds(order(store, "#3", email="else@customer.test", customer_gid="c/2"))
    assert not shown.holds(order(store, "#4"))


def test_a_claim_reveals_nothing(store):
    customer(store, email=DANA)
    visitor = create_visitor(session_id="s", name="", email=DANA)
    shown = what_may_be_shown(visitor, through=BY_CHAT)
    assert not shown.orders
    assert not shown.holds(order(store, "#1", email=DANA))
    assert "Send a one-time code" in shown.because


def test_a_forged_sender_is_not_told_what_the_mailbox_is(store):
    contact = mail()
    assert not what_may_be_shown(contact, through=Through("email", DANA, proven=False)).orders


def test_the_chat_is_not_told_what_the_mailbox_of_the_same_contact_proved(store):
    visitor = create_visitor(session_id="s", name="", email=DANA)
    contact = mail()
    assert contact == visitor
    assert what_may_be_shown(contact, through=BY_MAIL).orders
    assert not what_may_be_shown(contact, through=BY_CHAT).orders
    assert not what_may_be_shown(contact).orders


def test_a_code_entered_in_the_chat_opens_it_for_a_while(store):
    visitor = create_visitor(session_id="s", name="", email=DANA)
    record_proof(contact=visitor, kind="email", value=DANA, how=Evidence.CODE, through=BY_CHAT)
    shown = what_may_be_shown(visitor, through=BY_CHAT)
    assert shown.holds(order(store, "#1", email=DANA))
    assert what_may_be_shown(visitor).orders
    assert not what_may_be_shown(visitor, through=Through("chat", "another")).orders
    tomorrow = timezone.now() + timedelta(days=1)
    assert not what_may_be_shown(visitor, through=BY_CHAT, now=tomorrow).orders


@pytest.mark.parametrize("left_out", ["mail", "code"])
def test_the_workspace_decides_which_evidence_is_enough(store, left_out):
    contact = mail()
    record_proof(contact=contact, kind="email", value=DANA, how=Evidence.CODE, through=BY_CHAT)
    accept(*({"mail", "code"} - {left_out}))
    assert what_may_be_shown(contact, through=BY_MAIL).orders is (left_out != "mail")
    assert what_may_be_shown(contact, through=BY_CHAT).orders is (left_out != "code")


def test_a_link_by_hand_reveals_nothing_unless_colleagues_are_believed(store, ana):
    contact = mail()
    other = customer(store, email="work@customer.test")
    link_by_hand(contact=contact, customer=other, by=ana)
    work = order(store, "#1", customer_gid="c/1")
    assert not what_may_be_shown(contact, through=BY_MAIL).holds(work)
    accept("mail", "colleague")
    assert what_may_be_shown(contact, through=BY_MAIL).holds(work)


def test_a_shared_number_opens_no_customers_orders(store):
    for number in (1, 2):
        customer(store, number, phone="+4790000000")
    contact = resolve_sender(kind="phone", value="+4790000000", verified=True).contact
    shown = what_may_be_shown(contact, through=Through("phone", "+4790000000"))
    assert not shown.holds(order(store, "#1", customer_gid="c/1", phone="+4790000000"))
    assert shown.holds(order(store, "#2", phone="+4790000000"))


def test_another_mailbox_of_the_same_contact_is_not_told(store):
    dana, other = mail(), mail("other@customer.test")
    merge_contacts(survivor=dana, other=other, by=None, because="a colleague thought so")
    theirs = order(store, "#1", email="other@customer.test")
    assert not what_may_be_shown(dana, through=BY_MAIL).holds(theirs)
