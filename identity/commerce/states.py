"""The life of an action, as one table. Pure; the runner, the API and the tests read it.

    previewed → (awaiting_approval) → confirmed → committing → reading_back → done
                                                     ⇅                      ↘ pending → done
                                                unconfirmed

Everything that ends without effect says why: refused (policy or shop), failed, declined, expired.
"""

from datetime import timedelta
from enum import StrEnum

from identity.commerce.plans import PLANS
from identity.commerce.requests import Kind

#: An approval may wait over a weekend.
APPROVAL_LASTS = timedelta(days=3)


class State(StrEnum):
    """The values are stable: rows and the API hold them."""

    PREVIEWED = "previewed"
    AWAITING_APPROVAL = "awaiting_approval"
    CONFIRMED = "confirmed"
    COMMITTING = "committing"
    UNCONFIRMED = "unconfirmed"
    READING_BACK = "reading_back"
    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DECLINED = "declined"
    EXPIRED = "expired"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.PREVIEWED: frozenset(
        {State.AWAITING_APPROVAL, State.CONFIRMED, State.REFUSED, State.EXPIRED}
    ),
    State.AWAITING_APPROVAL: frozenset({State.CONFIRMED, State.DECLINED, State.EXPIRED}),
    State.CONFIRMED: frozenset(
        {
            State.CONFIRMED,
            State.AWAITING_APPROVAL,
            State.COMMITTING,
            State.REFUSED,
            State.FAILED,
        }
    ),
    State.COMMITTING: frozenset(
        {State.COMMITTING, State.UNCONFIRMED, State.READING_BACK, State.REFUSED, State.FAILED}
    ),
    State.UNCONFIRMED: frozenset({State.UNCONFIRMED, State.COMMITTING}),
    State.READING_BACK: frozenset({State.READING_BACK, State.DONE, State.PENDING, State.FAILED}),
    State.PENDING: frozenset({State.PENDING, State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
    State.FAILED: frozenset(),
    State.DECLINED: frozenset(),
    State.EXPIRED: frozenset(),
}

#: A worker has something to do.
AT_WORK = frozenset({State.CONFIRMED, State.COMMITTING, State.UNCONFIRMED, State.READING_BACK})
FINAL = frozenset(state for state, after in TRANSITIONS.items() if not after)
#: Value has moved or may have: counts against limits of the day. A confirmed one does not yet, or
#: two that wait for each other would both be refused.
COUNTS = (AT_WORK - {State.CONFIRMED}) | {State.PENDING, State.DONE}
#: What a conversation is told about, once for each state.
REPORTABLE = frozenset(
    {
        State.AWAITING_APPROVAL,
        State.DONE,
        State.PENDING,
        State.REFUSED,
        State.FAILED,
        State.DECLINED,
        State.UNCONFIRMED,
    }
)


def checkpoints(kind: Kind) -> tuple[str, ...]:
    """Return the moments between which a worker of this kind may die, in order.

    ``begun``: the intent is stored, nothing was sent. ``answered``: the shop did it, nothing is
    stored. ``noted``: the answer is stored.
    """
    remote = [
        f"{step.name}:{moment}"
        for step in PLANS[kind].steps
        for moment in ("begun", "answered", "noted")
    ]
    return ("claimed", "checked", "committing", *remote, "reading", "read", "settled")
