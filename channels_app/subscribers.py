"""What the channel kit reacts to."""

from channels_app import privacy  # noqa: F401  (registers the kit's part)
from channels_app.chat import subscribers  # noqa: F401  (its listeners register on import)
from channels_app.models import ChatSession
from channels_app.tasks import drain_outbound
from helpdesk.foundation.events import subscribe
from helpdesk.foundation.wakeups import slot_of, wake
from identity.services.contact_rows import rows_of_contact
from inbox.events import MessageQueued

# A browser's session follows its contact through merges.
rows_of_contact(ChatSession)


@subscribe(MessageQueued)
def wake_delivery(event: MessageQueued) -> None:
    """Have a worker carry the message; instant channels have nothing to carry."""
    if not event.instant:
        wake(drain_outbound, slot=slot_of(str(event.conversation_id)))
