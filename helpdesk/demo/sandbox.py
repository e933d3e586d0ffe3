"""Where the provider sandbox answers, and telling it which mailboxes are ours.

The sandbox is a program of its own that the product does not import: it is found by its ports.
"""

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.foundation.http import client
from helpdesk.running import read_state

DEFAULT_HTTP, DEFAULT_SMTP = 8025, 1025


@dataclass(frozen=True, slots=True)
class SandboxPorts:
    """Ports on this machine."""

    http: int
    smtp: int

    @property
    def url(self) -> str:
        """Return the address of the sandbox's pages."""
        return f"http://127.0.0.1:{self.http}"


def sandbox_ports(data_dir: Path) -> SandboxPorts:
    """Return the ports of the running sandbox, or those it is going to take.

    What runs wins: the supervisor's notes, then the sandbox's own; the environment names them for a
    start to come.
    """
    noted = read_state(data_dir).get("sandbox") or _own_notes(data_dir)
    return SandboxPorts(
        http=_port(noted.get("http"), "HELPDESK_SANDBOX_PORT", DEFAULT_HTTP),
        smtp=_port(noted.get("smtp"), "HELPDESK_SANDBOX_SMTP_PORT", DEFAULT_SMTP),
    )


def register_mailboxes(data_dir: Path, mailboxes: Sequence[dict[str, str]]) -> None:
    """Tell the sandbox whose mail to carry to which hook: now if it runs, by its file if not."""
    ports = sandbox_ports(data_dir)
    if not listens(ports.http):
        _leave_note(data_dir, mailboxes)
        return
    with client(purpose="demo.sandbox", schemes=("http",), timeout=2.0) as web:
        for mailbox in mailboxes:
            web.post(f"{ports.url}/mailboxes", json=mailbox).raise_for_status()


def listens(port: int) -> bool:
    """Say whether the sandbox runs."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _leave_note(data_dir: Path, mailboxes: Sequence[dict[str, str]]) -> None:
    path = data_dir / "sandbox" / "mailboxes.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {one["address"]: one for one in _read_json(path, [])}
    known |= {one["address"]: one for one in mailboxes}
    path.write_text(json.dumps(list(known.values())))


def _own_notes(data_dir: Path) -> dict[str, Any]:
    notes: dict[str, Any] = _read_json(data_dir / "sandbox" / "ports.json", {})
    return notes


def _read_json(path: Path, default: Any) -> Any:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return default


def _port(noted: Any, variable: str, default: int) -> int:
    return int(noted or os.environ.get(variable) or default)
