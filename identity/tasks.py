"""What identity does by the clock. Every run looks for rows that are due; losing one costs seconds."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from identity.models import Workspace
from identity.services.codes import forget_codes
from identity.services.contacts import gather_strays
from identity.services.customers import link_recent
from identity.services.privacy import continue_erasures, forget_copies
from identity.shopify import tasks as shopify_tasks  # noqa: F401  (its tasks register on import)
from identity.tenancy import tenant_scope

#: Longer than two rings of the clock, so that a lost one leaves nothing out.
LOOKED_BACK = timedelta(minutes=3)
#: As long as rate limits look back, and a little.
CODES_KEPT = timedelta(days=2)


@shared_task(name="identity.tidy_people")
def tidy_people() -> None:
    """Bring together what merges and back-fills left apart, workspace by workspace."""
    now = timezone.now()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with tenant_scope(workspace_id):
            gather_strays(now=now)
            link_recent(since=now - LOOKED_BACK)
            forget_codes(before=now - CODES_KEPT)
            forget_copies(now=now)
            continue_erasures()
