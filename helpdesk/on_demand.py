"""Embedded servers for a command that runs while ``bin/up`` does not.

A command typed into a shell finds the servers of the running supervisor, or starts its own for as
long as it takes. The supervisor's lock keeps the two from starting the same cluster twice.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

import psycopg
from django.conf import settings
from django.core.management import call_command

from helpdesk.embedded import SUPERUSER, Embedded

START_TIMEOUT = 60.0


class ServersUnavailableError(RuntimeError):
    """Neither found nor started; the text says what to do."""


@contextmanager
def servers_running() -> Iterator[None]:
    """Run the block with a migrated database at hand."""
    if os.environ.get("DATABASE_URL") or _answers(settings.EMBEDDED):
        yield
        return
    servers: Embedded = settings.EMBEDDED
    servers.data_dir.mkdir(parents=True, exist_ok=True)
    with (servers.data_dir / "lock").open("a") as lock, ExitStack() as stack:
        if not _take(lock):
            # bin/up is starting: its servers answer in a moment.
            _wait_for(servers)
            yield
            return
        servers.prepare()
        log = stack.enter_context((servers.data_dir / "on-demand.log").open("ab"))
        stack.callback(_end, servers.start_postgres(log), signal.SIGINT)
        stack.callback(_end, servers.start_valkey(log), signal.SIGTERM)
        _wait_for(servers)
        call_command("bootstrap_database")
        call_command("migrate", verbosity=0, interactive=False)
        yield


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(servers: Embedded) -> bool:
    if not (servers.postgres_dir / "PG_VERSION").exists():
        return False
    try:
        psycopg.connect(servers.database_url(SUPERUSER, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_for(servers: Embedded) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(servers):
        if time.monotonic() > deadline:
            raise ServersUnavailableError(
                f"PostgreSQL did not start within {START_TIMEOUT:.0f} s: see "
                f"{servers.data_dir}/on-demand.log, or set DATABASE_URL."
            )
        time.sleep(0.05)


def _end(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    server.send_signal(how)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
