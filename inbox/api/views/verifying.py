"""Whether a customer may be told of orders, and sending them a code that proves it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.services.codes import MAX_ATTEMPTS, open_code
from inbox.api.asking import body
from inbox.api.serializers import verifying
from inbox.api.views.conversations import ConversationView
from inbox.models import Conversation
from inbox.rest.times import when
from inbox.services.showing import shown_in, speaker_in
from inbox.services.verification import masked, send_code, targets_of


class Verification(ConversationView):
    @extend_schema(operation_id="get_verification", responses=verifying.Verification)
    def get(self, request: Request, pk: UUID) -> Response:
        """Say whether the customer may be told of orders here, and what would prove it."""
        return Response(_shape(self.conversation(pk)))

    @extend_schema(
        operation_id="send_code",
        request=verifying.CodeInput,
        responses={201: verifying.Verification},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send a one-time code; the customer types it where they write.

        429 `too_many_codes`; 422 `no_address` when there is nothing that a code could prove.
        """
        conversation = self.conversation(pk)
        asked = body(request, verifying.CodeInput)
        send_code(conversation=conversation, by=self.me, to=asked["to"])
        return Response(_shape(self.conversation(pk)), status=201)


def _shape(conversation: Conversation) -> dict[str, Any]:
    shown = shown_in(conversation)
    speaker = speaker_in(conversation)
    code = open_code(speaker) if speaker is not None else None
    return {
        "verified": shown.orders,
        "because": shown.because,
        "targets": [
            {"kind": one.kind, "value": one.value, "because": one.because}
            for one in targets_of(conversation)
        ],
        "waiting": {
            "sent_to": masked(code.value),
            "expires_at": when(code.expires_at),
            "attempts_left": MAX_ATTEMPTS - code.attempts,
        }
        if code is not None
        else None,
    }
