"""Every row lock of the inbox, in one order: conversation, then message, then counter."""

from functools import cache
from uuid import UUID

from django.db import connection

from helpdesk.foundation import rows
from helpdesk.foundation.errors import NotFoundError
from helpdesk.foundation.ids import uuid7
from identity.tenancy import require_workspace_id
from inbox.models import Conversation, Delivery


def lock_conversation(conversation_id: UUID) -> Conversation:
    """Return the conversation, locked until the transaction ends. Raises NotFoundError."""
    row = rows.run(_lock_sql(), [require_workspace_id(), conversation_id]).fetchone()
    if row is None:
        raise NotFoundError("There is no such conversation.")
    return rows.build(Conversation, row)


@cache
def _lock_sql() -> str:
    return (
        f"SELECT {rows.columns(Conversation, 'c')} FROM inbox_conversation c "  # noqa: S608
        "WHERE c.workspace_id = %s AND c.id = %s FOR UPDATE"
    )


def lock_delivery(delivery_id: UUID) -> Delivery:
    """Return the delivery, locked. Take the conversation's lock first. Raises NotFoundError."""
    found = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if found is None:
        raise NotFoundError("There is no such delivery.")
    return found


def next_number() -> int:
    """Take the workspace's next conversation number; others wait until we commit, so take it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_conversationcounter (id, workspace_id, last_number) "
            "VALUES (%s, %s, 1) ON CONFLICT (workspace_id) "
            "DO UPDATE SET last_number = inbox_conversationcounter.last_number + 1 "
            "RETURNING last_number",
            [uuid7(), require_workspace_id()],
        )
        row = cursor.fetchone()
    return int(row[0])
