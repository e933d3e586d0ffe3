"""Tenants, people and the customers they talk to; one aggregate per file."""

from identity.commerce.models import MoneyAction, PolicyVersion
from identity.models.access import ApiToken, Invitation
from identity.models.contact import Contact, ContactPoint, PointKind
from identity.models.merge import ContactMerge, MergedRows, MergeSuggestion, SuggestionState
from identity.models.mirror import (
    CustomerLink,
    LinkHow,
    StoreCustomer,
    StoreOrder,
    StorePolicy,
    StoreProduct,
    SupportHistory,
)
from identity.models.privacy import PrivacyKind, PrivacyRequest, PrivacyResult
from identity.models.proof import ContactProof, OneTimeCode
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
from identity.models.workspace import Evidence, Workspace

__all__ = [
    "ApiToken",
    "BackfillPhase",
    "Contact",
    "ContactMerge",
    "ContactPoint",
    "ContactProof",
    "CustomerLink",
    "Evidence",
    "Invitation",
    "LinkHow",
    "Membership",
    "MergeSuggestion",
    "MergedRows",
    "MoneyAction",
    "OneTimeCode",
    "PointKind",
    "PolicyVersion",
    "PrivacyKind",
    "PrivacyRequest",
    "PrivacyResult",
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
    "SuggestionState",
    "SupportHistory",
    "SyncMark",
    "SyncSubject",
    "Team",
    "TeamMember",
    "UnroutedEvent",
    "User",
    "Workspace",
]
