"""P4 in the database itself: what code forgets, PostgreSQL refuses."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from identity.models import Contact, ContactPoint, Membership, User, Workspace
from identity.tenancy import NoTenantError, TenantForeignKey, TenantModel, tenant_scope
from inbox.models import Conversation
from tests.factories.inbox import receive_mail

#: Models of ours that are global, each with its reason.
GLOBAL = {
    "identity.Workspace": "a request reads it before it can know its scope",
    "identity.User": "one person may work in several workspaces",
    "identity.UnroutedEvent": "a shop nobody here is connected to has no workspace",
}
OURS = ("identity", "inbox", "channels_app", "ai_agent", "analytics")


def our_models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def tenant_models():
    return [model for model in our_models() if issubclass(model, TenantModel)]


def test_every_model_is_a_tenant_model_or_global_for_a_reason():
    unexplained = {
        model._meta.label for model in our_models() if not issubclass(model, TenantModel)
    } - set(GLOBAL)
    assert unexplained == set()


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_every_tenant_table_is_behind_the_wall(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        )
        assert cursor.fetchone() == (True, True)
        cursor.execute(
            "SELECT cmd, roles FROM pg_policies "
            "WHERE tablename = %s AND policyname = 'workspace_wall'",
            [table],
        )
        assert cursor.fetchone() == ("ALL", ["public"])
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'p'",
            [table],
        )
        assert cursor.fetchone() == ("PRIMARY KEY (workspace_id, id)",)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_every_reference_between_tenant_tables_is_composite(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [model._meta.db_table],
        )
        made = " ".join(row[0] for row in cursor.fetchall())
    for field in model._meta.local_fields:
        target = field.remote_field.model if field.remote_field else None
        if target is not None and issubclass(target, TenantModel):
            assert isinstance(field, TenantForeignKey)
            assert f"FOREIGN KEY (workspace_id, {field.column})" in made


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_raw_sql_without_a_scope_sees_nothing(db, mail, model):
    receive_mail(mail)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        assert cursor.fetchone() == (0,)


def test_raw_sql_without_a_scope_cannot_write(shop):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO identity_team (id, workspace_id, name, created_at) "
            "VALUES (gen_random_uuid(), %s, 'Stolen', now())",
            [shop.pk],
        )


def test_a_scope_cannot_write_into_another_workspace(shop, other_shop):
    with (
        tenant_scope(shop.pk),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Contact.objects.create(name="Mallory", workspace=other_shop)


def test_a_reference_into_another_workspace_is_refused_by_the_database(shop, other_shop):
    with tenant_scope(other_shop.pk):
        theirs = Contact.objects.create(name="Theirs")
    with tenant_scope(shop.pk), pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.create(contact_id=theirs.pk, kind="email", value="x@y.test")


def test_code_that_forgets_the_scope_gets_an_error_not_an_empty_list(db):
    with pytest.raises(NoTenantError):
        Conversation.objects.first()


def test_the_scope_ends_with_its_block_inside_a_longer_transaction(mail, other_shop):
    receive_mail(mail)
    with tenant_scope(mail.workspace_id):
        with tenant_scope(other_shop.pk):
            assert not Conversation.objects.exists()
        assert Conversation.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inbox_conversation")
        assert cursor.fetchone() == (0,)


def test_updates_and_deletes_reach_only_the_scope(mail, other_shop):
    receive_mail(mail)
    with tenant_scope(other_shop.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE inbox_conversation SET subject = 'mine now'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM inbox_messageindex")
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE inbox_message",
        "ALTER TABLE inbox_message DISABLE ROW LEVEL SECURITY",
        "SET ROLE helpdesk_system",
        "SET ROLE helpdesk_owner",
    ],
)
def test_the_product_cannot_switch_the_wall_off(db, statement):
    with (
        pytest.raises(ProgrammingError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert getattr(refused.value.__cause__, "sqlstate", "") == "42501"


def test_search_takes_the_workspace_from_the_scope(mail, other_shop):
    receive_mail(mail, text="unmistakable")
    search = "SELECT count(*) FROM search_messages('unmistakable'::tsquery, 10)"
    with tenant_scope(other_shop.pk), connection.cursor() as cursor:
        cursor.execute(search)
        assert cursor.fetchone() == (0,)
    with tenant_scope(mail.workspace_id), connection.cursor() as cursor:
        cursor.execute(search)
        assert cursor.fetchone() == (1,)


def test_signing_in_finds_only_ones_own_workspaces(ana, eve):
    from identity.services.workspaces import workspaces_of

    assert [w.pk for w in workspaces_of(ana.user_id)] == [ana.workspace_id]
    assert Workspace.objects.count() >= 2
    assert User.objects.count() >= 2
    with tenant_scope(ana.workspace_id):
        assert Membership.objects.filter(user=eve.user_id).count() == 0
