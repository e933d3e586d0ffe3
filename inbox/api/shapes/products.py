"""Variants of products, as a form offers them."""

from collections.abc import Iterable
from typing import Any

import structlog

from identity.commerce.codec import CodecError
from identity.commerce.facts import ProductFacts
from identity.models import StoreProduct
from inbox.api.shapes.shop import money

logger = structlog.get_logger(__name__)


def variant_shapes(products: Iterable[StoreProduct]) -> list[dict[str, Any]]:
    """Return every variant of these products, called by product and form."""
    found = []
    for product in products:
        try:
            facts = ProductFacts.from_json(product.facts)
        except CodecError:
            logger.warning("shop.unreadable_product", product_id=str(product.pk))
            continue
        found += [
            {
                "id": one.id,
                # A product without forms has one variant, which the platform calls by a stopgap.
                "name": facts.title if len(facts.variants) == 1 else f"{facts.title} ({one.title})",
                "price": money(one.price),
                "available": one.available,
            }
            for one in facts.variants
        ]
    return found
