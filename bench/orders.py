"""Orders beside conversations: a connected shop whose customers are the people of some threads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.shop import Shop
from identity.commerce.facts import (
    CustomerFacts,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    ParcelLine,
    ParcelState,
    PaymentState,
    StoreFacts,
    Tracking,
)
from identity.commerce.money import Money

#: What the sidebar shows of one customer.
ORDERS = 10


def connect_shop(shop: Shop, conversations: Sequence[UUID]) -> None:
    """Give the customer of each conversation ten orders of three lines and a parcel."""
    from identity.models import Contact, CustomerLink, LinkHow, StoreCustomer
    from identity.services.stores import Credentials, connect_store
    from identity.shopify.mirror import write_customers, write_orders
    from identity.tenancy import tenant_scope

    now = datetime.now(UTC)
    with tenant_scope(shop.workspace_id):
        store = connect_store(
            platform="shopify",
            facts=StoreFacts(
                id="gid://shopify/Shop/1", name="Bench", currency="EUR", domain="b.myshopify.com"
            ),
            credentials=Credentials(secrets={"access_token": "none"}, scopes=("read_orders",)),
            now=now,
        )
        people = list(Contact.objects.filter(conversations__in=conversations).distinct())
        customers = [_customer(place, now) for place in range(len(people))]
        write_customers(store, customers, now=now)
        for place, customer in enumerate(customers):
            orders = [_order(place * ORDERS + n, customer, now) for n in range(ORDERS)]
            write_orders(store, orders, now=now, detailed=True)
        rows = {row.gid: row for row in StoreCustomer.objects.filter(store=store)}
        CustomerLink.objects.bulk_create(
            CustomerLink(
                contact=contact, customer=rows[customer.id], how=LinkHow.EMAIL, verified=True
            )
            for contact, customer in zip(people, customers, strict=True)
        )


def _customer(place: int, now: datetime) -> CustomerFacts:
    return CustomerFacts(
        id=f"gid://shopify/Customer/{place + 1}",
        number=place + 1,
        name=f"Customer {place}",
        email=f"customer{place}@example.test",
        orders=ORDERS,
        updated_at=now,
        read_at=now,
    )


def _order(number: int, customer: CustomerFacts, now: datetime) -> OrderFacts:
    price, zero = Money.of("49.90", "EUR"), Money.zero("EUR")
    whole = price.times(3)
    lines = tuple(
        LineFacts(
            id=f"gid://shopify/LineItem/{number * 3 + place}",
            title=f"Tent peg {place}",
            quantity=1,
            current_quantity=1,
            fulfilled_quantity=1,
            refundable_quantity=1,
            unit_price=price,
            total=price,
            image_url="https://cdn.example.test/peg.jpg",
        )
        for place in range(3)
    )
    parcel = ParcelFacts(
        id=f"gid://shopify/Fulfillment/{number}",
        state=ParcelState.DELIVERED,
        tracking=(Tracking("PostNL", f"NL{number:09}", f"https://track.example.test/{number}"),),
        lines=tuple(ParcelLine(f"{line.id}/p", line.id, 1, line.title) for line in lines),
        delivered_at=now,
    )
    return OrderFacts(
        id=f"gid://shopify/Order/{number + 1}",
        number=number + 1,
        name=f"#{number + 1}",
        currency="EUR",
        subtotal=whole,
        shipping=zero,
        tax=zero,
        discounts=zero,
        total=whole,
        current_total=whole,
        paid=whole,
        refunded=zero,
        outstanding=zero,
        placed_at=now - timedelta(days=number % 300),
        payment=PaymentState.PAID,
        fulfilment=FulfilmentState.FULFILLED,
        lines=lines,
        parcels=(parcel,),
        customer_id=customer.id,
        customer_name=customer.name,
        email=customer.email,
        updated_at=now,
        read_at=now,
    )
