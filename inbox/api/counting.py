"""Counts for the rail: none looks at more than a hundred rows, however many there are."""

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from identity.models import Membership, Workspace
from inbox.models import Channel, Conversation, ReadMarker, Status
from inbox.querysets import awaiting_approval, conversations_visible_to

CAP = 100
#: Of how many open conversations, newest first, the unread ones are counted.
UNREAD_AMONG = 300


class CappedCount(Subquery):
    """How many rows a queryset has, counting no further than ``CAP``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[:CAP])


def counts_for(me: Membership) -> dict[str, Any]:
    """Return the counts of one person's rail, in two statements."""
    visible = conversations_visible_to(me)
    opened = visible.filter(status=Status.OPEN)
    numbers = (
        Workspace.objects.filter(pk=me.workspace_id)
        .annotate(
            mine=CappedCount(opened.filter(assignee=me)),
            unassigned=CappedCount(opened.filter(assignee__isnull=True)),
            everything=CappedCount(opened),
            waiting=CappedCount(visible.filter(status=Status.WAITING)),
            snoozed=CappedCount(visible.filter(status=Status.SNOOZED)),
            unread=CappedCount(_unread(opened, me)),
            approvals=CappedCount(visible.filter(pk__in=awaiting_approval())),
        )
        .values("mine", "unassigned", "everything", "waiting", "snoozed", "unread", "approvals")
        .get()
    )
    numbers["all"] = numbers.pop("everything")
    by_channel = Channel.objects.annotate(
        open=CappedCount(opened.filter(last_channel=OuterRef("pk")))
    )
    numbers["channels"] = {
        str(pk): count for pk, count in by_channel.values_list("pk", "open") if count
    }
    return numbers


def _unread(opened: QuerySet[Conversation], me: Membership) -> QuerySet[Conversation]:
    """Return what this person should look at: theirs or nobody's, with news they have not read."""
    newest = opened.order_by("-last_message_at", "-pk").values("pk")[:UNREAD_AMONG]
    read = ReadMarker.objects.filter(
        conversation=OuterRef("pk"), membership=me, seq__gte=OuterRef("last_inbound_seq")
    )
    mine_or_nobodys = Q(assignee=me) | Q(assignee__isnull=True)
    among = Conversation.objects.filter(mine_or_nobodys, pk__in=newest, last_inbound_seq__gt=0)
    return among.filter(~Exists(read))
