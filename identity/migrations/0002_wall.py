"""The tenant wall of people and contacts, and the one look-up that signing in needs across it."""

from django.db import migrations

from identity.wall import EnforceWall, SystemFunction

APP_WORKSPACE = """
CREATE FUNCTION app_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.workspace_id', true), '')::uuid $$
"""

MEMBERSHIPS_OF_USER = """
CREATE FUNCTION memberships_of_user(person uuid)
RETURNS TABLE (workspace_id uuid, role varchar) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT m.workspace_id, m.role FROM identity_membership m
   WHERE m.user_id = person AND m.is_active ORDER BY m.id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(APP_WORKSPACE, "DROP FUNCTION IF EXISTS app_workspace()"),
        EnforceWall(
            models=[
                "Membership",
                "Team",
                "TeamMember",
                "Invitation",
                "ApiToken",
                "Contact",
                "ContactPoint",
            ]
        ),
        SystemFunction(
            signature="memberships_of_user(uuid)",
            definition=MEMBERSHIPS_OF_USER,
            reads=["identity_membership"],
        ),
    ]
