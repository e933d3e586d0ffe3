"""Facts the inbox publishes after commit. They carry ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A customer's message is in. ``notify`` is false for machines, spam and old mail."""

    workspace_id: UUID
    conversation_id: UUID
    message_id: UUID
    channel_id: UUID
    notify: bool = True


@dataclass(frozen=True, slots=True)
class DigitsTyped:
    """A customer's message is little else than six digits: perhaps a one-time code."""

    workspace_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """We wrote something that a channel has to carry; ``instant`` ones are already there."""

    workspace_id: UUID
    conversation_id: UUID
    message_id: UUID
    channel_id: UUID
    delivery_id: UUID
    instant: bool


@dataclass(frozen=True, slots=True)
class NoteAdded:
    workspace_id: UUID
    conversation_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class MessageWithdrawn:
    """An agent took a queued message back before it left."""

    workspace_id: UUID
    conversation_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class DeliveryMoved:
    """We know more about what became of a message."""

    workspace_id: UUID
    conversation_id: UUID
    message_id: UUID
    delivery_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Status, assignee, team, tags or the like changed."""

    workspace_id: UUID
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """An agent has read up to ``seq``; the widget shows it to the visitor."""

    workspace_id: UUID
    conversation_id: UUID
    membership_id: UUID
    seq: int
