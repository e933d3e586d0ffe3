"""How fast an event is acknowledged, against a bare view of the same server that inserts the row.

The bare view stands twice: as any view of the product, and where programs knock, before the middleware
that is for people. The second is the stricter measure.
"""

import json
import uuid
from typing import Any

from django.db import connections

from bench.load import Load, closed_loop, open_loop, request
from bench.place import Place
from bench.shop import Shop, mail, open_shop, signature

COUNT = 1000
CLIENTS = 8
QUIET_RATE = 100
ROUNDS = 3


def measure(place: Place) -> list[dict[str, Any]]:
    """Return a row per door: rates are the median of interleaved rounds, ratios within one round."""
    _make_bare_table()
    shop = open_shop("hooks")
    rows = []
    with place.web() as web:
        doors = {
            BARE: lambda n: _bare(n),
            BARE_DOOR: lambda n: _bare(n, path="/hooks/bare"),
            "/hooks/email/raw": lambda n: _mails(shop, n),
            "widget message": _chats(place.port, shop),
        }
        for make in doors.values():  # connections, caches, code paths
            closed_loop(place.port, make(200), clients=CLIENTS)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum does within its first minute
        cpu = dict.fromkeys(doors, 0.0)
        rounds = []
        for _ in range(ROUNDS):
            loads = {}
            for name, make in doors.items():
                requests = make(COUNT)
                before = place.cpu_seconds(web)
                loads[name] = closed_loop(place.port, requests, clients=CLIENTS)
                cpu[name] += place.cpu_seconds(web) - before
            rounds.append(loads)
        for name, make in doors.items():
            steady = open_loop(place.port, make(QUIET_RATE * 6), per_second=QUIET_RATE)
            used = cpu[name] / ROUNDS / COUNT * 1000
            rows.append({**_row(name, rounds, steady), "CPU ms": used})
    return rows


BARE = "bare insert"
BARE_DOOR = "bare insert where programs knock"


def _row(name: str, rounds: list[dict[str, Load]], steady: Load) -> dict[str, Any]:
    rates = sorted(one[name].rate for one in rounds)
    ratios = sorted(one[name].rate / one[BARE].rate for one in rounds)
    stricter = sorted(one[name].rate / one[BARE_DOOR].rate for one in rounds)
    return {
        "door": name,
        "per second": rates[len(rates) // 2],
        "of bare": ratios[len(ratios) // 2],
        "of bare door": stricter[len(stricter) // 2],
        "p50 ms at 100/s": steady.p50,
        "p99 ms at 100/s": steady.p99,
        "failed": sum(one[name].failed for one in rounds) + steady.failed,
    }


_number = 0


def _next() -> int:
    global _number
    _number += 1
    return _number


def _bare(count: int, path: str = "/bare") -> list[bytes]:
    bodies = [mail(_next(), to="support@hooks.test") for _ in range(count)]
    return [request(path, body, {"Content-Type": "message/rfc822"}) for body in bodies]


def _mails(shop: Shop, count: int) -> list[bytes]:
    bodies = [mail(_next(), to=shop.mail.address) for _ in range(count)]
    return [request(shop.mail_path, body, signature(body)) for body in bodies]


def _chats(port: int, shop: Shop) -> Any:
    """Chat posts of many visitors, so that no one's throttle is met."""
    import httpx

    def make(count: int) -> list[bytes]:
        tokens = []
        with httpx.Client(base_url=f"http://localhost:{port}") as client:
            for _ in range(count // 4 + 1):
                answer = client.post(
                    f"/widget/v1/{shop.chat.public_key}/sessions",
                    json={
                        "name": "Visitor",
                        "email": f"v{_next()}@example.test",
                        "consent": True,
                    },
                    headers={"X-Forwarded-For": f"10.0.{_next() % 250}.{_next() % 250}"},
                )
                answer.raise_for_status()
                tokens.append(answer.json()["token"])
        return [
            request(
                "/widget/v1/messages",
                json.dumps({"client_msg_id": str(uuid.uuid4()), "text": "Where is it?"}).encode(),
                {
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {tokens[n % len(tokens)]}",
                },
            )
            for n in range(count)
        ]

    return make


def _make_bare_table() -> None:
    """The same columns and indexes, outside the wall."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_event "
            "(LIKE channels_app_inboundevent INCLUDING DEFAULTS INCLUDING INDEXES)"
        )
