"""What the app needs to be allowed; ``shopify.app.toml`` says the same, and a test compares them."""

#: Granted at install.
REQUIRED = (
    "read_customers",
    "write_customers",
    "read_orders",
    "read_all_orders",
    "write_orders",
    "read_fulfillments",
    "read_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
    "read_assigned_fulfillment_orders",
    "read_products",
    "read_locations",
    "read_returns",
    "write_returns",
    "read_draft_orders",
    "write_draft_orders",
    "read_discounts",
    "write_discounts",
    "read_customer_merge",
)
