"""Raw events as programs and the quarantine page see them: state, reason, and another try."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import InboundEvent
from channels_app.replaying import replay_events
from helpdesk.foundation.errors import ConflictError, NotFoundError
from helpdesk.foundation.ledger import WorkState
from identity.models import Role
from inbox.models import ChannelKind
from inbox.rest.paging import DEFAULT_LIMIT, MAX_LIMIT, id_of, make_cursor, read_cursor
from inbox.rest.times import when
from inbox.rest.views import ApiView


class NotReplayableError(ConflictError):
    """It has not been worked to an end yet."""

    code = "not_replayable"


class EventChannel(s.Serializer[Any]):
    """The channel an event came through."""

    id = s.UUIDField()
    kind = s.ChoiceField(ChannelKind.choices)


class InboundEventShape(s.Serializer[Any]):
    """One raw thing a provider sent us."""

    id = s.UUIDField()
    source = s.CharField()  # type: ignore[assignment]  # DRF has a property of that name
    channel = EventChannel()
    state = s.ChoiceField(WorkState.choices)
    reason = s.CharField(allow_blank=True)
    message_ids = s.ListField(child=s.UUIDField())
    received_at = s.DateTimeField()
    attempts = s.IntegerField()


class InboundEventPage(s.Serializer[Any]):
    """A page of events, newest first."""

    results = InboundEventShape(many=True)
    next = s.CharField(allow_null=True)


class InboundEventParams(s.Serializer[Any]):
    """What the list takes."""

    state = s.ChoiceField(WorkState.choices, required=False, default="", allow_blank=True)
    source = s.CharField(  # type: ignore[assignment]  # DRF has a property of that name
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="A door such as `email/mailgun`, or its kind: `email`.",
    )
    channel = s.UUIDField(required=False)
    cursor = s.CharField(required=False, default="", allow_blank=True, max_length=500)
    limit = s.IntegerField(required=False, default=DEFAULT_LIMIT, min_value=1)


def shape(event: InboundEvent) -> dict[str, Any]:
    """Return one event without its body and headers: those hold people's words."""
    return {
        "id": str(event.pk),
        "source": event.source,
        "channel": {"id": str(event.channel_id), "kind": event.channel.kind},
        "state": event.work_state,
        "reason": event.reason,
        "message_ids": [str(pk) for pk in event.message_ids],
        "received_at": when(event.received_at),
        "attempts": event.attempts,
    }


class InboundEvents(ApiView):
    @extend_schema(
        operation_id="list_inbound_events",
        parameters=[InboundEventParams],
        responses=InboundEventPage,
    )
    def get(self, request: Request) -> Response:
        """List raw events, newest first."""
        asked = InboundEventParams(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        limit = min(wanted["limit"], MAX_LIMIT)
        found = InboundEvent.objects.select_related("channel").defer("body", "headers")
        if wanted["state"]:
            found = found.filter(work_state=wanted["state"])
        if wanted["source"]:
            exact = "source" if "/" in wanted["source"] else "channel__kind"
            found = found.filter(**{exact: wanted["source"]})
        if "channel" in wanted:
            found = found.filter(channel=wanted["channel"])
        if wanted["cursor"]:
            found = found.filter(pk__lt=id_of(read_cursor(wanted["cursor"], 1)))
        rows = list(found.order_by("-pk")[: limit + 1])
        more = len(rows) > limit
        return Response(
            {
                "results": [shape(row) for row in rows[:limit]],
                "next": make_cursor(str(rows[limit - 1].pk)) if more else None,
            }
        )


class Replay(ApiView):
    write_scope = "admin"
    write_role = Role.ADMIN

    @extend_schema(
        operation_id="replay_inbound_event", request=None, responses={202: InboundEventShape}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Work a finished event once more; what it already made is not made twice."""
        found = InboundEvent.objects.select_related("channel").filter(pk=pk)
        if not found.exists():
            raise NotFoundError("There is no such event.")
        if not replay_events(ids=[pk]):
            raise NotReplayableError("This event is still waiting or in work.")
        return Response(shape(found.get()), status=202)
