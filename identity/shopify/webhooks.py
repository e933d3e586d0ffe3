"""The door of all Shopify topics: verify the raw bytes, store, answer. Work is done by the drain.

Only the body is signed, with the app's secret (or the one before it): the shop in the header is
looked up, never believed. Five seconds is Shopify's limit; this takes two statements.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.wakeups import slot_of, wake
from identity.middleware import opens_own_scope
from identity.models import StoreEvent, UnroutedEvent
from identity.services.stores import StoreRoute, route_of_shop
from identity.shopify.hints import (
    READ_AGAIN,
    Hint,
    UnknownTopicError,
    UnreadableError,
    read_hint,
    shop_gid_in,
)
from identity.shopify.install import PLATFORM
from identity.shopify.session import secrets_in_use
from identity.shopify.values import when
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

#: A product with a hundred full variants is the largest body there is, well below this.
MAX_BYTES = 10 * 1024 * 1024

HOOKS = Counter("shopify_hooks_total", "Webhooks by answer.", ["answer"])


@opens_own_scope
@csrf_exempt
@require_POST
def shopify_hook(request: HttpRequest) -> HttpResponse:
    """``/hooks/shopify/``"""
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return _answer(413, "too_large", "The body is too large.")
    headers = _told_by_headers(request)
    if not signature_fits(body, headers.get("hmac-sha256", "")):
        logger.warning("shopify.hook_refused", topic=headers.get("topic", "")[:60])
        return _answer(401, "bad_signature", "The signature is missing or wrong.")
    if take_event(headers, body):
        HOOKS.labels("stored").inc()
    else:
        HOOKS.labels("duplicate").inc()
    return JsonResponse({"ok": True})


def signature_fits(body: bytes, given: str) -> bool:
    """Say whether one of the app's secrets signed exactly these bytes."""
    for secret in secrets_in_use():
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        if hmac.compare_digest(base64.b64encode(digest), given.encode(errors="replace")):
            return True
    return False


def take_event(headers: Mapping[str, str], body: bytes) -> bool:
    """Make a verified event durable. False for one that is there already."""
    topic = headers.get("topic", "")[:80]
    domain = headers.get("shop-domain", "").lower()[:255]
    dedupe = headers.get("webhook-id", "")[:200]
    if not dedupe:
        dedupe = hashlib.sha256(topic.encode() + b"\0" + body).hexdigest()
    hint = _hint(topic, headers, body)
    shop_gid = hint.shop_gid if hint else shop_gid_in(body)
    route = route_of_shop(platform=PLATFORM, domain=domain)
    if route is None and shop_gid:
        # The shop has another domain by now, and this is how we hear of it.
        route = route_of_shop(platform=PLATFORM, gid=shop_gid)
    if route is None:
        return _keep_unrouted(topic, domain, dedupe, headers, body)
    return _keep(route, topic, dedupe, hint, headers, body)


def _hint(topic: str, headers: Mapping[str, str], body: bytes) -> Hint | None:
    try:
        return read_hint(topic, headers.get("api-version", ""), body)
    except (UnknownTopicError, UnreadableError):
        return None  # the drain says why, on the row


def _keep(
    route: StoreRoute,
    topic: str,
    dedupe: str,
    hint: Hint | None,
    headers: Mapping[str, str],
    body: bytes,
) -> bool:
    from identity.shopify.tasks import drain_store_events  # here: Celery and tasks know of us

    pause = settings.SHOPIFY_HINT_SECONDS if hint and hint.subject in READ_AGAIN else 0.0
    order_key = f"{route.store_id}:{hint.key}" if hint else ""
    event = StoreEvent(
        id=uuid7(),
        workspace_id=route.workspace_id,
        store_id=route.store_id,
        topic=topic,
        dedupe_key=dedupe,
        api_version=headers.get("api-version", "")[:20],
        triggered_at=when(headers.get("triggered-at")),
        headers=dict(headers),
        body=body,
        order_key=order_key[:200],
        due_at=timezone.now() + timedelta(seconds=pause),
    )
    with tenant_scope(route.workspace_id):
        if not _insert_once(event):
            return False
    wake(drain_store_events, slot=slot_of(order_key), after=pause)
    return True


def _insert_once(event: StoreEvent) -> bool:
    fields = list(event._meta.local_concrete_fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [
        field.get_db_prep_save(field.pre_save(event, add=True), connection) for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {event._meta.db_table} ({columns}) VALUES ({places}) "  # noqa: S608
            "ON CONFLICT (workspace_id, store_id, dedupe_key) DO NOTHING",
            values,
        )
        inserted: int = cursor.rowcount
    return inserted == 1


def _keep_unrouted(
    topic: str, domain: str, dedupe: str, headers: Mapping[str, str], body: bytes
) -> bool:
    _, made = UnroutedEvent.objects.get_or_create(
        platform=PLATFORM,
        dedupe_key=dedupe,
        defaults={"domain": domain, "topic": topic, "headers": dict(headers), "body": body},
    )
    logger.warning("shopify.unrouted", topic=topic, shop=domain)
    return made


def _told_by_headers(request: HttpRequest) -> dict[str, str]:
    """Return Shopify's headers without their prefix, of which there are two."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        for prefix in ("x-shopify-", "shopify-"):
            if name.lower().startswith(prefix):
                found.setdefault(name.lower().removeprefix(prefix), value)
                break
    return found


def _answer(status: int, code: str, detail: str) -> JsonResponse:
    HOOKS.labels(code).inc()
    return JsonResponse(
        {"status": status, "code": code, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


def forget_unrouted(*, days: int = 30) -> int:
    """Delete what nobody claimed; the shop is read anew when it is connected."""
    gone, _ = UnroutedEvent.objects.filter(
        received_at__lt=timezone.now() - timedelta(days=days)
    ).delete()
    return gone
