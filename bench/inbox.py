"""The agent's daily requests at 100,000 conversations: list, thread, reply, search."""

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bench.crowd import COMMON, LONG, RARE, gather
from bench.load import Load, closed_loop, request
from bench.orders import ORDERS, connect_shop
from bench.place import Place
from bench.shop import Shop, open_shop

#: ``BENCH_CONVERSATIONS=1000000`` measures at a million.
COUNT = int(os.environ.get("BENCH_CONVERSATIONS", "100000"))
TIMES = 200
CLIENTS = 8


def measure(place: Place) -> list[dict[str, Any]]:
    """Return a row per request: alone and with eight clients."""
    shop = open_shop("inbox")
    gather(shop, COUNT)
    key = _key(shop)
    long = _long_threads(shop)
    threads = [f"/api/v1/conversations/{pk}" for pk in long]
    asked: dict[str, tuple[str, Sequence[str]]] = {
        "list of 50 open": ("GET", ["/api/v1/conversations?status=open&limit=50"]),
        "list of 50 closed": ("GET", ["/api/v1/conversations?status=closed&limit=50"]),
        "counts": ("GET", ["/api/v1/counts"]),
        "conversation": ("GET", threads),
        f"its {LONG} messages": ("GET", [f"{path}/messages?limit={LONG}" for path in threads]),
        "search, rare word": ("GET", [f"/api/v1/search?q={RARE}&limit=25"]),
        "search, common word": ("GET", [f"/api/v1/search?q={COMMON}&limit=25"]),
        "reply stored and queued": ("POST", [f"{path}/messages" for path in threads]),
    }
    with place.web() as web:
        rows = [_measured(place, web, name, *what, key) for name, what in asked.items()]
        connect_shop(shop, long)
        beside = f"conversation, {ORDERS} orders beside it"
        return [*rows, _measured(place, web, beside, "GET", threads, key)]


def _measured(
    place: Place,
    web: "subprocess.Popen[bytes]",
    name: str,
    method: str,
    paths: Sequence[str],
    key: str,
) -> dict[str, Any]:
    closed_loop(place.port, _requests(method, paths, key, 30), clients=CLIENTS)
    alone = closed_loop(place.port, _requests(method, paths, key, TIMES), clients=1)
    before = place.cpu_seconds(web)
    busy = closed_loop(place.port, _requests(method, paths, key, 2 * TIMES), clients=CLIENTS)
    used = (place.cpu_seconds(web) - before) / (2 * TIMES) * 1000
    return {
        **_row(name, alone, busy),
        "CPU ms": used,
        "statements": _statements(method, paths[0], key),
    }


def _row(name: str, alone: Load, busy: Load) -> dict[str, Any]:
    return {
        "request": name,
        "conversations": COUNT,
        "p50 ms": alone.p50,
        "p95 ms": alone.p95,
        "p95 ms, 8 clients": busy.p95,
        "failed": alone.failed + busy.failed,
    }


def _requests(method: str, paths: Sequence[str], key: str, count: int) -> list[bytes]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = b"" if method == "GET" else json.dumps({"body": "We send a new pole today."}).encode()
    return [request(paths[n % len(paths)], body, headers, method=method) for n in range(count)]


def _key(shop: Shop) -> str:
    from identity.models import Membership
    from identity.services.api_tokens import create_api_token
    from identity.tenancy import tenant_scope

    with tenant_scope(shop.workspace_id):
        member = Membership.objects.get()
        return create_api_token(membership=member, name="bench", scopes=["read", "write"])[1]


def _long_threads(shop: Shop) -> list[UUID]:
    from identity.tenancy import tenant_scope
    from inbox.models import Conversation

    with tenant_scope(shop.workspace_id):
        found = Conversation.objects.filter(last_seq=LONG).order_by("number")
        return list(found.values_list("pk", flat=True)[:100])


def _statements(method: str, path: str, key: str) -> int:
    """Count the statements of one request, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Authorization": f"Bearer {key}", "Host": "localhost"})
    client.get("/api/v1/me")
    with CaptureQueriesContext(connection) as captured:
        client.generic(
            method, path, b'{"body": "Counted."}' if method == "POST" else b"", "application/json"
        )
    words = (str(query["sql"]).split(None, 1)[0].upper() for query in captured)
    return sum(word not in {"BEGIN", "COMMIT"} for word in words)
