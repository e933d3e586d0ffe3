"""A small HTTP client for load: keep-alive connections, requests built before the clock starts."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """``rate`` in answers per second, percentiles in milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float
    failed: int


def request(path: str, body: bytes, headers: dict[str, str], *, method: str = "POST") -> bytes:
    """Return one request as it goes on the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def closed_loop(port: int, requests: Sequence[bytes], *, clients: int) -> Load:
    """Send as fast as answers come back, over so many connections."""
    return asyncio.run(_run(port, requests, clients=clients, per_second=None))


def open_loop(port: int, requests: Sequence[bytes], *, per_second: float) -> Load:
    """Send at a fixed rate, whatever the answers do; late answers count from the planned time."""
    return asyncio.run(_run(port, requests, clients=16, per_second=per_second))


async def _run(
    port: int, requests: Sequence[bytes], *, clients: int, per_second: float | None
) -> Load:
    queue = list(reversed([(index, one) for index, one in enumerate(requests)]))
    times: list[float] = []
    failed = 0
    begin = time.perf_counter()

    async def client() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while queue:
            index, raw = queue.pop()
            planned = time.perf_counter()
            if per_second is not None:
                planned = begin + index / per_second
                await asyncio.sleep(max(0.0, planned - time.perf_counter()))
            writer.write(raw)
            status = await _answer(reader)
            times.append(time.perf_counter() - planned)
            failed += status not in {200, 201}
        writer.close()

    await asyncio.gather(*[client() for _ in range(clients)])
    took = time.perf_counter() - begin
    times.sort()
    return Load(
        rate=len(times) / took,
        p50=times[len(times) // 2] * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        failed=failed,
    )


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status == 204:
        return status
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return status
