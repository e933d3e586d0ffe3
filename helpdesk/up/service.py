"""One service: a process that is started, watched, restarted with back-off, and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

#: Seconds before each further start of a service that keeps dying.
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: A service that ran this long had recovered: its next death starts the back-off anew.
RECOVERED_AFTER = 20.0


@dataclass
class Service:
    """A child process under its name in the log."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    #: Sent when half of the time to end is over (Celery then drops its tasks, PostgreSQL its clients).
    insist_signal: signal.Signals | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = field(default=0.0)

    @property
    def running(self) -> bool:
        """Tell whether the process is there."""
        return self.process is not None and self.process.returncode is None

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the process."""
        self.process = self.start()
        self.started_at = time.monotonic()
        return self.process

    def collect(self) -> int | None:
        """Return the exit code of a process that just died and plan its next start, else None."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        # What the dead process left behind (a worker's pool) would work on beside the next one.
        self.signal_group(signal.SIGKILL)
        self.process = None
        if time.monotonic() - self.started_at > RECOVERED_AFTER:
            self.failures = 0
        self.due_at = time.monotonic() + self.pause
        self.failures += 1
        return code

    @property
    def pause(self) -> float:
        """Return how long to wait before the next start."""
        return BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the process and everything it started (each service leads a process group)."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def signal(self, number: signal.Signals) -> None:
        """Signal the process alone; a group signal would confuse PostgreSQL's and Celery's own."""
        if self.running and self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)


def describe_exit(code: int) -> str:
    """Say how a process ended, for the log."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
