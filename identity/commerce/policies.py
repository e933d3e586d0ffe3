"""The versions of a workspace's policy: read the one that counts, save another."""

from typing import Any

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


def differences(before: PolicySettings, after: PolicySettings) -> list[str]:
    """Return what one version changed, as short texts for the history."""
    old, new = before.to_json(), after.to_json()
    return [
        f"{name.replace('_', ' ').capitalize()}: {_words(old[name])} → {_words(new[name])}"
        if name != "limits"
        else f"Limits of {', '.join(_who_changed(old[name], new[name]))}"
        for name in new
        if old[name] != new[name]
    ]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _who_changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [name for name in new if old.get(name) != new[name]]
