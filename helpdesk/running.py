"""What the running installation says about itself, and addresses derived from it."""

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

DEFAULT_PORT = 8000
DEFAULT_SANDBOX_PORT = 8025


def state_file(data_dir: Path) -> Path:
    """Return where the supervisor notes its port and processes."""
    return data_dir / "state.json"


def read_state(data_dir: Path) -> dict[str, Any]:
    """Return the supervisor's notes; empty when it never ran here."""
    try:
        state: dict[str, Any] = json.loads(state_file(data_dir).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return state


def write_state(data_dir: Path, state: dict[str, Any]) -> None:
    """Replace the notes."""
    _write(state_file(data_dir), json.dumps(state, indent=2))


def leave_welcome(data_dir: Path, lines: list[str]) -> None:
    """Leave what the supervisor prints once the first page can be served: a link to sign in."""
    _write(data_dir / "welcome", "\n".join(lines))


def take_welcome(data_dir: Path) -> list[str] | None:
    """Return those lines and forget them, or None when they are not there yet."""
    path = data_dir / "welcome"
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None
    path.unlink()
    return lines


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader never sees half of it; for our eyes only."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)


def running_base_url(data_dir: Path) -> str:
    """Return where this installation answers. ``localhost``, because passkeys refuse 127.0.0.1."""
    port = os.environ.get("HELPDESK_PORT") or read_state(data_dir).get("port") or DEFAULT_PORT
    return f"http://localhost:{port}"


def sandbox_url(data_dir: Path) -> str:
    """Return where the provider sandbox answers, in demo mode."""
    noted = read_state(data_dir).get("sandbox") or {}
    port = os.environ.get("HELPDESK_SANDBOX_PORT") or noted.get("http") or DEFAULT_SANDBOX_PORT
    return f"http://127.0.0.1:{port}"


def demo_secret(secret_key: str, name: str) -> str:
    """Return a secret that product and sandbox both derive, the same at every start."""
    return hmac.new(secret_key.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]


def broker_url(redis_url: str) -> str:
    """Return the address in the form Celery takes: it names sockets differently."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    password = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{password}{parts.path}?virtual_host={database}"
