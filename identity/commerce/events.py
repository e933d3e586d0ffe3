"""What others hear of actions, after commit. The rows are the truth."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MoneyActionMoved:
    """An action is in another state. ``order_id`` may look different at the shop now."""

    workspace_id: UUID
    action_id: UUID
    state: str
    store_id: UUID
    order_id: str
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """A new version of the policy counts from now on."""

    workspace_id: UUID
    version_id: UUID
