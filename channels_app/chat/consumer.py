"""``/ws/widget/``: a visitor's socket. The frames are in README.md."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http.request import validate_host

from channels_app.chat.parse import FrameError, read_frame
from channels_app.chat.window import BAD_FRAME, Window
from inbox.realtime import Outlet

logger = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Seconds a new socket has for its hello.
HELLO_WITHIN = 5.0
NO_HELLO = 4408
#: Frames a browser may send in a second, on average; typing and reading are a few.
PER_SECOND = 20
TOO_MANY = 4429
#: Frames that can't be read before we stop listening.
MOST_FAULTS = 10
#: Seconds that a closing socket gets for what still waits.
GRACE = 3.0


async def widget_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one socket until either side closes it."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    outlet = Outlet(send)
    window = Window(outlet, origin=headers.get("origin"), host=own_host(headers.get("host", "")))
    sending = asyncio.create_task(outlet.run())
    hearing = asyncio.create_task(_hear(receive, window, outlet))
    try:
        await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done() and hearing.exception() is not None:
            logger.error("chat.socket_failed", exc_info=hearing.exception())
            outlet.close(1011)
    finally:
        hearing.cancel()
        window.leave()
        if outlet.closed and not sending.done():
            await asyncio.wait({sending}, timeout=GRACE)
        sending.cancel()


def own_host(host: str) -> str:
    """Return the Host a request named if it is one of ours, else ""."""
    name = urlsplit(f"//{host}").hostname or ""
    return host if validate_host(name, settings.ALLOWED_HOSTS) else ""


async def _hear(receive: Receive, window: Window, outlet: Outlet) -> None:
    """Read frames until the browser goes or breaks a rule."""
    try:
        first = await asyncio.wait_for(_text(receive), HELLO_WITHIN)
    except TimeoutError:
        outlet.close(NO_HELLO)
        return
    if first is None or not await _enter(first, window, outlet):
        return
    allowance, at, faults = float(PER_SECOND), time.monotonic(), 0
    while (text := await _text(receive)) is not None:
        now = time.monotonic()
        allowance, at = min(allowance + (now - at) * PER_SECOND, PER_SECOND * 2), now
        allowance -= 1
        if allowance < 0:
            outlet.close(TOO_MANY)
            return
        try:
            frame = read_frame(text)
        except FrameError as error:
            window.complain(error)
            faults += 1
            if faults > MOST_FAULTS:
                outlet.close(BAD_FRAME)
                return
            continue
        if not await window.act(frame, text):
            return


async def _enter(first: str, window: Window, outlet: Outlet) -> bool:
    try:
        return await window.enter(read_frame(first))
    except FrameError as error:
        window.complain(error)
        outlet.close(BAD_FRAME)
        return False


async def _text(receive: Receive) -> str | None:
    """Return the next text frame; None when the browser has gone. Bytes count as a bad frame."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        return None
    return message.get("text") or ""
