"""How every field that our documents read is found."""

from sandbox.shopify.reads import app, catalogue, customers, orders, parcels, payments, returns

__all__ = ["app", "catalogue", "customers", "orders", "parcels", "payments", "returns"]
