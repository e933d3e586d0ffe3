"""Ringing for a worker. A lost ring costs the seconds until the next sweep."""

from helpdesk.foundation.wakeups import slot_of, wake


def wake_actions(lane: str) -> None:
    """Ask for the due actions to be worked. Never raises."""
    from identity.commerce.tasks import work_actions  # here: tasks import the runner

    wake(work_actions, slot=slot_of(lane))
