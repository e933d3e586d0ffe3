"""Every rule of the policy engine, by table; a rule without a line here makes a test fail."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.commerce.facts import Dispute, ParcelFacts, ParcelLine, ReturnFacts, ReturnState
from identity.commerce.money import Money
from identity.commerce.plans import PLANS
from identity.commerce.policy import RULES, judge
from identity.commerce.policy_settings import Actor, Limit, PolicySettings
from identity.commerce.requests import (
    REQUESTS,
    CancelReason,
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
)
from identity.commerce.seam import Preview
from identity.commerce.verdicts import Case
from tests.identity.commerce.conftest import PLACED, a_line, an_order, eur

NOW = PLACED + timedelta(days=10)
DELIVERED = PLACED + timedelta(days=3)
SHOP = PolicySettings()
BACK = ReturnRequest(lines=(ReturnPieces("line-1", 1),))
OSLO = an_order().shipping_address
assert OSLO is not None


def delivered(*, at=DELIVERED, **fields):
    lines = tuple(
        a_line(one, fulfilled_quantity=1, unfulfilled_quantity=0, **fields) for one in "12"
    )
    parcel = ParcelFacts(
        id="p1",
        delivered_at=at,
        created_at=PLACED + timedelta(days=1),
        lines=(ParcelLine("f1", "line-1", 1), ParcelLine("f2", "line-2", 1)),
    )
    return an_order(lines=lines, parcels=(parcel,))


def exchange(*new, back=("line-1",)):
    return ExchangeRequest(
        lines=tuple(ReturnPieces(one, 1) for one in back),
        replacements=tuple(NewPieces(variant, 1) for variant in new),
    )


def verdict(request, order=None, actor=Actor.AGENT, shop=SHOP, now=NOW, **fields):
    return judge(
        Case(
            request=request,
            settings=shop,
            actor=actor,
            now=now,
            order=order or an_order(),
            **fields,
        )
    )


def worth(amount):
    return RefundRequest(amount=eur(amount))


cancelled = {"order": an_order(cancelled_at=PLACED)}
shipped = {"order": delivered()}
strict = replace(SHOP, exchange_same_product=True)
low = replace(SHOP, limits={Actor.AGENT: Limit(Decimal(100), Decimal(120))})

TABLE = [
    # who
    ("actor.viewer", "refused", NoteRequest("x"), {"actor": Actor.VIEWER}),
    ("actor.customer", "refused", worth(5), {"actor": Actor.CUSTOMER}),
    ("actor.ai", "needs_approval", worth(5), {"actor": Actor.AI}),
    ("note.allowed", "allowed", NoteRequest("x"), {}),
    ("tags.allowed", "allowed", TagsRequest(add=("vip",)), {}),
    ("invoice.allowed", "allowed", InvoiceRequest(), cancelled),
    ("confirmation.allowed", "allowed", ConfirmationRequest(), {}),
    # the order
    ("order.cancelled", "refused", CancelRequest(), cancelled),
    ("refund.allowed", "allowed", worth(10), cancelled),
    (
        "order.once",
        "refused",
        exchange("v9"),
        {
            **shipped,
            "shop": replace(SHOP, once_per_order=(Kind.EXCHANGE,)),
            "done": {Kind.EXCHANGE: 1},
        },
    ),
    (
        "order.dispute",
        "needs_approval",
        worth(5),
        {"order": an_order(disputes=(Dispute("d", state="open"),))},
    ),
    (
        "refund.allowed",
        "allowed",
        worth(5),
        {"order": an_order(disputes=(Dispute("d", state="won"),))},
    ),
    ("order.dispute", "needs_approval", worth(5), {"order": an_order(risk="high")}),
    (
        "refund.allowed",
        "allowed",
        worth(5),
        {"order": an_order(risk="high"), "actor": Actor.SUPERVISOR},
    ),
    # cancel
    ("cancel.allowed", "allowed", CancelRequest(), {"actor": Actor.OWNER}),
    ("cancel.allowed", "allowed", CancelRequest(), {"actor": Actor.CUSTOMER}),
    ("cancel.shipped", "refused", CancelRequest(), {**shipped, "actor": Actor.OWNER}),
    (
        "cancel.return_open",
        "refused",
        CancelRequest(),
        {"order": an_order(returns=(ReturnFacts("r", state=ReturnState.OPEN),))},
    ),
    (
        "cancel.window",
        "refused",
        CancelRequest(),
        {"actor": Actor.CUSTOMER, "shop": replace(SHOP, cancel_hours=24)},
    ),
    (
        "cancel.reason",
        "refused",
        CancelRequest(reason=CancelReason.OTHER),
        {"shop": replace(SHOP, cancel_reasons=("customer",))},
    ),
    ("limit.action", "needs_approval", CancelRequest(), {}),
    ("cancel.allowed", "allowed", CancelRequest(refund=False), {}),
    # back
    ("return.allowed", "allowed", BACK, shipped),
    ("return.allowed", "allowed", BACK, {**shipped, "actor": Actor.CUSTOMER}),
    ("return.nothing", "refused", ReturnRequest(lines=()), shipped),
    ("return.nothing", "refused", ReturnRequest(lines=(ReturnPieces("other", 1),)), shipped),
    ("return.not_shipped", "refused", BACK, {}),
    ("return.not_delivered", "refused", BACK, {"order": delivered(at=None)}),
    (
        "return.allowed",
        "allowed",
        BACK,
        {"order": delivered(at=None), "now": PLACED + timedelta(days=20)},
    ),
    ("return.quantity", "refused", ReturnRequest(lines=(ReturnPieces("line-1", 2),)), shipped),
    ("return.quantity", "refused", BACK, {"order": delivered(returnable_quantity=0)}),
    ("return.final_sale", "refused", BACK, {"order": delivered(gift_card=True)}),
    ("return.final_sale", "refused", BACK, {"order": delivered(product_tags=("Final-Sale",))}),
    ("return.window", "needs_approval", BACK, {**shipped, "now": DELIVERED + timedelta(days=31)}),
    (
        "return.window",
        "refused",
        BACK,
        {**shipped, "now": DELIVERED + timedelta(days=31), "actor": Actor.CUSTOMER},
    ),
    ("return.allowed", "allowed", BACK, {**shipped, "now": DELIVERED + timedelta(days=30)}),
    (
        "return.window",
        "needs_approval",
        exchange("v9"),
        {**shipped, "now": DELIVERED + timedelta(days=31)},
    ),
    ("exchange.allowed", "allowed", exchange("v9"), shipped),
    ("exchange.replacement", "refused", exchange(), shipped),
    ("exchange.replacement", "refused", exchange("v8", "v9"), shipped),
    (
        "exchange.product",
        "refused",
        exchange("v9"),
        {**shipped, "shop": strict, "preview": Preview(products={"v9": "boots"})},
    ),
    (
        "exchange.allowed",
        "allowed",
        exchange("v9"),
        {
            "order": delivered(product_id="tent"),
            "shop": strict,
            "preview": Preview(products={"v9": "tent"}),
        },
    ),
    # refund
    ("refund.allowed", "allowed", RefundRequest(lines=(RefundPieces("line-1", 1),)), {}),
    ("refund.nothing", "refused", RefundRequest(), {}),
    ("refund.nothing", "refused", worth(0), {}),
    ("refund.unpaid", "refused", worth(5), {"order": an_order(paid=eur(0))}),
    ("refund.unpaid", "refused", worth(5), {"order": an_order(refunded=eur(110))}),
    ("refund.quantity", "refused", RefundRequest(lines=(RefundPieces("line-1", 2),)), {}),
    ("refund.quantity", "refused", RefundRequest(lines=(RefundPieces("line-1", 1),) * 2), {}),
    ("refund.maximum", "refused", worth("110.01"), {"actor": Actor.OWNER}),
    ("refund.maximum", "refused", worth(60), {"preview": Preview(refund=eur(60), maximum=eur(50))}),
    ("limit.action", "needs_approval", worth("100.01"), {}),
    ("refund.allowed", "allowed", worth("100.00"), {}),
    ("refund.allowed", "allowed", worth(110), {"actor": Actor.SUPERVISOR}),
    ("limit.day", "needs_approval", worth(21), {"shop": low, "moved_today": Decimal(100)}),
    ("refund.allowed", "allowed", worth(20), {"shop": low, "moved_today": Decimal(100)}),
    # addresses, items
    ("order_address.allowed", "allowed", OrderAddressRequest(OSLO), {}),
    ("address.shipped", "refused", OrderAddressRequest(OSLO), {**shipped, "actor": Actor.OWNER}),
    ("address.incomplete", "refused", OrderAddressRequest(replace(OSLO, city="")), {}),
    ("address.incomplete", "refused", CustomerAddressRequest(replace(OSLO, line1="")), {}),
    ("customer_address.allowed", "allowed", CustomerAddressRequest(OSLO), {}),
    ("edit.allowed", "allowed", EditRequest(lines=(Pieces("line-1", 0),)), {}),
    (
        "edit.locked",
        "refused",
        EditRequest(lines=(Pieces("line-1", 0),)),
        {"order": an_order(editable=False)},
    ),
    ("edit.shipped", "refused", EditRequest(lines=(Pieces("line-1", 0),)), shipped),
    ("edit.shipped", "refused", EditRequest(), {}),
    # goodwill
    ("reship.approval", "needs_approval", ReshipRequest(lines=(Pieces("line-1", 1),)), {}),
    (
        "reship.allowed",
        "allowed",
        ReshipRequest(lines=(Pieces("line-1", 1),)),
        {"actor": Actor.SUPERVISOR},
    ),
    ("reship.quantity", "refused", ReshipRequest(lines=(Pieces("line-1", 2),)), {}),
    ("discount.allowed", "allowed", DiscountRequest(percent=Decimal(20)), {}),
    ("discount.form", "refused", DiscountRequest(), {}),
    ("discount.form", "refused", DiscountRequest(percent=Decimal(5), days=0), {}),
    ("discount.cap", "needs_approval", DiscountRequest(percent=Decimal(21)), {}),
    ("discount.cap", "refused", DiscountRequest(percent=Decimal(51)), {"actor": Actor.OWNER}),
    ("limit.action", "needs_approval", DiscountRequest(amount=eur(101)), {}),
    ("gift_card.allowed", "allowed", GiftCardRequest(eur(50)), {}),
    ("gift_card.cap", "needs_approval", GiftCardRequest(eur("50.01")), {}),
    ("gift_card.cap", "refused", GiftCardRequest(eur(251)), {"actor": Actor.OWNER}),
    ("gift_card.cap", "refused", GiftCardRequest(eur(0)), {}),
]


@pytest.mark.parametrize(("rule", "decision", "request_", "given_"), TABLE)
def test_a_request_meets_its_rule(rule, decision, request_, given_):
    found = verdict(request_, **given_)
    assert (found.rule, found.decision) == (rule, decision), found.sentence
    assert found.sentence.endswith(".")


def test_every_rule_and_every_kind_has_a_line():
    tested = {line[0] for line in TABLE}
    assert {rule.id for rule in RULES} <= tested
    assert {f"{kind}.allowed" for kind in Kind} <= tested


def test_every_rule_is_in_the_documentation():
    page = (Path(__file__).parents[3] / "docs/commerce.md").read_text()
    missing = [rule.id for rule in RULES if f"`{rule.id}`" not in page]
    assert missing == []


def test_every_kind_has_a_plan_and_a_request():
    assert set(PLANS) == set(REQUESTS) == set(Kind)


def test_a_refusal_weighs_more_than_a_need_for_approval():
    order = an_order(risk="high", refunded=eur(110))
    assert verdict(worth(5), order=order).rule == "refund.unpaid"


@pytest.mark.parametrize(
    ("currency", "paid", "store_total", "amount", "decision"),
    [
        ("JPY", 17_600, 110, 16_000, "allowed"),
        ("JPY", 17_600, 110, 16_001, "needs_approval"),
        ("KWD", "36.300", 110, "33.000", "allowed"),
        ("KWD", "36.300", 110, "33.001", "allowed"),  # 100.003 rounds to the store's cent
        ("KWD", "36.300", 110, "33.010", "needs_approval"),
    ],
)
def test_limits_are_compared_in_the_stores_currency(currency, paid, store_total, amount, decision):
    there = Money.of(paid, currency)
    order = an_order(
        currency=currency,
        total=there,
        paid=there,
        refunded=Money.zero(currency),
        store_total=Money.of(store_total, "EUR"),
    )
    found = verdict(RefundRequest(amount=Money.of(amount, currency)), order=order)
    assert found.decision == decision


@settings(deadline=None)
@given(
    amount=st.decimals(min_value=0, max_value=200, places=2),
    refunded=st.decimals(min_value=0, max_value=110, places=2),
    actor=st.sampled_from(list(Actor)),
)
def test_no_amount_above_what_is_left_is_ever_allowed(amount, refunded, actor):
    order = an_order(refunded=eur(refunded))
    found = verdict(worth(amount), order=order, actor=actor)
    if found.decision != "refused":
        assert eur(0) < eur(amount) <= order.left_to_refund


@given(st.sampled_from(TABLE))
def test_the_same_question_has_the_same_answer(line):
    _, _, request, fields = line
    assert verdict(request, **fields) == verdict(request, **fields)


def test_settings_come_back_from_storage_as_they_were():
    shop = replace(low, once_per_order=(Kind.EXCHANGE,), cancel_hours=3)
    assert PolicySettings.from_json(shop.to_json()) == shop
