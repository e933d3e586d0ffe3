"""Changes to a contact that open screens must hear about."""

from datetime import datetime
from uuid import UUID

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
    for pk in conversations_shown_of(contact.pk):
        publish(ConversationChanged(workspace_id=require_workspace_id(), conversation_id=pk))
    return contact


def last_heard_of(contact_id: UUID) -> datetime | None:
    """Return when anything was last said in a contact's newest conversation."""
    newest = Conversation.objects.filter(contact_id=contact_id).order_by("-last_message_at")
    return newest.values_list("last_message_at", flat=True).first()


def conversations_shown_of(*contact_ids: UUID) -> list[UUID]:
    """Return the live conversations of these contacts that open lists may be showing."""
    live = Conversation.objects.filter(
        contact_id__in=contact_ids, status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED]
    )
    return list(live.order_by("-last_message_at").values_list("pk", flat=True)[:MOST_ROWS])
