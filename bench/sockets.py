"""One event told to a thousand screens of one web process."""

import asyncio
import base64
import os
import time
from typing import Any

from bench.place import Place
from bench.shop import Shop, cookie_of, open_shop

SOCKETS = 1000
EVENTS = 5
#: Screens that open at the same time while the crowd comes in.
AT_ONCE = 25
PATIENCE = 20.0

Socket = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def measure(place: Place) -> list[dict[str, Any]]:
    """Return one row: milliseconds from the announcement to each screen's delta."""
    shop = open_shop("sockets")
    cookie = cookie_of(shop)
    conversation = _conversation(shop)
    with place.web() as web:
        cpu = place.cpu_seconds(web)
        times = asyncio.run(_watch(place.port, cookie, shop, conversation))
        used = place.cpu_seconds(web) - cpu
    times.sort()
    return [
        {
            "sockets": SOCKETS,
            "events": EVENTS,
            "p50 ms": times[len(times) // 2] * 1000,
            "p99 ms": times[int(len(times) * 0.99)] * 1000,
            "missed": SOCKETS * EVENTS - len(times),
            "CPU s with opening": used,
        }
    ]


async def _watch(port: int, cookie: str, shop: Shop, conversation: Any) -> list[float]:
    from inbox.realtime import announce

    gate = asyncio.Semaphore(AT_ONCE)

    async def enter() -> Socket:
        async with gate:
            return await _open(port, cookie)

    entered = await asyncio.gather(*[enter() for _ in range(SOCKETS)])
    times: list[float] = []
    for _ in range(EVENTS):
        waiting = [asyncio.create_task(_delta(reader)) for reader, _ in entered]
        await asyncio.sleep(0.2)
        begin = time.perf_counter()
        await asyncio.to_thread(announce, shop.workspace_id, conversations=[conversation])
        done, late = await asyncio.wait(waiting, timeout=PATIENCE)
        times += [task.result() - begin for task in done]
        for task in late:
            task.cancel()
    return times


async def _open(port: int, cookie: str) -> Socket:
    """Shake hands and wait for hello. The writer is kept: without it the connection closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /ws/inbox/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        f"Cookie: {cookie}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n", 1)[0]:
        raise ConnectionError(head.decode())
    while b'"hello"' not in await _frame(reader):
        pass
    return reader, writer


async def _delta(reader: asyncio.StreamReader) -> float:
    """Return when the next delta is here."""
    while b'"type":"delta"' not in await _frame(reader):
        pass
    return time.perf_counter()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """Return one frame of a server: never masked, never in parts."""
    _, size = await reader.readexactly(2)
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2))
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8))
    return await reader.readexactly(size)


def _conversation(shop: Shop) -> Any:
    from identity.tenancy import tenant_scope
    from inbox.services.receiving import Incoming, receive

    with tenant_scope(shop.workspace_id):
        return receive(
            Incoming(
                channel=shop.mail,
                provider_key="sockets",
                sender_kind="email",
                sender_value="dana@example.test",
                text="The pole is bent.",
            )
        ).conversation.pk
