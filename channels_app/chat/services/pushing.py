"""News for the visitor's open windows, told after commit. Whatever is lost, the browser asks for again."""

from uuid import UUID

from channels_app.chat.services.frames import message_frame
from channels_app.chat.services.reading import visible_to
from channels_app.chat.services.sessions import seq_base
from channels_app.models import ChatSession
from identity.tenancy import tenant_scope
from inbox.events import ConversationRead, DeliveryMoved, MessageQueued
from inbox.models import Conversation, DeliveryState
from inbox.realtime import publish_to_chat


def show_answer(event: MessageQueued) -> None:
    """Show an answer that was there the moment it was stored."""
    if event.instant:
        _show(event.workspace_id, event.conversation_id, event.message_id)


def show_late_answer(event: DeliveryMoved) -> None:
    """Show an answer that was held back until now."""
    if event.state == DeliveryState.ACCEPTED:
        _show(event.workspace_id, event.conversation_id, event.message_id)


def show_agent_read(event: ConversationRead) -> None:
    """Tell the visitor how far an agent has read, and keep it for their next visit."""
    with tenant_scope(event.workspace_id):
        sessions = list(ChatSession.objects.filter(conversation_id=event.conversation_id))
        if not sessions:
            return
        last = Conversation.objects.values_list("last_seq", flat=True).get(pk=event.conversation_id)
        for session in sessions:
            seq = min(event.seq, last) + seq_base(session)
            moved = ChatSession.objects.filter(pk=session.pk, agent_read_seq__lt=seq).update(
                agent_read_seq=seq
            )
            if moved:
                publish_to_chat(session.pk, {"type": "read", "last_seq": seq})


def _show(workspace_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    with tenant_scope(workspace_id):
        for session in ChatSession.objects.filter(conversation_id=conversation_id):
            message = visible_to(session).filter(pk=message_id).first()
            if message is not None:
                frame = message_frame(message, base=seq_base(session), session=session)
                publish_to_chat(session.pk, frame)
