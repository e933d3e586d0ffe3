"""Time and size limits round parsers that read what strangers sent.

``time_limit`` is the cheap guard: an alarm signal, which also interrupts the ``re`` engine. Python
delivers signals to the main thread only, so outside it the guard refuses with
``TimeLimitUnavailableError`` instead of pretending. ``run_limited`` is the guard that works
everywhere: in the main thread it calls the function under the alarm, in any other thread it runs
it in a child process which is killed when the time is over. Workers (one process each, jobs in
the main thread) always take the cheap way.
"""

import importlib
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class TimeLimitError(Exception):
    """The guarded work took longer than it may."""


class TimeLimitUnavailableError(RuntimeError):
    """An alarm can be set in the main thread only."""


class SizeLimitError(Exception):
    """The input is larger than it may be."""


def in_main_thread() -> bool:
    """Say whether an alarm can be set here."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def time_limit(seconds: float, what: str = "This step") -> Iterator[None]:
    """Raise ``TimeLimitError`` inside the block after ``seconds`` of wall time.

    Guards nest: an outer alarm that was due earlier still comes, at its own time.
    Code in C that never returns to Python (and is not ``re``) is interrupted only when it returns.
    """
    if not in_main_thread():
        raise TimeLimitUnavailableError(
            "A time limit can be set in the main thread only. Use run_limited() here."
        )

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeLimitError(f"{what} took longer than {seconds:g} s and was stopped.")

    before = signal.signal(signal.SIGALRM, ring)
    started = time.monotonic()
    outer_left, outer_interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        if outer_left and outer_left <= seconds:
            signal.signal(signal.SIGALRM, before)
            signal.setitimer(signal.ITIMER_REAL, outer_left, outer_interval)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer_left:
            left = max(outer_left - (time.monotonic() - started), 0.000_001)
            signal.setitimer(signal.ITIMER_REAL, left, outer_interval)


def run_limited(seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a module-level ``function`` and raise ``TimeLimitError`` when it takes too long.

    Arguments and result must be picklable for the case of a child process; an exception of the
    function is raised here again.
    """
    if in_main_thread():
        with time_limit(seconds, function.__name__):
            return function(*args, **kwargs)
    # The path comes first: without it the child could not read the rest.
    task = pickle.dumps(sys.path)
    task += pickle.dumps((function.__module__, function.__qualname__, args, kwargs))
    try:
        done = subprocess.run(
            [sys.executable, "-P", __file__],
            input=task,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{function.__name__} took longer than {seconds:g} s and was stopped."
        raise TimeLimitError(message) from error
    if done.returncode:
        raise RuntimeError(f"{function.__name__} ended its process with {done.returncode}.")
    worked, outcome = pickle.loads(done.stdout)  # noqa: S301 - written by our own child
    if not worked:
        raise outcome
    return outcome  # type: ignore[no-any-return]


def capped(data: bytes, limit: int, what: str = "The input") -> bytes:
    """Return ``data``; raises ``SizeLimitError`` when it is longer than ``limit`` bytes."""
    if len(data) > limit:
        raise SizeLimitError(f"{what} has {len(data)} bytes; at most {limit} are read.")
    return data


def _answer_parent() -> None:
    """Run the one task that stands on standard input, and write its outcome to standard output."""
    sys.path[:] = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    module, name, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 - the same
    outcome: Any
    try:
        function = importlib.import_module(module)
        for step in name.split("."):
            function = getattr(function, step)
        outcome = (True, function(*args, **kwargs))  # type: ignore[operator]
    except Exception as error:
        outcome = (False, error)
    sys.stdout.buffer.write(pickle.dumps(outcome))


if __name__ == "__main__":
    _answer_parent()
