"""Shopify enters itself as a platform; the way to the shop loads when a store is opened."""

from typing import Any

from identity.commerce.registry import register_platform
from identity.commerce.seam import Commerce


def open_store(store: Any) -> Commerce:
    """Return the door to one store."""
    from identity.shopify.commerce import ShopifyCommerce

    return ShopifyCommerce(store)


register_platform("shopify", open_store)
