"""A real IMAP server (pymap) for tests, and a mailbox on it with somebody else's hands."""

import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from channels_app.contract import Account

USER, PASSWORD = "support@shop.example", "s3cret"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
#: The real server, but with a password hash of one round: every test signs in several times.
START_PYMAP = """
import functools, pymap.config, pysasl.hashing
pymap.config.BuiltinHash = functools.partial(pysasl.hashing.BuiltinHash, rounds=1)
from pymap.main import main
main()
"""
_folders = itertools.count()


@pytest.fixture(scope="module")
def imap_server() -> Iterator[int]:
    """Return the port of a running IMAP server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", START_PYMAP,
         "--host", "127.0.0.1", "--port", str(port), "--no-service", "admin",
         "--no-service", "managesieve", "dict", "--demo-user", USER, "--demo-password", PASSWORD],
        stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                pytest.fail(f"pymap did not start: {process.communicate()[1].decode()[-2000:]}")
            time.sleep(0.05)
    yield port
    process.terminate()
    process.communicate(timeout=10)


class Mailbox:
    """One folder on the server, with the hands of whoever else uses the mailbox."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.folder = f"Box{next(_folders)}"
        self.box = MailBoxUnencrypted("127.0.0.1", port, timeout=10).login(USER, PASSWORD)
        self.box.folder.create(self.folder)

    def put(
        self,
        name: str,
        *,
        received: datetime = LATER,
        date: datetime | None = None,
        body: str = "Hello",
    ) -> None:
        """Deliver a mail."""
        sent = (date or received).strftime("%a, %d %b %Y %H:%M:%S +0000")
        raw = f"Message-ID: <{name}@x>\r\nDate: {sent}\r\nSubject: {name}\r\n\r\n{body}\r\n"
        self.box.append(raw.encode(), self.folder, dt=received)

    def flags(self, name: str) -> tuple[str, ...]:
        self.box.folder.set(self.folder)
        [found] = [mail for mail in self.box.fetch(mark_seen=False) if mail.subject == name]
        return found.flags

    def remove(self, name: str) -> None:
        self.box.folder.set(self.folder)
        self.box.delete(
            [mail.uid or "" for mail in self.box.fetch(mark_seen=False) if mail.subject == name]
        )

    def renumber(self) -> None:
        """Lose and restore the folder: same name, other UIDVALIDITY."""
        self.box.folder.set("INBOX")
        self.box.folder.delete(self.folder)
        self.box.folder.create(self.folder)

    def account(self, **given: Any) -> Account:
        settings = {"imap_host": "127.0.0.1", "imap_port": self.port, "imap_security": "none",
                    "imap_folder": self.folder, "imap_timeout": 5}  # fmt: skip
        secrets = given.pop("secrets", {"imap_password": PASSWORD})
        return Account("c1", "w1", USER, "Shop", settings | given, secrets)


@pytest.fixture
def mailbox(imap_server: int) -> Iterator["Mailbox"]:
    made = Mailbox(imap_server)
    yield made
    made.box.logout()
