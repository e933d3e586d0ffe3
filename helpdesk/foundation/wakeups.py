"""Coalesced wake-ups: a thousand new rows make a handful of tasks, not a thousand.

``wake`` sets a flag per queue slot; only the caller that set it sends the task. The drain task
clears the flag before it reads, so a row that arrives during the drain wakes another one. A lost
wake-up costs seconds: the sweep wakes every ledger again.
"""

import zlib

import redis
import structlog
from celery import Task

from helpdesk.foundation.redis import client

logger = structlog.get_logger(__name__)

#: Drains of one ledger that may be pending at once; more than the workers of a machine is waste.
SLOTS = 4
#: A flag outlives a lost task by this many seconds at most.
FLAG_SECONDS = 15


def slot_of(key: str) -> int:
    """Return the slot a key belongs to."""
    return zlib.crc32(key.encode()) % SLOTS


def wake(task: "Task[..., None]", *, slot: int, after: float = 0.0) -> None:
    """Ask for a drain of one slot, ``after`` so many seconds, unless one is already pending.

    Never raises.
    """
    try:
        if client().set(_flag(task.name, slot), "1", nx=True, ex=FLAG_SECONDS):
            task.apply_async(
                kwargs={"slot": slot}, ignore_result=True, retry=False, countdown=after
            )
    except Exception as error:  # whatever the broker's client comes up with
        # The row is safe and its acknowledgement must not fail; the sweep finds it.
        logger.warning("wakeup.lost", task=task.name, error=type(error).__name__)


def woken(task: "Task[..., None]", *, slot: int) -> None:
    """Clear the flag at the start of a drain."""
    try:
        client().delete(_flag(task.name, slot))
    except redis.RedisError as error:
        logger.warning("wakeup.flag_stays", task=task.name, error=type(error).__name__)


def _flag(name: str, slot: int) -> str:
    return f"hd:wake:{name}:{slot}"
