"""How rooms talk without doors: facts published after commit, heard by whoever subscribed.

An event is a frozen dataclass in the publisher's ``events.py``. A process may die between commit
and listener, so nothing that must not be lost may live in an event alone: it is a row first.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import transaction

logger = structlog.get_logger(__name__)

E = TypeVar("E")
Listener = Callable[[Any], None]

_listeners: dict[type, list[Listener]] = defaultdict(list)


def subscribe(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function as a listener of ``event_type``."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        _listeners[event_type].append(listener)
        return listener

    return register


def publish(event: object) -> None:
    """Tell all listeners once the surrounding transaction has committed."""
    transaction.on_commit(lambda: _deliver(event), robust=True)


def _deliver(event: object) -> None:
    for listener in _listeners[type(event)]:
        try:
            listener(event)
        except Exception:
            # One listener's failure must not silence the next; rows and sweeps make up for it.
            logger.exception("event.listener_failed", event_type=type(event).__name__)
