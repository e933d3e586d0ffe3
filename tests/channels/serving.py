"""The real server on a loopback port, in the test's own event loop, and a browser's socket to it."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from channels_app.chat.window import in_thread
from inbox.realtime import hub

#: What a slow, shared machine may take; nothing waits this long when it works.
PATIENCE = 15.0


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """Serve ``helpdesk.asgi`` as the web process does; yields ``host:port``."""
    from helpdesk.asgi import application

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, lifespan="off", ws="websockets-sansio", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        await hub.stop()


class Line:
    """One socket of a browser."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.heard: list[dict[str, Any]] = []

    async def tell(self, **frame: Any) -> None:
        await self.ws.send(json.dumps(frame))

    async def hear(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """Return the next frame of a kind, passing over others."""
        deadline = time.monotonic() + PATIENCE
        while True:
            text = await asyncio.wait_for(self.ws.recv(), deadline - time.monotonic())
            frame: dict[str, Any] = json.loads(text)
            self.heard.append(frame)
            if frame["type"] == kind and all(
                frame.get(name) == one for name, one in wanted.items()
            ):
                return frame

    async def closing(self) -> int:
        """Return the code the server closes with."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.heard.append(json.loads(await asyncio.wait_for(self.ws.recv(), PATIENCE)))
        return self.ws.close_code or 0

    def cut(self) -> None:
        """Lose the connection the hard way: no good-bye."""
        self.ws.transport.abort()


@asynccontextmanager
async def line(
    host: str, token: str | None = None, *, after_seq: int | None = None, origin: str | None = None
) -> AsyncIterator[Line]:
    """Open a socket; with a token, say hello and wait until it is ready."""
    async with connect(f"ws://{host}/ws/widget/", origin=origin) as ws:  # type: ignore[arg-type]
        opened = Line(ws)
        if token is not None:
            await opened.tell(type="hello", token=token, after_seq=after_seq)
            await opened.hear("ready")
        yield opened


async def until(check: Callable[[], Any], what: str = "it") -> Any:
    """Ask the database again and again until the answer is true; fail after a while."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = await in_thread(check)
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not happen"
        await asyncio.sleep(0.02)


async def soon(check: Callable[[], Awaitable[bool]]) -> None:
    """The same for a question to be awaited."""
    deadline = time.monotonic() + PATIENCE
    while not await check():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
