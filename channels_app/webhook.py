"""The one HTTP door for providers' events: verify, store, wake, answer. Nothing vendor-specific.

A wrong signature is 403 and counted, an unknown channel or key 404, our own trouble 5xx, so that
the provider tries again. The answer is given once the raw event has been committed.
"""

from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from prometheus_client import Counter

from channels_app.contract import Adapter, RawRequest
from channels_app.registry import adapter_for
from channels_app.services import Route, ingest_raw_event, route_of
from channels_app.tasks import confirm_subscription, drain_inbound
from helpdesk.foundation.signing import constant_time_equal
from helpdesk.foundation.wakeups import slot_of, wake
from identity.middleware import for_programs

logger = structlog.get_logger(__name__)

EVENTS = Counter("hook_events_total", "Inbound provider events by answer.", ["source", "answer"])

#: Sources of an e-mail channel; a path with another one does not exist.
EMAIL_SOURCES = frozenset({"raw", "mailgun", "postmark", "sendgrid", "ses"})


@for_programs
@require_POST
def email_hook(request: HttpRequest, esp: str, channel_id: UUID, key: str) -> HttpResponse:
    """``/hooks/email/<esp>/<channel id>/<key>``"""
    route = route_of(channel_id)
    if (
        route is None
        or route.kind != "email"
        or esp not in EMAIL_SOURCES
        or not constant_time_equal(key, route.hook_key)
    ):
        EVENTS.labels("email", "unknown").inc()
        return _problem(404, "not_found", "There is no such hook.")
    return accept(request, route, variant=esp)


def accept(request: HttpRequest, route: Route, *, variant: str) -> HttpResponse:
    """Take one event of a known channel in."""
    source = f"{route.kind}/{variant}" if variant else route.kind
    limit = settings.HOOK_MAX_BYTES
    body = request.read(limit + 1)
    if len(body) > limit:
        EVENTS.labels(source, "too_large").inc()
        return _problem(413, "too_large", f"The body is larger than {limit // (1024 * 1024)} MB.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    raw = RawRequest(
        method=request.method or "POST",
        url=f"{settings.BASE_URL}{request.get_full_path()}",
        headers=headers,
        query={name: request.GET[name] for name in request.GET},
        body=body,
        variant=variant,
    )
    adapter = adapter_for(route.kind)
    if not adapter.verify(raw, route.account):
        EVENTS.labels(source, "refused").inc()
        logger.warning("hook.refused", source=source, channel_id=str(route.channel_id))
        return _problem(403, "bad_signature", "The signature is missing or wrong.")
    _confirm(adapter, body, variant)
    keys = adapter.keys(body, headers, variant)
    event_id, is_new = ingest_raw_event(
        route=route, source=source, body=body, headers=_kept(headers), keys=keys
    )
    EVENTS.labels(source, "stored" if is_new else "duplicate").inc()
    if is_new:
        wake(drain_inbound, slot=slot_of(keys.order))
    return JsonResponse({"id": str(event_id)})


def _confirm(adapter: Adapter, body: bytes, variant: str) -> None:
    """Some providers ask once whether the door is ours, at a URL inside a signed event."""
    confirmation_url = getattr(adapter, "confirmation_url", None)
    url = confirmation_url(body, variant) if confirmation_url is not None else ""
    if url:
        confirm_subscription.apply_async(kwargs={"url": url}, retry=False)


def _kept(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers worth keeping with the event: what parsing needs, and no credentials."""
    return {
        name: value
        for name, value in headers.items()
        if name.startswith("x-") or name in {"content-type", "content-encoding", "user-agent"}
    }


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(
        {"status": status, "code": code, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
