"""P3: every action happens at most once and is told as done only after it was read back.

The moments a worker may die are enumerated from the state machine, so that a new kind or step can't
escape. The shop here is the toy platform; tests/identity/shopify/ runs the same against the sandbox.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.foundation.errors import HelpdeskError
from identity.commerce.actions import confirm, preview_action
from identity.commerce.models import MoneyAction
from identity.commerce.moving import move
from identity.commerce.plans import PLANS, Repeat
from identity.commerce.policy_settings import Actor
from identity.commerce.requests import Kind
from identity.commerce.runner import PATIENCE, QUIET, TRIES, work_lane
from identity.commerce.seam import (
    GoneError,
    RefusedError,
    ThrottledError,
    UnreachableError,
)
from identity.commerce.states import FINAL, TRANSITIONS, State, checkpoints
from identity.commerce.tasks import drain
from identity.tenancy import tenant_scope
from tests.identity.commerce.conftest import EVERY_KIND, an_order, eur

LATER = timedelta(hours=7)
CRASHES = [(kind, moment) for kind in Kind for moment in checkpoints(kind)]
REMOTE = [(kind, step) for kind in Kind for step in PLANS[kind].steps]


class Crash(BaseException):
    """The worker is gone; nothing in the product may catch it."""


def confirmed(store, member, kind=Kind.REFUND, **fields):
    request, _ = EVERY_KIND[kind]
    with tenant_scope(store.workspace_id):
        action = preview_action(
            store=store,
            request=fields.pop("request", request),
            order_id="order-1",
            customer_id="customer-1",
            actor=Actor(member.role),
            by=member,
            **fields,
        )
        return confirm(action=action, by=member)


def work(action, *, at=timedelta(0), observe: Callable[[str], None] = lambda _: None) -> State:
    work_lane(
        workspace_id=action.workspace_id,
        lane=action.lane,
        observe=observe,
        now=lambda: timezone.now() + at,
    )
    return state_of(action)


def state_of(action) -> State:
    return State(again(action).state)


def again(action) -> MoneyAction:
    with tenant_scope(action.workspace_id):
        return MoneyAction.objects.select_related("store").get(pk=action.pk)


def work_on(action, at=timedelta(0)) -> State:
    """Come back later and later, as the sweep does, until nothing is due."""
    state = state_of(action)
    for _ in range(40):
        at += LATER
        state = work(action, at=at)
        if state in FINAL or again(action).due_at is None:
            break
    return state


@pytest.fixture
def stage(corner):
    """Put the order on the shelf that a kind can be asked about."""

    def put(kind):
        corner.orders["order-1"] = EVERY_KIND[kind][1]()
        return kind

    return put


@pytest.mark.parametrize("kind", list(Kind))
def test_an_undisturbed_action_passes_every_checkpoint_and_ends_done(ana, store, stage, kind):
    action = confirmed(store, ana, stage(kind))
    seen: list[str] = []
    assert work(action, observe=seen.append) == State.DONE, again(action).sentence
    assert tuple(seen) == checkpoints(kind)


@pytest.mark.parametrize(("kind", "moment"), CRASHES)
def test_a_worker_that_dies_loses_nothing_and_repeats_nothing(
    ana, store, corner, stage, kind, moment
):
    action = confirmed(store, ana, stage(kind))

    def die(checkpoint):
        if checkpoint == moment:
            raise Crash

    with pytest.raises(Crash):
        work(action, observe=die)
    assert state_of(action) != State.DONE or moment == "settled"
    state = work_on(action)
    happened = max(corner.effects.values(), default=0)
    assert happened <= 1
    name, _, when = moment.partition(":")
    step = next((one for one in PLANS[kind].steps if one.name == name), None)
    if step is not None and step.repeat == Repeat.NEVER and when in {"begun", "answered"}:
        assert state == State.UNCONFIRMED
        assert "Look in the shop" in again(action).sentence
    else:
        assert state == State.DONE, again(action).sentence


@pytest.mark.parametrize(("kind", "step"), REMOTE)
@pytest.mark.parametrize("what", ["lose_answer", "lose_request"])
def test_a_lost_answer_is_looked_for_and_never_guessed(ana, store, corner, stage, kind, step, what):
    action = confirmed(store, ana, stage(kind))
    getattr(corner, what)(step.name)
    first = work(action)
    assert first == State.UNCONFIRMED
    state = work_on(action)
    assert max(corner.effects.values(), default=0) <= 1
    assert state == (State.UNCONFIRMED if step.repeat == Repeat.NEVER else State.DONE)


def test_what_may_still_be_under_way_is_not_repeated_before_the_quiet_time(
    ana, store, corner, stage
):
    action = confirmed(store, ana, stage(Kind.RETURN))
    corner.lose_request("return")
    work(action)
    assert work(action, at=QUIET - timedelta(seconds=20)) == State.UNCONFIRMED
    assert corner.happened("return") == 0
    assert work(action, at=QUIET + timedelta(seconds=5)) == State.DONE
    assert corner.happened("return") == 1


def test_a_shop_that_never_answers_leaves_an_honest_unconfirmed(ana, store, corner):
    action = confirmed(store, ana)
    corner.lose_request("refund", times=50)
    assert work_on(action) == State.UNCONFIRMED
    assert again(action).due_at is not None  # the report, which nobody of identity acknowledges
    assert again(action).settled_at is not None
    assert len(corner.before["refund"]) == 50 - TRIES


FAULTS = st.lists(
    st.tuples(
        st.sampled_from(["crash", "lose_answer", "lose_request", "throttle", "unreachable"]),
        st.integers(0, 11),
    ),
    max_size=6,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(kind=st.sampled_from(list(Kind)), faults=FAULTS)
def test_no_order_of_faults_moves_anything_twice_or_says_done_too_early(
    ana, store, corner, stage, kind, faults
):
    corner.effects.clear()
    corner.before.clear()
    corner.after.clear()
    stage(kind)
    with tenant_scope(store.workspace_id):
        MoneyAction.objects.all().delete()
    action = confirmed(store, ana, kind)
    moments, at = checkpoints(kind), timedelta(0)
    steps = [step.name for step in PLANS[kind].steps] or ["order"]
    for fault, number in faults:
        step = steps[number % len(steps)]
        if fault == "throttle":
            corner.before.setdefault(step, []).append(ThrottledError("Slow down.", wait=3))
        elif fault == "unreachable":
            corner.before.setdefault(step, []).append(UnreachableError("Not there."))
        elif fault != "crash":
            getattr(corner, fault)(step)

        def maybe_die(checkpoint, fault=fault, number=number):
            if fault == "crash" and checkpoint == moments[number % len(moments)]:
                raise Crash

        with contextlib.suppress(Crash):
            work(action, at=at, observe=maybe_die)
        at += timedelta(seconds=40)
        promise(corner, kind, action)
    work_on(action, at=at)
    promise(corner, kind, action)


def promise(corner, kind, action) -> None:
    state = state_of(action)
    happened = max(corner.effects.values(), default=0)
    assert happened <= 1
    counted = PLANS[kind].moves_value or kind == Kind.CONFIRMATION
    if state == State.DONE and counted:
        assert happened == 1
    if state in {State.REFUSED, State.FAILED}:
        assert happened == 0
    assert corner.orders["order-1"].refunded <= corner.orders["order-1"].paid


# --- several at once --------------------------------------------------------------------------


def in_threads(jobs):
    def run(job):
        try:
            return job()
        except HelpdeskError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_on_one_refund_move_money_once(ana, store, corner):
    with tenant_scope(store.workspace_id):
        action = preview_action(
            store=store,
            request=EVERY_KIND[Kind.REFUND][0],
            order_id="order-1",
            actor=Actor.OWNER,
            by=ana,
        )
    corner.lose_answer("refund")

    def click():
        with tenant_scope(store.workspace_id):
            found = confirm(action=action, by=ana)
        drain()
        return found.pk

    assert set(in_threads([click] * 50)) == {action.pk}
    assert work_on(action) == State.DONE
    assert corner.effects == {("refund", str(again(action).key)): 1}
    assert corner.orders["order-1"].refunded == eur(50)


@pytest.mark.django_db(transaction=True)
def test_fifty_people_who_refund_the_same_line_move_money_once(ana, store, corner):
    """All saw the same preview; the second who comes is told that money went back since."""
    actions = [confirmed_later(store, ana) for _ in range(50)]

    def press(action):
        def job():
            with tenant_scope(store.workspace_id):
                confirm(action=action, by=ana)
            drain()

        return job

    in_threads([press(action) for action in actions])
    for action in actions:
        work(action)
    ends = [again(action) for action in actions]
    assert sorted(one.state for one in ends) == ["done"] + ["refused"] * 49
    assert {one.rule for one in ends if one.state == "refused"} == {"order.changed"}
    assert corner.happened("refund") == 1
    assert corner.orders["order-1"].refunded == eur(50)


def confirmed_later(store, member):
    with tenant_scope(store.workspace_id):
        return preview_action(
            store=store,
            request=EVERY_KIND[Kind.REFUND][0],
            order_id="order-1",
            actor=Actor(member.role),
            by=member,
        )


def test_an_order_that_changed_since_the_preview_is_left_alone(ana, store, corner):
    action = confirmed(store, ana)
    corner.orders["order-1"] = replace(corner.orders["order-1"], refunded=eur(10))
    assert work(action) == State.REFUSED
    assert again(action).sentence.startswith("Money went back since the preview.")
    assert not corner.effects


# --- errors of the shop -------------------------------------------------------------------------


def test_a_refusal_of_the_shop_is_told_in_its_words(ana, store, corner):
    action = confirmed(store, ana)
    corner.before["refund"] = [RefusedError("Location is inactive.")]
    assert work(action) == State.REFUSED
    assert again(action).sentence == "Location is inactive."
    assert again(action).rule == "shop.refused"


def test_a_throttled_action_waits_as_long_as_it_is_told(ana, store, corner):
    action = confirmed(store, ana)
    corner.before["refund"] = [ThrottledError("Slow down.", wait=30)]
    assert work(action) == State.COMMITTING
    assert work(action, at=timedelta(seconds=25)) == State.COMMITTING
    assert work(action, at=timedelta(seconds=35)) == State.DONE
    assert corner.happened("refund") == 1


def test_a_shop_that_stays_away_ends_as_failed_with_nothing_done(ana, store, corner):
    action = confirmed(store, ana)
    corner.before["order"] = [UnreachableError("The shop is away.")] * 50
    assert work(action) == State.CONFIRMED
    assert "Waiting for the shop" in again(action).sentence
    assert work(action, at=PATIENCE + timedelta(minutes=1)) == State.FAILED
    assert again(action).sentence == "The shop is away. Nothing was done."


def test_a_disconnected_shop_fails_at_once(ana, store, corner):
    action = confirmed(store, ana)
    corner.before["order"] = [GoneError("The shop is no longer connected.")]
    assert work(action) == State.FAILED


def test_money_on_its_way_is_pending_until_the_shop_shows_it(ana, store, corner):
    corner.pending = True
    action = confirmed(store, ana)
    assert work(action) == State.PENDING
    assert work(action, at=timedelta(minutes=1)) == State.PENDING
    corner.pending = False
    assert work_on(action) == State.DONE
    assert corner.happened("refund") == 1


def test_what_was_done_is_not_told_before_it_was_read(ana, store, corner):
    action = confirmed(store, ana)
    corner.before["outcome"] = [UnreachableError("Away.")]
    assert work(action) == State.READING_BACK
    assert corner.happened("refund") == 1
    assert work_on(action) == State.DONE
    assert corner.happened("refund") == 1


# --- the table ------------------------------------------------------------------------------------


def test_every_state_is_in_the_table_and_can_be_left_or_is_final():
    assert set(TRANSITIONS) == set(State)
    reachable = {State.PREVIEWED}
    for _ in State:
        reachable |= {after for one in reachable for after in TRANSITIONS[one]}
    assert reachable == set(State)


def test_a_way_that_is_not_in_the_table_is_a_bug(ana, store):
    action = confirmed(store, ana)
    with tenant_scope(store.workspace_id), pytest.raises(ValueError, match="No way"):
        move(action, State.DONE)


def test_codes_worth_money_are_sealed(ana, store, stage):
    action = confirmed(store, ana, stage(Kind.GIFT_CARD))
    work(action)
    code = again(action).secrets["code"]
    with tenant_scope(store.workspace_id), connection.cursor() as cursor:
        cursor.execute("SELECT secrets, outcome::text FROM identity_moneyaction")
        stored, outcome = cursor.fetchone()
    assert code not in stored
    assert code not in outcome


def test_a_copy_of_an_order_of_nobody_is_gone(ana, store, corner):
    corner.orders = {"order-2": an_order(id="order-2")}
    with pytest.raises(GoneError):
        confirmed(store, ana)
