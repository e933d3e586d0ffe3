"""The processes of one machine: what each is started with."""

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Any

from helpdesk.embedded import ROOT
from helpdesk.keyring import read_keyring
from helpdesk.running import demo_secret
from helpdesk.unprivileged import child_setup

QUEUES = "inbound,outbound,ai,default"
WORKER_PROCESSES = 2
SANDBOX_PORTS = {"http": 8025, "smtp": 1025}


def python(
    *arguments: str, environment: dict[str, str], sockets: tuple[socket.socket, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start one of our own Python processes; it dies with us, whatever kills us."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=[each.fileno() for each in sockets],
        preexec_fn=child_setup(parent_death=Signals(SIGKILL)),
    )


def schema_fingerprint() -> str:
    """Name the schema that this source wants: another one means migrating before anything starts."""
    digest = hashlib.sha256()
    for path in (
        *sorted(ROOT.glob("*/migrations/*.py")),
        ROOT / "helpdesk" / "roles.py",
        ROOT / "requirements.lock",  # other people's apps have migrations too
    ):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def sandbox_ports(state: dict[str, Any]) -> dict[str, int]:
    """Return the sandbox's ports: those of last time (the demo's channels name them) if still free."""
    return {
        name: _free_port(state.get("sandbox", {}).get(name, usual))
        for name, usual in SANDBOX_PORTS.items()
    }


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    return wanted


def names_of(host: str) -> list[str]:
    """Return the names under which people reach a server that listens on this address."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return list(dict.fromkeys([*names, host]))
    names.append(socket.gethostname())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing; asks which of our addresses would be used
        names.append(str(probe.getsockname()[0]))
    return names


def child_environment(
    *, data_dir: Path, host: str, port: int, demo: bool, sandbox: dict[str, int]
) -> dict[str, str]:
    """Return what all processes of this start share."""
    return {
        **(shop_app(data_dir) if demo else {}),
        "ALLOWED_HOSTS": ",".join(names_of(host)),
        **os.environ,
        "HELPDESK_DATA_DIR": str(data_dir),
        "HELPDESK_PORT": str(port),
        "HELPDESK_DEMO": "1" if demo else "0",
        "HELPDESK_SANDBOX_PORT": str(sandbox["http"]),
        "HELPDESK_SANDBOX_SMTP_PORT": str(sandbox["smtp"]),
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
        "PYTHONUNBUFFERED": "1",
        "LOG_TIMES": "0",  # the supervisor writes the time before every line
        # glibc keeps an arena for every thread; two are enough and save tens of megabytes.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
        # Celery would run all system checks once more; prepare has done that.
        "CELERY_SKIP_CHECKS": "1",
    }


def shop_app(data_dir: Path) -> dict[str, str]:
    """Return the app that product and sandbox agree on; the environment's own app wins."""
    secret_key = os.environ.get("SECRET_KEY") or read_keyring(data_dir)["secret_key"]
    return {
        "SHOPIFY_API_KEY": demo_secret(secret_key, "shopify-key"),
        "SHOPIFY_API_SECRET": demo_secret(secret_key, "shopify-secret"),
    }


def services(
    environment: dict[str, str], listeners: tuple[socket.socket, ...]
) -> dict[str, Callable[[], subprocess.Popen[bytes]]]:
    """Return how to start each process that needs a migrated database."""
    listening = ",".join(str(each.fileno()) for each in listeners)
    celery = ("-m", "celery", "--quiet", "-A", "helpdesk.celery")
    started: dict[str, Callable[[], subprocess.Popen[bytes]]] = {
        "web": lambda: python(
            "-m", "helpdesk.web", listening, environment=environment, sockets=listeners
        ),
        "worker": lambda: python(
            *(*celery, "worker", "-Q", QUEUES, "-c", str(WORKER_PROCESSES), "-n", "worker@%h"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            environment=environment | {"DATABASE_POOL_SIZE": "4"},
        ),
        "beat": lambda: python(
            *(*celery, "beat", "--pidfile="), environment=environment | {"HELPDESK_PROCESS": "beat"}
        ),
    }
    if environment["HELPDESK_DEMO"] == "1" and (ROOT / "sandbox" / "__main__.py").exists():
        started["sandbox"] = lambda: python("-m", "sandbox", environment=environment)
    return started
