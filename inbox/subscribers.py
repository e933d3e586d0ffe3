"""What the inbox reacts to: every fact that an open screen should show."""

from uuid import UUID

from helpdesk.foundation.events import subscribe
from identity.commerce.events import MoneyActionMoved
from identity.events import (
    ContactsMerged,
    ContactsParted,
    CustomerLinked,
    MembershipChanged,
    StoreCustomerChanged,
    StoreOrderChanged,
)
from identity.services.contact_rows import rows_of_contact
from identity.services.resolution import tells_activity
from identity.tenancy import tenant_scope
from inbox.events import (
    ConversationChanged,
    ConversationRead,
    DeliveryMoved,
    DigitsTyped,
    MessageQueued,
    MessageReceived,
    MessageWithdrawn,
    NoteAdded,
)
from inbox.models import Conversation, Message
from inbox.realtime.news import announce, announce_people
from inbox.services import shop_history
from inbox.services.contacts import conversations_shown_of, last_heard_of
from inbox.services.money_news import tell_action_moved, tell_conversation
from inbox.services.orders_spoken import judge_orders_of
from inbox.services.shop_news import (
    tell_customer_changed,
    tell_order_changed,
    tell_shop_changed,
)
from inbox.services.verification import take_code

# What follows its contact through merges.
rows_of_contact(Conversation)
rows_of_contact(Message, "author_contact")
tells_activity(last_heard_of)


@subscribe(MessageReceived)
def show_received(event: MessageReceived) -> None:
    """The row moves and the thread grows."""
    _show_message(event.workspace_id, event.conversation_id, event.message_id)


@subscribe(MessageReceived)
def note_message(event: MessageReceived) -> None:
    """The customer's page in the shop's admin says how they are doing with us."""
    shop_history.note(workspace_id=event.workspace_id, conversation_id=event.conversation_id)


@subscribe(ConversationChanged)
def note_change(event: ConversationChanged) -> None:
    """And again when it is closed, given to somebody, or opened."""
    shop_history.note(workspace_id=event.workspace_id, conversation_id=event.conversation_id)


@subscribe(DigitsTyped)
def take_digits(event: DigitsTyped) -> None:
    """A message may be the one-time code we wait for."""
    with tenant_scope(event.workspace_id):
        message = Message.objects.select_related("channel").filter(pk=event.message_id).first()
        if message is not None:
            take_code(message)


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


@subscribe(ContactsMerged)
def show_merge(event: ContactsMerged) -> None:
    """Conversations name somebody else now."""
    _show_contacts(event)


@subscribe(ContactsParted)
def show_parting(event: ContactsParted) -> None:
    """And again."""
    _show_contacts(event)


@subscribe(CustomerLinked)
def show_customer(event: CustomerLinked) -> None:
    """The shop's part beside the conversation shows another customer."""
    with tenant_scope(event.workspace_id):
        judge_orders_of(event.contact_id)
        tell_shop_changed([event.contact_id])


@subscribe(MoneyActionMoved)
def show_money(event: MoneyActionMoved) -> None:
    """What was done in a shop stands in its conversation; screens that show it look again."""
    with tenant_scope(event.workspace_id):
        tell_conversation(event.action_id)
        tell_action_moved(event.conversation_id)


@subscribe(StoreOrderChanged)
def show_order(event: StoreOrderChanged) -> None:
    """A newer copy of an order is there: whoever looks at it sees it."""
    with tenant_scope(event.workspace_id):
        tell_order_changed(event.order_id)


@subscribe(StoreCustomerChanged)
def show_buyer(event: StoreCustomerChanged) -> None:
    """And of a customer."""
    with tenant_scope(event.workspace_id):
        tell_customer_changed(event.customer_id)


def _show_contacts(event: ContactsMerged | ContactsParted) -> None:
    with tenant_scope(event.workspace_id):
        shown = conversations_shown_of(event.survivor_id, event.other_id)
    announce(event.workspace_id, conversations=shown)


def _show_message(workspace_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    announce(workspace_id, conversations=[conversation_id], messages=[message_id])
