"""The first person of an empty installation: they become the owner of its first workspace."""

from django.db import connection, transaction
from django.utils.text import slugify

from identity.errors import AlreadySetUpError
from identity.models import User, Workspace
from identity.services.invitations import own_address
from identity.services.workspaces import create_workspace


def is_empty() -> bool:
    """Say whether nobody has set this installation up yet."""
    return not Workspace.objects.exists()


def set_up(*, workspace_name: str, timezone: str, name: str, email: str, password: str) -> User:
    """Make the first owner and workspace. Raises AlreadySetUpError for whoever comes second."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first-run'))")
        if not is_empty():
            raise AlreadySetUpError("This installation is set up already. Sign in instead.")
        user = User.objects.create_user(email, password, name=name)
        own_address(user)
        create_workspace(
            name=workspace_name,
            slug=slugify(workspace_name)[:60] or "workspace",
            owner=user,
            timezone=timezone,
        )
    return user
