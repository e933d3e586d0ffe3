"""What identity does by the clock. Every run looks for rows that are due; losing one costs seconds."""

from celery import shared_task
from django.utils import timezone

from identity.models import Workspace
from identity.services.contacts import gather_strays
from identity.tenancy import tenant_scope


@shared_task(name="identity.tidy_people")
def tidy_people() -> None:
    """Bring together what merges left behind, workspace by workspace."""
    now = timezone.now()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with tenant_scope(workspace_id):
            gather_strays(now=now)
