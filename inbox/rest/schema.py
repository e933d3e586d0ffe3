"""What the OpenAPI document says about every endpoint: how to sign in, and how refusals look."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

REFUSALS = {
    "400": "Malformed or invalid.",
    "401": "No token or session, or a wrong one.",
    "403": "The token's scope or the person's role does not reach.",
    "404": "Nothing by that id in this workspace.",
    "409": "In a state that does not allow this, or still running.",
    "413": "Too large.",
    "415": "Only JSON, and multipart for files.",
    "422": "Understood, and not possible.",
    "429": "Too often. Wait, as the sentence says.",
}


class FieldProblem(serializers.Serializer[Any]):
    """One field and what to enter instead."""

    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for the person in front of it.")
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # a field called as DRF's property
    request_id = serializers.CharField(allow_null=True)


class ApiSchema(AutoSchema):
    """Adds what holds for all endpoints, so that each view says only what is its own."""

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        if self.method not in {"GET", "HEAD"}:
            given.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    str,
                    OpenApiParameter.HEADER,
                    description="Same key and body within 24 h: the stored answer, nothing twice.",
                )
            )
        return given

    def get_operation_id(self) -> str:
        found: str = super().get_operation_id()
        return found.removeprefix("api_v1_")

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        wanted = set(REFUSALS)
        if self.method == "GET":
            wanted -= {"409", "413", "415", "422", "429"}
        if "{" not in self.path and self.method == "GET":
            wanted -= {"404"}
        for status in sorted(wanted - set(bodies)):
            answer = OpenApiResponse(Problem, description=REFUSALS[status])
            bodies[status] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                answer, status, media_types=["application/problem+json"], direction=direction
            )
        return bodies


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "inbox.rest.caller.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "inbox.rest.caller.MemberSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Writes also need the header X-CSRFToken.",
        }
