"""A real installation on a private folder and port, to be hurt."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from helpdesk.embedded import ROOT

#: What this test session told itself; a real installation knows nothing of it.
OURS = ("HELPDESK_", "DJANGO_", "PYTEST_", "DATABASE_", "REDIS_", "BASE_URL", "LOG_", "PGSERVER")


def eventually(what: Callable[[], Any], *, within: float, why: str) -> Any:
    """Ask again and again until the answer is true, and return it."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = what()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {within:.0f} s: {why}")


def alive(pid: int) -> bool:
    """Tell whether a process runs (a dead one that nobody collected does not)."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


class Installation:
    """One data folder and the supervisor on it."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.log_file = data_dir.with_suffix(".log")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
            "HELPDESK_DATA_DIR": str(data_dir),
            "HEARTBEAT_SECONDS": "1",
            **environment,
        }
        self.supervisor: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "helpdesk.up", "--no-demo", *arguments]

    def start(self) -> None:
        """Start and wait for the first page."""
        with self.log_file.open("ab") as log:
            self.supervisor = subprocess.Popen(
                self.command("--port", str(self.port)),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        eventually(self.is_ready, within=90, why=f"ready. {self.log()}")

    def ensure_running(self) -> None:
        if self.supervisor is None or self.supervisor.poll() is not None:
            self.start()

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Try a start that is to be refused."""
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
        )

    def is_ready(self) -> bool:
        """Tell whether everything that a page needs is there."""
        if self.supervisor is not None and self.supervisor.poll() is not None:
            raise AssertionError(f"the supervisor ended: {self.log()}")
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.data_dir / "state.json").read_text())
        return state

    def pids(self) -> dict[str, int]:
        return dict(self.state().get("processes", {}))

    def log(self) -> str:
        return self.log_file.read_text()

    def task_passed(self) -> bool:
        """Wait for a task that goes from beat over Valkey to a worker."""
        mark = self.data_dir / "heartbeat"
        mark.unlink(missing_ok=True)
        eventually(mark.exists, within=60, why=f"a task was done. {self.log()[-3000:]}")
        return True

    def kill(self, name: str) -> None:
        """Kill one process the hard way and wait until another has taken its place."""
        before = self.pids()[name]
        os.kill(before, signal.SIGKILL)
        eventually(
            lambda: self.pids().get(name, before) != before, within=30, why=f"{name} is back"
        )

    def kill_everything(self) -> dict[str, int]:
        """Do what a power loss does to the processes. Returns who they were."""
        assert self.supervisor is not None
        pids = self.pids()
        for pid in (self.supervisor.pid, *pids.values()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.supervisor.wait()
        return pids

    def stop(self) -> None:
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
            self.supervisor.wait(timeout=15)
