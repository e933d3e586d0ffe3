"""Wake-ups of actions. The rows are the truth: losing any of these costs seconds."""

from uuid import UUID

import structlog
from celery import shared_task
from django.db import connection

from helpdesk.foundation.wakeups import SLOTS, wake, woken

logger = structlog.get_logger(__name__)

BATCH = 50


@shared_task(name="identity.work_actions")
def work_actions(*, slot: int) -> None:
    """Work every due action of every workspace, lane by lane."""
    woken(work_actions, slot=slot)
    drain()


@shared_task(name="identity.sweep_actions")
def sweep_actions() -> None:
    """Find what was missed, is due again, or lost its worker."""
    if due_lanes(1):
        for slot in range(SLOTS):
            wake(work_actions, slot=slot)


def drain() -> int:
    """Work all lanes that have something due and no worker. Returns how many were worked."""
    from identity.commerce.runner import work_lane  # here: platforms load when a worker needs them

    seen: set[tuple[UUID, str]] = set()
    worked = 0
    while lanes := [one for one in due_lanes(BATCH) if one not in seen]:
        for workspace_id, lane in lanes:
            seen.add((workspace_id, lane))
            try:
                worked += work_lane(workspace_id=workspace_id, lane=lane)
            except Exception:
                # One order's trouble is not the next one's; the row stays due.
                logger.exception("commerce.lane_broken_off", lane=lane)
    return worked


def due_lanes(most: int) -> list[tuple[UUID, str]]:
    """Return (workspace, lane) of what is due, oldest first; the one look across workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, lane FROM due_money_actions(%s)", [most])
        return [(row[0], row[1]) for row in cursor.fetchall()]
