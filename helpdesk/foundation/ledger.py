"""Rows that must not be lost: claim, lease, finish, fail, quarantine, sweep.

A ledger table is the queue. A worker claims due rows through a SECURITY DEFINER function (the only
path that sees every workspace's rows), works each inside its own workspace's scope, and finishes it
in the same transaction as its effects, guarded by the lease token: a worker that lost its lease can
commit nothing. Claiming is serialised per table by an advisory lock, which makes "one sender at a
time" exact; a claim takes about a millisecond and up to a batch of rows.

Order: rows with the same ``order_key`` are claimed together and in id order; none is claimed while
an earlier one waits for a retry or is in another worker's hands.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from helpdesk.foundation.errors import HelpdeskError


class WorkState(models.TextChoices):
    """``new`` waits, ``claimed`` is in a worker's hands; the other three are final until replayed."""

    NEW = "new", "Waiting"
    CLAIMED = "claimed", "In work"
    DONE = "done", "Done"
    IGNORED = "ignored", "Nothing for us"
    QUARANTINED = "quarantined", "Needs a look"


class LeaseLostError(HelpdeskError):
    """Another worker has this row now: whatever was done with it must be rolled back."""

    code = "lease_lost"
    status = 500


class LedgerRow(models.Model):
    """The columns a table needs to be worked as a ledger. Concrete classes are tenant models."""

    work_state = models.CharField(max_length=12, choices=WorkState.choices, default=WorkState.NEW)
    #: Same key = one after the other, in id order; "" = in any order.
    order_key = models.CharField(max_length=200, default="", blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    #: A sentence: why it failed last, or why it was ignored.
    reason = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def ledger_indexes(name: str) -> tuple[models.Index, ...]:
    """Return the partial indexes of a ledger table; they hold only rows that are not finished."""
    return (
        models.Index(
            fields=("due_at", "id"), name=f"{name}_due", condition=Q(work_state=WorkState.NEW)
        ),
        models.Index(
            fields=("lease_until",),
            name=f"{name}_lease",
            condition=Q(work_state=WorkState.CLAIMED),
        ),
        models.Index(
            fields=("workspace", "order_key", "id"),
            name=f"{name}_order",
            condition=Q(work_state__in=[WorkState.NEW, WorkState.CLAIMED]),
        ),
    )


def claim_function(table: str) -> tuple[str, str]:
    """Return (signature, definition) of the function that claims rows of ``table``.

    It takes a batch size and the lease in seconds, gives expired leases back first, and returns
    the claimed rows. The advisory lock ends with the caller's transaction: call it by itself.
    """
    signature = f"claim_{table}(integer, double precision)"
    definition = f"""
CREATE OR REPLACE FUNCTION claim_{table}(batch integer, lease_seconds double precision)
RETURNS SETOF {table} LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('claim:{table}'));
  UPDATE {table} SET work_state = 'new', due_at = clock_timestamp(), lease_token = NULL
   WHERE work_state = 'claimed' AND lease_until < clock_timestamp();
  RETURN QUERY
  UPDATE {table} AS target SET
      work_state = 'claimed', attempts = target.attempts + 1, lease_token = gen_random_uuid(),
      lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
    FROM (
      SELECT due.workspace_id, due.id FROM {table} AS due
       WHERE due.work_state = 'new' AND due.due_at <= clock_timestamp()
         AND (due.order_key = '' OR NOT EXISTS (
           SELECT 1 FROM {table} AS other
            WHERE other.workspace_id = due.workspace_id AND other.order_key = due.order_key
              AND other.work_state IN ('new', 'claimed') AND other.id <> due.id
              AND (other.work_state = 'claimed' OR (other.attempts > 0 AND other.id < due.id))))
       ORDER BY due.due_at, due.id
       LIMIT batch
       FOR UPDATE SKIP LOCKED
    ) AS chosen
   WHERE target.workspace_id = chosen.workspace_id AND target.id = chosen.id
  RETURNING target.*;
END $$"""  # noqa: S608  (a table of ours, from a migration)
    return signature, definition


def counting_function(table: str) -> tuple[str, str]:
    """Return (signature, definition) of the function that counts unfinished rows, for operators."""
    signature = f"backlog_{table}()"
    definition = f"""
CREATE OR REPLACE FUNCTION backlog_{table}(OUT waiting bigint, OUT oldest timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*), min(due_at) FROM {table}
   WHERE work_state IN ('new', 'claimed') AND due_at <= clock_timestamp()
$$"""  # noqa: S608  (a table of ours, from a migration)
    return signature, definition


Row = TypeVar("Row", bound=LedgerRow)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to try again. Delays are seconds; the last one repeats until ``max_attempts``."""

    delays: tuple[float, ...]
    max_attempts: int

    def delay(self, attempts: int) -> float:
        """Return the wait after the given attempt (1 = the first), with up to 20 % of jitter."""
        base = self.delays[min(max(attempts, 1), len(self.delays)) - 1]
        return base * random.uniform(1.0, 1.2)  # noqa: S311  (spreads load, guards nothing)


def claim(model: type[Row], *, batch: int, lease_seconds: float) -> list[Row]:
    """Claim up to ``batch`` due rows of any workspace, in id order."""
    table = model._meta.db_table
    rows = model._base_manager.raw(f"SELECT * FROM claim_{table}(%s, %s)", [batch, lease_seconds])  # noqa: S608
    return sorted(rows, key=lambda row: row.pk)


def claims(model: type[Row], *, batch: int, lease_seconds: float) -> Iterator[list[Row]]:
    """Yield batches until nothing is due."""
    while rows := claim(model, batch=batch, lease_seconds=lease_seconds):
        yield rows


def backlog(model: type[LedgerRow]) -> tuple[int, datetime | None]:
    """Return how many rows of all workspaces are due, and since when the oldest waits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT waiting, oldest FROM backlog_{model._meta.db_table}()")  # noqa: S608
        row = cursor.fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def _move(row: LedgerRow, **changes: Any) -> None:
    """Write ``changes`` if the lease is still ours. Runs inside the row's scope."""
    model: Any = type(row)
    updated = model._base_manager.filter(
        workspace_id=row.workspace_id,  # type: ignore[attr-defined]
        pk=row.pk,
        work_state=WorkState.CLAIMED,
        lease_token=row.lease_token,
    ).update(**changes)
    if not updated:
        raise LeaseLostError(f"The lease on {model._meta.db_table} {row.pk} was lost.")
    for name, value in changes.items():
        setattr(row, name, value)


def renew(row: LedgerRow, *, lease_seconds: float) -> None:
    """Extend the lease before a slow step."""
    _move(row, lease_until=timezone.now() + timedelta(seconds=lease_seconds))


def finish(
    row: LedgerRow, *, state: WorkState = WorkState.DONE, reason: str = "", **extra: Any
) -> None:
    """Put the row to rest together with its effects, in the caller's transaction."""
    _move(row, work_state=state, reason=reason, finished_at=timezone.now(), **extra)


def fail(row: LedgerRow, *, reason: str, policy: RetryPolicy, after: float | None = None) -> bool:
    """Plan the next attempt, or quarantine when there is none left. Returns True if it will retry.

    ``after`` overrides the back-off in seconds, as a provider's Retry-After does.
    """
    if row.attempts >= policy.max_attempts:
        finish(row, state=WorkState.QUARANTINED, reason=reason)
        return False
    wait = policy.delay(row.attempts) if after is None else after
    _move(
        row,
        work_state=WorkState.NEW,
        reason=reason,
        due_at=timezone.now() + timedelta(seconds=wait),
        lease_token=None,
        lease_until=None,
    )
    return True


def quarantine(row: LedgerRow, *, reason: str) -> None:
    """Set the row aside for a person, with the reason as a sentence."""
    finish(row, state=WorkState.QUARANTINED, reason=reason)


def replay(model: type[Row], *, ids: list[UUID]) -> int:
    """Put finished rows back to the start, inside the open scope. Returns how many.

    Safe for rows that were done: what they made is unique by the provider's id.
    """
    manager: Any = model._default_manager
    moved: int = manager.filter(
        pk__in=ids,
        work_state__in=[WorkState.DONE, WorkState.IGNORED, WorkState.QUARANTINED],
    ).update(
        work_state=WorkState.NEW,
        attempts=1,  # never a first sight again: what it made before is looked for
        reason="",
        due_at=timezone.now(),
        finished_at=None,
        lease_token=None,
        lease_until=None,
    )
    return moved
