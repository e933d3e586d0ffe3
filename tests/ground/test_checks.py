"""Who could walk round the tenant wall is named before anything is served."""

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connections

from helpdesk.checks import ways_round
from helpdesk.embedded import SUPERUSER, SYSTEM_ROLE


@pytest.fixture
def admin(db):
    """A superuser's connection to this process's database; what it does is undone."""
    url = settings.EMBEDDED.database_url(SUPERUSER, connections["default"].settings_dict["NAME"])
    connection = psycopg.connect(url)
    yield connection
    connection.rollback()
    connection.close()


@pytest.fixture
def found_as(admin):
    """Make a role, act as it, and return what the check says of it."""

    def ask(kind="", *more):
        admin.execute(f"CREATE ROLE somebody {kind}")
        for statement in more:
            admin.execute(statement)
        admin.execute("SET SESSION AUTHORIZATION somebody")
        return [error.msg for error in ways_round(admin.cursor())]

    return ask


def test_a_plain_role_stays_inside(found_as):
    assert found_as() == []


@pytest.mark.django_db
def test_the_product_s_own_role_stays_inside():
    assert run_checks(tags=["database"], databases=["default"]) == []


def test_a_superuser_is_refused(found_as):
    assert "The database role somebody is a superuser" in found_as("SUPERUSER")[0]


def test_a_role_with_bypassrls_is_refused(found_as):
    assert found_as("BYPASSRLS") == [
        "The database role somebody has BYPASSRLS, so it could read every workspace."
    ]


def test_an_owner_of_a_table_is_refused(found_as):
    made = found_as("", "CREATE TABLE theirs (id int)", "ALTER TABLE theirs OWNER TO somebody")
    assert made == ["The database role somebody owns tables, so it could read every workspace."]


def test_a_member_of_the_owner_is_refused(found_as):
    assert (
        "is a member of the role that owns the tables"
        in found_as("", "GRANT helpdesk_owner TO somebody")[0]
    )


def test_a_member_of_the_system_role_is_refused_even_without_inheriting(found_as):
    assert found_as("NOINHERIT", f"GRANT {SYSTEM_ROLE} TO somebody WITH INHERIT FALSE") == [
        f"The database role somebody is a member of {SYSTEM_ROLE}, so it could read every workspace."
    ]
