"""What the inbox reacts to: every fact that an open screen should show."""

from uuid import UUID

from helpdesk.foundation.events import subscribe
from identity.events import MembershipChanged
from inbox.events import (
    ConversationChanged,
    ConversationRead,
    DeliveryMoved,
    MessageQueued,
    MessageReceived,
    MessageWithdrawn,
    NoteAdded,
)
from inbox.realtime.news import announce, announce_people


@subscribe(MessageReceived)
def show_received(event: MessageReceived) -> None:
    """The row moves and the thread grows."""
    _show_message(event.workspace_id, event.conversation_id, event.message_id)


@subscribe(MessageQueued)
def show_queued(event: MessageQueued) -> None:
    """What one agent writes, the others see."""
    _show_message(event.workspace_id, event.conversation_id, event.message_id)


@subscribe(NoteAdded)
def show_note(event: NoteAdded) -> None:
    """Notes too."""
    _show_message(event.workspace_id, event.conversation_id, event.message_id)


@subscribe(DeliveryMoved)
def show_delivery(event: DeliveryMoved) -> None:
    """A message's state changed; the list shows none of it."""
    announce(event.workspace_id, messages=[event.message_id])


@subscribe(MessageWithdrawn)
def show_withdrawal(event: MessageWithdrawn) -> None:
    """A message was taken back: the row is as before and the thread shrinks."""
    announce(
        event.workspace_id,
        conversations=[event.conversation_id],
        gone=[(event.conversation_id, event.message_id)],
    )


@subscribe(ConversationChanged)
def show_change(event: ConversationChanged) -> None:
    """A row looks different."""
    announce(event.workspace_id, conversations=[event.conversation_id])


@subscribe(ConversationRead)
def show_reading(event: ConversationRead) -> None:
    """The reader's other windows show it as read."""
    announce(event.workspace_id, conversations=[event.conversation_id])


@subscribe(MembershipChanged)
def see_people_out(event: MembershipChanged) -> None:
    """Whoever was shut out loses the screen now, not with the next tick."""
    announce_people(event.workspace_id)


def _show_message(workspace_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    announce(workspace_id, conversations=[conversation_id], messages=[message_id])
