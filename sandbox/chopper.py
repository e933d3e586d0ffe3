"""A TCP proxy that cuts the line at a chosen byte, or answers a line in the server's place."""

import re
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType


@dataclass
class Cut:
    """Cut when ``needle`` came by and ``after`` more bytes were let through."""

    needle: bytes
    after: int
    times: int


@dataclass
class Refusal:
    """Answer ``<tag> NO`` to client lines that match, instead of passing them on."""

    pattern: re.Pattern[bytes]
    answer: bytes


class ChoppingProxy:
    """``with ChoppingProxy(port) as proxy:`` listens on ``proxy.port``."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._cuts: list[Cut] = []
        self._refusals: list[Refusal] = []
        self._pauses: list[tuple[bytes, float]] = []
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        #: Set once the client said IDLE.
        self.idling = threading.Event()

    def cut(self, needle: bytes, *, after: int = 0, times: int = 1) -> None:
        """Cut the next ``times`` connections in which the server says ``needle``."""
        self._cuts.append(Cut(needle, after, times))

    def refuse(self, pattern: bytes, answer: bytes = b"NO [SERVERBUG] Cannot") -> None:
        """Refuse client lines that match from now on."""
        self._refusals.append(Refusal(re.compile(pattern), answer))

    def pause(self, needle: bytes, seconds: float) -> None:
        """Let what the server says after ``needle`` arrive this much later."""
        self._pauses.append((needle, seconds))

    def hang_up(self) -> None:
        """Cut every open connection now."""
        for end in self._open:
            _close(end)

    def __enter__(self) -> "ChoppingProxy":
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _close(self._listener)
        self.hang_up()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self._target_port))
            self._open += [client, server]
            self._start(self._upwards, client, server)
            self._start(self._downwards, client, server)

    def _upwards(self, client: socket.socket, server: socket.socket) -> None:
        """Client to server, line by line."""
        pending = b""
        while chunk := _read(client):
            pending += chunk
            *lines, pending = pending.split(b"\r\n")
            for line in lines:
                if line.endswith(b" IDLE"):
                    self.idling.set()
                if not self._refused(line, client):
                    _write(server, line + b"\r\n")
        _close(server)

    def _refused(self, line: bytes, client: socket.socket) -> bool:
        for refusal in self._refusals:
            if refusal.pattern.search(line):
                _write(client, line.split(b" ", 1)[0] + b" " + refusal.answer + b"\r\n")
                return True
        return False

    def _downwards(self, client: socket.socket, server: socket.socket) -> None:
        """Server to client, byte by byte where a cut may come."""
        said = b""
        while chunk := _read(server):
            start = len(said)
            said += chunk
            cut = self._cut_in(said)
            if cut is None:
                self._pass_on(client, chunk)
                continue
            _write(client, said[start:cut])
            break
        _close(client)
        _close(server)

    def _pass_on(self, client: socket.socket, chunk: bytes) -> None:
        for needle, seconds in self._pauses:
            before, found, after = chunk.partition(needle)
            if found:
                _write(client, before + found)
                time.sleep(seconds)
                chunk = after
        _write(client, chunk)

    def _cut_in(self, said: bytes) -> int | None:
        """Return the length after which to cut, when it has been reached."""
        for cut in self._cuts:
            found = said.find(cut.needle) if cut.times else -1
            if found >= 0 and len(said) >= found + len(cut.needle) + cut.after:
                cut.times -= 1
                return found + len(cut.needle) + cut.after
        return None


def _read(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _write(end: socket.socket, data: bytes) -> None:
    try:
        end.sendall(data)
    except OSError:
        _close(end)


def _close(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        end.close()
