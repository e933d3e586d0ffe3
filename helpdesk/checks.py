"""Refuse to work when the product's role could walk round the tenant wall."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError

from helpdesk.embedded import SYSTEM_ROLE

#: One row of reasons; every column must be false.
WAYS_ROUND = """
SELECT current_user::text AS role,
       r.rolsuper AS superuser,
       r.rolbypassrls AS bypasses,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relowner = r.oid) AS owns,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relowner <> r.oid
                 AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS member_of_owner,
       EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolname = %s
                 AND pg_has_role(r.oid, s.oid, 'MEMBER')) AS member_of_system
FROM pg_roles r WHERE r.rolname = current_user
"""

SENTENCES = {
    "superuser": "is a superuser",
    "bypasses": "has BYPASSRLS",
    "owns": "owns tables",
    "member_of_owner": "is a member of the role that owns the tables",
    "member_of_system": f"is a member of {SYSTEM_ROLE}",
}


def ways_round(cursor: Any) -> list[Error]:
    """Return an error for each way in which the connection's role passes row-level security."""
    cursor.execute(WAYS_ROUND, [SYSTEM_ROLE])
    columns = [column.name for column in cursor.description]
    facts = dict(zip(columns, cursor.fetchone(), strict=True))
    return [
        Error(
            f"The database role {facts['role']} {sentence}, so it could read every workspace.",
            hint="Point DATABASE_URL at the plain role that manage.py bootstrap_database makes.",
            id=f"helpdesk.E{number:03}",
        )
        for number, (reason, sentence) in enumerate(SENTENCES.items(), start=1)
        if facts[reason]
    ]


@register(Tags.database)
def app_role_stays_inside_the_wall(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[Error]:
    """Refuse a DATABASE_URL whose role could walk round the wall."""
    if not databases or "default" not in databases:
        return []
    try:
        with connections["default"].cursor() as cursor:
            return ways_round(cursor)
    except OperationalError:
        return []  # not reachable is another check's news (readyz)
