"""The embedded servers as tests and product find them."""

import psycopg
import pytest
import redis
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection, connections

from helpdesk.embedded import APP_ROLE, OWNER_ROLE, SYSTEM_ROLE


@pytest.mark.django_db
def test_the_product_connects_as_the_app_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)


@pytest.mark.django_db(databases=["default", "owner"])
def test_migrations_made_the_tables_as_owner():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
        )
        assert cursor.fetchall() == [(OWNER_ROLE,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE django_session",
        "CREATE TABLE loot (id int)",
        "DROP TABLE django_session",
        "ALTER TABLE django_session DISABLE ROW LEVEL SECURITY",
        f"SET ROLE {OWNER_ROLE}",
        f"SET ROLE {SYSTEM_ROLE}",
        "CREATE ROLE intruder",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_the_app_role_may_only_read_and_write_rows(statement):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_vectors_can_be_stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT '[1,2,3]'::vector <-> '[1,2,4]'::vector")
        assert cursor.fetchone() == (1.0,)


def test_a_wrong_password_is_refused(servers):
    place = settings.EMBEDDED.socket_dir
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(dbname="postgres", user="postgres", password="guess", host=str(place))


def test_valkey_answers(servers):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping()


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_plain_app_role_passes_the_check():
    assert run_checks(tags=["database"], databases=["default"]) == []
