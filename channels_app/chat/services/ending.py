"""The visitor says good-bye."""

from django.utils import timezone

from channels_app.models import ChatSession
from helpdesk.foundation.events import publish
from identity.tenancy import require_workspace_id
from inbox.events import ConversationChanged
from inbox.locks import lock_conversation
from inbox.models import ConversationEvent


def end_chat(session: ChatSession) -> None:
    """Note the end, for the agent too. Writing again goes on with the same chat."""
    if session.ended_at is not None:
        return
    session.ended_at = timezone.now()
    session.save(update_fields=["ended_at"])
    if session.conversation_id is None:
        return
    conversation = lock_conversation(session.conversation_id)
    ConversationEvent.objects.create(
        conversation=conversation, kind="chat_ended", after_seq=conversation.last_seq
    )
    publish(
        ConversationChanged(workspace_id=require_workspace_id(), conversation_id=conversation.pk)
    )
