"""Workspaces and who belongs to them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from identity.models import Membership, Role, User, Workspace
from identity.tenancy import tenant_scope


def create_workspace(
    *, name: str, slug: str, owner: User, timezone: str = "UTC", locale: str = "en"
) -> Workspace:
    """Make a workspace with its first owner."""
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=slug, timezone=timezone, locale=locale)
        with tenant_scope(workspace.pk):
            Membership.objects.create(user=owner, role=Role.OWNER)
    return workspace


def memberships_of(user_id: UUID) -> list[tuple[UUID, str]]:
    """Return (workspace id, role) of every place a person may enter.

    One of the few look-ups across the wall: signing in has to find the way to a workspace.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, role FROM memberships_of_user(%s)", [user_id])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def workspaces_of(user_id: UUID) -> list[Workspace]:
    """Return the workspaces a person may switch to, by name."""
    ids = [workspace_id for workspace_id, _ in memberships_of(user_id)]
    return list(Workspace.objects.filter(pk__in=ids).order_by("name"))


def save_workspace(
    *,
    workspace: Workspace,
    name: str,
    timezone: str,
    locale: str,
    hours: Mapping[str, Sequence[Sequence[str]]],
    continuation_hours: int,
) -> Workspace:
    """Change the workspace's own facts. ``hours`` was checked by ``identity.hours_in_words.check_day``."""
    workspace.name = name
    workspace.timezone = timezone
    workspace.locale = locale
    workspace.hours = {day: [list(one) for one in open_] for day, open_ in hours.items()}
    workspace.continuation_hours = continuation_hours
    workspace.save(update_fields=["name", "timezone", "locale", "hours", "continuation_hours"])
    return workspace
