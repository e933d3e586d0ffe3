"""Carrying an action out: check, commit step by step, read back, each durable before the next.

One worker per order at a time, held by an advisory lock that dies with its process; nobody holds a
transaction while waiting for the shop. A worker may die at any checkpoint (``states.checkpoints``):
the next one finds the row as it was and goes on. A step whose call began and whose answer is not
stored is looked for before anything else, and repeated only where ``plans.py`` allows it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from helpdesk.foundation.lanes import only_one
from identity.commerce.basis import basis_of, same_calculation, what_changed
from identity.commerce.judging import judge_now
from identity.commerce.models import MoneyAction
from identity.commerce.moving import MovedElsewhereError, move, note, tell
from identity.commerce.plans import PLANS, RemoteStep, Repeat
from identity.commerce.policy_settings import Actor
from identity.commerce.registry import commerce_of
from identity.commerce.requests import Kind
from identity.commerce.seam import (
    Commerce,
    CommerceError,
    OutcomeState,
    RefusedError,
    Sight,
    ThrottledError,
    UnknownError,
    UnreachableError,
)
from identity.commerce.states import APPROVAL_LASTS, AT_WORK, State
from identity.commerce.verdicts import Decision
from identity.models.role import Membership
from identity.tenancy import tenant_scope

logger = structlog.get_logger(__name__)

#: After this long nothing that was sent can still be under way at the shop.
QUIET = timedelta(seconds=60)
#: How often one step is sent at most.
TRIES = 5
#: How long a confirmed action waits for a shop that does not answer before it is given up, undone.
PATIENCE = timedelta(minutes=15)
#: Between two looks: the first, and the longest.
SHORT, LONG = timedelta(seconds=2), timedelta(hours=6)

Observer = Callable[[str], None]
Clock = Callable[[], datetime]


def unobserved(_checkpoint: str) -> None:
    """Nobody watches; tests do."""


def work_lane(
    *,
    workspace_id: UUID,
    lane: str,
    observe: Observer = unobserved,
    now: Clock = timezone.now,
) -> bool:
    """Work everything due in one lane; False when somebody else is at it."""
    with only_one(lane) as alone:
        if not alone:
            return False
        seen: set[UUID] = set()
        while (action_id := _next_due(workspace_id, lane, seen, now())) is not None:
            seen.add(action_id)
            Run(workspace_id, action_id, observe, now).go()
    return True


def _next_due(workspace_id: UUID, lane: str, seen: set[UUID], now: datetime) -> UUID | None:
    with tenant_scope(workspace_id):
        due = MoneyAction.objects.filter(lane=lane, due_at__lte=now).exclude(pk__in=seen)
        found: UUID | None = due.order_by("confirmed_at", "id").values_list("pk", flat=True).first()
    return found


class Run:
    """One worker's way through one action."""

    def __init__(self, workspace_id: UUID, action_id: UUID, observe: Observer, now: Clock) -> None:
        self.workspace_id = workspace_id
        self.action_id = action_id
        self.observe = observe
        self.now = now
        self.shop: Commerce | None = None

    def go(self) -> None:
        """Go on until the action rests: final, waiting for its time, or in a person's hands."""
        resting = False
        while not resting:
            action = self._load()
            if action is None or action.due_at is None or action.due_at > self.now():
                return
            handler = HANDLERS.get(State(action.state), Run._tell_again)
            try:
                handler(self, action)
            except MovedElsewhereError:
                logger.info("commerce.moved_elsewhere", action_id=str(self.action_id))
                return
            resting = action.state not in AT_WORK or action.settled_at is not None

    def _load(self) -> MoneyAction | None:
        with tenant_scope(self.workspace_id):
            rows = MoneyAction.objects.select_related(
                "store", "requested_by__user", "approved_by__user"
            )
            return rows.filter(pk=self.action_id).first()

    def _door(self, action: MoneyAction) -> Commerce:
        if self.shop is None:
            with tenant_scope(self.workspace_id):
                self.shop = commerce_of(action.store)
        return self.shop

    def _move(self, action: MoneyAction, to: State, **changes: object) -> None:
        with tenant_scope(self.workspace_id):
            move(action, to, **changes)

    # --- before ----------------------------------------------------------------------------

    def _expire(self, action: MoneyAction) -> None:
        if action.expires_at > self.now():
            self._tell_again(action)
            return
        words = "Nobody approved it in time. Nothing was done."
        if action.state == State.PREVIEWED:
            words = "The preview was not confirmed. Nothing was done."
        self._move(action, State.EXPIRED, sentence=words)

    def _check(self, action: MoneyAction) -> None:
        """Look at everything again, now that nobody else changes this order through us."""
        self.observe("claimed")
        request, shown, plan = action.asked(), action.shown(), PLANS[Kind(action.kind)]
        try:
            shop = self._door(action)
            order = shop.order(action.order_id) if action.order_id else None
            fresh = shop.preview(request, order_id=action.order_id, customer_id=action.customer_id)
        except CommerceError as error:
            self._not_begun(action, error)
            return
        self.observe("checked")
        changed = ""
        if plan.moves_value and order is not None:
            changed = what_changed(action.basis, basis_of(order))
        if plan.moves_value and not changed and not same_calculation(shown, fresh):
            changed = "The shop calculates other amounts now. Nothing was done: look at it again."
        with tenant_scope(self.workspace_id):
            if changed:
                move(action, State.REFUSED, sentence=changed, rule="order.changed")
                return
            actor, by = _in_whose_name(action)
            # Limits of a day are over all orders: one decision at a time in a workspace.
            _one_decision_at_a_time(self.workspace_id)
            verdict, _ = judge_now(
                request=request,
                store=action.store,
                order=order,
                preview=fresh,
                actor=actor,
                by=by,
                now=self.now(),
                leave_out=action,
            )
            stored = {"verdict": verdict.to_json(), "rule": verdict.rule}
            if verdict.decision == Decision.REFUSED:
                move(action, State.REFUSED, sentence=verdict.sentence, **stored)
            elif verdict.decision == Decision.NEEDS_APPROVAL:
                move(
                    action,
                    State.AWAITING_APPROVAL,
                    sentence=verdict.sentence,
                    approved_by=None,
                    expires_at=self.now() + APPROVAL_LASTS,
                    due_at=self.now() + APPROVAL_LASTS,
                    **stored,
                )
            else:
                move(
                    action,
                    State.COMMITTING,
                    preview=fresh.to_json(),
                    sentence=f"{plan.noun}: being done.",
                    tries=0,
                    due_at=self.now(),
                    **stored,
                )
        if action.state == State.COMMITTING:
            self.observe("committing")

    def _not_begun(self, action: MoneyAction, error: CommerceError) -> None:
        """Nothing was sent yet: wait a little for a shop that may come back, else give up."""
        if isinstance(error, RefusedError):
            self._move(action, State.REFUSED, sentence=error.message, rule="shop.refused")
            return
        since = action.confirmed_at or self.now()
        passing = isinstance(error, ThrottledError | UnreachableError | UnknownError)
        if passing and self.now() - since < PATIENCE:
            self._move(
                action,
                State(action.state),
                sentence=f"Waiting for the shop: {error.message}",
                due_at=self.now() + _wait(error, action.tries),
                tries=action.tries + 1,
            )
            return
        self._move(action, State.FAILED, sentence=f"{error.message} Nothing was done.")

    # --- commit ----------------------------------------------------------------------------

    def _commit(self, action: MoneyAction) -> None:
        step = _open_step(action)
        if action.step:
            self._look(action)
        elif step is None:
            self._move(action, State.READING_BACK, tries=0, due_at=self.now())
            self.observe("reading")
        elif action.tries >= TRIES:
            self._hand_over(action, step)
        else:
            self._perform(action, step)

    def _perform(self, action: MoneyAction, step: RemoteStep) -> None:
        self._move(
            action,
            State.COMMITTING,
            step=step.name,
            step_at=self.now(),
            tries=action.tries + 1,
            due_at=self.now(),
        )
        self.observe(f"{step.name}:begun")
        try:
            result = self._door(action).perform(step.name, action.job())
        except UnknownError:
            self._move(
                action,
                State.UNCONFIRMED,
                sentence="The shop's answer got lost. Looking whether it happened.",
                due_at=self.now() + SHORT,
            )
            return
        except CommerceError as error:
            self._step_refused(action, error)
            return
        self.observe(f"{step.name}:answered")
        self._found(action, step.name, result)
        self.observe(f"{step.name}:noted")

    def _step_refused(self, action: MoneyAction, error: CommerceError) -> None:
        """This step certainly did not happen."""
        if isinstance(error, RefusedError):
            self._move(action, State.REFUSED, sentence=error.message, rule="shop.refused")
            return
        passing = isinstance(error, ThrottledError | UnreachableError)
        since = action.confirmed_at or self.now()
        if passing and self.now() - since < PATIENCE:
            self._move(
                action,
                State.COMMITTING,
                step="",
                # It was not sent, so it does not count as a try.
                tries=max(action.tries - 1, 0),
                sentence=f"Waiting for the shop: {error.message}",
                due_at=self.now() + _wait(error, action.tries),
            )
            return
        self._move(action, State.FAILED, sentence=f"{error.message} This was not done.")

    def _found(self, action: MoneyAction, step: str, result: dict[str, object]) -> None:
        self._move(
            action,
            State.COMMITTING,
            step="",
            tries=0,
            progress={**action.progress, step: result},
            due_at=self.now(),
        )

    # --- a lost answer -----------------------------------------------------------------------

    def _look(self, action: MoneyAction) -> None:
        """A call began and its answer is not here: find out, before anything is sent again."""
        step = next(one for one in PLANS[Kind(action.kind)].steps if one.name == action.step)
        try:
            finding = self._door(action).find(step.name, action.job())
        except CommerceError as error:
            self._wait_unconfirmed(action, _wait(error, action.tries))
            return
        if finding.sight == Sight.FOUND:
            self._found(action, step.name, finding.result)
            self.observe(f"{step.name}:noted")
        elif action.tries >= TRIES:
            self._hand_over(action, step)
        elif step.repeat == Repeat.SAFE:
            self._again(action)
        elif step.repeat == Repeat.AFTER_LOOK and finding.sight == Sight.ABSENT:
            calm = (action.step_at or self.now()) + QUIET
            if self.now() >= calm:
                self._again(action)
            else:
                self._wait_unconfirmed(action, calm - self.now())
        else:
            self._hand_over(action, step)

    def _again(self, action: MoneyAction) -> None:
        self._move(action, State.COMMITTING, step="", due_at=self.now())

    def _wait_unconfirmed(self, action: MoneyAction, wait: timedelta) -> None:
        self._move(
            action,
            State.UNCONFIRMED,
            sentence="The shop's answer got lost. Looking whether it happened.",
            due_at=self.now() + wait,
        )

    def _hand_over(self, action: MoneyAction, step: RemoteStep) -> None:
        """We cannot know: say so, and stop."""
        self._move(
            action,
            State.UNCONFIRMED,
            step=step.name,
            sentence="It may have happened and the shop does not tell. Look in the shop before you "
            "do it again.",
            settled_at=self.now(),
            due_at=None,
        )

    # --- after -----------------------------------------------------------------------------

    def _read(self, action: MoneyAction) -> None:
        """Only what the shop shows afterwards is told as done."""
        try:
            receipt = self._door(action).outcome(action.job())
        except CommerceError as error:
            self._move(
                action,
                State(action.state),
                sentence="Done at the shop, and not read back yet: the shop does not answer.",
                due_at=self.now() + _wait(error, action.tries),
                tries=min(action.tries + 1, 1000),
            )
            return
        self.observe("read")
        outcome = receipt.outcome
        changes: dict[str, object] = {
            "outcome": outcome.to_json(),
            "sentence": outcome.sentence,
            "secrets": receipt.secrets or action.secrets,
        }
        if action.kind == Kind.INVOICE and receipt.order is not None:
            changes["progress"] = {**action.progress, "order": receipt.order.to_json()}
        if outcome.state == OutcomeState.DONE:
            self._move(action, State.DONE, **changes)
        elif outcome.state == OutcomeState.FAILED:
            self._move(action, State.FAILED, **changes)
        else:
            wait = _backoff(action.tries)
            self._move(
                action,
                State.PENDING,
                **changes,
                due_at=self.now() + wait,
                tries=min(action.tries + 1, 1000),
            )
        self.observe("settled")

    def _tell_again(self, action: MoneyAction) -> None:
        """Nothing to do but to be heard: the first report may have died with its process."""
        with tenant_scope(self.workspace_id):
            if action.must_report:
                note(action, due_at=self.now() + timedelta(seconds=60))
                tell(action)
            else:
                waits = action.state in {State.PREVIEWED, State.AWAITING_APPROVAL}
                note(action, due_at=action.expires_at if waits else None)


HANDLERS: dict[State, Callable[[Run, MoneyAction], None]] = {
    State.PREVIEWED: Run._expire,
    State.AWAITING_APPROVAL: Run._expire,
    State.CONFIRMED: Run._check,
    State.COMMITTING: Run._commit,
    State.UNCONFIRMED: Run._look,
    State.READING_BACK: Run._read,
    State.PENDING: Run._read,
}


def _open_step(action: MoneyAction) -> RemoteStep | None:
    steps = PLANS[Kind(action.kind)].steps
    return next((step for step in steps if step.name not in action.progress), None)


def _in_whose_name(action: MoneyAction) -> tuple[Actor, Membership | None]:
    """Return whose limits count: the approver's, else the requester's as they are today."""
    person = action.approved_by or action.requested_by
    if person is None:
        return Actor(action.actor), None
    return (Actor(person.role) if person.is_active else Actor.VIEWER), person


def _one_decision_at_a_time(workspace_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"commerce.limits:{workspace_id}"],
        )


def _wait(error: CommerceError, tries: int) -> timedelta:
    if isinstance(error, ThrottledError):
        return timedelta(seconds=max(error.wait, 1.0))
    return _backoff(tries)


def _backoff(tries: int) -> timedelta:
    wait: timedelta = SHORT * (2 ** min(tries, 15))
    return min(wait, LONG)
