"""A workspace with many conversations, nearly all of them closed, as after a few years."""

import time
from typing import Any

from django.db import connection, connections

from bench.shop import Shop
from identity.tenancy import tenant_scope

#: One conversation in so many is still open; of those, one in two waits for an answer.
OPEN_EVERY = 50
#: A thread of this many messages stands in one conversation of each LONG_EVERY.
LONG, LONG_EVERY = 20, 500
RARE = "zirkonia"
COMMON = "pole"
CONTACTS_FOR = 5

CONTACTS = """
INSERT INTO identity_contact (id, workspace_id, name, notes, language, timezone, created_at,
    updated_at)
  SELECT gen_random_uuid(), %(shop)s, 'Customer ' || n, '', '', '', now(), now()
    FROM generate_series(1, %(people)s) AS n
"""
CONVERSATIONS = """
INSERT INTO inbox_conversation ({names})
  SELECT {values} FROM generate_series(1, %(count)s) AS n
    JOIN (SELECT id, row_number() OVER () AS place FROM identity_contact) AS person
      ON person.place = n %% %(people)s + 1
"""
MESSAGES = """
INSERT INTO inbox_message ({names})
  SELECT {values} FROM inbox_conversation c,
    generate_series(1, CASE WHEN c.number %% %(long_every)s = 0 THEN %(long)s ELSE 1 END) AS seq
"""
INDEX = """
INSERT INTO inbox_messageindex (id, workspace_id, message_id, conversation_id, vector, created_at)
  SELECT gen_random_uuid(), workspace_id, id, conversation_id,
    array_to_tsvector(ARRAY['w' || replace(workspace_id::text, '-', '')]) ||
    setweight(to_tsvector('simple', body_text), 'C'), created_at
    FROM inbox_message
"""


def gather(shop: Shop, count: int) -> float:
    """Fill the workspace with so many conversations; return the seconds it took."""
    begin = time.perf_counter()
    people = max(1, count // CONTACTS_FOR)
    given: dict[str, Any] = {
        "shop": shop.workspace_id,
        "channel": shop.mail.pk,
        "count": count,
        "people": people,
        "long": LONG,
        "long_every": LONG_EVERY,
        "open_every": OPEN_EVERY,
    }
    with tenant_scope(shop.workspace_id), connection.cursor() as cursor:
        cursor.execute(CONTACTS, given)
        cursor.execute(_filled(CONVERSATIONS, CONVERSATION), given)
        cursor.execute(_filled(MESSAGES, MESSAGE), given)
        cursor.execute(INDEX)
        cursor.execute(
            "INSERT INTO inbox_conversationcounter (id, workspace_id, last_number) "
            "VALUES (gen_random_uuid(), %(shop)s, %(count)s) ON CONFLICT (workspace_id) "
            "DO UPDATE SET last_number = %(count)s",
            given,
        )
    connection.close()
    # What autovacuum does within its first minute.
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return time.perf_counter() - begin


_WHEN = "now() - n * interval '20 minutes'"
_OPEN = "n %% %(open_every)s = 0"
CONVERSATION: dict[str, str] = {
    "id": "gen_random_uuid()",
    "workspace_id": "%(shop)s",
    "number": "n",
    "contact_id": "person.id",
    "channel_id": "%(channel)s",
    "last_channel_id": "%(channel)s",
    "channel_ids": "ARRAY[%(channel)s]",
    "subject": "'Question ' || n || ' about my order'",
    "status": f"CASE WHEN {_OPEN} THEN 'open' ELSE 'closed' END",
    "priority": "'normal'",
    "topic": "''",
    "outcome": "''",
    "tags": "'{}'",
    "ai_state": "'off'",
    "last_seq": "CASE WHEN n %% %(long_every)s = 0 THEN %(long)s ELSE 1 END",
    "last_inbound_seq": "CASE WHEN n %% %(long_every)s = 0 THEN %(long)s ELSE 1 END",
    "last_message_at": _WHEN,
    "last_direction": "'in'",
    "preview": "'The tent pole arrived bent and our trip is on Friday'",
    "waiting_since": f"CASE WHEN {_OPEN} AND n %% (2 * %(open_every)s) = 0 THEN {_WHEN} END",
    "opened_because": "'first message'",
    "orders_spoken_of": "'[]'",
    "created_at": _WHEN,
    "updated_at": _WHEN,
}
#: Sixty words of five thousand; the common word in every second message, the rare one in few.
_TEXT = f"""(
  SELECT string_agg(md5(((c.number * 7919 + seq * 104729 + k * k * 31) %% 5000)::text), ' ')
    FROM generate_series(1, 60) AS k
) || CASE WHEN c.number %% 2 = 0 THEN ' {COMMON}' ELSE '' END
  || CASE WHEN c.number %% 20000 = 0 THEN ' {RARE}' ELSE '' END"""  # noqa: S608  (words of ours)
MESSAGE: dict[str, str] = {
    "id": "gen_random_uuid()",
    "workspace_id": "c.workspace_id",
    "conversation_id": "c.id",
    "seq": "seq",
    "direction": "'in'",
    "author_kind": "'contact'",
    "author_contact_id": "c.contact_id",
    "author_name": "'Customer'",
    "author_address": "'customer@example.test'",
    "author_verified": "false",
    "channel_id": "c.channel_id",
    "private": "false",
    "subject": "c.subject",
    "body_text": _TEXT,
    "body_html": "''",
    "new_text": "''",
    "to": "'[]'",
    "cc": "'[]'",
    "bcc": "'[]'",
    "provider_id": "''",
    "provider_key": "'crowd-' || c.number || '-' || seq",
    "machine": "'human'",
    "warnings": "'{}'",
    "sources": "'[]'",
    "attributes": "'{}'",
    "has_attachments": "false",
    "created_at": "c.last_message_at",
}


def _filled(statement: str, columns: dict[str, Any]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return statement.format(names=names, values=", ".join(columns.values()))
