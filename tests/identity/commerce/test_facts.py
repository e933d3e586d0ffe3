"""Facts survive being stored, and amounts add up in every currency."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity.commerce import facts
from identity.commerce.codec import CodecError
from identity.commerce.money import Money, MoneyError, exponent, total

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
AMOUNTS = st.builds(
    Money,
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    CURRENCIES,
)
st.register_type_strategy(Money, AMOUNTS)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))

CLASSES = [
    facts.CustomerFacts,
    facts.OrderFacts,
    facts.ProductFacts,
    facts.StoreFacts,
    facts.ReturnFacts,
]


@pytest.mark.parametrize("kind", CLASSES)
def test_facts_come_back_from_json_as_they_were(kind):
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(st.from_type(kind))
    def comes_back(one):
        assert kind.from_json(json.loads(json.dumps(one.to_json()))) == one

    comes_back()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_amounts_have_the_digits_of_their_currency(amount):
    for currency in ("JPY", "EUR", "KWD"):
        text = Money(amount, currency).text
        assert len(text.partition(".")[2]) == exponent(currency)
        assert Money.of(text, currency).text == text


@given(st.lists(st.integers(-(10**9), 10**9)), CURRENCIES)
def test_sums_are_exact(minor, currency):
    step = Decimal(1).scaleb(-exponent(currency))
    amounts = [Money(step * one, currency) for one in minor]
    assert total(amounts, currency).amount == step * sum(minor)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("10", "EUR", "10.00"),
        ("1000.0", "JPY", "1000"),
        ("1.2345", "KWD", "1.235"),
        ("0.005", "EUR", "0.01"),
        ("-0.00", "EUR", "0.00"),
        ("5", "usd", "5.00"),
    ],
)
def test_half_a_cent_goes_up(amount, currency, text):
    assert Money.of(amount, currency).text == text


@pytest.mark.parametrize("amount", ["ten", "NaN", "Infinity", "1,50", ""])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(MoneyError):
        Money.of(amount, "EUR")


def test_two_currencies_do_not_add_up():
    with pytest.raises(MoneyError, match="EUR and USD"):
        Money.of("1", "EUR") + Money.of("1", "USD")


def test_amounts_are_texts_in_json():
    with pytest.raises(MoneyError):
        Money.from_json({"amount": 1.5, "currency": "EUR"})


def test_members_of_another_release_are_ignored_and_missing_ones_take_their_default():
    stored = {"id": "c1", "name": "Dana", "shoe_size": 41}
    assert facts.CustomerFacts.from_json(stored) == facts.CustomerFacts(id="c1", name="Dana")


def test_wrong_kinds_are_refused():
    with pytest.raises(CodecError):
        facts.CustomerFacts.from_json({"id": "c1", "orders": "many"})


def test_an_orders_own_rate_leads_to_the_stores_currency(order):
    paid_in_yen = replace(
        order, currency="JPY", total=Money.of(16000, "JPY"), store_total=Money.of(100, "EUR")
    )
    assert paid_in_yen.in_store_currency(Money.of(800, "JPY")) == Money.of(5, "EUR")


def test_an_order_is_delivered_when_its_last_parcel_is(order):
    first = facts.ParcelFacts(id="p1", delivered_at=datetime(2026, 3, 1, tzinfo=UTC))
    second = facts.ParcelFacts(id="p2")
    assert replace(order, parcels=(first,)).delivered_at == first.delivered_at
    assert replace(order, parcels=(first, second)).delivered_at is None
    cancelled = replace(second, active=False)
    assert replace(order, parcels=(first, cancelled)).delivered_at == first.delivered_at
