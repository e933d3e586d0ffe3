"""Webhook bodies: still the REST member names (shopify.md §1.1), without what customers lost in 2025-01."""

from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.gid import gid
from sandbox.shopify.money import written
from sandbox.shopify.shop import Shop

Record = dict[str, Any]
FINANCIAL = {"PAID": "paid", "PENDING": "pending", "REFUNDED": "refunded", "VOIDED": "voided",
             "PARTIALLY_REFUNDED": "partially_refunded", "PARTIALLY_PAID": "partially_paid",
             "AUTHORIZED": "authorized"}  # fmt: skip
FULFILMENT = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def shop_body(shop: Shop) -> Record:
    known = shop.settings
    return {
        "id": known.id, "name": known.name, "email": known.email, "domain": known.domain,
        "myshopify_domain": known.domain, "shop_owner": known.owner, "currency": known.currency,
        "iana_timezone": known.timezone, "plan_name": known.plan.lower(), "updated_at": shop.stamp,
    }  # fmt: skip


def address_body(one: Record | None) -> Record | None:
    if one is None:
        return None
    return {
        "first_name": one["firstName"], "last_name": one["lastName"], "company": one["company"],
        "address1": one["address1"], "address2": one["address2"], "city": one["city"],
        "province_code": one["provinceCode"], "zip": one["zip"], "country_code": one["countryCodeV2"],
        "country": one["country"], "phone": one["phone"],
    }  # fmt: skip


def customer_body(one: Record) -> Record:
    """No tags, consent, order count or total spent: gone since 2025-01 (§1.4)."""
    default = next(
        (each for each in one["addresses"] if each["id"] == one["default_address_id"]), None
    )
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Customer", one["id"]), "email": one["email"],
        "first_name": one["firstName"], "last_name": one["lastName"], "phone": one["phone"],
        "note": one["note"], "state": one["state"].lower(), "verified_email": one["verifiedEmail"],
        "tax_exempt": one["taxExempt"], "created_at": one["createdAt"], "updated_at": one["updatedAt"],
        "default_address": address_body(default),
        "addresses": [address_body(each) for each in one["addresses"]],
    }  # fmt: skip


def order_body(shop: Shop, one: Record) -> Record:
    currency = one["currency"]
    customer = shop.db.get("customer", one["customer_id"]) if one["customer_id"] else None
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Order", one["id"]), "name": one["name"],
        "order_number": int("".join(each for each in one["name"] if each.isdigit()) or 0),
        "email": one["email"], "contact_email": one["email"], "phone": one["phone"],
        "created_at": one["createdAt"], "processed_at": one["processedAt"],
        "updated_at": one["updatedAt"], "cancelled_at": one["cancelledAt"],
        "cancel_reason": (one["cancelReason"] or "").lower() or None, "closed_at": one["closedAt"],
        "currency": one["shop_currency"], "presentment_currency": currency, "test": one["test"],
        "financial_status": FINANCIAL.get(order_math.financial_status(one), "pending"),
        "fulfillment_status": FULFILMENT.get(order_math.fulfillment_status(one)),
        "note": one["note"], "tags": ", ".join(one["tags"]),
        "note_attributes": [{"name": each["key"], "value": each["value"]} for each in one["attributes"]],
        "total_price": written(order_math.price(one), currency),
        "subtotal_price": written(order_math.subtotal(one), currency),
        "total_tax": written(order_math.tax(one), currency), "taxes_included": one["taxesIncluded"],
        "current_total_price": written(order_math.current_total(one), currency),
        "customer": customer_body(customer) if customer else None,
        "shipping_address": address_body(one["shipping_address"]),
        "billing_address": address_body(one["billing_address"]),
        "line_items": [line_body(one, line) for line in one["lines"]],
        "fulfillments": [fulfillment_body(one, each) for each in one["fulfillments"]],
        "refunds": [refund_body(one, each) for each in one["refunds"]],
    }  # fmt: skip


def line_body(order: Record, line: Record) -> Record:
    return {
        "id": line["id"], "admin_graphql_api_id": gid("LineItem", line["id"]), "title": line["title"],
        "variant_id": line["variant_id"], "product_id": line["product_id"], "sku": line["sku"],
        "variant_title": line["variant_title"], "quantity": line["quantity"], "price": line["price"],
        "current_quantity": order_math.refundable_quantity(order, line),
        "total_discount": line["discount"], "requires_shipping": line["requiresShipping"],
    }  # fmt: skip


def fulfillment_body(order: Record, one: Record) -> Record:
    tracking = one["trackingInfo"]
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Fulfillment", one["id"]), "order_id": order["id"],
        "name": one["name"], "status": one["status"].lower(), "created_at": one["createdAt"],
        "updated_at": one["updatedAt"], "shipment_status": one["displayStatus"].lower(),
        "tracking_company": tracking[0]["company"] if tracking else None,
        "tracking_number": tracking[0]["number"] if tracking else None,
        "tracking_numbers": [each["number"] for each in tracking],
        "tracking_urls": [each["url"] for each in tracking], "email": order["email"],
        "line_items": [{"id": each["line_id"], "quantity": each["quantity"]} for each in one["lines"]],
    }  # fmt: skip


def fulfillment_event_body(order: Record, parcel: Record, one: Record) -> Record:
    return {
        "id": one["id"], "fulfillment_id": parcel["id"], "order_id": order["id"],
        "status": one["status"].lower(), "message": one["message"], "happened_at": one["happenedAt"],
        "city": one["city"], "province": one["province"], "country": one["country"],
        "created_at": one["happenedAt"], "updated_at": one["happenedAt"],
    }  # fmt: skip


def refund_body(order: Record, one: Record) -> Record:
    moved = [each for each in order["transactions"] if each["id"] in one["transaction_ids"]]
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Refund", one["id"]), "order_id": order["id"],
        "created_at": one["createdAt"], "processed_at": one["createdAt"], "note": one["note"],
        "refund_line_items": [
            {"line_item_id": each["line_id"], "quantity": each["quantity"],
             "restock_type": each["restockType"].lower(), "subtotal": each["subtotal"], "total_tax": each["tax"]}
            for each in one["lines"]
        ],
        "transactions": [
            {"id": each["id"], "order_id": order["id"], "kind": "refund", "amount": each["amount"],
             "currency": order["currency"], "gateway": each["gateway"], "status": each["status"].lower(),
             "parent_id": each["parent_id"]}
            for each in moved
        ],
    }  # fmt: skip


def return_body(order: Record, one: Record) -> Record:
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Return", one["id"]), "name": one["name"],
        "status": one["status"].lower(), "total_return_line_items": sum(each["quantity"] for each in one["lines"]),
        "order": {"id": order["id"], "admin_graphql_api_id": gid("Order", order["id"])},
        "return_line_items": [
            {"id": each["id"], "admin_graphql_api_id": gid("ReturnLineItem", each["id"]),
             "quantity": each["quantity"], "fulfillment_line_item": {"id": each["parcel_line_id"]}}
            for each in one["lines"]
        ],
    }  # fmt: skip


def product_body(one: Record) -> Record:
    return {
        "id": one["id"], "admin_graphql_api_id": gid("Product", one["id"]), "title": one["title"],
        "handle": one["handle"], "body_html": one["descriptionHtml"], "vendor": one["vendor"],
        "product_type": one["productType"], "status": one["status"].lower(), "tags": ", ".join(one["tags"]),
        "updated_at": one["updatedAt"],
        "variants": [
            {"id": each["id"], "title": each["title"], "sku": each["sku"], "price": each["price"],
             "inventory_quantity": each["inventoryQuantity"]}
            for each in one["variants"][:100]
        ],
    }  # fmt: skip
