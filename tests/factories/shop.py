"""The smallest valid shop of a workspace, its customers and orders, as the mirror would have stored them."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from identity.commerce.facts import (
    AddressFacts,
    CustomerFacts,
    ExchangeLine,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    ParcelEvent,
    ParcelFacts,
    ParcelLine,
    ParcelState,
    PaymentState,
    ProductFacts,
    RefundFacts,
    RefundLine,
    ReturnFacts,
    ReturnLine,
    ReturnState,
    Tracking,
    TransactionFacts,
    TransactionState,
    VariantFacts,
)
from identity.commerce.money import Money
from identity.models import Store, StoreCustomer, StoreOrder, StoreProduct, Workspace
from identity.models.mirror import order_name_key
from identity.tenancy import tenant_scope

_count = itertools.count(1001)
PLACED = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)


def pounds(amount: str) -> Money:
    return Money.of(amount, "GBP")


def make_store(workspace: Workspace, **fields: Any) -> Store:
    """The workspace's shop; the same one when asked again without a name of its own."""
    with tenant_scope(workspace.pk):
        domain = fields.pop("domain", "fjellmark.myshopify.com")
        known = Store.objects.filter(domain=domain).first()
        if known is not None:
            return known
        return Store.objects.create(
            gid=f"gid://shop/{next(_count)}",
            domain=domain,
            installed_at=timezone.now(),
            **{"name": "Fjellmark", "currency": "GBP", **fields},
        )


def make_customer(workspace: Workspace, **fields: Any) -> StoreCustomer:
    """Dana, a customer since 2024."""
    number = next(_count)
    store = fields.pop("store", None) or make_store(workspace)
    facts = CustomerFacts(
        id=f"gid://customer/{number}",
        number=number,
        name="Dana Miller",
        email=fields.pop("email", "dana@customer.test"),
        orders=7,
        spent=pounds("1284.00"),
        tags=("vip",),
        email_marketing="subscribed",
        created_at=PLACED - timedelta(days=700),
        address=AddressFacts(line1="1 Mill Lane", city="Leeds", country_code="GB"),
    )
    facts = replace(facts, **fields)
    with tenant_scope(workspace.pk):
        return StoreCustomer.objects.create(
            store=store,
            gid=facts.id,
            number=number,
            name=facts.name,
            email=facts.email,
            phone=facts.phone,
            facts=facts.to_json(),
            synced_at=timezone.now(),
        )


def make_order(
    workspace: Workspace,
    *,
    customer: StoreCustomer | None = None,
    store: Store | None = None,
    **changes: Any,
) -> StoreOrder:
    """A tent and a footprint, delivered; of a guest unless a customer is named."""
    number = next(_count)
    store = store or (customer.store if customer else make_store(workspace))
    facts = order_facts(number, customer_id=customer.gid if customer else "", **changes)
    with tenant_scope(workspace.pk):
        return StoreOrder.objects.create(
            store=store,
            gid=facts.id,
            number=number,
            name=facts.name,
            name_key=order_name_key(facts.name),
            customer_gid=facts.customer_id,
            email=facts.email,
            phone=facts.phone,
            placed_at=facts.placed_at,
            facts=facts.to_json(),
            synced_at=timezone.now(),
            detailed=True,
        )


def make_product(
    workspace: Workspace, *, title: str, variants: tuple[str, ...], store: Store | None = None
) -> StoreProduct:
    number = next(_count)
    facts = ProductFacts(
        id=f"gid://product/{number}",
        title=title,
        variants=tuple(
            VariantFacts(f"gid://variant/{number}-{one}", one, pounds("10.00"), available=True)
            for one in variants
        ),
    )
    with tenant_scope(workspace.pk):
        return StoreProduct.objects.create(
            store=store or make_store(workspace),
            gid=facts.id,
            number=number,
            title=title,
            facts=facts.to_json(),
            synced_at=timezone.now(),
        )


def order_facts(number: int, **changes: Any) -> OrderFacts:
    """At least one of everything that the sidebar shows."""
    lines = (
        LineFacts(
            id=f"line-{number}-1",
            title="Skarv 2 tent",
            variant="Moss",
            quantity=1,
            current_quantity=1,
            fulfilled_quantity=1,
            refundable_quantity=1,
            returnable_quantity=1,
            unit_price=pounds("389.00"),
            total=pounds("389.00"),
            image_url="https://cdn.shopify.com/s/files/tent.png?v=1",
            variant_id="variant-tent",
        ),
        LineFacts(
            id=f"line-{number}-2",
            title="Footprint",
            quantity=1,
            current_quantity=1,
            fulfilled_quantity=1,
            refundable_quantity=1,
            unit_price=pounds("39.00"),
            total=pounds("39.00"),
        ),
    )
    parcel = ParcelFacts(
        id=f"parcel-{number}",
        name="#1-F1",
        state=ParcelState.DELIVERED,
        tracking=(Tracking("DHL", "00340434161094", "https://dhl.example/00340434161094"),),
        lines=(ParcelLine("x", lines[0].id, 1, lines[0].name),),
        events=(
            ParcelEvent(ParcelState.DELIVERED, PLACED + timedelta(days=3), "Delivered", "Leeds"),
        ),
        delivered_at=PLACED + timedelta(days=3),
    )
    facts = OrderFacts(
        id=f"gid://order/{number}",
        name=f"#{number}",
        number=number,
        currency="GBP",
        subtotal=pounds("428.00"),
        shipping=pounds("0"),
        tax=pounds("71.33"),
        discounts=pounds("0"),
        total=pounds("428.00"),
        current_total=pounds("428.00"),
        paid=pounds("428.00"),
        refunded=pounds("10.00"),
        outstanding=pounds("0"),
        placed_at=PLACED,
        payment=PaymentState.PARTIALLY_REFUNDED,
        fulfilment=FulfilmentState.FULFILLED,
        lines=lines,
        parcels=(parcel,),
        refunds=(
            RefundFacts(
                f"refund-{number}",
                pounds("10.00"),
                PLACED + timedelta(days=4),
                "Late",
                (RefundLine(lines[1].id, 1, pounds("10.00"), name="Footprint"),),
            ),
        ),
        returns=(
            ReturnFacts(
                f"return-{number}",
                f"#{number}-R1",
                ReturnState.OPEN,
                1,
                lines=(ReturnLine("r1", lines[1].id, 1, "Footprint", "too_small"),),
                exchange=(ExchangeLine("e1", "variant-3", 1, "Footprint 3"),),
            ),
        ),
        transactions=(
            TransactionFacts(
                "t1", "sale", TransactionState.SUCCESS, pounds("428.00"), method="Visa 4242"
            ),
        ),
        shipping_address=AddressFacts(
            first_name="Dana",
            last_name="Miller",
            line1="1 Mill Lane",
            city="Leeds",
            zip="LS1 4AB",
            country_code="GB",
        ),
        note="Leave with the neighbour.",
        tags=("gift",),
        email="dana@customer.test",
        customer_name="Dana Miller",
        status_page_url="https://fjellmark.example/orders/secret",
        refundable=True,
    )
    return replace(facts, **changes)
