from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from identity.commerce.facts import (
    AddressFacts,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    ParcelLine,
    ParcelState,
    PaymentState,
)
from identity.commerce.money import Money
from identity.commerce.registry import register_platform
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
    Request,
    ReshipRequest,
    ReturnPieces,
    ReturnRequest,
    TagsRequest,
)
from identity.models import Store
from identity.tenancy import tenant_scope
from tests.identity.commerce.toy_shop import ToyShop

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


def delivered_order():
    """The same order a week later: both pieces have arrived."""
    lines = tuple(a_line(one, fulfilled_quantity=1, unfulfilled_quantity=0) for one in "12")
    parcel = ParcelFacts(
        id="p1",
        state=ParcelState.DELIVERED,
        delivered_at=timezone.now() - timedelta(days=2),
        created_at=timezone.now() - timedelta(days=4),
        lines=(ParcelLine("f1", "line-1", 1), ParcelLine("f2", "line-2", 1)),
    )
    return an_order(lines=lines, parcels=(parcel,), fulfilment=FulfilmentState.FULFILLED)


HERE = AddressFacts(line1="Karl Johans gate 1", city="Oslo", zip="0154", country_code="NO")
OPEN_REQUESTS: dict[Kind, Request] = {
    Kind.REFUND: RefundRequest(lines=(RefundPieces("line-1", 1),), reason="bent"),
    Kind.CANCEL: CancelRequest(),
    Kind.EDIT: EditRequest(lines=(Pieces("line-2", 0),)),
    Kind.RESHIP: ReshipRequest(lines=(Pieces("line-1", 1),)),
    Kind.DISCOUNT: DiscountRequest(percent=Decimal(10)),
    Kind.GIFT_CARD: GiftCardRequest(eur(20)),
    Kind.ORDER_ADDRESS: OrderAddressRequest(HERE),
    Kind.CUSTOMER_ADDRESS: CustomerAddressRequest(HERE),
    Kind.NOTE: NoteRequest("Call before delivery"),
    Kind.TAGS: TagsRequest(add=("spoken-to",), remove=("new",)),
    Kind.CONFIRMATION: ConfirmationRequest(),
    Kind.INVOICE: InvoiceRequest(),
}
DELIVERED_REQUESTS: dict[Kind, Request] = {
    Kind.RETURN: ReturnRequest(lines=(ReturnPieces("line-1", 1),)),
    Kind.EXCHANGE: ExchangeRequest(
        lines=(ReturnPieces("line-1", 1),), replacements=(NewPieces("variant-9", 1),)
    ),
}
#: One request of every kind, and the order it can be asked about.
EVERY_KIND: dict[Kind, tuple[Request, Callable[[], OrderFacts]]] = {
    **{kind: (request, an_order) for kind, request in OPEN_REQUESTS.items()},
    **{kind: (request, delivered_order) for kind, request in DELIVERED_REQUESTS.items()},
}


@pytest.fixture
def corner(order):
    """A connected shop of a platform nobody has heard of."""
    toy = ToyShop({order.id: order})
    register_platform("corner", lambda _store: toy)
    yield toy
    register_platform("corner", _closed)


def _closed(_store):
    raise AssertionError("The corner shop of another test.")


@pytest.fixture
def store(shop, corner):
    return make_store(shop, platform="corner")


def make_store(workspace, **fields):
    given = {
        "platform": "corner",
        "gid": f"corner/{workspace.slug}",
        "domain": f"{workspace.slug}.corner.test",
        "name": workspace.name,
        "currency": "EUR",
        "installed_at": timezone.now(),
        **fields,
    }
    with tenant_scope(workspace.pk):
        return Store.objects.create(**given)
