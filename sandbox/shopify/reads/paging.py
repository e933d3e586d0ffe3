"""Connections: pages of at most 250, cursors, and searches over the shop's index."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sandbox.shopify.database import Database
from sandbox.shopify.engine import Call, Given
from sandbox.shopify.errors import top_error
from sandbox.shopify.keys import words
from sandbox.shopify.search import Reader, Search, Term, as_utc, parse

MOST = 250
#: Above so many hits of a word another way is cheaper.
MANY = 500


def size_of(call: Call, given: Given) -> int:
    """Return the page size. Raises what Shopify answers to a wrong one."""
    if call.bulk and given.get("first") is None:
        return 10**9
    first = given.get("first")
    if first is None:
        raise top_error("you must provide one of first or last", "BAD_REQUEST")
    if not 0 <= first <= MOST:
        raise top_error(f"first must be between 0 and {MOST}", "BAD_REQUEST")
    return int(first)


def connection(call: Call, given: Given, rows: Sequence[Any]) -> dict[str, Any]:
    """Return one page of rows that are all at hand."""
    size = size_of(call, given)
    start = int(_opened(given["after"])[0]) + 1 if given.get("after") else 0
    page = rows[start : start + size]
    cursors = [_sealed(start + place) for place in range(len(page))]
    return _page(page, cursors, more=start + size < len(rows))


def _page(rows: Sequence[Any], cursors: Sequence[str], *, more: bool) -> dict[str, Any]:
    return {
        "nodes": rows,
        "edges": [
            {"node": row, "cursor": cursor} for row, cursor in zip(rows, cursors, strict=True)
        ],
        "pageInfo": {"hasNextPage": more, "endCursor": cursors[-1] if cursors else None},
    }


def _sealed(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _opened(cursor: str) -> list[Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError as error:
        raise top_error(
            f"Invalid cursor for current pagination sort: {cursor}", "BAD_REQUEST"
        ) from error
    return list(found)


def searched(
    call: Call,
    given: Given,
    kind: str,
    readers: dict[str, Reader],
    *,
    sort: str,
    keep: Callable[[Any], bool] = lambda _record: True,
) -> dict[str, Any]:
    """Return one page of a search, sorted by an index."""
    size, reverse = size_of(call, given), bool(given.get("reverse"))
    search = parse(given.get("query"), readers)
    if search.warnings:
        call.search_warnings.append(
            {"path": [kind], "query": given.get("query"), "warnings": search.warnings}
        )
    after = tuple(_opened(given["after"])) if given.get("after") else None
    rows: list[Any] = []
    cursors: list[str] = []
    more = False
    for value, record in _candidates(
        call.shop.db, kind, search, sort, reverse=reverse, after=after
    ):
        if not search.fits(record, readers) or not keep(record):
            continue
        if len(rows) == size:
            more = True
            break
        rows.append(record)
        cursors.append(_sealed(value, record["id"]))
    return _page(rows, cursors, more=more)


def stream(db: Database, kind: str, query: str | None, readers: dict[str, Reader]) -> Iterator[Any]:
    """Yield all hits of a search, oldest change first: what bulk operations read."""
    search = parse(query, readers)
    for _value, record in _candidates(db, kind, search, "number", reverse=False, after=None):
        if search.fits(record, readers):
            yield record


def _candidates(
    db: Database, kind: str, search: Search, sort: str, *, reverse: bool, after: Any
) -> Iterable[tuple[str, Any]]:
    narrow = _narrowest(db, kind, search.single())
    if narrow is None:
        floor = max((as_utc(_bare(term)) for term in search.single()
                     if term.field == sort and term.operator in {">", ">="}), default="")  # fmt: skip
        return db.in_order(kind, sort, reverse=reverse, after=after, floor=floor)
    found = [record for number in narrow if (record := db.get(kind, number))]
    keyed = sorted(((_sort_value(record, sort), record["id"], record) for record in found),
                   key=lambda each: each[:2], reverse=reverse)  # fmt: skip
    return [
        (value, record)
        for value, number, record in keyed
        if after is None or ((value, number) < after if reverse else (value, number) > after)
    ]


SORT_FIELDS = {"updated_at": "updatedAt", "created_at": "createdAt", "processed_at": "processedAt"}


def _sort_value(record: Any, sort: str) -> str:
    return f"{record['id']:020}" if sort == "number" else str(record[SORT_FIELDS[sort]])


def _bare(term: Term) -> str:
    return term.value.strip('"')


def _narrowest(db: Database, kind: str, terms: list[Term]) -> list[int] | None:
    """Return the numbers of the rarest word among the terms, or None when all are common."""
    best: list[int] | None = None
    for term in terms:
        if term.operator != "=" or term.value.endswith("*"):
            continue
        if term.field in {"name", "email", "phone", "sku"}:
            tries = [(f"{term.field}~", word) for word in words(term.value)]
        elif term.field in {"customer_id", "id"}:
            tries = [("customer_id", _bare(term))] if term.field == "customer_id" else []
        else:
            continue
        for name, value in tries:
            found = db.named(kind, name, value, MANY)
            if len(found) < MANY and (best is None or len(found) < len(best)):
                best = found
    return best
