"""Telling the admins that a copy of somebody's data lies ready. The mail names nobody."""

from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from identity.models import Membership, PrivacyRequest, Role, Workspace
from identity.services.invitations import mail_is_set_up
from identity.tenancy import require_workspace_id

logger = structlog.get_logger(__name__)


def tell_admins(request_id: UUID) -> int:
    """Mail owners and admins where the copy is; the page shows it too. Returns how many were told."""
    request = PrivacyRequest.objects.filter(pk=request_id).exclude(file_key="").first()
    if request is None or not mail_is_set_up():
        return 0
    admins = Membership.objects.filter(
        is_active=True, role__in=[Role.OWNER, Role.ADMIN]
    ).select_related("user")
    workspace = Workspace.objects.get(pk=require_workspace_id())
    asked = f"The shop {request.store_domain}" if request.store_domain else "A colleague"
    text = (
        f"{asked} asked for a copy of what {workspace.name} holds of a customer.\n\n"
        f"It lies ready here until {request.due_at:%d %B %Y}; hand it to the customer by then:\n"
        f"{settings.BASE_URL}{reverse('identity:privacy')}\n"
    )
    told = 0
    for admin in admins:
        try:
            told += send_mail(
                f"A copy of a customer's data is ready ({workspace.name})",
                text,
                None,
                [admin.user.email],
            )
        except OSError:
            logger.exception("privacy.mail_failed", request_id=str(request_id))
    return told
