"""Plain statements give and keep what the mapper would."""

from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from channels_app.models import ChannelAccount, InboundEvent
from helpdesk.foundation import rows
from identity.tenancy import tenant_scope
from inbox.models import Channel


def new_event(channel, key="one"):
    return InboundEvent(
        id=uuid4(),
        workspace_id=channel.workspace_id,
        channel_id=channel.pk,
        source="email/raw",
        dedupe_key=key,
        headers={"x-words": ["“quoted”", 1, None]},
        body=b"\x00\xffraw",
        message_ids=[uuid4()],
    )


@pytest.fixture
def inside(mail):
    with tenant_scope(mail.workspace_id):
        yield mail


def values_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_an_inserted_row_reads_the_same_through_the_mapper(inside):
    event = new_event(inside)
    assert rows.insert(event)
    found = InboundEvent.objects.get(pk=event.pk)
    assert values_of(found) == values_of(event)


def test_a_row_that_is_there_already_is_ignored_where_that_was_asked_for(inside):
    once = "workspace_id, channel_id, dedupe_key"
    assert rows.insert(new_event(inside), or_ignore=once)
    assert not rows.insert(new_event(inside), or_ignore=once)
    assert InboundEvent.objects.count() == 1


def test_an_update_writes_the_named_fields_and_no_others(inside):
    event = new_event(inside)
    rows.insert(event)
    event.reason, event.dedupe_key = "seen", "another"
    rows.update(event, ("reason", "headers"))
    found = InboundEvent.objects.get(pk=event.pk)
    assert (found.reason, found.dedupe_key) == ("seen", "one")
    assert found.headers == event.headers


def test_several_writes_are_one_statement_in_which_rows_may_refer_to_each_other(inside):
    account = ChannelAccount.objects.get(channel=inside)
    account.trouble = "mended"
    channel = Channel(
        id=uuid4(), workspace_id=inside.workspace_id, kind="email", name="Second", public_key="pk_2"
    )
    event = new_event(channel)
    with CaptureQueriesContext(connection) as captured:
        rows.write(
            rows.updating(account, ("trouble",)), rows.inserting(event), rows.inserting(channel)
        )
    assert len(captured) == 1
    account.refresh_from_db()
    assert account.trouble == "mended"
    assert InboundEvent.objects.get().channel_id == channel.pk


def test_a_row_built_of_its_columns_equals_the_mappers(inside):
    table = Channel._meta.db_table
    sql = f"SELECT {rows.columns(Channel, 'c')} FROM {table} c WHERE c.id = %s"
    row = rows.run(sql, [inside.pk]).fetchone()
    assert len(row) == rows.width(Channel)
    assert values_of(rows.build(Channel, row)) == values_of(Channel.objects.get(pk=inside.pk))


def test_a_statement_is_prepared_once_and_counted_each_time(inside):
    with CaptureQueriesContext(connection) as captured:
        for number in range(3):
            assert rows.run("SELECT %s::int + 41", [number]).fetchone() == (number + 41,)
    assert len(captured) == 3
    sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + 41'"
    assert rows.run(sql, []).fetchone() == (1,)


def test_the_wall_stands_for_plain_statements_too(inside, other_shop):
    rows.insert(new_event(inside))
    with tenant_scope(other_shop.pk):
        found = rows.run("SELECT count(*) FROM channels_app_inboundevent", []).fetchone()
    assert found == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_scope_on_a_connection_that_was_cut_says_so(shop):
    with tenant_scope(shop.pk):
        pass
    with transaction.atomic():
        raw = connection.connection
    raw.pgconn.finish()
    with pytest.raises(OperationalError), tenant_scope(shop.pk):
        pass
    connection.close()
