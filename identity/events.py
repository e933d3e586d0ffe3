"""Facts about people, published after commit. They carry ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """A member's role changed, or they were let in or shut out: open sockets must look again."""

    workspace_id: UUID
    membership_id: UUID
    user_id: UUID
    active: bool


@dataclass(frozen=True, slots=True)
class ContactsMerged:
    """One contact became part of another."""

    workspace_id: UUID
    merge_id: UUID
    survivor_id: UUID
    other_id: UUID


@dataclass(frozen=True, slots=True)
class ContactsParted:
    """A merge was taken back."""

    workspace_id: UUID
    merge_id: UUID
    survivor_id: UUID
    other_id: UUID


@dataclass(frozen=True, slots=True)
class StoreConnected:
    """A shop was connected, for the first time or again."""

    workspace_id: UUID
    store_id: UUID


@dataclass(frozen=True, slots=True)
class StoreDisconnected:
    """A shop is no longer this workspace's."""

    workspace_id: UUID
    store_id: UUID


@dataclass(frozen=True, slots=True)
class StoreOrderChanged:
    """The mirror holds newer facts of an order, or none any more."""

    workspace_id: UUID
    store_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class StoreCustomerChanged:
    """The mirror holds newer facts of a customer, or none any more."""

    workspace_id: UUID
    store_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerLinked:
    """Which customers a contact is, or what that rests on, has changed."""

    workspace_id: UUID
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class PrivacyCopyReady:
    """A copy of somebody's data lies ready for the merchant."""

    workspace_id: UUID
    request_id: UUID
