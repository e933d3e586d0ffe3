"""Tenants, people and the customers they talk to; one aggregate per file."""

from identity.models.access import ApiToken, Invitation
from identity.models.contact import Contact, ContactPoint, PointKind
from identity.models.role import Membership, Role, Team, TeamMember
from identity.models.user import User
from identity.models.workspace import Workspace

__all__ = [
    "ApiToken",
    "Contact",
    "ContactPoint",
    "Invitation",
    "Membership",
    "PointKind",
    "Role",
    "Team",
    "TeamMember",
    "User",
    "Workspace",
]
