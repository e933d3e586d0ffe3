"""The databases of the tests: real PostgreSQL and Valkey, one database for each process.

A session finds the cluster in ``$HELPDESK_DATA_DIR/test`` running or has it started by a keeper
(tests/keeper.py) which ends it some time after the last session. Each pytest process gets a copy of a
migrated template, made again when a migration changes.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from helpdesk import roles
from helpdesk.embedded import SUPERUSER
from helpdesk.roles import Login, bootstrap_database, prepare_database
from tests.keeper import use_servers

#: Filled by migrations and the same for everyone: kept when a test's rows are flushed.
NEVER_FLUSHED = ("django_migrations", "django_content_type", "auth_permission")


def _admin_url() -> str:
    """Return the address of whoever may create databases."""
    given = os.environ.get("DATABASE_ADMIN_URL") or os.environ.get("DATABASE_OWNER_URL")
    return given or settings.EMBEDDED.database_url(SUPERUSER, "postgres")


def _login(alias: str) -> Login:
    config = settings.DATABASES[alias]
    return Login(role=config["USER"], password=config["PASSWORD"])


def _fingerprint() -> str:
    """Name the schema: any change of a migration or of the roles makes another template."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(Path(roles.__file__).read_bytes())
    for path in [
        *sorted(root.glob("*/migrations/*.py")),
        root / "identity/wall.py",
        root / "helpdesk/foundation/ledger.py",
    ]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))


def _drop_leftovers(admin: psycopg.Connection[Any], template: str) -> None:
    """Remove databases of sessions that were killed, and templates of other schemas."""
    names = admin.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^(test|template)_helpdesk_'"
    ).fetchall()
    for (name,) in names:
        kind, _, owner = name.partition("_helpdesk_")[0], "", name.rpartition("_")[2]
        alive = owner.isdigit() and Path(f"/proc/{owner}").exists()
        if (kind == "test" and not alive) or (kind == "template" and name != template):
            _drop(admin, name)


def _make_template(admin: psycopg.Connection[Any], template: str) -> None:
    """Migrate a database nobody works in, so that copies of it are always clean."""
    unfinished = f"test_helpdesk_template_{os.getpid()}"
    _drop(admin, unfinished)
    bootstrap_database(
        admin_url=_admin_url(), owner=_login("owner"), app=_login("default"), database=unfinished
    )
    _point_to(unfinished)
    call_command("migrate", database="owner", verbosity=0)
    _close()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(unfinished), sql.Identifier(template)
        )
    )


def _point_to(name: str) -> None:
    _close()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name


def _close() -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]


def create_database(name: str) -> None:
    """Make an empty, migrated database of that name."""
    template = f"template_helpdesk_{_fingerprint()}"
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        # Template and copies are made by one process at a time, whoever comes first.
        admin.execute("SELECT pg_advisory_lock(7264001)")
        _drop_leftovers(admin, template)
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if found.fetchone() is None:
            _make_template(admin, template)
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(_login("owner").role)
            )
        )
    parts = urlsplit(_admin_url())
    inside_url = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(inside_url, autocommit=True) as inside:
        prepare_database(
            inside, owner=_login("owner").role, app=_login("default").role, database=name
        )
    _point_to(name)


def drop_database(name: str) -> None:
    """Remove it, whoever is still connected."""
    _close()
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        _drop(admin, name)


def flush_as_owner(database: str) -> None:
    """Empty every table that has rows. TRUNCATE passes row-level security, so the app role may not."""
    config = settings.DATABASES["owner"]
    with psycopg.connect(
        dbname=database,
        user=config["USER"],
        password=config["PASSWORD"],
        host=config.get("OPTIONS", {}).get("host") or config["HOST"] or None,
        port=config["PORT"] or None,
        autocommit=True,
    ) as owner:
        tables = owner.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0 "
            "AND c.relname <> ALL(%s)",
            [list(NEVER_FLUSHED)],
        ).fetchall()
        if tables:
            names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in tables)
            owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def _flush_after_transaction_test(case: TransactionTestCase) -> None:
    """Replace Django's flush, which would run as the app role."""
    flush_as_owner(connections["default"].settings_dict["NAME"])


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """PostgreSQL and Valkey are running for as long as this session."""
    with use_servers(settings.EMBEDDED.data_dir):
        yield


@pytest.fixture(scope="session")
def django_db_setup(servers: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a database of its own, instead of pytest-django's."""
    setattr(TransactionTestCase, "_fixture_teardown", _flush_after_transaction_test)  # noqa: B010
    with django_db_blocker.unblock():
        create_database(os.environ["HELPDESK_TEST_DATABASE"])
    yield
    with django_db_blocker.unblock():
        drop_database(os.environ["HELPDESK_TEST_DATABASE"])
