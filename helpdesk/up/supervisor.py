"""The loop: start in order, watch, restart, end everything."""

import os
import selectors
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, cast

from helpdesk.embedded import Embedded
from helpdesk.running import read_state, take_welcome, write_state
from helpdesk.up.commands import (
    child_environment,
    python,
    sandbox_ports,
    schema_fingerprint,
    services,
)
from helpdesk.up.output import Output, say
from helpdesk.up.service import Service, describe_exit

#: Seconds the processes get to end by themselves, then the servers; together below ten.
STOP_PROCESSES = 5.0
STOP_SERVERS = 3.0
#: Seconds without any task started or ended (a heartbeat is due every 15 s) after which a worker
#: counts as deaf. Longer than a task may take (settings: CELERY_TASK_TIME_LIMIT).
DEAF_AFTER = 330.0
SERVER_START_TIMEOUT = 60.0


class PreparationFailedError(RuntimeError):
    """The database could not be made ready; what was printed says why."""


@dataclass
class Supervisor:
    """Owns every process of one data folder."""

    data_dir: Path
    listeners: tuple[socket.socket, ...]
    host: str
    port: int
    demo: bool
    stopping: bool = False
    announced: bool = False
    servers: dict[str, Service] = field(default_factory=dict)
    processes: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begun = time.monotonic()
        self.embedded = Embedded(self.data_dir)
        self.selector = selectors.DefaultSelector()
        self.output = Output(self.selector)
        self.sandbox = sandbox_ports(read_state(self.data_dir))
        self.environment = child_environment(
            data_dir=self.data_dir,
            host=self.host,
            port=self.port,
            demo=self.demo,
            sandbox=self.sandbox,
        )
        self._wake_on_signals()

    def _wake_on_signals(self) -> None:
        """Let SIGCHLD and the ending signals interrupt the wait in the loop."""
        reader, self._writer = socket.socketpair()
        for end in (reader, self._writer):
            end.setblocking(False)
        self.selector.register(reader, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means what it says
            signal.signal(signal.SIGHUP, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    # --- Start -----------------------------------------------------------------------------

    def run(self) -> int:
        """Run until told to stop. Returns the exit code."""
        try:
            self._start_servers()
            say(f"PostgreSQL and Valkey answer ({self._seconds():.1f} s)")
            known = read_state(self.data_dir).get("schema") == schema_fingerprint()
            if known and not self.stopping:  # nothing to migrate: the processes need not wait
                self._start_processes()
            self._prepare()
            if not known and not self.stopping:
                self._start_processes()
            if not self.stopping:
                say(f"the database is up to date ({self._seconds():.1f} s)")
                self._note(schema=schema_fingerprint())
            while not self.stopping:
                self._wait(1.0 if self.announced else 0.1)
                self._revive()
                self._announce()
        except PreparationFailedError as error:
            say(str(error))
            return 1
        finally:
            self._stop_all()
        return 0

    def _start_servers(self) -> None:
        if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
            self.embedded.prepare()
        if not os.environ.get("DATABASE_URL"):
            self.servers["postgres"] = Service(
                "postgres",
                self._start_postgres,
                stop_signal=signal.SIGINT,
                insist_signal=signal.SIGQUIT,
            )
        if not os.environ.get("REDIS_URL"):
            self.servers["valkey"] = Service(
                "valkey", lambda: self.embedded.start_valkey(subprocess.PIPE)
            )
        for server in self.servers.values():
            self._launch(server)
        deadline = time.monotonic() + SERVER_START_TIMEOUT
        while not self.stopping and not self._servers_answer():
            if time.monotonic() > deadline:
                raise PreparationFailedError("PostgreSQL or Valkey did not start in time.")
            self._wait(0.03)
            self._revive()

    def _start_postgres(self) -> subprocess.Popen[bytes]:
        self.embedded.prepare()
        return self.embedded.start_postgres(subprocess.PIPE)

    def _servers_answer(self) -> bool:
        if "valkey" in self.servers and not _accepts(self.embedded.valkey_socket):
            return False
        return "postgres" not in self.servers or self.embedded.postgres_is_ready()

    def _prepare(self) -> None:
        """Bring roles, schema and demo up to date in a process of its own, and wait for it."""
        if self.stopping:
            return
        take_welcome(self.data_dir)  # one that nobody read
        preparing = python("manage.py", "prepare", "--welcome", environment=self.environment)
        self.output.follow("prepare", preparing)
        while preparing.poll() is None:
            if self.stopping:
                preparing.terminate()
            self._wait(0.2)
            self._revive()
            self._announce()
        self._wait(0)
        if preparing.returncode != 0 and not self.stopping:
            raise PreparationFailedError("The database could not be prepared, so nothing runs.")

    def _start_processes(self) -> None:
        for name, start in services(self.environment, self.listeners).items():
            insist = signal.SIGQUIT if name == "worker" else None
            self.processes[name] = Service(name, start, insist_signal=insist)
            self._launch(self.processes[name])

    def _announce(self) -> None:
        """Print address and sign-in link, once, when the first page can be served."""
        waiting = not self.announced and not self.stopping and "web" in self.processes
        if not waiting or not _answers_http(self.port):
            return
        lines = take_welcome(self.data_dir)
        if lines is not None:
            self.announced = True
            say(f"ready: http://localhost:{self.port} ({self._seconds():.1f} s)")
            for line in lines:
                say(line)

    def _seconds(self) -> float:
        return time.monotonic() - self.begun

    # --- Watch -----------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        for key, _events in self.selector.select(seconds):
            if key.data is None:
                cast("socket.socket", key.fileobj).recv(4096)
            else:
                self.output.read(cast("IO[bytes]", key.fileobj), key.data)

    def _revive(self) -> None:
        """Name who died, and start whoever's pause is over."""
        self._end_deaf_worker()
        for service in (*self.servers.values(), *self.processes.values()):
            code = service.collect()
            if code is not None and not self.stopping:
                say(f"{service.name} {describe_exit(code)}; starting it again")
            if not self.stopping and not service.running and time.monotonic() >= service.due_at:
                self._launch(service)

    def _end_deaf_worker(self) -> None:
        """Celery on Redis has had reconnect bugs: a worker that takes no tasks looks healthy."""
        worker = self.processes.get("worker")
        if worker is None or not worker.running:
            return
        if is_deaf(self.data_dir / "heartbeat", runs_for=time.monotonic() - worker.started_at):
            say("worker takes no tasks any more; ending it")
            worker.signal_group(signal.SIGKILL)

    def _launch(self, service: Service) -> None:
        try:
            process = service.launch()
        except (OSError, RuntimeError) as error:
            say(f"{service.name} could not be started: {error}")
            service.due_at = time.monotonic() + service.pause
            service.failures += 1
            return
        self.output.follow(service.name, process)
        self._note()

    def _note(self, **more: Any) -> None:
        state = read_state(self.data_dir)
        running = {**self.servers, **self.processes}
        write_state(
            self.data_dir,
            {
                **state,
                "pid": os.getpid(),
                "port": self.port,
                "demo": self.demo,
                "sandbox": self.sandbox,
                "processes": {
                    name: each.process.pid for name, each in running.items() if each.process
                },
                **more,
            },
        )

    # --- End -------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        self.stopping = True
        say("stopping")
        self._end(self.processes, STOP_PROCESSES)
        self._end(self.servers, STOP_SERVERS)
        self._wait(0)
        state = read_state(self.data_dir)
        for key in ("pid", "processes"):
            state.pop(key, None)
        write_state(self.data_dir, state)
        say("stopped")

    def _end(self, services: dict[str, Service], seconds: float) -> None:
        """Ask politely, then insist, then kill."""
        begun = time.monotonic()
        insisted = False
        for service in services.values():
            service.signal(service.stop_signal)
        while any(service.running for service in services.values()):
            elapsed = time.monotonic() - begun
            if elapsed > seconds:
                break
            if elapsed > seconds / 2 and not insisted:
                insisted = True
                for service in services.values():
                    if service.insist_signal is not None:
                        service.signal(service.insist_signal)
            self._wait(0.05)
            for service in services.values():
                service.collect()
        for service in services.values():
            if service.running:
                say(f"{service.name} did not end by itself; killing it")
                service.signal_group(signal.SIGKILL)


def is_deaf(mark: Path, *, runs_for: float) -> bool:
    """Tell whether a worker that runs for so many seconds has long stopped taking tasks."""
    try:
        silent_for = time.time() - mark.stat().st_mtime
    except FileNotFoundError:
        silent_for = runs_for
    return min(silent_for, runs_for) > DEAF_AFTER


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _answers_http(port: int) -> bool:
    """Ask for /healthz. The listening socket is ours, so a connection alone proves nothing."""
    try:
        with socket.create_connection(("localhost", port), timeout=0.5) as probe:
            probe.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return probe.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
