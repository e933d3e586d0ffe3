"""What every widget endpoint shares: who may call from where, and refusals as problem documents.

No cookies and no CSRF token: the key is public, and the session's token travels in a header.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

import structlog
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from channels_app.chat.parse import FrameError, read_object
from channels_app.chat.services.doors import Door, check_origin, is_own, open_account
from channels_app.chat.services.sessions import DeadTokenError
from channels_app.chat.services.throttling import TooOftenError
from channels_app.models import ChannelAccount, ChatSession
from helpdesk.foundation.errors import HelpdeskError
from identity.middleware import for_programs

logger = structlog.get_logger(__name__)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

PREFLIGHT_SECONDS = 600


def widget_endpoint(*methods: str) -> Callable[[View[P]], View[P]]:
    """Make a view part of the widget's API: its scope is its own, its refusals are documents.

    A view that has checked the page's origin says so with ``allow_origin``; only then may the page
    read the answer. The preflight can't know the workspace (it carries no token) and promises nothing.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def endpoint(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                response = _preflight(request, methods)
            else:
                response = _answer(view, methods, request, *args, **kwargs)
            return _readable(request, response)

        return for_programs(endpoint)

    return decorate


def allow_origin(request: HttpRequest, account: ChannelAccount) -> None:
    """Let a page that the merchant named go on and read the answer. Raises ForeignOriginError."""
    check_origin(origin_of(request), own_host=_host(request), chosen=account.settings)
    request.widget_origin = origin_of(request)  # type: ignore[attr-defined]


def allow_origin_of(request: HttpRequest, session: ChatSession) -> None:
    """Do the same for a request that names a session; a page of ours costs no look-up."""
    origin = origin_of(request)
    if origin is not None and not is_own(origin, _host(request)):
        door = Door(workspace_id=session.workspace_id, channel_id=session.channel_id)
        allow_origin(request, open_account(door))
    request.widget_origin = origin  # type: ignore[attr-defined]


def bearer_of(request: HttpRequest) -> str:
    """Return the session's token. Raises DeadTokenError without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise DeadTokenError("Start a chat first: the session's token is missing.")
    return token.strip()


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON body. Raises FrameError."""
    return read_object(request.body or b"{}")


def origin_of(request: HttpRequest) -> str | None:
    """Return what page the browser says it is on; None for programs."""
    return request.headers.get("Origin")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    extra: Mapping[str, Any] | None = None,
) -> JsonResponse:
    """Return a problem document (RFC 9457)."""
    body = {
        **(extra or {}),
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": field, "message": message} for field, message in errors],
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def problem_of(error: Exception) -> HttpResponse:
    """Return what a refused request is told. What nobody foresaw is raised again."""
    if isinstance(error, FrameError):
        fields = ((error.field, str(error)),) if error.field else ()
        return problem(400, error.code, str(error), errors=fields)
    if isinstance(error, HelpdeskError):
        response = problem(
            error.status, error.code, error.message, errors=error.fields, extra=error.extra
        )
        if isinstance(error, TooOftenError):
            response["Retry-After"] = str(error.retry_after)
        if isinstance(error, DeadTokenError):
            response["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", "This is larger than can be taken here.")
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("chat.database_away", exc_info=error)
        response = problem(503, "unavailable", "We can't take this just now. It is tried again.")
        response["Retry-After"] = "2"
        return response
    logger.error("chat.failed", exc_info=error)
    return problem(500, "server_error", "Something went wrong on our side. It is tried again.")


def _answer(
    view: View[P],
    methods: tuple[str, ...],
    request: HttpRequest,
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponse:
    if request.method not in methods:
        response = problem(
            405, "method_not_allowed", f"This address takes {' and '.join(methods)}."
        )
        response["Allow"] = ", ".join(methods)
        return response
    try:
        return view(request, *args, **kwargs)
    except Exception as error:
        return problem_of(error)


def _preflight(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    response = HttpResponse(status=204)
    if origin_of(request) is not None:
        request.widget_origin = origin_of(request)  # type: ignore[attr-defined]
        response["Access-Control-Allow-Methods"] = ", ".join(methods)
        response["Access-Control-Allow-Headers"] = "authorization, content-type"
        response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


def _readable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the checked page read the answer; a refused one gets the refusal's status and no more."""
    origin = getattr(request, "widget_origin", None)
    if origin is not None:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "Retry-After"
    response["Vary"] = "Origin"
    response.setdefault("Cache-Control", "no-store")
    return response


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host()
    except DisallowedHost:
        return ""


def as_json(data: Any, status: int = 200) -> HttpResponse:
    """Return data as JSON, without Django's escaping of what a browser would not run anyway."""
    return HttpResponse(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        status=status,
        content_type="application/json",
    )
