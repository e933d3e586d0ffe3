"""What the shops know of a person, as the sidebar shows it.

Amounts are ``{amount, currency}``, the amount a decimal string. No link to a foreign host but those
a person opens: pictures come through ours.
"""

from collections.abc import Iterable
from typing import Any

from identity.commerce.facts import (
    AddressFacts,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    RefundFacts,
    ReturnFacts,
)
from identity.commerce.money import Money
from identity.models import StoreCustomer
from inbox.rest.times import when
from inbox.services.store_side import SideCustomer, SideOrder, SideStore, StoreSide, offered
from inbox.shop_pictures import picture_path

#: Lines of one order that travel with a conversation; the order itself has them all.
LINES = 30
EVENTS = 12


def shop_shape(side: StoreSide) -> dict[str, Any] | None:
    """Return everything the sidebar shows of shops; None where no shop was ever connected."""
    if not side.stores:
        return None
    return {
        "stores": [store_shape(store) for store in side.stores],
        "customers": [customer_shape(customer) for customer in side.customers],
        "orders": [order_shape(order, lines=LINES) for order in side.orders],
        "more": side.more,
        "may_tell": side.may_tell,
        "because": side.because,
    }


def store_shape(store: SideStore) -> dict[str, Any]:
    """Return one shop and how far our copy of it goes."""
    return {
        "id": str(store.id),
        "name": store.name,
        "domain": store.domain,
        "platform": store.platform,
        "status": store.status,
        "trouble": store.trouble,
        "currency": store.currency,
        "withheld": list(store.hidden),
        "complete_until": when(store.complete_until),
        "error": store.error,
    }


def customer_shape(customer: SideCustomer) -> dict[str, Any]:
    """Return a customer with the evidence that this contact is one."""
    facts, link = customer.facts, customer.link
    return {
        **customer_brief(link.customer, spent=facts.spent, orders=facts.orders),
        "how": link.how,
        "evidence": link.evidence,
        "verified": customer.verified,
        "since": when(facts.created_at),
        "lifetime": facts.lifetime,
        "note": facts.note,
        "tags": list(facts.tags),
        "locale": facts.locale,
        "email_marketing": facts.email_marketing,
        "sms_marketing": facts.sms_marketing,
        "tax_exempt": facts.tax_exempt,
        "address": address_shape(facts.address),
        "withheld": list(facts.withheld),
        "synced_at": when(link.customer.synced_at),
    }


def customer_brief(
    row: StoreCustomer, *, spent: Money | None = None, orders: int = 0
) -> dict[str, Any]:
    """Return a customer in short, as a search shows one."""
    return {
        "id": str(row.pk),
        "store": str(row.store_id),
        "number": str(row.number),
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "spent": money(spent),
        "orders": orders,
    }


def order_shape(order: SideOrder, *, lines: int | None = None) -> dict[str, Any]:
    """Return one order; ``lines`` limits how many of them are told."""
    facts, row = order.facts, order.row
    return {
        "id": str(row.pk),
        "store": str(row.store_id),
        "gid": row.gid,
        "number": str(row.number),
        "name": facts.name,
        "match": order.match.value,
        "verified": order.verified,
        "evidence": order.evidence,
        "spoken": order.spoken,
        "placed_at": when(facts.placed_at),
        "updated_at": when(facts.updated_at),
        "synced_at": when(row.synced_at),
        "cancelled_at": when(facts.cancelled_at),
        "cancel_reason": facts.cancel_reason,
        "payment": facts.payment.value,
        "fulfilment": facts.fulfilment.value,
        "return_state": facts.return_state,
        "totals": totals_shape(facts),
        "paid_by": paid_by(facts),
        "lines": [line_shape(line) for line in facts.lines[:lines]],
        "lines_left": max(0, len(facts.lines) - (lines or len(facts.lines))),
        "parcels": [parcel_shape(parcel) for parcel in facts.parcels],
        "returns": [return_shape(one) for one in facts.returns],
        "refunds": [refund_shape(one) for one in facts.refunds],
        "disputes": [{"kind": one.kind, "state": one.state} for one in facts.disputes],
        "shipping_address": address_shape(facts.shipping_address),
        "shipping_method": facts.shipping_method,
        "discount_codes": list(facts.discount_codes),
        "note": facts.note,
        "tags": list(facts.tags),
        "attributes": [{"key": one.key, "value": one.value} for one in facts.attributes],
        "customer": facts.customer_id,
        "customer_name": facts.customer_name,
        "email": facts.email,
        "phone": facts.phone,
        "locale": facts.locale,
        "risk": facts.risk,
        "test": facts.test,
        "edited": facts.edited,
        # It holds a secret: whoever is not proven to be the customer must not be sent it.
        "status_page_url": facts.status_page_url if order.verified else "",
        "can": list(offered(facts)),
        "withheld": list(facts.withheld),
    }


def totals_shape(facts: OrderFacts) -> dict[str, Any]:
    """Return the sums of an order."""
    return {
        "subtotal": money(facts.subtotal),
        "shipping": money(facts.shipping),
        "tax": money(facts.tax),
        "discounts": money(facts.discounts),
        "total": money(facts.current_total),
        "paid": money(facts.paid),
        "refunded": money(facts.refunded),
        "outstanding": money(facts.outstanding),
        "left": money(facts.left_to_refund),
        "store_total": money(facts.store_total),
        "taxes_included": facts.taxes_included,
    }


def line_shape(line: LineFacts) -> dict[str, Any]:
    """Return one line of an order."""
    return {
        "id": line.id,
        "title": line.title,
        "variant": line.variant,
        "sku": line.sku,
        "quantity": line.quantity,
        "current_quantity": line.current_quantity,
        "fulfilled_quantity": line.fulfilled_quantity,
        "refundable_quantity": line.refundable_quantity,
        "returnable_quantity": line.returnable_quantity,
        "unit_price": money(line.unit_price),
        "paid_price": money(line.paid_price),
        "total": money(line.total),
        "image": picture_path(line.image_url),
        "variant_id": line.variant_id,
        "product_id": line.product_id,
        "available": line.available,
        "final_sale": line.final_sale,
        "gift_card": line.gift_card,
        "requires_shipping": line.requires_shipping,
        "attributes": [{"key": one.key, "value": one.value} for one in line.attributes],
    }


def parcel_shape(parcel: ParcelFacts) -> dict[str, Any]:
    """Return one shipment with what its carriers told, newest first."""
    return {
        "id": parcel.id,
        "name": parcel.name,
        "state": parcel.state.value,
        "active": parcel.active,
        "tracking": [
            {"carrier": one.carrier, "number": one.number, "url": one.url}
            for one in parcel.tracking
        ],
        "lines": [
            {"line": one.line_id, "name": one.name, "quantity": one.quantity}
            for one in parcel.lines
        ],
        "events": [
            {
                "state": one.state.value,
                "at": when(one.at),
                "message": one.message,
                "place": one.place,
            }
            for one in parcel.events[:EVENTS]
        ],
        "created_at": when(parcel.created_at),
        "in_transit_at": when(parcel.in_transit_at),
        "estimate": when(parcel.estimate),
        "delivered_at": when(parcel.delivered_at),
    }


def return_shape(one: ReturnFacts) -> dict[str, Any]:
    """Return pieces on their way back, and what goes out for them."""
    return {
        "id": one.id,
        "name": one.name,
        "state": one.state.value,
        "quantity": one.quantity,
        "lines": [
            {"name": line.name, "quantity": line.quantity, "reason": line.reason}
            for line in one.lines
        ],
        "exchange": [{"name": line.name, "quantity": line.quantity} for line in one.exchange],
        "created_at": when(one.created_at),
    }


def refund_shape(one: RefundFacts) -> dict[str, Any]:
    """Return money that went back."""
    return {
        "id": one.id,
        "total": money(one.total),
        "created_at": when(one.created_at),
        "note": one.note,
        "lines": [{"name": line.name, "quantity": line.quantity} for line in one.lines],
    }


def address_shape(address: AddressFacts | None) -> dict[str, Any] | None:
    """Return an address with its parts, and as it is printed."""
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "province_code": address.province_code,
        "zip": address.zip,
        "country_code": address.country_code,
        "phone": address.phone,
        "formatted": list(address.formatted) or list(_printed(address)),
        "id": address.id,
    }


def money(amount: Money | None) -> dict[str, str] | None:
    """Return an amount as the API tells it."""
    return None if amount is None else amount.to_json()


def paid_by(facts: OrderFacts) -> str:
    """Return how the order was paid, as people say it; empty where nothing was."""
    ways = (one.method or one.gateway for one in facts.transactions if one.kind != "refund")
    return ", ".join(dict.fromkeys(way for way in ways if way))


def _printed(address: AddressFacts) -> Iterable[str]:
    name = f"{address.first_name} {address.last_name}".strip()
    town = f"{address.zip} {address.city}".strip()
    parts = (name, address.company, address.line1, address.line2, town, address.country_code)
    return (part for part in parts if part)
