"""Storing a change of an order, customer or product: the time moves on, and webhooks go out."""

import uuid
from typing import Any

from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.shop import Shop

Record = dict[str, Any]


def keep_order(
    shop: Shop, order: Record, *topics: tuple[str, Record], created: bool = False
) -> None:
    """Store an order and tell of it. ``topics`` are told beside ``orders/updated``, as one act."""
    order["updatedAt"] = max(order["updatedAt"], shop.stamp)
    shop.db.put("order", order)
    event = str(uuid.uuid4())
    for topic, body in topics:
        shop.tell(topic, body, event)
    if created:
        shop.tell("orders/create", bodies.order_body(shop, order), event)
    shop.tell("orders/updated", bodies.order_body(shop, order), event)


def keep_customer(
    shop: Shop, customer: Record, *topics: tuple[str, Record], created: bool = False
) -> None:
    customer["updatedAt"] = max(customer["updatedAt"], shop.stamp)
    shop.db.put("customer", customer)
    event = str(uuid.uuid4())
    for topic, body in topics:
        shop.tell(topic, body, event)
    topic = "customers/create" if created else "customers/update"
    shop.tell(topic, bodies.customer_body(customer), event)


def keep_product(shop: Shop, product: Record) -> None:
    product["updatedAt"] = max(product["updatedAt"], shop.stamp)
    shop.db.put("product", product)
    shop.tell("products/update", bodies.product_body(product))
