"""Who may do what. Every door (view, API, socket) asks here, once; services do not.

A permission is a name and the least role that holds it; roles are ordered (``identity.models.Role``).
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from helpdesk.foundation.errors import HelpdeskError
from identity.models import Membership, Role

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Permission(StrEnum):
    """What can be allowed. The values are stable: the API shows them and the screen reads them."""

    READ_CONVERSATIONS = "conversations.read"
    REPLY = "conversations.reply"
    MANAGE_CONTACTS = "contacts.manage"
    MANAGE_SAVED_REPLIES = "saved_replies.manage"
    MANAGE_TEAMS = "teams.manage"
    MANAGE_POLICIES = "policies.manage"
    MANAGE_MEMBERS = "members.manage"
    MANAGE_WORKSPACE = "workspace.manage"
    MANAGE_CHANNELS = "channels.manage"
    MANAGE_EVENTS = "events.manage"
    MANAGE_TOKENS = "tokens.manage"
    MANAGE_PRIVACY = "privacy.manage"
    MANAGE_OWNERS = "owners.manage"


#: The least role that holds a permission, and what the permission lets one do, for sentences.
RULES: dict[Permission, tuple[Role, str]] = {
    Permission.READ_CONVERSATIONS: (Role.VIEWER, "read conversations"),
    Permission.REPLY: (Role.AGENT, "answer customers"),
    Permission.MANAGE_CONTACTS: (Role.AGENT, "change or block customers"),
    Permission.MANAGE_SAVED_REPLIES: (Role.SUPERVISOR, "change saved replies"),
    Permission.MANAGE_TEAMS: (Role.SUPERVISOR, "change teams"),
    Permission.MANAGE_POLICIES: (Role.SUPERVISOR, "change what the shop allows"),
    Permission.MANAGE_MEMBERS: (Role.ADMIN, "invite people and change their roles"),
    Permission.MANAGE_WORKSPACE: (Role.ADMIN, "change the workspace"),
    Permission.MANAGE_CHANNELS: (Role.ADMIN, "set up channels"),
    Permission.MANAGE_EVENTS: (Role.ADMIN, "look at raw events and replay them"),
    Permission.MANAGE_TOKENS: (Role.ADMIN, "make and revoke API keys"),
    Permission.MANAGE_PRIVACY: (Role.ADMIN, "copy or erase a person's data"),
    Permission.MANAGE_OWNERS: (Role.OWNER, "make or unmake owners"),
}


class NotAllowedError(HelpdeskError):
    """The person is known and may not do this."""

    code = "forbidden"
    status = 403


class NoWorkspaceError(HelpdeskError):
    """The person is signed in and belongs nowhere."""

    code = "no_workspace"
    status = 403


def may(membership: Membership | None, permission: Permission) -> bool:
    """Say whether this person may do it here and now."""
    return membership is not None and membership.may(RULES[permission][0])


def permissions_of(membership: Membership | None) -> list[str]:
    """Return the names of everything a person may do here."""
    return [permission.value for permission in Permission if may(membership, permission)]


def check(membership: Membership | None, permission: Permission) -> None:
    """Raise NotAllowedError, in words, unless the person may do it."""
    if may(membership, permission):
        return
    needed, deed = RULES[permission]
    yours = Role(membership.role).label.lower() if membership else "not a member"
    raise NotAllowedError(
        f"To {deed} you need the role {needed.label.lower()} or a higher one. You are {yours} here; "
        "an owner or admin of this workspace can change that."
    )


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a page: strangers sign in first, members without the role read why not."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if request.membership is None:
                raise no_workspace()
            check(request.membership, permission)
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return guard


def member_required(view: View) -> View:
    """Guard a page that every member may open, whatever the role."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if request.membership is None:
            raise no_workspace()
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back; a page fragment reloads the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def no_workspace() -> NoWorkspaceError:
    """Return the error for people without a place to work."""
    return NoWorkspaceError(
        "You are signed in, but you belong to no workspace now. Ask an owner for an invitation."
    )
