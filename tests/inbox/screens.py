"""An agent's screen without a browser: it keeps rows and one thread exactly as the island does."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from identity.models import Membership
from tests.inbox.conftest import signed_in

ALL = "open,waiting,snoozed,closed,spam,trash"


class Screen:
    """Live news in, fetches after gaps; ``rows`` and ``thread`` are what a person would see."""

    def __init__(self, url: str, member: Membership) -> None:
        self.url = url
        cookie = signed_in(member).cookies["sessionid"].value
        self.cookie = f"sessionid={cookie}"
        self.http = httpx.Client(
            base_url=f"{url}/api/v1/", headers={"Cookie": self.cookie}, timeout=20
        )
        self.line: ClientConnection | None = None
        self.seq: int | None = None
        self.rows: dict[str, dict[str, Any]] = {}
        self.thread: dict[str, dict[str, Any]] = {}
        self.watched: str | None = None
        self.frames: list[dict[str, Any]] = []
        self.fetches = 0

    def connect(self, *, origin: str = "", cookie: str | None = None) -> None:
        parts = urlsplit(self.url)
        line = connect(
            f"ws://{parts.netloc}/ws/inbox/",
            origin=Origin(origin or self.url),
            additional_headers={"Cookie": self.cookie if cookie is None else cookie},
            compression=None,
            legacy=True,  # left by hand: most of these lines are cut, not closed
        )
        self.line = line
        if self.watched:
            self.say(type="watch", conversation=self.watched)

    def cut(self) -> None:
        """Lose the line as a phone in a tunnel does: no closing handshake."""
        if self.line is not None:
            self.line.socket.close()
            self.line = None

    def say(self, **frame: Any) -> None:
        assert self.line is not None
        self.line.send(json.dumps(frame))

    def watch(self, conversation: str) -> None:
        self.watched = conversation
        self.say(type="watch", conversation=conversation)
        self.fetch_thread()

    def pump(self, seconds: float) -> None:
        """Take in what arrives within a time."""
        deadline = time.monotonic() + seconds
        while self.line is not None and (left := deadline - time.monotonic()) > 0:
            try:
                self.take(json.loads(self.line.recv(timeout=left)))
            except TimeoutError:
                return

    def until(self, done: Callable[[], Any], *, within: float = 10.0) -> Any:
        """Take in what arrives until the screen shows something."""
        deadline = time.monotonic() + within
        while not (answer := done()):
            left = deadline - time.monotonic()
            assert left > 0, f"not within {within} s; last frames: {self.frames[-5:]}"
            self.pump(min(left, 0.1))
        return answer

    def closed(self, within: float = 10.0) -> int:
        """Wait for the other side to close, and return its code."""
        assert self.line is not None
        with pytest.raises(ConnectionClosed) as ended:
            self._read_to_the_end(within)
        assert ended.value.rcvd is not None
        return ended.value.rcvd.code

    def _read_to_the_end(self, within: float) -> None:
        assert self.line is not None
        while True:
            self.line.recv(timeout=within)

    def take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        kind = frame["type"]
        if kind in {"hello", "tick"}:
            whole = self.seq == frame["seq"]
            self.seq = frame["seq"]
            if not whole:
                self.fetch()
            elif kind == "hello":
                self.fetch_thread()
        elif kind == "delta":
            self.take_delta(frame)
        elif kind == "messages" and frame["conversation"] == self.watched:
            for message in frame["messages"]:
                self.thread[message["id"]] = message
            for gone in frame["gone"]:
                self.thread.pop(gone, None)

    def take_delta(self, frame: dict[str, Any]) -> None:
        if self.seq is not None and frame["seq"] <= self.seq:
            return
        whole = frame["from"] == self.seq
        self.seq = frame["seq"]
        for row in frame["conversations"]:
            self.rows[row["id"]] = row
        if not whole:
            self.fetch()

    def fetch(self) -> None:
        self.fetches += 1
        self.rows = self.fresh_rows()
        self.fetch_thread()

    def fetch_thread(self) -> None:
        if self.watched:
            self.thread = self.fresh_thread(self.watched)

    def fresh_rows(self) -> dict[str, dict[str, Any]]:
        page = self.http.get("conversations", params={"status": ALL, "limit": 100}).json()
        return {row["id"]: row for row in page["results"]}

    def fresh_thread(self, conversation: str) -> dict[str, dict[str, Any]]:
        page = self.http.get(f"conversations/{conversation}/messages", params={"limit": 100})
        return {message["id"]: message for message in page.json()["results"]}
