"""Work that only one process may do at a time, held by PostgreSQL and freed when the process dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def only_one(lane: str) -> Iterator[bool]:
    """Enter the lane if it is free; the value says whether we are alone in it.

    The lock belongs to this connection, so keep the connection open inside.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [lane])
        row = cursor.fetchone()
        alone = bool(row and row[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lane])
