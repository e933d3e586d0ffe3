"""Search walks the newest messages for words that many hold, and the word index for the others."""

from django.db import migrations, models

# The statement is planned for each query, because the right way depends on the word, and PostgreSQL
# knows how many messages hold it. Quoted by format(): the query is text of the person who searches.
SEARCH_MESSAGES = """
CREATE OR REPLACE FUNCTION search_messages(query tsquery, most integer)
RETURNS TABLE (conversation_id uuid, message_id uuid, created_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT i.conversation_id, i.message_id, i.created_at FROM inbox_messageindex i
      WHERE i.vector @@ %L::tsquery AND i.workspace_id = %L::uuid
      ORDER BY i.created_at DESC LIMIT %s',
    ('w' || replace(app_workspace()::text, '-', ''))::tsquery && query, app_workspace(), most);
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION search_messages(query tsquery, most integer)
RETURNS TABLE (conversation_id uuid, message_id uuid, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.conversation_id, i.message_id, i.created_at FROM inbox_messageindex i
   WHERE i.vector @@ (('w' || replace(app_workspace()::text, '-', ''))::tsquery && query)
     AND i.workspace_id = app_workspace()
   ORDER BY i.created_at DESC LIMIT most
$$
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_orders_spoken_of")]

    operations = [
        migrations.AddIndex(
            model_name="messageindex",
            index=models.Index(fields=["workspace", "-created_at"], name="message_index_newest"),
        ),
        migrations.RunSQL(SEARCH_MESSAGES, BEFORE),
    ]
