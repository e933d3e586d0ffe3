"""What was said in a conversation, and what becomes of a message."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inbox.api.asking import body, one, params, some
from inbox.api.serializers import answers, requests
from inbox.api.shapes.messages import message_shapes
from inbox.api.thread import thread_page
from inbox.api.views.conversations import ConversationView
from inbox.errors import UnseenMessageError
from inbox.models import Channel, Message
from inbox.querysets import channel_kinds, for_thread, messages_visible_to, uploads_of
from inbox.rest.views import ApiView
from inbox.services.sending import retry, send, withdraw


class Thread(ConversationView):
    @extend_schema(
        operation_id="list_messages",
        parameters=[requests.MessageParams],
        responses=answers.MessagePage,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """List messages, always in ascending order; without a bound the newest page."""
        conversation = self.conversation(pk)
        asked = params(request, requests.MessageParams)
        return Response(thread_page(conversation, self.me, **asked))

    @extend_schema(
        operation_id="send_message",
        request=requests.NewMessage,
        responses={201: answers.MessageShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Reply to the customer, or leave a private note.

        409 `unseen_message` carries `unseen`, the messages the customer wrote after `seen_seq`.
        """
        conversation = self.conversation(pk)
        asked = body(request, requests.NewMessage)
        channel = None
        if asked["channel"] is not None:
            channel = one(Channel.objects.all(), asked["channel"], "channel")
        message = send(
            conversation=conversation,
            author=self.me,
            body_text=asked["body"],
            channel=channel,
            private=asked["private"],
            send_at=asked["send_at"],
            to=asked.get("to"),
            cc=asked.get("cc"),
            bcc=asked.get("bcc", ()),
            subject=asked["subject"],
            attachments=self._files(conversation.pk, asked),
            client_id=asked["client_id"],
            seen_seq=asked["seen_seq"],
        )
        return Response(self._shapes([message.pk])[0], status=201)

    def problem_of(self, error: Exception) -> Response:
        if isinstance(error, UnseenMessageError):
            unseen = [UUID(pk) for pk in error.extra.pop("unseen_ids", [])]
            error.extra["unseen"] = self._shapes(unseen)
        return super().problem_of(error)

    def _files(self, conversation_id: UUID, asked: dict[str, Any]) -> Any:
        """Return the uploads; when the message is here already, they are no longer loose."""
        wanted = asked.get("attachments", ())
        if wanted and asked["client_id"] is not None:
            again = Message.objects.filter(
                conversation=conversation_id, client_id=asked["client_id"]
            )
            if again.exists():
                return ()
        return some(uploads_of(self.me), wanted, "file")

    def _shapes(self, ids: list[UUID]) -> list[dict[str, Any]]:
        found = for_thread(messages_visible_to(self.me).filter(pk__in=ids)).order_by("seq")
        return message_shapes(found, channel_kinds())


class MessageView(ApiView):
    """A view of one message, found through its guard."""

    def message(self, pk: UUID) -> Message:
        """Return the message, or raise NotFoundError."""
        return one(for_thread(messages_visible_to(self.me)), pk, "message")


class Cancellation(MessageView):
    @extend_schema(operation_id="cancel_message", request=None, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        """Take back a message that still waits; 409 `already_sent` when it has left."""
        withdraw(message=self.message(pk), by=self.me)
        return Response(status=204)


class Retry(MessageView):
    @extend_schema(operation_id="retry_message", request=None, responses=answers.MessageShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Try a failed or unconfirmed message once more."""
        message = self.message(pk)
        retry(message=message, by=self.me)
        return Response(message_shapes([message], channel_kinds())[0])
