"""From acknowledged events to messages: rate, CPU and statements, with one and two workers."""

import time
from typing import Any

from bench.place import Place
from bench.shop import Shop, mail, open_shop

COUNT = 3000


def measure(place: Place) -> list[dict[str, Any]]:
    """Return a row per number of worker processes; CPU counts workers and PostgreSQL."""
    rows = [_run(place, processes) for processes in (1, 2)]
    return [{**row, "statements each": _statements()} for row in rows]


def _run(place: Place, processes: int) -> dict[str, Any]:
    from channels_app.tasks import sweep

    shop = open_shop(f"intake{processes}")
    with place.worker(processes) as worker:
        _store(shop, 100, start=1_000_000)  # warms code, plans and caches
        sweep()
        _wait(shop, 100)
        _store(shop, COUNT, start=0)
        cpu = place.cpu_seconds(worker)
        begin = time.perf_counter()
        sweep()
        _wait(shop, COUNT + 100)
        took = time.perf_counter() - begin
        used = place.cpu_seconds(worker) - cpu
    return {
        "workers": processes,
        "messages per second": COUNT / took,
        "CPU s per 1,000": used / COUNT * 1000,
        "ms CPU each": used / COUNT * 1000,
    }


def _store(shop: Shop, count: int, *, start: int) -> None:
    """Make events durable as the hook does, without waking anybody."""
    from channels_app.registry import adapter_for
    from channels_app.services import ingest_raw_event, route_of

    route = route_of(shop.mail.pk)
    assert route is not None
    for number in range(start, start + count):
        body = mail(number, to=shop.mail.address)
        keys = adapter_for("email").keys(body, {}, "raw")
        ingest_raw_event(route=route, source="email/raw", body=body, headers={}, keys=keys)


def _wait(shop: Shop, count: int) -> None:
    from identity.tenancy import tenant_scope
    from inbox.models import Message

    deadline = time.monotonic() + 300
    while True:
        with tenant_scope(shop.workspace_id):
            done = Message.objects.count()
        if done >= count:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {done} of {count} messages came of the events")
        time.sleep(0.02)


def _statements() -> int:
    """Count the statements of one mail from claim to commit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from channels_app import processing

    shop = open_shop(f"statements{time.monotonic_ns()}")
    _store(shop, 11, start=5_000_000)
    processing.drain()
    _store(shop, 10, start=5_000_100)
    with CaptureQueriesContext(connection) as captured:
        processing.drain()
    return round(len(captured) / 10)
