"""The one way an action changes state: along the table, told to others after commit."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from helpdesk.foundation.errors import ConflictError
from helpdesk.foundation.events import publish
from identity.commerce.events import MoneyActionMoved
from identity.commerce.models import MoneyAction
from identity.commerce.states import FINAL, TRANSITIONS, State


class MovedElsewhereError(ConflictError):
    """Somebody else moved the action in between; whatever was to be written is void."""

    code = "moved_elsewhere"


def move(action: MoneyAction, to: State, **changes: Any) -> MoneyAction:
    """Write the next state and other columns, if the row is still where we left it.

    A transition that the table does not hold is a bug and raises ValueError.
    """
    before = State(action.state)
    if to not in TRANSITIONS[before]:
        raise ValueError(f"No way leads from {before} to {to}.")
    changes["state"] = to
    if to in FINAL:
        changes.setdefault("settled_at", timezone.now())
        changes.setdefault("due_at", None)
        changes["step"] = ""
    rows = MoneyAction.objects.filter(pk=action.pk, state=before, step=action.step)
    if not rows.update(**changes):
        raise MovedElsewhereError("Somebody else changed this action in between.")
    for name, value in changes.items():
        setattr(action, name, value)
    if action.must_report:
        # Whoever hears of it puts this right; a listener that died is rung for again.
        again = report_again_at()
        note(action, due_at=min(action.due_at or again, again))
    tell(action)
    return action


def tell(action: MoneyAction) -> None:
    """Publish where the action is."""
    publish(
        MoneyActionMoved(
            workspace_id=action.workspace_id,
            action_id=action.pk,
            state=action.state,
            store_id=action.store_id,
            order_id=action.order_id,
            conversation_id=action.origin_conversation_id,
        )
    )


def note(action: MoneyAction, **changes: Any) -> None:
    """Write columns without a change of state."""
    MoneyAction.objects.filter(pk=action.pk).update(**changes)
    for name, value in changes.items():
        setattr(action, name, value)


def report_again_at() -> datetime:
    """Return when a report that nobody acknowledged is rung for again."""
    return timezone.now() + timedelta(seconds=20)


def acknowledge(action: MoneyAction) -> bool:
    """Mark this state as told; True for the one caller that is to tell it.

    Call it in the transaction that writes the timeline entry: both happen or neither.
    """
    rows = MoneyAction.objects.filter(pk=action.pk, state=action.state)
    changes: dict[str, Any] = {"reported_state": action.state, "reported_at": timezone.now()}
    if action.state == State.AWAITING_APPROVAL:
        changes["due_at"] = action.expires_at
    elif action.settled_at is not None:
        changes["due_at"] = None
    told = rows.exclude(reported_state=action.state).update(**changes)
    return bool(told)
