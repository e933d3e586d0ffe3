"""What the channel kit reacts to."""

from channels_app.chat import subscribers  # noqa: F401  (its listeners register on import)
from channels_app.tasks import drain_outbound
from helpdesk.foundation.events import subscribe
from helpdesk.foundation.wakeups import slot_of, wake
from inbox.events import MessageQueued


@subscribe(MessageQueued)
def wake_delivery(event: MessageQueued) -> None:
    """Have a worker carry the message; instant channels have nothing to carry."""
    if not event.instant:
        wake(drain_outbound, slot=slot_of(str(event.conversation_id)))
