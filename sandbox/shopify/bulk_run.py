"""Runs a bulk operation in a thread of its own: JSON lines into a file, a row of memory at a time."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from graphql import GraphQLError

from sandbox.shopify import bulk_plan
from sandbox.shopify.engine import Call
from sandbox.shopify.gid import gid
from sandbox.shopify.reads import catalogue, customers, orders
from sandbox.shopify.reads.paging import stream
from sandbox.shopify.reads.visible import visible
from sandbox.shopify.shop import Shop

logger = logging.getLogger("sandbox.shopify")
READERS: dict[str, Any] = {
    "customers": customers.READERS, "orders": orders.READERS, "products": catalogue.READERS,
}  # fmt: skip
ROWS_TO_NOTE = 500
#: With ``groupObjects: false`` children come far from their parent: so many parents later.
APART = 40
UNFINISHED = ("CREATED", "RUNNING", "CANCELING")


class _CancelledError(Exception):
    pass


def start(shop: Shop, record: dict[str, Any]) -> None:
    threading.Thread(target=run, args=(shop, record["id"]), daemon=True, name="bulk").start()


def resume(shop: Shop) -> None:
    """Run again what a restart interrupted."""
    for record in list(shop.db.all("bulk")):
        if record["status"] in UNFINISHED:
            start(shop, record)


def run(shop: Shop, number: int) -> None:
    """Carry an operation through to its end, whichever, and tell of it."""
    name = f"bulk-{number}-{shop.settings.id}.jsonl"
    path, status, error = shop.results() / name, "COMPLETED", None
    try:
        with path.open("w", encoding="utf-8") as target:
            _write(shop, number, target)
    except _CancelledError:
        status = "CANCELED"
    except bulk_plan.BulkAccessError:
        status, error = "FAILED", "ACCESS_DENIED"
    except (GraphQLError, LookupError, OSError, RuntimeError) as broken:
        logger.exception("sandbox.shopify.bulk_failed: %s", type(broken).__name__)
        status, error = "FAILED", "INTERNAL_SERVER_ERROR"
    _finish(shop, number, path, status, error)


def _write(shop: Shop, number: int, target: TextIO) -> None:
    record = _note(shop, number, status="RUNNING")
    call = Call(shop, frozenset(record["scopes"]), bulk=True)
    query = bulk_plan.read(record["query"], call)
    fault = shop.faults.take("shopify", at="bulk", to=shop.domain) if shop.faults else None
    rows = roots = 0
    for row, is_root in _rows(shop, query, call, apart=0 if record["grouped"] else APART):
        target.write(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")
        rows, roots = rows + 1, roots + is_root
        if rows % ROWS_TO_NOTE == 0:
            target.flush()
            _note(shop, number, objectCount=rows, rootObjectCount=roots)
            if fault is not None and fault.mode == "delay":
                time.sleep(fault.seconds)
            if fault is not None and fault.mode == "fail":
                raise RuntimeError("ordered")
    if fault is not None and fault.mode == "fail":
        raise RuntimeError("ordered")
    _note(shop, number, objectCount=rows, rootObjectCount=roots)


def _rows(
    shop: Shop, query: bulk_plan.BulkQuery, call: Call, *, apart: int
) -> Iterator[tuple[dict[str, Any], bool]]:
    kind, plan = bulk_plan.ROOTS[query.root], query.plan
    later: list[dict[str, Any]] = []
    parents = 0
    for record in stream(shop.db, kind, query.query, READERS[query.root]):
        if kind == "order" and not visible(call, record):
            continue
        row = plan.row(record, call)
        assert row is not None
        yield row, True
        later += plan.children(record, str(row.get("id") or gid(plan.kind, record["id"])), call)
        parents += 1
        if parents >= apart:
            yield from ((each, False) for each in later)
            later, parents = [], 0
    yield from ((each, False) for each in later)


def _note(shop: Shop, number: int, **changes: Any) -> dict[str, Any]:
    """Write progress. Raises _CancelledError when somebody cancelled meanwhile."""
    with shop.db.transaction():
        record = shop.require("bulk", number)
        if record["status"] in {"CANCELING", "CANCELED"}:
            raise _CancelledError
        record |= changes
        shop.db.put("bulk", record)
    return record


def _finish(shop: Shop, number: int, path: Path, status: str, error: str | None) -> None:
    with shop.db.transaction():
        record = shop.require("bulk", number)
        size = path.stat().st_size if path.exists() else 0
        url = shop.file_url(path.name) if size else None
        record |= {"status": status, "errorCode": error, "completedAt": shop.stamp}
        record |= {"fileSize": str(size)} if size else {}
        record["url" if status == "COMPLETED" else "partialDataUrl"] = url
        shop.db.put("bulk", record)
        shop.tell("bulk_operations/finish", {
            "admin_graphql_api_id": gid("BulkOperation", number), "completed_at": record["completedAt"],
            "created_at": record["createdAt"], "error_code": (error or "").lower() or None,
            "status": status.lower(), "type": "query",
        })  # fmt: skip
