from datetime import UTC, datetime

import pytest

from identity.commerce.facts import (
    AddressFacts,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    PaymentState,
)
from identity.commerce.money import Money

PLACED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def eur(amount):
    return Money.of(amount, "EUR")


def a_line(number="1", *, quantity=1, price="50", **fields):
    given = {
        "id": f"line-{number}",
        "title": f"Tent {number}",
        "quantity": quantity,
        "unit_price": eur(price),
        "total": eur(price).times(quantity),
        "paid_price": eur(price),
        "current_quantity": quantity,
        "unfulfilled_quantity": quantity,
        "refundable_quantity": quantity,
        "variant_id": f"variant-{number}",
        **fields,
    }
    return LineFacts(**given)


def an_order(**fields):
    """A paid, unshipped order of two lines over 110 EUR: 100 for goods, 10 for shipping."""
    given = {
        "id": "order-1",
        "name": "#1001",
        "currency": "EUR",
        "subtotal": eur(100),
        "shipping": eur(10),
        "tax": eur(0),
        "discounts": eur(0),
        "total": eur(110),
        "current_total": eur(110),
        "paid": eur(110),
        "refunded": eur(0),
        "outstanding": eur(0),
        "placed_at": PLACED,
        "payment": PaymentState.PAID,
        "fulfilment": FulfilmentState.UNFULFILLED,
        "lines": (a_line("1"), a_line("2")),
        "shipping_address": AddressFacts(line1="Storgata 1", city="Oslo", country_code="NO"),
        "customer_id": "customer-1",
        "email": "dana@customer.test",
        "refundable": True,
        "editable": True,
        **fields,
    }
    return OrderFacts(**given)


@pytest.fixture
def order():
    return an_order()
