"""Keys for programs: ``hd_<workspace>_<secret>``.

The key names its workspace, so it is looked up inside that workspace's scope; a key with another
workspace's name in it simply is not found there.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from helpdesk.foundation.signing import fingerprint, new_secret
from identity.models import ApiToken, Membership
from identity.tenancy import require_workspace_id, tenant_scope

SCOPES = ("read", "write", "admin")


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who a valid key speaks for."""

    workspace_id: UUID
    token: ApiToken
    membership: Membership


def create_api_token(
    *, membership: Membership, name: str, scopes: list[str]
) -> tuple[ApiToken, str]:
    """Return the stored token and the key, which is shown once and never again."""
    workspace = base64.b32encode(require_workspace_id().bytes).decode().rstrip("=").lower()
    key = f"hd_{workspace}_{new_secret()}"
    token = ApiToken.objects.create(
        membership=membership, name=name, scopes=scopes, token_hash=fingerprint(key)
    )
    return token, key


def workspace_in_key(key: str) -> UUID | None:
    """Return the workspace a key names, or None when it is not of our form."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "hd" or len(parts[1]) != 26:
        return None
    try:
        return UUID(bytes=base64.b32decode(parts[1].upper() + "======"))
    except ValueError:
        return None


def holder_of(key: str) -> TokenHolder | None:
    """Return whom a key speaks for, or None for a wrong, revoked or foreign one."""
    workspace_id = workspace_in_key(key)
    if workspace_id is None:
        return None
    with tenant_scope(workspace_id):
        token = (
            ApiToken.objects.select_related("membership__user")
            .filter(token_hash=fingerprint(key), revoked_at__isnull=True)
            .first()
        )
        if token is None or not token.membership.is_active:
            return None
        now = timezone.now()
        # To the minute is exact enough, and spares a write for every call.
        if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
            token.last_used_at = now
            token.save(update_fields=["last_used_at"])
        return TokenHolder(workspace_id=workspace_id, token=token, membership=token.membership)


def revoke_api_token(*, token: ApiToken) -> None:
    """Make a key useless from the next call on."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
