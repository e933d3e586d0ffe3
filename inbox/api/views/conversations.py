"""The list of conversations, one of them, and what an agent does with it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.models import Membership, StoreStatus, Team
from identity.services.shop_looks import look_soon
from inbox.api.asking import body, one, params, some
from inbox.api.listing import ListQuery, conversation_page
from inbox.api.serializers import answers, requests
from inbox.api.shapes.conversations import conversation_detail, draft_shape
from inbox.api.shapes.messages import message_shapes
from inbox.models import Channel, ChannelKind, Conversation
from inbox.querysets import (
    channel_kinds,
    conversations_visible_to,
    for_detail,
    messages_visible_to,
    uploads_of,
)
from inbox.rest.views import ApiView
from inbox.services.conversations import change_conversation, discard_draft, mark_read, save_draft
from inbox.services.forwarding import forward
from inbox.services.sending import start_conversation


def detail_of(conversation_id: UUID, me: Membership) -> dict[str, Any]:
    """Return one conversation in detail, or raise NotFoundError."""
    found = one(for_detail(conversations_visible_to(me), me), conversation_id, "conversation")
    channels = list(Channel.objects.values_list("pk", "kind", "address"))
    kinds = {pk: kind for pk, kind, _ in channels}
    ours = {address.lower() for _, kind, address in channels if kind == ChannelKind.EMAIL}
    return conversation_detail(found, kinds, ours)


def look_behind(detail: dict[str, Any]) -> dict[str, Any]:
    """Ask for a look at the shops behind a conversation that somebody opens; return it as it is."""
    shop = detail["shop"]
    if (
        shop is not None
        and (shop["customers"] or shop["orders"])
        and any(store["status"] == StoreStatus.INSTALLED for store in shop["stores"])
    ):
        look_soon(UUID(detail["contact"]["id"]))
    return detail


class ConversationView(ApiView):
    """A view of one conversation, found through its guard."""

    def conversation(self, pk: UUID) -> Conversation:
        """Return the conversation, or raise NotFoundError."""
        return one(conversations_visible_to(self.me), pk, "conversation")


class Conversations(ApiView):
    @extend_schema(
        operation_id="list_conversations",
        parameters=[requests.ConversationParams],
        responses=answers.ConversationPage,
    )
    def get(self, request: Request) -> Response:
        """List conversations."""
        asked = params(request, requests.ConversationParams)
        return Response(conversation_page(self.me, ListQuery(**asked)))

    @extend_schema(
        operation_id="start_conversation",
        request=requests.NewConversation,
        responses={201: answers.ConversationDetail},
    )
    def post(self, request: Request) -> Response:
        """Write to somebody first."""
        asked = body(request, requests.NewConversation)
        message = start_conversation(
            channel=one(Channel.objects.all(), asked["channel"], "channel"),
            to=asked["to"],
            subject=asked["subject"],
            body_text=asked["body"],
            author=self.me,
            attachments=some(uploads_of(self.me), asked.get("attachments", ()), "file"),
            send_at=asked["send_at"],
        )
        return Response(detail_of(message.conversation_id, self.me), status=201)


class OneConversation(ConversationView):
    @extend_schema(operation_id="get_conversation", responses=answers.ConversationDetail)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return one conversation."""
        return Response(look_behind(detail_of(pk, self.me)))

    @extend_schema(
        operation_id="change_conversation",
        request=requests.ConversationPatch,
        responses=answers.ConversationDetail,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change status, assignee, team, priority, topic, outcome, tags, snooze or subject."""
        conversation = self.conversation(pk)
        changes = body(request, requests.ConversationPatch, partial=True)
        if changes.get("assignee"):
            active = Membership.objects.filter(is_active=True)
            changes["assignee"] = one(active, changes["assignee"], "member")
        if changes.get("team"):
            changes["team"] = one(Team.objects.all(), changes["team"], "team")
        change_conversation(conversation=conversation, by=self.me, changes=changes)
        return Response(detail_of(pk, self.me))


class Reading(ConversationView):
    # Also for viewers: reading is what they are here for, and it tells nobody outside.
    write_role = ApiView.read_role

    @extend_schema(operation_id="mark_read", request=requests.ReadUpTo, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        """Remember how far you have read."""
        conversation = self.conversation(pk)
        asked = body(request, requests.ReadUpTo)
        mark_read(conversation=conversation, membership=self.me, seq=asked["seq"])
        return Response(status=204)


class Drafting(ConversationView):
    @extend_schema(
        operation_id="save_draft",
        request=requests.DraftInput,
        responses={200: answers.DraftShape, 204: None},
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Keep what you have typed; an empty body forgets it."""
        conversation = self.conversation(pk)
        asked = body(request, requests.DraftInput)
        draft = save_draft(conversation=conversation, membership=self.me, **asked)
        return Response(draft_shape(draft)) if draft else Response(status=204)

    @extend_schema(operation_id="discard_draft", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Forget what you have typed."""
        discard_draft(conversation=self.conversation(pk), membership=self.me)
        return Response(status=204)


class Forwarding(ConversationView):
    @extend_schema(
        operation_id="forward_message",
        request=requests.ForwardInput,
        responses={201: answers.MessageShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send a message of the conversation on to somebody outside, by mail."""
        conversation = self.conversation(pk)
        asked = body(request, requests.ForwardInput)
        source = None
        if asked["message"] is not None:
            here = messages_visible_to(self.me).filter(conversation=conversation)
            source = one(here, asked["message"], "message")
        message = forward(
            conversation=conversation,
            author=self.me,
            to=asked["to"],
            body_text=asked["body"],
            message=source,
        )
        return Response(message_shapes([message], channel_kinds())[0], status=201)
