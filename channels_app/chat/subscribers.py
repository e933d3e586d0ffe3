"""What the chat reacts to."""

from channels_app.chat.services.pushing import show_agent_read, show_answer, show_late_answer
from helpdesk.foundation.events import subscribe
from inbox.events import ConversationRead, DeliveryMoved, MessageQueued

subscribe(MessageQueued)(show_answer)
subscribe(DeliveryMoved)(show_late_answer)
subscribe(ConversationRead)(show_agent_read)
