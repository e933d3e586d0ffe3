"""Refusals as problem documents (RFC 9457), for every endpoint alike."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from helpdesk.foundation.errors import HelpdeskError

logger = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="api"'

_CODES = {
    400: "malformed",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; ``detail`` is a sentence for the person in front of it."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    body = {
        **(extra or {}),
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [dict(one) for one in errors],
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
    }
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def problem_of(error: Exception, request: Any) -> Response:
    """Return what a failed request is told. What nobody foresaw is logged and stays vague."""
    if isinstance(error, HelpdeskError):
        return _of_refusal(error)
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here by that id.")
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed", "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", "The request is larger than this server takes.")
    if isinstance(error, exceptions.ValidationError):
        return _of_fields(error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    got_request_exception.send(sender=type(error), request=request)
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("api.database_away", exc_info=error)
        return problem(
            503,
            "database_away",
            "The database does not answer right now. Try again in a moment.",
            headers={"Retry-After": "2"},
        )
    logger.error("api.failed", exc_info=error)
    return problem(
        500, "server_error", "Something went wrong on our side. It has been written down."
    )


def _of_refusal(error: HelpdeskError) -> Response:
    if error.status >= 500:
        logger.error("api.refused", code=error.code, error=error.message)
    errors = [
        {"field": field, "code": error.code, "message": message} for field, message in error.fields
    ]
    return problem(error.status, error.code, error.message, errors=errors, extra=error.extra)


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if error.status_code == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait))
    code = _CODES.get(error.status_code, "error")
    return problem(error.status_code, code, str(error.detail), headers=headers)


def _of_fields(error: exceptions.ValidationError) -> Response:
    errors = list(_flat(error.detail, ""))
    first = errors[0] if errors else {"field": "", "message": "The request is not valid."}
    sentence = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
    return problem(400, "invalid", sentence, errors=errors)


def _flat(detail: Any, path: str) -> Sequence[dict[str, str]]:
    """Return DRF's nested details as a list, with paths such as ``cc.0``."""
    if isinstance(detail, Mapping):
        pairs = [(_join(path, str(name)), inner) for name, inner in detail.items()]
        return [one for inner_path, inner in pairs for one in _flat(inner, inner_path)]
    if isinstance(detail, list):
        found: list[dict[str, str]] = []
        for at, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            found.extend(_flat(inner, _join(path, str(at)) if nested else path))
        return found
    code = getattr(detail, "code", "invalid")
    return [{"field": path, "code": str(code), "message": str(detail)}]


def _join(path: str, name: str) -> str:
    name = "" if name == "non_field_errors" else name
    return f"{path}.{name}".strip(".")
