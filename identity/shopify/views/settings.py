"""The settings page of shops, and connecting one from there."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from helpdesk.foundation.signing import constant_time_equal, new_secret
from identity.middleware import SESSION_KEY, opens_own_scope
from identity.models import Membership, Store, StoreStatus, User, Workspace
from identity.permissions import Permission, check, requires
from identity.requests import MemberRequest
from identity.services.stores import disconnect_store, start_backfills
from identity.services.workspaces import memberships_of
from identity.shopify import claims
from identity.shopify.backfilling import progress_of
from identity.shopify.calling import Connection
from identity.shopify.client import base_url
from identity.shopify.errors import ShopifyError
from identity.shopify.install import connect_to, look_around
from identity.shopify.mirror import age_of
from identity.shopify.scopes import REQUIRED
from identity.shopify.session import (
    missing_scopes,
    query_is_signed,
    require_app,
    shop_domain,
)
from identity.shopify.tokens import exchange_code
from identity.tenancy import tenant_scope

#: Where a connection that was begun here is remembered until Shopify sends the person back.
_STATE = "shopify_state"


@requires(Permission.MANAGE_CHANNELS)
@require_GET
def shop_list(request: MemberRequest) -> HttpResponse:
    """Show the shops of this workspace and how they do."""
    rows = [_row(store) for store in Store.objects.order_by("name", "id")]
    facts = {
        "section": "shops",
        "rows": rows,
        "ready": bool(settings.SHOPIFY_API_KEY),
        "running": any(row["running"] for row in rows),
    }
    if request.htmx:
        return render(request, "shopify/_shops.html", facts)
    return render(request, "shopify/shops.html", facts)


def _row(store: Store) -> dict[str, Any]:
    runs = progress_of(store)
    colours = {
        StoreStatus.INSTALLED: "good",
        StoreStatus.NEEDS_LOGIN: "late",
        StoreStatus.FROZEN: "late",
    }
    return {
        "store": store,
        "colour": colours.get(StoreStatus(store.status), "off"),
        "age": age_of(store),
        "runs": runs,
        "running": any(run.phase not in {"done", "failed"} for run in runs) and store.is_connected,
        "missing": missing_scopes(store.scopes, REQUIRED) if store.is_connected else [],
        "hidden": store.hidden,
    }


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def connect(request: MemberRequest) -> HttpResponse:
    """Send the person to the shop's consent page, and remember who went."""
    require_app()
    shop = shop_domain(request.POST.get("shop", ""))
    if not shop:
        messages.error(request, "Enter the shop's address: it ends in .myshopify.com.")
        return redirect("shopify:shops")
    state = new_secret()
    request.session[_STATE] = {
        "state": state,
        "shop": shop,
        "workspace": str(request.membership.workspace_id),
    }
    query = urlencode(
        {
            "client_id": settings.SHOPIFY_API_KEY,
            "redirect_uri": settings.BASE_URL + reverse("shopify:callback"),
            "state": state,
        }
    )
    # By a page of its own: browsers hold a form's redirect to our policy, which names no other host.
    url = f"{base_url(shop)}/admin/oauth/authorize?{query}"
    return render(request, "shopify/leave.html", {"shop": shop, "url": url})


@login_required
@opens_own_scope
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Shopify sends the person back with a code: for the shop and the workspace it began with."""
    require_app()
    begun = request.session.pop(_STATE, None) or {}
    params = {name: request.GET[name] for name in request.GET}
    shop = shop_domain(params.get("shop", ""))
    if (
        not shop
        or shop != begun.get("shop")
        or not constant_time_equal(params.get("state", ""), str(begun.get("state") or "-"))
        or not query_is_signed(params)
    ):
        raise HelpdeskError(
            "This connection was not begun here, or too long ago. Begin it again in the settings.",
            code="connection_unknown",
            status=400,
        )
    workspace_id = UUID(begun["workspace"])
    member = _admin_of(cast("User", request.user), workspace_id)
    arrival = look_around(shop, exchange_code(shop, params.get("code", "")))
    store = connect_to(workspace_id, arrival, by=member)
    request.session[SESSION_KEY] = str(workspace_id)
    messages.success(request, f"{store} is connected. Its orders are being read.")
    return redirect("shopify:shops")


def _admin_of(user: User, workspace_id: UUID) -> Membership:
    with tenant_scope(workspace_id):
        member = Membership.objects.filter(user=user, is_active=True).first()
    check(member, Permission.MANAGE_CHANNELS)
    assert member is not None
    return member


@login_required
@opens_own_scope
@never_cache
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Say which workspace a shop belongs to; an admin of it signs in for that."""
    found = claims.look(key)
    if found is None:
        raise NotFoundError("This took too long. Open the app in Shopify's admin again.")
    arrival, user = found
    person = cast("User", request.user)
    places = {place for place, role in memberships_of(person.pk) if role in {"owner", "admin"}}
    if request.method == "POST":
        try:
            wanted = UUID(request.POST.get("workspace", ""))
        except ValueError as error:
            raise NotFoundError("There is no such workspace.") from error
        if wanted not in places:
            raise NotFoundError("There is no such workspace, or you may not set it up.")
        store = connect_to(wanted, arrival, user=user, by=_admin_of(person, wanted))
        claims.drop(key)
        request.session[SESSION_KEY] = str(wanted)
        messages.success(request, f"{store} is connected. Its orders are being read.")
        return redirect("shopify:shops")
    workspaces = Workspace.objects.filter(pk__in=places).order_by("name")
    return render(
        request, "shopify/choose.html", {"shop": arrival.facts.name, "workspaces": workspaces}
    )


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def reading(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Read everything of a shop once more."""
    store = get_object_or_404(Store.objects.filter(status=StoreStatus.INSTALLED), pk=pk)
    start_backfills(store=store)
    messages.success(request, f"{store} is being read again.")
    return redirect("shopify:shops")


@requires(Permission.MANAGE_CHANNELS)
@require_POST
def disconnection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the app off a shop and forget its keys; what was read stays."""
    store = get_object_or_404(Store.objects.exclude(status=StoreStatus.UNINSTALLED), pk=pk)
    try:
        if store.is_connected:
            Connection(store).call("app_uninstall")
    except ShopifyError:
        messages.warning(
            request, "The shop could not be told. Remove the app in its admin as well."
        )
    with transaction.atomic():
        disconnect_store(store=store, at=timezone.now(), trouble="Disconnected in the settings.")
    messages.success(request, f"{store} is disconnected.")
    return redirect("shopify:shops")
