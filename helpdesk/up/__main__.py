"""``bin/up`` and ``manage.py up``: check, take the lock and the port, then supervise."""

import argparse
import errno
import fcntl
import shutil
import socket
import sys
from pathlib import Path
from typing import IO

from helpdesk.embedded import EmbeddedServerError, default_data_dir, make_data_dir
from helpdesk.running import DEFAULT_PORT, read_state
from helpdesk.unprivileged import ServerUserError
from helpdesk.up.supervisor import Supervisor

#: What ``--fresh`` forgets. The secrets stay: tokens and links printed earlier keep their keys.
DATA = (
    "postgres",
    "postgres.unfinished",
    "valkey",
    "media",
    "state.json",
    "sandbox",
    "heartbeat",
    "beat-schedule*",
)


class StartRefusedError(RuntimeError):
    """We don't start; the text is the sentence for the person who tried."""


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the options of the outward contract."""
    parser = argparse.ArgumentParser(prog="bin/up", description="Start everything on this machine.")
    parser.add_argument("--port", type=int, help=f"default: {DEFAULT_PORT}")
    parser.add_argument("--host", default="localhost", help="address to listen on")
    parser.add_argument("--no-demo", action="store_true", help="no demo workspace, no sandbox")
    parser.add_argument("--fresh", action="store_true", help="delete all data first")
    return parser.parse_args(arguments)


def take_lock(data_dir: Path) -> IO[str]:
    """Hold the data folder for as long as this process lives, however it ends."""
    make_data_dir(data_dir)
    lock = (data_dir / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        state = read_state(data_dir)
        raise StartRefusedError(
            f"Helpdesk already runs with the data in {data_dir}: "
            f"http://localhost:{state.get('port', DEFAULT_PORT)} (process {state.get('pid')})."
        ) from None
    return lock


def listen(host: str, port: int) -> tuple[socket.socket, ...]:
    """Take the port on every address of the host. We keep it while web restarts."""
    listeners = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise StartRefusedError(f"{host} is no address of this machine.") from None
    for family, kind, protocol, _name, address in dict.fromkeys(found):
        try:
            listener = socket.socket(family, kind, protocol)
        except OSError:
            continue  # this machine has no IPv6
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            listener.bind(address)
            listener.listen(2048)
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRNOTAVAIL and family == socket.AF_INET6:
                continue
            raise StartRefusedError(_why_not(host, port, error)) from None
        listeners.append(listener)
    if not listeners:
        raise StartRefusedError(f"{host} is no address of this machine.")
    return tuple(listeners)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is busy: another program listens on it. Try bin/up --port {port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root. Try bin/up --port 8000."
    return f"{host} port {port} can't be used: {error.strerror}."


def forget(data_dir: Path) -> None:
    """Delete the data of this installation, and nothing else in the folder."""
    for path in (found for pattern in DATA for found in data_dir.glob(pattern)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """Start, or say in one sentence why not."""
    options = parse(arguments)
    data_dir = default_data_dir()
    port = options.port or DEFAULT_PORT
    try:
        lock = take_lock(data_dir)
        listeners = listen(options.host, port)
        with lock:
            if options.fresh:
                forget(data_dir)
            return Supervisor(
                data_dir=data_dir,
                listeners=listeners,
                host=options.host,
                port=port,
                demo=not options.no_demo,
            ).run()
    except (StartRefusedError, EmbeddedServerError, ServerUserError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(f"{error.filename} may not be written by this user: {error.strerror}.\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
