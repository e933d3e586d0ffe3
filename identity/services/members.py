"""Roles, and people coming and going. Owners are counted under a lock: one always stays."""

from django.db import connection
from django.db.models import QuerySet

from helpdesk.foundation.events import publish
from identity.errors import AboveYourRoleError, LastOwnerError
from identity.events import MembershipChanged
from identity.models import Membership, Role, User
from identity.tenancy import require_workspace_id


def members() -> QuerySet[Membership]:
    """Return everybody of the workspace, active ones first, by role and name."""
    found: QuerySet[Membership] = Membership.objects.select_related("user").order_by(
        "-is_active", "user__name", "user__email"
    )
    return found


def change_role(*, member: Membership, role: Role, by: Membership) -> Membership:
    """Give a member another role. Raises AboveYourRoleError or LastOwnerError."""
    _may_touch(member, by)
    if not Role(by.role).at_least(role):
        raise AboveYourRoleError(
            f"You are {Role(by.role).label.lower()} here and can't give the role "
            f"{role.label.lower()}. Ask an owner."
        )
    if member.role == role:
        return member
    if member.role == Role.OWNER:
        _another_owner_stays(member)
    member.role = role
    member.save(update_fields=["role"])
    _tell(member)
    return member


def deactivate_member(*, member: Membership, by: Membership) -> Membership:
    """Shut a member out at once: pages, sockets and API keys look at ``is_active`` each time."""
    _may_touch(member, by)
    if member.role == Role.OWNER:
        _another_owner_stays(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    _tell(member)
    return member


def reactivate_member(*, member: Membership, by: Membership) -> Membership:
    """Let a member in again, with the role they had."""
    _may_touch(member, by)
    member.is_active = True
    member.save(update_fields=["is_active"])
    _tell(member)
    return member


def join(*, user: User, role: Role) -> Membership:
    """Make a person a member of the open workspace; a former member comes back with this role."""
    member, created = Membership.objects.get_or_create(user=user, defaults={"role": role})
    if not created and not member.is_active:
        member.role, member.is_active = role, True
        member.save(update_fields=["role", "is_active"])
    _tell(member)
    return member


def save_profile(*, membership: Membership, name: str, signature: str) -> None:
    """Keep what a person says of themselves: the name is theirs everywhere, the signature here."""
    user = membership.user
    if user.name != name:
        user.name = name
        user.save(update_fields=["name"])
    membership.signature = signature
    membership.save(update_fields=["signature"])


def save_preferences(*, membership: Membership, **chosen: bool) -> None:
    """Merge screen settings; keys that are not named stay."""
    membership.preferences = {**membership.preferences, **chosen}
    membership.save(update_fields=["preferences"])


def _may_touch(member: Membership, by: Membership) -> None:
    if not Role(by.role).at_least(Role(member.role)):
        raise AboveYourRoleError(
            f"{member.name} is {Role(member.role).label.lower()} here, and you are "
            f"{Role(by.role).label.lower()}. Ask an owner."
        )


def _another_owner_stays(member: Membership) -> None:
    """Refuse when nobody could run the workspace afterwards; two owners may leave at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"owners:{require_workspace_id()}"]
        )
    others = Membership.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=member.pk)
    if not others.exists():
        raise LastOwnerError(
            f"{member.name} is the only owner, and without one nobody could run this workspace. "
            "Make somebody else an owner first."
        )


def _tell(member: Membership) -> None:
    publish(
        MembershipChanged(
            workspace_id=require_workspace_id(),
            membership_id=member.pk,
            user_id=member.user_id,
            active=member.is_active,
        )
    )
