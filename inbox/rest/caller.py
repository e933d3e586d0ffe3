"""Who calls: a program with a key, or a person with a session, in exactly one workspace."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from identity.middleware import workspace_of_session
from identity.models import Membership, Role, User
from identity.services.api_tokens import SCOPES, holder_of

WRONG_KEY = "The API token is wrong or has been revoked. Make a new one in the settings."


@dataclass(frozen=True, slots=True)
class Caller:
    """A membership, and what this key or session may do with it."""

    membership: Membership
    scopes: frozenset[str]
    #: The token's id, or the membership's for a session: idempotency keys belong to it.
    holder_id: UUID

    def may(self, *, scope: str, role: Role) -> bool:
        """Say whether both the key's scope and the person's role reach."""
        return scope in self.scopes and self.membership.may(role)


def with_lesser(scopes: Iterable[str]) -> frozenset[str]:
    """Return the scopes with those they include: admin may write, write may read."""
    highest = max((SCOPES.index(scope) for scope in scopes if scope in SCOPES), default=-1)
    return frozenset(SCOPES[: highest + 1])


def door_of(request: Any) -> tuple[UUID | None, Caller | None]:
    """Return the workspace a request is about, and the caller when a key names them.

    Keys are looked up in a short transaction of their own: it notes when the key was last used,
    and that row must not stay locked while a slow request works.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return (workspace_of_session(request) if request.user.is_authenticated else None), None
    scheme, _, key = header.partition(" ")
    holder = holder_of(key.strip()) if scheme.lower() == "bearer" else None
    if holder is None or not holder.membership.user.is_active:
        raise AuthenticationFailed(WRONG_KEY)
    caller = Caller(holder.membership, with_lesser(holder.token.scopes), holder.token.pk)
    return holder.workspace_id, caller


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer hd_…``; the view found whose key it is at the door."""

    def authenticate(self, request: Any) -> tuple[User, Caller] | None:
        caller: Caller | None = request._request.key_holder
        return (caller.membership.user, caller) if caller is not None else None

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class MemberSession(SessionAuthentication):
    """The session cookie of a member, with Django's CSRF check on writes."""

    def authenticate(self, request: Any) -> tuple[User, Caller] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user = found[0]
        membership = (
            Membership.objects.select_related("user", "workspace")
            .filter(user=user, is_active=True)
            .first()
        )
        if membership is None:
            raise AuthenticationFailed("You are no longer a member of this workspace.")
        return user, Caller(membership, frozenset(SCOPES), membership.pk)
