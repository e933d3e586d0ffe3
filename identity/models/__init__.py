"""Tenants, people and the customers they talk to; one aggregate per file."""

from identity.models.access import ApiToken, Invitation
from identity.models.contact import Contact, ContactPoint, PointKind
from identity.models.mirror import (
    CustomerLink,
    LinkHow,
    StoreCustomer,
    StoreOrder,
    StorePolicy,
    StoreProduct,
    SupportHistory,
)
from identity.models.role import Membership, Role, Team, TeamMember
from identity.models.store import (
    BackfillPhase,
    Store,
    StoreBackfill,
    StoreEvent,
    StoreStatus,
    StoreUser,
    SyncMark,
    SyncSubject,
    UnroutedEvent,
)
from identity.models.user import User
from identity.models.workspace import Workspace

__all__ = [
    "ApiToken",
    "BackfillPhase",
    "Contact",
    "ContactPoint",
    "CustomerLink",
    "Invitation",
    "LinkHow",
    "Membership",
    "PointKind",
    "Role",
    "Store",
    "StoreBackfill",
    "StoreCustomer",
    "StoreEvent",
    "StoreOrder",
    "StorePolicy",
    "StoreProduct",
    "StoreStatus",
    "StoreUser",
    "SupportHistory",
    "SyncMark",
    "SyncSubject",
    "Team",
    "TeamMember",
    "UnroutedEvent",
    "User",
    "Workspace",
]
