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
