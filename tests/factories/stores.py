"""The smallest connected shop, and webhooks as Shopify signs them."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from identity.commerce.facts import StoreFacts
from identity.models import Store, Workspace
from identity.services.stores import Credentials, connect_store
from identity.tenancy import tenant_scope

API_KEY, API_SECRET = "test-api-key", "test-api-secret-of-thirty-two-letters"
_count = itertools.count(1)


def make_store(
    workspace: Workspace,
    *,
    domain: str = "nordlys.myshopify.com",
    gid: str = "gid://shopify/Shop/548380009",
    token: str = "shpat_test",
    installed_at: datetime | None = None,
    **columns: Any,
) -> Store:
    """Connect a shop that nobody asks anything."""
    with tenant_scope(workspace.pk):
        store = connect_store(
            platform="shopify",
            facts=StoreFacts(id=gid, name="Nordlys", currency="EUR", domain=domain),
            credentials=Credentials(
                secrets={"access_token": token, "refresh_token": "shprt_test"},
                scopes=("read_orders", "read_all_orders", "read_customers"),
                expires_at=datetime.now(UTC) + timedelta(minutes=55),
            ),
            now=installed_at or datetime.now(UTC) - timedelta(days=1),
        )
        for name, value in columns.items():
            setattr(store, name, value)
        if columns:
            store.save()
    return store


def signature(body: bytes, secret: str = API_SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def post_hook(
    client: Client,
    topic: str,
    body: Any,
    *,
    domain: str = "nordlys.myshopify.com",
    secret: str = API_SECRET,
    webhook_id: str = "",
    prefix: str = "X-Shopify-",
    version: str = "2026-10",
    triggered_at: str = "",
    signed: str | None = None,
) -> Any:
    """Deliver a webhook to the door."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {
        f"{prefix}Topic": topic,
        f"{prefix}Shop-Domain": domain,
        f"{prefix}Hmac-Sha256": signature(raw, secret) if signed is None else signed,
        f"{prefix}Webhook-Id": webhook_id or f"hook-{next(_count)}",
        f"{prefix}API-Version": version,
        f"{prefix}Triggered-At": triggered_at or datetime.now(UTC).isoformat(),
    }
    return client.post(
        "/hooks/shopify/", data=raw, content_type="application/json", headers=headers
    )
