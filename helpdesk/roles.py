"""The three database roles, made the same way on an embedded and on a real server.

``helpdesk_owner`` owns the database and its tables and runs migrations. ``helpdesk_app`` is what the
product connects as: it reads and writes rows, and row-level security applies to it.
``helpdesk_system`` can't log in; it owns the few functions that look across workspaces. The owner is a
member of it, to make those functions in migrations; the app is not.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from helpdesk.embedded import SYSTEM_ROLE


@dataclass(frozen=True)
class Login:
    """A role with its password, taken from an address."""

    role: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> "Login":
        """Read both out of ``postgres://role:password@…``."""
        parts = urlsplit(url)
        return cls(role=unquote(parts.username or ""), password=unquote(parts.password or ""))


def bootstrap_database(*, admin_url: str, owner: Login, app: Login, database: str) -> None:
    """Create roles, database, extension and privileges; changes nothing that is already right.

    ``admin_url`` is a superuser's (or, where ``vector`` is trusted, that of a role that may create
    roles and databases), to any database of the server.
    """
    with psycopg.connect(admin_url, autocommit=True) as admin:
        _make_roles(admin, owner=owner, app=app)
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if found.fetchone() is None:
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(owner.role)
                )
            )
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as inside:
        prepare_database(inside, owner=owner.role, app=app.role, database=database)


def _make_roles(admin: psycopg.Connection[tuple[object, ...]], *, owner: Login, app: Login) -> None:
    kinds = {
        SYSTEM_ROLE: sql.SQL("NOLOGIN"),
        owner.role: sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(owner.password)),
        app.role: sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(app.password)),
    }
    for role, kind in kinds.items():
        exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER ROLE") if exists else sql.SQL("CREATE ROLE")
        admin.execute(
            sql.SQL("{} {} WITH {} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION").format(
                verb, sql.Identifier(role), kind
            )
        )
    admin.execute(
        sql.SQL("GRANT {} TO {} WITH INHERIT TRUE, SET TRUE").format(
            sql.Identifier(SYSTEM_ROLE), sql.Identifier(owner.role)
        )
    )


def prepare_database(
    inside: psycopg.Connection[tuple[object, ...]], *, owner: str, app: str, database: str
) -> None:
    """Set extension and privileges within one database; idempotent."""
    names = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
        "system": sql.Identifier(SYSTEM_ROLE),
    }
    for statement in (
        "CREATE EXTENSION IF NOT EXISTS vector",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        # A function's owner must be able to create in its schema.
        "GRANT USAGE, CREATE ON SCHEMA public TO {system}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
        "GRANT USAGE ON SEQUENCES TO {app}",
    ):
        inside.execute(sql.SQL(statement).format(**names))
