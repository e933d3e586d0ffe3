"""The ledger's promises, against the real table of inbound events."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from channels_app.models import InboundEvent
from helpdesk.foundation.ledger import (
    LeaseLostError,
    RetryPolicy,
    WorkState,
    backlog,
    claim,
    fail,
    finish,
    replay,
)
from identity.tenancy import scope_of, tenant_scope
from tests.factories.inbox import make_mail_channel

POLICY = RetryPolicy(delays=(10, 60), max_attempts=3)


@pytest.fixture
def enter(mail):
    def enter(order="dana", channel=mail, **fields):
        with tenant_scope(channel.workspace_id):
            return InboundEvent.objects.create(
                channel=channel,
                source="email/raw",
                dedupe_key=str(uuid4()),
                order_key=order,
                body=b"",
                **fields,
            )

    return enter


def claim_all(lease_seconds=60.0, batch=10):
    return claim(InboundEvent, batch=batch, lease_seconds=lease_seconds)


def state_of(event):
    with scope_of(event):
        return InboundEvent.objects.get(pk=event.pk)


def test_a_claimed_row_is_not_claimed_again(enter):
    event = enter()
    assert [row.pk for row in claim_all()] == [event.pk]
    assert claim_all() == []


def test_rows_of_every_workspace_are_claimed_in_the_order_they_came(enter, other_shop):
    first = enter(order="a")
    second = enter(order="b", channel=make_mail_channel(other_shop))
    assert [row.pk for row in claim_all()] == [first.pk, second.pk]


def test_one_senders_rows_are_claimed_together_and_in_order(enter):
    events = [enter() for _ in range(4)]
    assert [row.pk for row in claim_all()] == [event.pk for event in events]


def test_a_sender_whose_earlier_row_is_in_work_waits(enter):
    first, second, stranger = enter(), enter(), enter(order="rafael")
    assert [row.pk for row in claim_all(batch=1)] == [first.pk]
    assert [row.pk for row in claim_all()] == [stranger.pk]
    with scope_of(first):
        finish(state_of(first))
    assert [row.pk for row in claim_all()] == [second.pk]


def test_a_sender_whose_earlier_row_waits_for_a_retry_waits_too(enter):
    first, second = enter(), enter()
    row = claim_all(batch=1)[0]
    with scope_of(row):
        assert fail(row, reason="The disk is full.", policy=POLICY) is True
    assert claim_all() == []
    with scope_of(first):
        InboundEvent.objects.filter(pk=first.pk).update(due_at=timezone.now())
    assert [row.pk for row in claim_all()] == [first.pk]
    assert state_of(second).work_state == WorkState.NEW


def test_rows_without_an_order_never_wait_for_each_other(enter):
    enter(order=""), enter(order="")
    assert len(claim_all(batch=1)) == 1
    assert len(claim_all(batch=1)) == 1


def test_an_expired_lease_is_given_back_and_its_holder_can_commit_nothing(enter):
    enter()
    slow = claim_all(lease_seconds=0.0)[0]
    quick = claim_all()[0]
    assert quick.pk == slow.pk
    assert quick.attempts == 2
    with scope_of(slow), pytest.raises(LeaseLostError):
        finish(slow)
    with scope_of(quick):
        finish(quick)
    assert state_of(quick).work_state == WorkState.DONE


def test_the_last_failure_is_quarantined_with_its_reason(enter):
    event = enter(attempts=2)
    row = claim_all()[0]
    with scope_of(row):
        assert fail(row, reason="It could not be read.", policy=POLICY) is False
    kept = state_of(event)
    assert (kept.work_state, kept.reason) == (WorkState.QUARANTINED, "It could not be read.")
    assert claim_all() == []


def test_a_replay_starts_a_finished_row_anew(enter):
    event = enter()
    row = claim_all()[0]
    with scope_of(row):
        finish(row, state=WorkState.IGNORED, reason="Nothing for us.")
        assert replay(InboundEvent, ids=[event.pk]) == 1
    assert [(row.pk, row.attempts) for row in claim_all()] == [(event.pk, 2)]


def test_a_replay_reaches_only_its_own_workspace(enter, other_shop):
    event = enter()
    row = claim_all()[0]
    with scope_of(row):
        finish(row)
    with tenant_scope(other_shop.pk):
        assert replay(InboundEvent, ids=[event.pk]) == 0


def test_a_scheduled_row_waits_for_its_time_and_holds_nobody_up(enter):
    enter(due_at=timezone.now() + timedelta(hours=1))
    now = enter()
    assert [row.pk for row in claim_all()] == [now.pk]


def test_the_backlog_is_counted_over_all_workspaces(enter, other_shop):
    enter()
    enter(channel=make_mail_channel(other_shop))
    waiting, oldest = backlog(InboundEvent)
    assert waiting == 2
    assert oldest is not None
    assert isinstance(state_of(enter()).pk, UUID)


def test_back_off_grows_and_stays_within_its_jitter():
    assert 10 <= POLICY.delay(1) <= 12
    assert 60 <= POLICY.delay(2) <= 72
    assert 60 <= POLICY.delay(9) <= 72
