"""Private servers to measure on: a data folder of their own, made anew and thrown away."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from helpdesk.embedded import ROOT, Embedded, postgres_bin
from helpdesk.up.commands import QUEUES, child_environment

_TICK = os.sysconf("SC_CLK_TCK")


class Place:
    """PostgreSQL and Valkey as the product runs them, with durability on, in a folder under /tmp."""

    def __init__(self) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
        self.embedded = Embedded(self.data_dir)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.postgres: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environment = child_environment(
            host="127.0.0.1",
            data_dir=self.data_dir,
            port=self.port,
            demo=False,
            sandbox={"http": 0, "smtp": 0},
        )
        self.environment["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        self.environment["LOG_LEVEL"] = "WARNING"

    def __enter__(self) -> Self:
        self.embedded.prepare()
        self.postgres = self.embedded.start_postgres(subprocess.DEVNULL)
        self.processes += [self.postgres, self.embedded.start_valkey(subprocess.DEVNULL)]
        ready = [str(postgres_bin() / "pg_isready"), "-q", "-h", str(self.embedded.socket_dir)]
        _until(lambda: subprocess.run(ready, check=False).returncode == 0)
        _until(self.embedded.valkey_socket.exists)
        os.environ.update(self.environment)
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=self.environment, check=True
        )
        import django

        django.setup()
        return self

    def __exit__(self, *exc: Any) -> None:
        for process in reversed(self.processes):
            _end(process)
        shutil.rmtree(self.data_dir, ignore_errors=True)

    @contextmanager
    def web(self) -> Iterator[subprocess.Popen[bytes]]:
        """Serve pages and hooks, with the bench's bare view beside them."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk.web", str(listener.fileno())],
            cwd=ROOT,
            env=self.environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _until(lambda: _answers(f"http://127.0.0.1:{self.port}/healthz"))
            yield process
        finally:
            _end(process)
            listener.close()

    @contextmanager
    def worker(self, processes: int) -> Iterator[subprocess.Popen[bytes]]:
        """Run one Celery worker with that many processes."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--quiet", "-A", "helpdesk.celery", "worker"),
                *("-Q", QUEUES, "-c", str(processes)),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            cwd=ROOT,
            env=self.environment | {"DATABASE_POOL_SIZE": "2"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)

    def cpu_seconds(self, *processes: subprocess.Popen[bytes]) -> float:
        """Return user+system seconds of the processes, their children and PostgreSQL so far."""
        roots = {process.pid for process in processes}
        if self.postgres is not None:
            roots.add(self.postgres.pid)
        return _tree_cpu(roots)


def _tree_cpu(roots: set[int]) -> float:
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(fields[1])
            ticks[pid] = sum(int(one) for one in fields[11:15])  # with children already gone
    total = 0
    for pid, used in ticks.items():
        ancestor = pid
        while ancestor not in roots and ancestor in parents and ancestor > 1:
            ancestor = parents[ancestor]
        if ancestor in roots:
            total += used
    return total / _TICK


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  (our own port)
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(what: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("The private servers did not start.")
        time.sleep(0.05)
