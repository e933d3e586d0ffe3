"""Who may open a socket, and who may keep it: the session's person in the session's workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY as SESSION_HASH
from django.contrib.auth import SESSION_KEY as SESSION_USER
from django.contrib.sessions.models import Session
from django.http import parse_cookie
from django.http.request import validate_host
from django.utils import timezone

from identity.middleware import SESSION_KEY as SESSION_WORKSPACE
from identity.models import Membership, User
from identity.services.workspaces import memberships_of
from identity.tenancy import tenant_scope


@dataclass(frozen=True, slots=True)
class Guest:
    """A person at a socket."""

    session_key: str
    workspace_id: UUID
    membership_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a valid session says: who, and the workspace they last chose ("" for none yet)."""

    user: User
    workspace: str


def origin_is_ours(headers: Mapping[str, str]) -> bool:
    """Say whether a page of ours opened this socket: browsers send cookies for foreign pages too."""
    origin = headers.get("origin", "")
    if not origin:
        return False
    host = headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if urlsplit(origin).netloc == host and validate_host(name, settings.ALLOWED_HOSTS):
        return True
    return origin in settings.CSRF_TRUSTED_ORIGINS


def guest_of(headers: Mapping[str, str]) -> Guest | None:
    """Return who opens the socket, or None for strangers and people without a workspace."""
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    found = _signed_in([key]).get(key) if key else None
    if found is None:
        return None
    workspace_id = UUID(found.workspace) if found.workspace else _first_workspace(found.user)
    if workspace_id is None:
        return None
    with tenant_scope(workspace_id):
        membership = Membership.objects.filter(user=found.user, is_active=True).first()
    if membership is None:
        return None
    return Guest(key, workspace_id, membership.pk, str(found.user))


def still_welcome(workspace_id: UUID, guests: Iterable[Guest]) -> set[Guest]:
    """Return those who are still signed in, in this workspace, and active members of it.

    Three statements for however many: it runs for every workspace with every tick.
    """
    people = list(guests)
    sessions = _signed_in({guest.session_key for guest in people})
    with tenant_scope(workspace_id):
        members: dict[UUID, UUID] = dict(
            Membership.objects.filter(
                pk__in={guest.membership_id for guest in people}, is_active=True
            ).values_list("pk", "user_id")
        )

    def may_stay(guest: Guest) -> bool:
        found = sessions.get(guest.session_key)
        return (
            found is not None
            and found.workspace in {"", str(workspace_id)}
            and members.get(guest.membership_id) == found.user.pk
        )

    return {guest for guest in people if may_stay(guest)}


def _signed_in(keys: Iterable[str]) -> dict[str, SignedIn]:
    """Return the sessions that are alive and whose person has not changed their password since.

    ``django.contrib.auth.get_user`` is for requests: it may renew the key, and a socket has no
    answer to send a new cookie with.
    """
    rows = Session.objects.filter(session_key__in=set(keys), expire_date__gt=timezone.now())
    data: dict[str, Mapping[str, Any]] = {row.session_key: row.get_decoded() for row in rows}
    wanted = {str(each[SESSION_USER]) for each in data.values() if SESSION_USER in each}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=wanted, is_active=True)}
    found: dict[str, SignedIn] = {}
    for key, session in data.items():
        user = users.get(str(session.get(SESSION_USER)))
        if user is not None and session.get(SESSION_HASH) in _hashes(user):
            found[key] = SignedIn(user, str(session.get(SESSION_WORKSPACE) or ""))
    return found


def _hashes(user: User) -> tuple[str, ...]:
    """Return the values a session of this person may carry: a new password makes others."""
    return (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())


def _first_workspace(user: User) -> UUID | None:
    places = memberships_of(user.pk)
    return places[0][0] if places else None
