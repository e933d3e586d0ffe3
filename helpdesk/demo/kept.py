"""What the demo made up once and keeps: ``<data dir>/demo.json``, mode 600.

Passwords and keys stay the same from call to call, and after ``bin/up --fresh`` too, so that whoever
noted them down can go on using them.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def kept_facts(data_dir: Path) -> Iterator["Kept"]:
    """Yield the kept facts and write them back; one process at a time."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = Kept(data_dir / "demo.json")
        yield kept
        kept.write()


class Kept:
    """Names and values; one that is missing is made up when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._facts: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            self._facts = {}

    def secret(self, name: str) -> str:
        """Return the secret of this name, the same every time."""
        return str(self._facts.setdefault(name, secrets.token_urlsafe(18)))

    def get(self, name: str) -> str:
        """Return a fact, or "" when it was never set."""
        return str(self._facts.get(name, ""))

    def set(self, name: str, value: str) -> None:
        """Keep a fact."""
        self._facts[name] = value

    def write(self) -> None:
        """Replace the file in one step, readable by its owner only."""
        unfinished = self._path.with_suffix(".json.new")
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(self._facts, file, indent=2, sort_keys=True)
        unfinished.replace(self._path)
