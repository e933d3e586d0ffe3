"""The topics and outcomes a conversation can have; slugs are the outward names."""

TOPICS: dict[str, str] = {
    "presales": "Presales",
    "sizing": "Sizing",
    "shipping": "Shipping",
    "stock": "Stock",
    "my-order": "My order",
    "returns": "Returns",
    "warranty": "Warranty",
    "payments": "Payments",
    "misc": "Other",
}

OUTCOMES: dict[str, str] = {
    "sale-won": "Sale won",
    "cart-recovered": "Cart recovered",
    "exchange": "Exchange",
    "refund-prevented": "Refund prevented",
    "refund-issued": "Refund issued",
    "replacement-shipped": "Replacement shipped",
}
