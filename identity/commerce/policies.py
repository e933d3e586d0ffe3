"""The versions of a workspace's policy: read the one that counts, save another."""

from helpdesk.foundation.events import publish
from identity.commerce.events import PolicyChanged
from identity.commerce.models import PolicyVersion
from identity.commerce.policy_settings import PolicySettings
from identity.models.role import Membership
from identity.tenancy import require_workspace_id


def current_policy() -> PolicySettings:
    """Return the settings that count now; the defaults where nobody has saved any."""
    newest = PolicyVersion.objects.order_by("-id").first()
    return newest.read() if newest else PolicySettings()


def save_policy(*, settings: PolicySettings, by: Membership, comment: str = "") -> PolicyVersion:
    """Make these settings count from now on. Actions already confirmed are judged by them too."""
    version = PolicyVersion.objects.create(
        settings=settings.to_json(), saved_by=by, comment=comment[:200]
    )
    publish(PolicyChanged(workspace_id=require_workspace_id(), version_id=version.pk))
    return version
