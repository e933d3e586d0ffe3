"""The tenant wall of the channel kit and the ledger of inbound events."""

from django.db import migrations

from helpdesk.foundation.ledger import claim_function, counting_function
from identity.wall import EnforceWall, LedgerAccess, SystemFunction

MAILBOXES_TO_POLL = """
CREATE FUNCTION mailboxes_to_poll()
RETURNS TABLE (workspace_id uuid, channel_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT a.workspace_id, a.channel_id FROM channels_app_channelaccount a
    JOIN inbox_channel c ON c.workspace_id = a.workspace_id AND c.id = a.channel_id
   WHERE c.kind = 'email' AND c.is_active AND a.settings ? 'imap_host'
     AND a.settings ->> 'imap_host' <> ''
$$
"""


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0002_initial"), ("inbox", "0002_wall")]

    operations = [
        EnforceWall(models=["ChannelAccount", "InboundEvent", "ChatSession", "MailboxCursor"]),
        SystemFunction(
            signature="mailboxes_to_poll()",
            definition=MAILBOXES_TO_POLL,
            reads=["channels_app_channelaccount", "inbox_channel"],
        ),
        LedgerAccess(
            table="channels_app_inboundevent",
            functions=[
                claim_function("channels_app_inboundevent"),
                counting_function("channels_app_inboundevent"),
            ],
        ),
    ]
