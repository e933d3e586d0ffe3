"""The demo workspaces' shops: installed at the sandbox and connected, as a merchant would.

The sandbox starts with everything else, later than the demo is built: so a worker looks every few
seconds until both shops are connected, and keeps their keys fresh for whoever noted them down.
"""

import time
from typing import Any

import httpx
import jwt
import structlog
from django.conf import settings
from django.utils import timezone

from helpdesk.foundation.http import client
from helpdesk.foundation.ids import uuid7
from helpdesk.running import demo_secret
from identity.models import Membership, Role, Store, StoreStatus, Workspace
from identity.services.stores import route_of_shop
from identity.shopify.calling import refresh_now
from identity.shopify.client import base_url
from identity.shopify.errors import ShopifyError
from identity.shopify.install import PLATFORM, connect_to, look_around
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

#: Workspace → the shop the sandbox has for it.
SHOPS = {"demo": "fjellmark.myshopify.com", "other": "seaside-supply.myshopify.com"}
OPTIONAL = ("write_order_edits", "write_gift_cards", "read_legal_policies")
#: Who looks at the sandbox's admin: the owner of the workspace.
ADMIN_USER = "1"
#: A key that was printed works for at least this long.
FRESH_SECONDS = 1800.0


def connect_shops() -> int:
    """Connect what is not connected yet, and return how many shops are."""
    connected = 0
    for workspace in Workspace.objects.filter(slug__in=SHOPS):
        try:
            connected += _ensure(workspace, SHOPS[workspace.slug])
        except (ShopifyError, httpx.HTTPError) as error:
            logger.info("demo.shop_waits", slug=workspace.slug, error=type(error).__name__)
    return connected


def _ensure(workspace: Workspace, domain: str) -> int:
    route = route_of_shop(platform=PLATFORM, domain=domain)
    if route is not None and route.workspace_id != workspace.pk and route.held:
        return 1  # somebody connected it elsewhere, to try that
    if route is not None and route.status == StoreStatus.UNINSTALLED:
        return 1  # somebody took it off, to try that
    if route is None or route.status != StoreStatus.INSTALLED:
        _consent(domain)
        grant = exchange_page_token(domain, _page_token(domain))
        with tenant_scope(workspace.pk):
            owner = Membership.objects.filter(role=Role.OWNER).first()
        connect_to(workspace.pk, look_around(domain, grant), user=ADMIN_USER, by=owner)
        return 1
    with tenant_scope(workspace.pk):
        store = Store.objects.get(pk=route.store_id)
    if store.token_is_stale(timezone.now(), margin_seconds=FRESH_SECONDS):
        refresh_now(store)
    return 1


def _consent(domain: str) -> None:
    """Press the button on the sandbox's consent page."""
    with client(purpose="demo.install", timeout=10.0) as web:
        web.post(f"{base_url(domain)}/admin/install", data={"optional": list(OPTIONAL)})


def _page_token(domain: str) -> str:
    """Make the token that the shop's admin gives to our page; in the demo both know the secret."""
    now = int(time.time())
    claims = {
        "iss": f"https://{domain}/admin",
        "dest": f"https://{domain}",
        "aud": settings.SHOPIFY_API_KEY,
        "sub": ADMIN_USER,
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": str(uuid7()),
        "sid": str(uuid7()),
    }
    return jwt.encode(claims, settings.SHOPIFY_API_SECRET, algorithm="HS256")


def store_handle(workspace: Workspace, sandbox_url: str) -> dict[str, Any] | None:
    """Return what ``demo --json`` says of the shop; None until it is connected."""
    with tenant_scope(workspace.pk):
        store = Store.objects.filter(status=StoreStatus.INSTALLED).first()
    if store is None:
        return None
    secret = settings.SHOPIFY_API_SECRET or demo_secret(settings.SECRET_KEY, "shopify-secret")
    version = settings.SHOPIFY_API_VERSION
    return {
        "domain": store.domain,
        "graphql_url": f"{sandbox_url}/shopify/{store.domain}/admin/api/{version}/graphql.json",
        "token": store.secrets.get("access_token", ""),
        "webhook_path": "/hooks/shopify/",
        "secret": secret,
    }
