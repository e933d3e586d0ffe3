"""The request's door into a workspace."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from allauth.account.middleware import AccountMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from helpdesk.foundation.errors import HelpdeskError
from identity.error_pages import error_page
from identity.models import Membership
from identity.services.workspaces import memberships_of
from identity.tenancy import tenant_scope

SESSION_KEY = "workspace_id"
#: Where programs knock.
DOORS = ("/hooks/", "/widget/v1/")


class DoorMiddleware:
    """Answers programs before the part of the chain that is for people in browsers.

    A view marked with ``for_programs`` knows its caller by a signature or a token in a header: it has
    no use for sessions, cookies, messages, frames and content policies, which cost as much as storing
    the event. What every request needs (request id, log line, transport security) stands before this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DOORS):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not getattr(match.func, "for_programs", False):
            return self.get_response(request)
        request.get_host()  # raises for a name that is not ours, as the chain would
        request.resolver_match = match
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except HelpdeskError as error:
            response = error_page(request, error)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


class WorkspaceMiddleware:
    """Runs the view of a signed-in person as one transaction inside their workspace's scope.

    It sets ``request.membership`` (None for visitors and for people without a workspace). A view
    marked with ``opens_own_scope`` is left alone: hooks, widget and API find their own way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._allauth = AccountMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "opens_own_scope", False) or not request.user.is_authenticated:
            return None
        workspace_id = workspace_of_session(request)
        if workspace_id is None:
            return None
        structlog.contextvars.bind_contextvars(workspace_id=str(workspace_id))
        try:
            return self._inside(workspace_id, request, view, args, kwargs)
        except HelpdeskError as error:  # outside the scope, so that what the view wrote is undone
            return error_page(request, error)
        except Exception as error:
            # Django asks no middleware about what is raised in here, and allauth's has answers: ask
            # for the password again, or a response that was raised.
            response: HttpResponse | None = self._allauth.process_exception(request, error)
            if response is None:
                raise
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Draw refusals of views that run without a scope."""
        if isinstance(exception, HelpdeskError):
            return error_page(request, exception)
        return None

    def _inside(
        self, workspace_id: UUID, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse:
        with tenant_scope(workspace_id):
            request.membership = (
                Membership.objects.select_related("user", "workspace")
                .filter(user=request.user, is_active=True)
                .first()
            )
            if request.membership is None:  # removed while signed in
                request.session.pop(SESSION_KEY, None)
            response: HttpResponse = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response = response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def workspace_of_session(request: Any) -> UUID | None:
    """Return the workspace a signed-in person is in, choosing their first one if none is set."""
    chosen = request.session.get(SESSION_KEY)
    if chosen:
        return UUID(chosen)
    places = memberships_of(request.user.pk)
    if not places:
        return None
    request.session[SESSION_KEY] = str(places[0][0])
    return places[0][0]


def for_programs(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view under ``DOORS`` that programs call: it does without cookies, and opens its scope."""
    view.for_programs = True  # type: ignore[attr-defined]
    return csrf_exempt(opens_own_scope(view))


def opens_own_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that opens its tenant scope itself."""
    view.opens_own_scope = True  # type: ignore[attr-defined]
    return view
