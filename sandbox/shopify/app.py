"""Our app as Shopify knows it: key, secret, scopes, where its pages and hooks are."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: shopify.md §4 "Scopes" and §5; used until there is a ``shopify.app.toml`` beside the project.
SCOPES = (
    "read_all_orders", "read_assigned_fulfillment_orders", "read_fulfillments", "read_locations",
    "read_merchant_managed_fulfillment_orders", "read_products", "read_third_party_fulfillment_orders",
    "write_customers", "write_discounts", "write_draft_orders", "write_orders", "write_returns",
    "write_merchant_managed_fulfillment_orders", "write_third_party_fulfillment_orders",
)  # fmt: skip
OPTIONAL = (
    "write_customer_merge", "write_gift_cards", "write_order_edits", "read_legal_policies",
    "write_store_credit_account_transactions", "read_store_credit_accounts",
)  # fmt: skip
TOPICS = (
    "app/uninstalled", "app/scopes_update", "shop/update",
    "customers/create", "customers/update", "customers/delete", "customers/merge",
    "customer.tags_added", "customer.tags_removed", "customers_email_marketing_consent/update",
    "orders/create", "orders/updated", "orders/edited", "orders/cancelled", "orders/delete",
    "fulfillments/create", "fulfillments/update", "fulfillment_events/create", "refunds/create",
    "returns/request", "returns/approve", "returns/decline", "returns/update", "returns/process",
    "returns/close", "returns/cancel", "returns/reopen",
    "products/create", "products/update", "products/delete", "bulk_operations/finish",
)  # fmt: skip
COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


@dataclass
class App:
    """One app in the Dev Dashboard. Subscriptions of its TOML serve every shop."""

    api_key: str = "sandbox-key"
    api_secret: str = "sandbox-secret-that-opens-nothing-real"  # noqa: S105 - nothing real is behind it
    app_url: str = "http://127.0.0.1:8000/shopify/"
    webhook_url: str = "http://127.0.0.1:8000/hooks/shopify/"
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    optional: list[str] = field(default_factory=lambda: list(OPTIONAL))
    topics: list[str] = field(default_factory=lambda: [*TOPICS, *COMPLIANCE])
    name: str = "Helpdesk"


def app_from_environment(toml: Path | None = None) -> App:
    """Return the app as this machine knows it: key and secret by environment, the rest by TOML."""
    port = os.environ.get("HELPDESK_PORT", "8000")
    # People are at "localhost", where passkeys work and the app sends them back to.
    base = f"http://localhost:{port}"
    app = App(app_url=f"{base}/shopify/", webhook_url=f"http://127.0.0.1:{port}/hooks/shopify/")
    if toml is not None and toml.exists():
        _read_toml(app, tomllib.loads(toml.read_text(encoding="utf-8")), base)
    app.api_key = os.environ.get("SHOPIFY_API_KEY") or app.api_key
    app.api_secret = os.environ.get("SHOPIFY_API_SECRET") or app.api_secret
    return app


def _read_toml(app: App, known: dict[str, Any], base: str) -> None:
    app.name = known.get("name", app.name)
    access = known.get("access_scopes", {})
    app.scopes = _listed(access.get("scopes")) or app.scopes
    app.optional = _listed(access.get("optional_scopes")) or app.optional
    path = str(known.get("application_url") or "").partition("://")[2].partition("/")[2]
    if path:
        app.app_url = f"{base}/{path}"
    topics: list[str] = []
    for each in known.get("webhooks", {}).get("subscriptions", ()):
        topics += each.get("topics", []) + each.get("compliance_topics", [])
    app.topics = topics or app.topics


def _listed(given: Any) -> list[str]:
    names = given.split(",") if isinstance(given, str) else list(given or ())
    return [name.strip() for name in names if name.strip()]
