"""Rows that name a person somewhere, in whatever column: what an erasure has to look through."""

from uuid import UUID

from django.db import connection

from helpdesk.foundation.privacy import Person
from identity.services.erasing import json_like_patterns, like_patterns
from identity.tenancy import require_workspace_id


def rows_naming(table: str, person: Person) -> list[UUID]:
    """Return the ids of a table's rows that hold one of the person's addresses in any column.

    ``table`` is a name of ours, never something given.
    """
    patterns = [*like_patterns(person.addresses), *json_like_patterns(person.addresses)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} t WHERE workspace_id = %s AND t::text ILIKE ANY(%s)",  # noqa: S608
            [require_workspace_id(), list(dict.fromkeys(patterns))],
        )
        return [row[0] for row in cursor.fetchall()]
