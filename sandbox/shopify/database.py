"""The records of one shop: JSON in SQLite with the keys that searches go by. Thread safe.

A file in the sandbox's folder keeps a shop over a restart; without a folder it lives in memory.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = dict[str, Any]
#: Says under which (name, value) pairs a record of a kind is found.
Keys = Callable[[Record], Iterable[tuple[str, str]]]

TABLES = """
create table if not exists record (kind text, id integer, body text, primary key (kind, id))
    without rowid;
create table if not exists key (kind text, name text, value text, id integer,
    primary key (kind, name, value, id)) without rowid;
create index if not exists key_of on key (kind, id);
create table if not exists counter (kind text primary key, last integer);
create table if not exists delivery (id integer primary key, due real, body text);
"""
PAGE = 200


class Database:
    """Records by kind and number. Every public call may come from any thread."""

    def __init__(self, path: Path | None, keys: dict[str, Keys]) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._keys = keys
        #: Keeps a product whose stock moved, and tells of it; without, it is only stored.
        self.stock_moved: Callable[[Record], None] | None = None
        self._depth = 0
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        # A power cut may lose the last write of a sandbox, never tear the file.
        self._db.executescript("pragma journal_mode=wal; pragma synchronous=normal;" + TABLES)

    def close(self) -> None:
        with self.lock:
            self._db.close()

    def copy_to(self, other: "Database") -> None:
        """Copy everything into another database (a template into a test's own)."""
        with self.lock, other.lock:
            self._db.backup(other._db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the shop alone; all of the block or nothing of it is kept. May be nested."""
        with self.lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._db.execute("begin immediate")
                yield
                if self._depth == 1:
                    self._db.execute("commit")
            except BaseException:
                if self._depth == 1:
                    self._db.execute("rollback")
                raise
            finally:
                self._depth -= 1

    def next_id(self, kind: str) -> int:
        """Return a number that no record of this kind has had."""
        with self.transaction():
            [(last,)] = self._db.execute(
                "insert into counter values (?, 1) "
                "on conflict (kind) do update set last = last + 1 returning last",
                (kind,),
            ).fetchall()
        return int(last)

    def start_ids(self, kind: str, after: int) -> None:
        """Let numbers of a kind begin above this one."""
        with self.transaction():
            self._db.execute(
                "insert into counter values (?, ?) "
                "on conflict (kind) do update set last = max(last, excluded.last)",
                (kind, after),
            )

    def put(self, kind: str, record: Record) -> None:
        """Store a record and its keys."""
        number = int(record["id"])
        keys = {(kind, name, value, number) for name, value in self._keys_of(kind, record)}
        with self.transaction():
            self._db.execute(
                "insert or replace into record values (?, ?, ?)",
                (kind, number, json.dumps(record, separators=(",", ":"))),
            )
            self._db.execute("delete from key where kind = ? and id = ?", (kind, number))
            self._db.executemany("insert or ignore into key values (?, ?, ?, ?)", keys)

    def _keys_of(self, kind: str, record: Record) -> Iterable[tuple[str, str]]:
        find = self._keys.get(kind)
        return find(record) if find else ()

    def get(self, kind: str, number: int) -> Record | None:
        with self.lock:
            row = self._db.execute(
                "select body from record where kind = ? and id = ?", (kind, number)
            ).fetchone()
        return self._read(row[0]) if row else None

    def delete(self, kind: str, number: int) -> None:
        with self.transaction():
            self._db.execute("delete from record where kind = ? and id = ?", (kind, number))
            self._db.execute("delete from key where kind = ? and id = ?", (kind, number))

    def count(self, kind: str) -> int:
        with self.lock:
            [(found,)] = self._db.execute("select count(*) from record where kind = ?", (kind,))
        return int(found)

    def all(self, kind: str) -> Iterator[Record]:
        """Yield the records of a kind by number, a page at a time: others may write in between."""
        last = -1
        while True:
            with self.lock:
                rows = self._db.execute(
                    "select id, body from record where kind = ? and id > ? order by id limit ?",
                    (kind, last, PAGE),
                ).fetchall()
            for number, body in rows:
                last = number
                yield self._read(body)
            if len(rows) < PAGE:
                return

    def named(self, kind: str, name: str, value: str, limit: int = -1) -> list[int]:
        """Return the numbers of the records that carry this key."""
        with self.lock:
            rows = self._db.execute(
                "select id from key where kind = ? and name = ? and value = ? limit ?",
                (kind, name, value, limit),
            ).fetchall()
        return [row[0] for row in rows]

    def find(self, kind: str, name: str, value: str) -> Record | None:
        """Return one record that carries this key."""
        numbers = self.named(kind, name, value, 1)
        return self.get(kind, numbers[0]) if numbers else None

    def in_order(
        self,
        kind: str,
        name: str,
        *,
        reverse: bool = False,
        after: tuple[str, int] | None = None,
        floor: str = "",
    ) -> Iterator[tuple[str, Record]]:
        """Yield (value, record) sorted by a key, beginning behind ``after`` and not below ``floor``."""
        order, compare = ("desc", "<") if reverse else ("asc", ">")
        place = after
        while True:
            where = f"and (value, id) {compare} (?, ?)" if place else ""
            with self.lock:
                rows = self._db.execute(
                    "select value, record.id, body from key join record using (kind, id) "  # noqa: S608
                    f"where kind = ? and name = ? and value >= ? {where} "
                    f"order by value {order}, record.id {order} limit ?",
                    (kind, name, floor, *(place or ()), PAGE),
                ).fetchall()
            for value, number, body in rows:
                place = (value, number)
                yield value, self._read(body)
            if len(rows) < PAGE:
                return

    # Deliveries: what the shop still has to post ---------------------------------------------

    def add_delivery(self, due: float, body: Record) -> None:
        with self.transaction():
            self._db.execute(
                "insert into delivery (due, body) values (?, ?)", (due, json.dumps(body))
            )

    def due_deliveries(self, now: float, limit: int = 20) -> list[tuple[int, Record]]:
        with self.lock:
            rows = self._db.execute(
                "select id, body from delivery where due <= ? order by due, id limit ?",
                (now, limit),
            ).fetchall()
        return [(number, json.loads(body)) for number, body in rows]

    def next_due(self) -> float | None:
        with self.lock:
            [(found,)] = self._db.execute("select min(due) from delivery")
        return float(found) if found is not None else None

    def move_delivery(self, number: int, due: float | None, body: Record | None = None) -> None:
        """Put a delivery off, or strike it when ``due`` is None."""
        with self.transaction():
            if due is None:
                self._db.execute("delete from delivery where id = ?", (number,))
            else:
                self._db.execute(
                    "update delivery set due = ?, body = ? where id = ?",
                    (due, json.dumps(body), number),
                )

    @staticmethod
    def _read(body: str) -> Record:
        found: Record = json.loads(body)
        return found
