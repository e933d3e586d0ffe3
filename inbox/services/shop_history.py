"""What shops are told of their customers' conversations with us: counted now and then, not each time.

An event only notes the conversation, in Valkey, which costs a message next to nothing. A task by the
clock counts and hands over (``identity.services.support_history``). A note that is lost is made up
for by the next message.
"""

from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db.models import Count, Q

from helpdesk.foundation.redis import client
from identity.services.support_history import Summary, has_listeners, keep_history
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Status

logger = structlog.get_logger(__name__)

_NOTES = "hd:shop-history"
#: Contacts summed up in one run; the rest waits for the next.
RUN = 500
#: Conversations that say nothing about how a customer is doing.
LEFT_OUT = (Status.SPAM, Status.TRASH)
STILL_OPEN = (Status.OPEN, Status.WAITING, Status.SNOOZED)


def note(*, workspace_id: UUID, conversation_id: UUID) -> None:
    """Remember that a conversation moved. Never raises."""
    try:
        client().sadd(_NOTES, f"{workspace_id}:{conversation_id}")
    except redis.RedisError as error:
        logger.debug("history.note_lost", error=type(error).__name__)


def keep_noted() -> int:
    """Hand over a summary for every contact whose conversations moved. Returns how many."""
    try:
        noted = client().spop(_NOTES, RUN)
    except redis.RedisError:
        return 0
    places: dict[UUID, set[UUID]] = {}
    for one in noted or ():
        workspace, _, conversation = str(one).partition(":")
        places.setdefault(UUID(workspace), set()).add(UUID(conversation))
    kept = 0
    for workspace_id, conversations in places.items():
        with tenant_scope(workspace_id):
            kept += _keep(conversations)
    return kept


def _keep(conversation_ids: set[UUID]) -> int:
    if not has_listeners():
        return 0
    contacts = set(
        Conversation.objects.filter(pk__in=conversation_ids).values_list("contact_id", flat=True)
    )
    return sum(1 for contact_id in contacts if _keep_contact(contact_id))


def _keep_contact(contact_id: UUID) -> bool:
    found = Conversation.objects.filter(contact_id=contact_id).exclude(status__in=LEFT_OUT)
    last = found.order_by("-last_message_at").first()
    if last is None:
        return False
    counted = found.aggregate(
        all=Count("pk"), still_open=Count("pk", filter=Q(status__in=STILL_OPEN))
    )
    summary = Summary(
        conversations=counted["all"],
        open=counted["still_open"],
        last_at=last.last_message_at,
        last_number=last.number,
        last_status=last.get_status_display().lower(),
        link=f"{settings.BASE_URL}/inbox/{last.pk}/",
    )
    return keep_history(contact_id=contact_id, summary=summary) > 0
