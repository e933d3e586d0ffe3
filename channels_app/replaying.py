"""Reading raw events once more: for the settings page and ``manage.py replay``."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from channels_app.models import InboundEvent
from channels_app.tasks import drain_inbound
from helpdesk.foundation.ledger import WorkState, replay
from helpdesk.foundation.wakeups import SLOTS, wake

#: States an event rests in; only these can be replayed.
RESTING = (WorkState.QUARANTINED, WorkState.IGNORED, WorkState.DONE)
BATCH = 500


def events(
    *,
    state: str = "",
    source: str = "",
    channel: UUID | None = None,
    since: datetime | None = None,
) -> QuerySet[InboundEvent]:
    """Return events of the scope, newest first."""
    found: QuerySet[InboundEvent] = InboundEvent.objects.select_related("channel").order_by("-pk")
    if state:
        found = found.filter(work_state=state)
    if source:
        found = found.filter(source=source)
    if channel is not None:
        found = found.filter(channel_id=channel)
    if since is not None:
        found = found.filter(received_at__gte=since)
    return found


def replay_events(ids: list[UUID]) -> int:
    """Put these events back to the start. Returns how many; what they made is not made twice."""
    moved = replay(InboundEvent, ids=ids)
    wake_readers()
    return moved


def replay_matching(found: QuerySet[InboundEvent]) -> int:
    """Put every matching event back to the start, oldest first, batch by batch."""
    moved = 0
    for ids in _batches(found.filter(work_state__in=RESTING)):
        moved += replay(InboundEvent, ids=ids)
    wake_readers()
    return moved


def unread_count() -> int:
    """Return how many events of the scope wait to be read or are being read."""
    return InboundEvent.objects.filter(work_state__in=[WorkState.NEW, WorkState.CLAIMED]).count()


def wake_readers() -> None:
    """Ask the workers to look, once they can see what was changed."""

    def ask() -> None:
        for slot in range(SLOTS):
            wake(drain_inbound, slot=slot)

    transaction.on_commit(ask)


def _batches(found: QuerySet[InboundEvent]) -> Iterator[list[UUID]]:
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
