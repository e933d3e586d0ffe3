"""A bounded queue in front of one socket: whoever reads too slowly is let go, not waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Frames and characters that may wait for one reader; a busy second is a few dozen frames.
MOST_FRAMES = 500
MOST_CHARACTERS = 4_000_000
TOO_SLOW = 4408


class Outlet:
    """Sends texts to one ASGI socket in order. ``push`` never waits and is safe after the end."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: asyncio.Queue[str | int] = asyncio.Queue()
        self._characters = 0
        self.closed = False

    def push(self, text: str) -> None:
        """Queue one text frame; close the socket with 4408 when too much waits."""
        if self.closed:
            return
        if self._waiting.qsize() >= MOST_FRAMES or self._characters > MOST_CHARACTERS:
            self._drop_waiting()
            self.close(TOO_SLOW)
            return
        self._characters += len(text)
        self._waiting.put_nowait(text)

    def close(self, code: int) -> None:
        """End the socket with this code, behind whatever already waits."""
        if not self.closed:
            self.closed = True
            self._waiting.put_nowait(code)

    async def run(self) -> None:
        """Send until closed; returns once the close frame left or the other side is gone."""
        while True:
            item = await self._waiting.get()
            if isinstance(item, int):
                await self._quietly({"type": "websocket.close", "code": item})
                return
            self._characters -= len(item)
            if not await self._quietly({"type": "websocket.send", "text": item}):
                self.closed = True
                return

    async def _quietly(self, message: dict[str, Any]) -> bool:
        """Send; a peer that is already gone is the reader's business, not an error."""
        try:
            await self._send(message)
        except (OSError, RuntimeError):
            return False
        return True

    def _drop_waiting(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._characters = 0
