"""The page inside Shopify's admin: the first thing a merchant sees of us, without a second sign-up.

The first visit of a shop is its install: the page's token is exchanged for the shop's, the shop is
asked who it is, and a workspace is there. Whoever opened it first is its owner.
"""

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from identity.models import Membership, Store, StoreStatus
from identity.services.signin_links import make_signin_link
from identity.services.stores import StoreRoute, route_of_shop
from identity.shopify import claims
from identity.shopify.backfilling import progress_of
from identity.shopify.errors import ShopifyError
from identity.shopify.install import (
    PLATFORM,
    Arrival,
    come_back,
    look_around,
    member_of,
    open_shop,
    owner_is_known,
)
from identity.shopify.mirror import age_of
from identity.shopify.session import (
    PageSession,
    SessionTokenError,
    read_session_token,
    require_app,
    shop_domain,
)
from identity.shopify.tokens import exchange_page_token
from identity.shopify.views.framing import RETRY_HEADER, allow_frame, embedded
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)


@embedded
@require_GET
def app_page(request: HttpRequest) -> HttpResponse:
    """``/shopify/``: what the admin shows in its frame."""
    require_app()
    token = request.GET.get("id_token") or _bearer(request)
    try:
        session = read_session_token(token)
    except SessionTokenError:
        return _ask_again(request)
    try:
        store, claim = _arrive(session)
    except SessionTokenError:
        return _ask_again(request)
    except ShopifyError as error:
        facts = {"shop": session.shop, "trouble": error.message}
        page = render(request, "shopify/trouble.html", _with_bridge(facts), status=error.status)
        return allow_frame(page, session.shop)
    if store is None:
        facts = {"shop": session.shop, "claim_url": settings.BASE_URL + claim}
        return allow_frame(render(request, "shopify/claim.html", _with_bridge(facts)), session.shop)
    return allow_frame(
        render(request, "shopify/home.html", _with_bridge(_home(store, session))), session.shop
    )


@embedded
@require_GET
def bounce(request: HttpRequest) -> HttpResponse:
    """A page that loads App Bridge and nothing else; it comes back with a fresh token."""
    shop = shop_domain(request.GET.get("shop", ""))
    return allow_frame(render(request, "shopify/bounce.html", _with_bridge({})), shop)


@embedded
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far the back-fill is, as a fragment of the page."""
    found = _signed_in(request)
    if isinstance(found, HttpResponse):
        return found
    session, store = found
    page = render(request, "shopify/_progress.html", {"progress": _progress(store)})
    return allow_frame(page, session.shop)


@embedded
@require_POST
def entrance(request: HttpRequest) -> HttpResponse:
    """A link that signs the mapped member in, once; for everybody else the way to the sign-in page."""
    found = _signed_in(request)
    if isinstance(found, HttpResponse):
        return found
    session, store = found
    with tenant_scope(store.workspace_id):
        member = member_of(store, session.user)
        path = make_signin_link(member.user) if member else "/"
    return JsonResponse({"url": settings.BASE_URL + path})


def _bearer(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _ask_again(request: HttpRequest) -> HttpResponse:
    """No token or a stale one: a fetch is told to retry, a page load goes by the bounce page."""
    if request.headers.get("Authorization"):
        return _retry()
    shop = shop_domain(request.GET.get("shop", ""))
    if not shop:
        page = render(request, "shopify/outside.html", {})
        return allow_frame(page, "")
    kept = {
        name: request.GET[name]
        for name in request.GET
        if name not in {"id_token", "hmac", "session"}
    }
    back = f"{reverse('shopify:app')}?{urlencode(kept)}"
    # App Bridge reads this one from the address and loads it with a fresh token.
    query = urlencode({"shop": shop, "host": request.GET.get("host", ""), "shopify-reload": back})
    response = HttpResponse(
        status=302, headers={"Location": f"{reverse('shopify:bounce')}?{query}"}
    )
    return allow_frame(response, shop)


def _retry() -> HttpResponse:
    return JsonResponse({"code": "session_token"}, status=401, headers={RETRY_HEADER: "1"})


def _signed_in(request: HttpRequest) -> tuple[PageSession, Store] | HttpResponse:
    try:
        session = read_session_token(_bearer(request))
    except SessionTokenError:
        return _retry()
    store = _held(route_of_shop(platform=PLATFORM, domain=session.shop))
    if store is None:
        return JsonResponse({"code": "not_connected"}, status=404)
    return session, store


def _held(route: StoreRoute | None) -> Store | None:
    if route is None or not route.held:
        return None
    with tenant_scope(route.workspace_id):
        found: Store | None = Store.objects.filter(pk=route.store_id).first()
    return found


def _arrive(session: PageSession) -> tuple[Store | None, str]:
    """Return the shop's row; or None and where to say which workspace it belongs to."""
    store = _held(route_of_shop(platform=PLATFORM, domain=session.shop))
    if store is not None and store.status == StoreStatus.INSTALLED:
        return store, ""
    arrival = look_around(session.shop, exchange_page_token(session.shop, session.token))
    back = come_back(arrival)
    if back is not None:
        return back, ""
    if owner_is_known(arrival) or not arrival.owner_email:
        return None, _claim(arrival, session)
    return open_shop(arrival, user=session.user), ""


def _claim(arrival: Arrival, session: PageSession) -> str:
    key = claims.keep(arrival, user=session.user)
    return reverse("shopify:claim", kwargs={"key": key})


def _with_bridge(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "api_key": settings.SHOPIFY_API_KEY,
        "app_bridge": settings.SHOPIFY_APP_BRIDGE_URL,
        **facts,
    }


def _home(store: Store, session: PageSession) -> dict[str, Any]:
    with tenant_scope(store.workspace_id):
        member = member_of(store, session.user)
        owner = Membership.objects.filter(role="owner", is_active=True).first()
    return {
        "store": store,
        "member": member,
        "owner": owner,
        "base_url": settings.BASE_URL,
        "progress": _progress(store),
    }


def _progress(store: Store) -> dict[str, Any]:
    with tenant_scope(store.workspace_id):
        runs = progress_of(store)
        return {
            "runs": runs,
            "done": bool(runs) and all(run.phase == "done" for run in runs),
            "age": age_of(store),
        }
