"""The seam over the sandbox's store: previews are the shop's own, and what is done is read back."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from identity.commerce.facts import AddressFacts
from identity.commerce.money import Money
from identity.commerce.plans import PLANS
from identity.commerce.registry import commerce_of
from identity.commerce.requests import (
    CancelRequest,
    ConfirmationRequest,
    CustomerAddressRequest,
    DiscountRequest,
    EditRequest,
    ExchangeRequest,
    GiftCardRequest,
    InvoiceRequest,
    Kind,
    NewPieces,
    NoteRequest,
    OrderAddressRequest,
    Pieces,
    RefundPieces,
    RefundRequest,
    ReshipRequest,
    ReturnPieces,
    ReturnRequest,
    TagsRequest,
    kind_of,
)
from identity.commerce.seam import (
    Commerce,
    GoneError,
    Job,
    NotApprovedError,
    OutcomeState,
    RefusedError,
    Sight,
    ThrottledError,
    UnknownError,
    UnreachableError,
)
from identity.models import StoreOrder
from identity.shopify.commerce import ACTIONS, STEPS, escaped, quoted
from identity.shopify.documents import document
from identity.shopify.install import connect_to, look_around
from identity.shopify.reading import order_facts
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope
from sandbox.shopify.cost import Bucket

HOME = AddressFacts(
    first_name="Ada",
    last_name="Lovelace",
    line1="Hauptstr. 1",
    zip="10115",
    city="Berlin",
    country_code="DE",
)


@pytest.fixture
def fjellmark(shop, store):
    return connect_to(
        shop.pk, look_around(store.domain, exchange_page_token(store.domain, store.id_token()))
    )


@pytest.fixture
def desk(fjellmark) -> Commerce:
    return commerce_of(fjellmark)


def gid(kind, number):
    return f"gid://shopify/{kind}/{number}"


def an_order(store, fits):
    """Return the facts of the first order that fits, read past the rate limit."""
    for told in store.orders():
        store.shop.bucket = Bucket(time.monotonic)
        answer = store.run(document("order_detail").text, {"id": gid("Order", told["id"])})
        facts = order_facts(answer["data"]["order"], read_at=datetime.now(UTC))
        if fits(facts):
            return facts
    raise LookupError("no such order")


def open_and_paid(facts):
    return (
        facts.cancellable
        and facts.editable
        and facts.left_to_refund
        and not facts.refunds
        and (str(facts.payment) == "paid")
    )


def delivered(facts):
    return (
        facts.shipped
        and facts.parcels[0].lines
        and not facts.returns
        and not facts.cancelled
        and (facts.left_to_refund and not facts.refunds)
    )


def do(desk, store, request, order_id="", customer_id=""):
    """Preview, perform every step and read back."""
    preview = desk.preview(request, order_id=order_id, customer_id=customer_id)
    progress: dict[str, Any] = {}
    job = Job(request, preview, order_id, customer_id, uuid4(), progress)
    for step in PLANS[kind_of(request)].steps:
        progress[step.name] = desk.perform(step.name, job)
    store.finish_jobs()
    return job, desk.outcome(job)


def test_every_kind_and_step_of_the_plans_is_there():
    assert set(ACTIONS) == set(PLANS) == set(Kind)
    assert set(STEPS) == {step.name for plan in PLANS.values() for step in plan.steps}


def test_a_refund_of_a_line_moves_what_was_previewed_and_leaves_our_mark(desk, store, fjellmark):
    order = an_order(store, open_and_paid)
    line = order.lines[0]
    request = RefundRequest(lines=(RefundPieces(line.id, 1),), reason="Scratched")
    job, receipt = do(desk, store, request, order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert receipt.outcome.moved == job.preview.refund
    assert receipt.order.refunded == job.preview.refund
    [refund] = store.order(order.name)["refunds"]
    assert job.reference in refund["note"]
    assert desk.find("refund", job).sight == Sight.FOUND
    with tenant_scope(fjellmark.workspace_id):
        row = StoreOrder.objects.get(gid=order.id)
    assert row.facts["refunded"] == job.preview.refund.to_json()


def test_the_same_key_refunds_once_however_often_it_is_sent(desk, store):
    order = an_order(store, open_and_paid)
    request = RefundRequest(lines=(RefundPieces(order.lines[0].id, 1),))
    job, _ = do(desk, store, request, order.id)
    again = desk.perform("refund", job)
    assert again == job.progress["refund"]
    assert len(store.order(order.name)["refunds"]) == 1


def test_an_amount_alone_may_go_up_to_what_is_left_and_no_further(desk, store):
    order = an_order(store, open_and_paid)
    some = Money.of("1", order.currency)
    _job, receipt = do(desk, store, RefundRequest(amount=some), order.id)
    assert receipt.outcome.moved == some
    too_much = order.left_to_refund + some
    with pytest.raises(RefusedError, match="At most"):
        desk.preview(RefundRequest(amount=too_much), order_id=order.id, customer_id="")


def test_a_refund_the_provider_has_not_confirmed_is_told_as_pending(desk, store):
    store.shop.settings.pending_refunds = True
    order = an_order(store, open_and_paid)
    _, receipt = do(
        desk, store, RefundRequest(lines=(RefundPieces(order.lines[0].id, 1),)), order.id
    )
    assert receipt.outcome.state == OutcomeState.PENDING


def test_a_lost_answer_is_unknown_and_the_refund_is_found_by_its_mark(desk, store):
    order = an_order(store, open_and_paid)
    request = RefundRequest(lines=(RefundPieces(order.lines[0].id, 1),))
    preview = desk.preview(request, order_id=order.id, customer_id="")
    job = Job(request, preview, order.id, "", uuid4())
    store.fault("timeout_after_commit", times=3, operation="RefundCreate")
    with pytest.raises(UnknownError):
        desk.perform("refund", job)
    assert desk.find("refund", job).sight == Sight.FOUND
    assert len(store.order(order.name)["refunds"]) == 1


def test_a_cancelled_order_is_read_back_and_its_money_with_it(desk, store):
    order = an_order(store, open_and_paid)
    _job, receipt = do(desk, store, CancelRequest(note="Changed their mind"), order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert receipt.order.cancelled
    assert receipt.outcome.moved == order.left_to_refund
    with pytest.raises(RefusedError):
        desk.preview(CancelRequest(), order_id=order.id, customer_id="")


def test_a_job_that_still_runs_is_pending(desk, store):
    store.shop.settings.job_seconds = 1000.0
    order = an_order(store, open_and_paid)
    request = CancelRequest()
    preview = desk.preview(request, order_id=order.id, customer_id="")
    job = Job(request, preview, order.id, "", uuid4(), {})
    job.progress["cancel"] = desk.perform("cancel", job)
    assert desk.outcome(job).outcome.state == OutcomeState.PENDING
    assert desk.find("cancel", job).sight == Sight.ABSENT


def test_a_return_is_opened_and_found_by_its_mark(desk, store):
    order = an_order(store, delivered)
    line = order.parcels[0].lines[0]
    request = ReturnRequest(lines=(ReturnPieces(line.line_id, 1, note="Too small"),))
    job, receipt = do(desk, store, request, order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert receipt.outcome.references["return"]
    assert desk.find("return", job).sight == Sight.FOUND
    with pytest.raises(RefusedError):
        desk.preview(
            ReturnRequest(lines=(ReturnPieces(line.line_id, 500),)),
            order_id=order.id,
            customer_id="",
        )


def test_an_exchange_shows_the_difference_and_opens_a_return_with_pieces_going_out(desk, store):
    order = an_order(store, delivered)
    line = order.line(order.parcels[0].lines[0].line_id)
    request = ExchangeRequest(
        lines=(ReturnPieces(line.id, 1),), replacements=(NewPieces(line.variant_id, 1),)
    )
    job, receipt = do(desk, store, request, order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert [one.label for one in job.preview.breakdown] == ["Coming back", "Going out"]


def test_addresses_are_replaced_and_read_back(desk, store):
    order = an_order(store, lambda facts: open_and_paid(facts) and facts.customer_id)
    job, receipt = do(desk, store, OrderAddressRequest(HOME), order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert receipt.order.shipping_address.line1 == "Hauptstr. 1"
    assert desk.find("order_address", job).sight == Sight.FOUND
    job, receipt = do(desk, store, CustomerAddressRequest(HOME), customer_id=order.customer_id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert desk.find("customer_address", job).sight == Sight.FOUND


def test_note_and_tags_are_changed_and_read_back(desk, store):
    order = an_order(store, open_and_paid)
    _, receipt = do(desk, store, NoteRequest("Leave at the door"), order.id)
    assert receipt.order.note == "Leave at the door"
    job, receipt = do(desk, store, TagsRequest(add=("VIP", "fragile")), order.id)
    assert {"VIP", "fragile"} <= set(receipt.order.tags)
    job, receipt = do(desk, store, TagsRequest(remove=("vip",)), order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert desk.find("tags_remove", job).sight == Sight.FOUND


def test_an_edit_is_previewed_committed_and_known_again(desk, store):
    order = an_order(store, open_and_paid)
    line = order.lines[0]
    request = EditRequest(lines=(Pieces(line.id, line.current_quantity + 1),))
    untouched = desk.order(order.id)
    preview = desk.preview(request, order_id=order.id, customer_id="")
    assert preview.due
    assert desk.order(order.id).current_total == untouched.current_total
    job, receipt = do(desk, store, request, order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    assert receipt.order.line(line.id).current_quantity == line.current_quantity + 1
    assert desk.find("edit", job).sight == Sight.FOUND


def test_a_reshipment_is_an_order_for_nothing(desk, store):
    order = an_order(store, lambda facts: delivered(facts) and facts.shipping_address)
    request = ReshipRequest(lines=(Pieces(order.lines[0].id, 1),), reason="Lost")
    job, receipt = do(desk, store, request, order.id)
    assert job.preview.value == order.lines[0].unit_price
    assert receipt.outcome.state == OutcomeState.DONE
    made = desk.find_orders(name=receipt.outcome.references["order"])[0]
    assert not made.total
    assert desk.perform("complete", job) == job.progress["complete"]
    assert desk.find("complete", job).sight == Sight.FOUND


def test_a_code_is_made_once_for_one_customer(desk, store):
    customer = next(store.shop.db.all("customer"))
    request = DiscountRequest(percent=Decimal(15))
    job, receipt = do(desk, store, request, customer_id=gid("Customer", customer["id"]))
    code = receipt.outcome.references["code"]
    assert receipt.outcome.state == OutcomeState.DONE
    assert desk.perform("code", job) == {"code": code}
    assert desk.find("code", job).sight == Sight.FOUND


def test_a_gift_card_is_issued_once_and_its_code_is_a_secret(desk, store, fjellmark):
    customer = next(store.shop.db.all("customer"))
    request = GiftCardRequest(amount=Money.of("20", fjellmark.currency))
    job, receipt = do(desk, store, request, customer_id=gid("Customer", customer["id"]))
    assert receipt.outcome.state == OutcomeState.DONE
    code = receipt.secrets["code"]
    assert code not in receipt.outcome.sentence
    cards = len(list(store.shop.db.all("gift_card")))
    desk.perform("card", job)
    assert len(list(store.shop.db.all("gift_card"))) == cards


def test_mail_and_invoice_need_no_more_than_the_order(desk, store):
    order = an_order(store, lambda facts: facts.email)
    _, receipt = do(desk, store, ConfirmationRequest(), order.id)
    assert receipt.outcome.state == OutcomeState.DONE
    _, receipt = do(desk, store, InvoiceRequest(), order.id)
    assert receipt.order.name == order.name


def test_orders_are_found_by_exactly_what_was_asked(desk, store):
    order = an_order(store, lambda facts: facts.email and facts.customer_id)
    assert [one.id for one in desk.find_orders(name=order.name)] == [order.id]
    assert {one.email for one in desk.find_orders(email=order.email)} == {order.email}
    assert desk.find_orders(name=order.name + "9999") == []
    assert desk.find_orders() == []


def test_customers_are_found_by_address_number_and_words(desk, store):
    told = next(one for one in store.shop.db.all("customer") if one.get("phone"))
    [by_mail] = desk.find_customers(email=told["email"])
    [by_phone] = desk.find_customers(phone=told["phone"])
    assert by_mail.id == by_phone.id == gid("Customer", told["id"])
    assert any(one.id == by_mail.id for one in desk.find_customers(text=told["email"]))
    assert desk.find_customers(email="nobody@nowhere.test") == []


def test_what_people_type_is_never_search_syntax():
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    assert escaped("tag:vip OR (x)") == "tag\\:vip or \\(x\\)"


@pytest.mark.parametrize(
    ("mode", "error"),
    [("throttle", ThrottledError), ("fail", UnreachableError)],
)
def test_trouble_on_reads_says_that_nothing_was_done(desk, store, mode, error):
    number = store.orders()[0]["id"]
    store.fault(mode, times=20)
    with pytest.raises(error):
        desk.order(gid("Order", number))


def test_a_missing_scope_is_not_approved(desk, store):
    order = an_order(store, open_and_paid)
    store.shop.settings.scopes = ["read_orders", "read_customers"]
    store.shop.save_settings()
    with pytest.raises(NotApprovedError):
        do(desk, store, NoteRequest("x"), order.id)


@pytest.mark.parametrize("state", ["frozen", "locked", "gone"])
def test_a_closed_shop_is_no_longer_ours_to_call(desk, store, state):
    number = store.orders()[0]["id"]
    store.close_shop(state)
    with pytest.raises(GoneError):
        desk.order(gid("Order", number))


def test_an_order_that_is_not_there_is_gone(desk):
    with pytest.raises(GoneError):
        desk.order(gid("Order", 1))
