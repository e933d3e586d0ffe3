"""Keeps the test servers running while any session uses them, and a little longer.

Each session holds a shared lock on ``in-use``. The keeper, a process of its own, ends the servers once
it could take that lock alone for a while; a killed session releases its lock by dying.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from helpdesk.embedded import ROOT, SUPERUSER, Embedded

#: Seconds the servers stay after the last session, so that the next one starts at once.
LINGER = 60.0


def external() -> bool:
    """Tell whether the environment names servers, so that none are embedded."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def use_servers(data_dir: Path) -> Iterator[None]:
    """Hold the servers of this folder, starting them when they are not there."""
    if external():
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "in-use").open("a") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_SH)
        _ensure_running(data_dir)
        yield


def _ensure_running(data_dir: Path) -> None:
    servers = Embedded(data_dir, for_tests=True)
    with (data_dir / "starting").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if _answers(servers):
            return
        with (data_dir / "keeper.log").open("ab") as log:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.keeper", str(data_dir)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not _answers(servers):
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The test servers did not start: see {data_dir}/keeper.log")
            time.sleep(0.05)
        # Let go of the handle: the keeper outlives this process on purpose.
        keeper.returncode = 0


def _answers(servers: Embedded) -> bool:
    if not servers.valkey_socket.exists() or not (servers.postgres_dir / "PG_VERSION").exists():
        return False
    try:
        psycopg.connect(servers.database_url(SUPERUSER, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _unused(data_dir: Path) -> bool:
    with (data_dir / "in-use").open("a") as in_use:
        try:
            fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def keep(data_dir: Path) -> None:
    """Run the servers until nobody has used them for a while, or one of them died."""
    servers = Embedded(data_dir, for_tests=True)
    servers.prepare()
    with (data_dir / "servers.log").open("ab") as log:
        postgres, valkey = servers.start_postgres(log), servers.start_valkey(log)
    idle_since = time.monotonic()
    while postgres.poll() is None and valkey.poll() is None:
        time.sleep(1)
        if not _unused(data_dir):
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > LINGER:
            break
    valkey.terminate()
    postgres.send_signal(signal.SIGINT)
    postgres.wait(timeout=20)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
