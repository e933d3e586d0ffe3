"""Changes to a contact that open screens must hear about."""

from helpdesk.foundation.events import publish
from identity.models import Contact
from identity.tenancy import require_workspace_id
from inbox.events import ConversationChanged
from inbox.models import Conversation, Status

#: Rows told about a new name; older ones show it when they are loaded.
MOST_ROWS = 50


def describe_contact(
    *, contact: Contact, name: str | None = None, notes: str | None = None
) -> Contact:
    """Set name and notes; None leaves as it is. List rows of live conversations show the name."""
    contact.name = contact.name if name is None else name.strip()
    contact.notes = contact.notes if notes is None else notes
    contact.save(update_fields=["name", "notes", "updated_at"])
    live = Conversation.objects.filter(
        contact=contact, status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED]
    )
    for pk in live.order_by("-last_message_at").values_list("pk", flat=True)[:MOST_ROWS]:
        publish(ConversationChanged(workspace_id=require_workspace_id(), conversation_id=pk))
    return contact
