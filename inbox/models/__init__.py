"""Conversations and what was said in them; one aggregate per file."""

from inbox.models.channel import Channel, ChannelKind
from inbox.models.conversation import (
    AiState,
    Conversation,
    ConversationCounter,
    ConversationEvent,
    Draft,
    Priority,
    ReadMarker,
    Status,
)
from inbox.models.delivery import Delivery, DeliveryState
from inbox.models.idempotency import IdempotencyRecord
from inbox.models.message import (
    Attachment,
    AuthorKind,
    Direction,
    Message,
    MessageAlias,
    MessageIndex,
)
from inbox.models.saved_reply import SavedReply

__all__ = [
    "AiState",
    "Attachment",
    "AuthorKind",
    "Channel",
    "ChannelKind",
    "Conversation",
    "ConversationCounter",
    "ConversationEvent",
    "Delivery",
    "DeliveryState",
    "Direction",
    "Draft",
    "IdempotencyRecord",
    "Message",
    "MessageAlias",
    "MessageIndex",
    "Priority",
    "ReadMarker",
    "SavedReply",
    "Status",
]
