"""How every mutation that our documents use is carried out."""

from sandbox.shopify.writes import (
    app,
    bulk,
    credit,
    customers,
    discounts,
    drafts,
    editing,
    merging,
    metafields,
    orders,
    parcels,
    refunds,
    returns,
)

__all__ = [
    "app", "bulk", "credit", "customers", "discounts", "drafts", "editing", "merging", "metafields",
    "orders", "parcels", "refunds", "returns",
]  # fmt: skip
