"""The base of every endpoint: one workspace, one transaction, refusals as problem documents.

Upper rooms build their endpoints on it too; it imports nothing of ``inbox.api``.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

import structlog
from django.db import transaction
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from helpdesk.foundation.errors import NotFoundError
from identity.middleware import opens_own_scope
from identity.models import Membership, Role
from identity.tenancy import tenant_scope
from inbox.rest.caller import BearerAuthentication, Caller, MemberSession, door_of
from inbox.rest.idempotency import once
from inbox.rest.problems import CONTENT_TYPE, problem_of
from inbox.rest.schema import ApiSchema

SAFE = frozenset({"GET", "HEAD"})
SIGN_IN = "Sign in, or send an API token as Authorization: Bearer."


class ApiView(APIView):
    """Finds the workspace, opens its scope, then authenticates, checks and answers inside it.

    A failed request leaves nothing behind; an unforeseen error is a 500 document and a log entry.
    """

    authentication_classes = (BearerAuthentication, MemberSession)
    permission_classes = ()
    renderer_classes = (JSONRenderer,)
    parser_classes: Sequence[Any] = (JSONParser,)
    metadata_class = None
    schema: Any = ApiSchema()

    #: What a caller needs: reading is for everybody, a viewer changes nothing.
    read_scope: ClassVar[str] = "read"
    read_role: ClassVar[Role] = Role.VIEWER
    write_scope: ClassVar[str] = "write"
    write_role: ClassVar[Role] = Role.AGENT

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return opens_own_scope(super().as_view(**initkwargs))

    @property
    def caller(self) -> Caller:
        """Return who asks."""
        caller: Caller = self.request.auth  # type: ignore[assignment]  # set by our authenticators
        return caller

    @property
    def me(self) -> Membership:
        """Return the person who asks, or in whose name a program does."""
        return self.caller.membership

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            workspace_id = self._workspace(request)
            structlog.contextvars.bind_contextvars(workspace_id=str(workspace_id))
            with tenant_scope(workspace_id):
                response = self._answer(self.request, *args, **kwargs)
        except Exception as error:
            response = self._refuse(error)
        return self.finalize_response(self.request, response, *args, **kwargs)

    def _workspace(self, request: Any) -> UUID:
        workspace_id, request.key_holder = door_of(request)
        if workspace_id is None:
            raise NotAuthenticated(SIGN_IN)
        return workspace_id

    def _answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            self.initial(request, *args, **kwargs)
            work = self._work(request, *args, **kwargs)
            key = request.headers.get("Idempotency-Key", "")
            if not key or request.method in SAFE:
                return work()

            def undoing() -> Response:
                try:
                    with transaction.atomic():
                        return work()
                except Exception as error:
                    return self._refuse(error)

            return once(request, holder_id=self.caller.holder_id, key=key, work=undoing)
        except Exception as error:
            response = self._refuse(error)
            transaction.set_rollback(True)
            return response

    def _work(self, request: Request, *args: Any, **kwargs: Any) -> Callable[[], Response]:
        name = (request.method or "").lower()
        handler = self.http_method_not_allowed
        if name in self.http_method_names:
            handler = getattr(self, name, self.http_method_not_allowed)
        return lambda: handler(request, *args, **kwargs)

    def _refuse(self, error: Exception) -> Response:
        response = self.problem_of(error)
        response.exception = True
        return response

    def problem_of(self, error: Exception) -> Response:
        """Return what a refusal looks like; a view adds what only it knows."""
        return problem_of(error, self.request._request)

    def perform_authentication(self, request: Request) -> None:
        request.user  # noqa: B018 - authenticates
        if request.auth is None:
            raise NotAuthenticated(SIGN_IN)

    def check_permissions(self, request: Request) -> None:
        safe = request.method in SAFE
        scope, role = self.write_scope, self.write_role
        if safe:
            scope, role = self.read_scope, self.read_role
        if scope not in self.caller.scopes:
            raise PermissionDenied(f"This API token may not do this: it needs the scope {scope}.")
        if not self.me.may(role):
            raise PermissionDenied(f"This is for people with the role {role.label} and above.")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        # Errors before content negotiation have no renderer yet, and only JSON is spoken here.
        if not hasattr(request, "accepted_renderer"):
            request.accepted_renderer = self.get_renderers()[0]
            request.accepted_media_type = request.accepted_renderer.media_type
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final


class NothingHere(ApiView):
    """Every path of the API that does not exist: a problem document, not a page."""

    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        response = self._refuse(NotFoundError("There is no such endpoint or id."))
        return self.finalize_response(self.request, response, *args, **kwargs)


__all__ = ["CONTENT_TYPE", "ApiView", "NothingHere"]
