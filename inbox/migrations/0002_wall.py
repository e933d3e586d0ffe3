"""The tenant wall of the inbox, its look-ups by public key, the delivery ledger and search."""

from django.db import migrations

from helpdesk.foundation.ledger import claim_function, counting_function
from identity.wall import EnforceWall, LedgerAccess, SystemFunction

ROUTE_CHANNEL = """
CREATE FUNCTION route_channel(wanted uuid)
RETURNS TABLE (workspace_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id FROM inbox_channel c WHERE c.id = wanted
$$
"""

ROUTE_PUBLIC_KEY = """
CREATE FUNCTION route_public_key(wanted text)
RETURNS TABLE (workspace_id uuid, channel_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id, c.id FROM inbox_channel c WHERE c.public_key = wanted
$$
"""

# GIN can't serve a query under row-level security (its operators are not leakproof), so search
# runs here: the workspace comes from the scope's setting, never from an argument, and its lexeme
# is part of the query, so that the index itself skips everybody else's rows.
SEARCH_MESSAGES = """
CREATE FUNCTION search_messages(query tsquery, most integer)
RETURNS TABLE (conversation_id uuid, message_id uuid, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.conversation_id, i.message_id, i.created_at FROM inbox_messageindex i
   WHERE i.vector @@ (('w' || replace(app_workspace()::text, '-', ''))::tsquery && query)
     AND i.workspace_id = app_workspace()
   ORDER BY i.created_at DESC LIMIT most
$$
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("identity", "0002_wall")]

    operations = [
        EnforceWall(
            models=[
                "Channel",
                "ConversationCounter",
                "Conversation",
                "ConversationEvent",
                "Draft",
                "ReadMarker",
                "Message",
                "MessageAlias",
                "MessageIndex",
                "Attachment",
                "Delivery",
                "SavedReply",
            ]
        ),
        # Channels are looked up by id before their workspace is known.
        migrations.RunSQL(
            "CREATE INDEX channel_id_anywhere ON inbox_channel (id)",
            "DROP INDEX IF EXISTS channel_id_anywhere",
        ),
        SystemFunction(
            signature="route_channel(uuid)", definition=ROUTE_CHANNEL, reads=["inbox_channel"]
        ),
        SystemFunction(
            signature="route_public_key(text)",
            definition=ROUTE_PUBLIC_KEY,
            reads=["inbox_channel"],
        ),
        SystemFunction(
            signature="search_messages(tsquery, integer)",
            definition=SEARCH_MESSAGES,
            reads=["inbox_messageindex"],
        ),
        LedgerAccess(
            table="inbox_delivery",
            functions=[claim_function("inbox_delivery"), counting_function("inbox_delivery")],
        ),
    ]
