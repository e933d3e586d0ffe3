"""Ways in for people who have no account yet and for programs."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from identity.models.role import Membership, Role
from identity.tenancy import TenantForeignKey, TenantModel


class Invitation(TenantModel):
    """A link that lets one address join. Only the token's fingerprint is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AGENT)
    token_hash = models.CharField(max_length=64)
    invited_by = TenantForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "token_hash"), name="invitation_token"),
        )

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        """Say whether the link still works at ``now``."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class ApiToken(TenantModel):
    """A program's key. The key names its workspace, so finding it crosses no wall."""

    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64)
    #: ``read``, ``write`` and ``admin``; each includes the ones before it.
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "token_hash"), name="api_token_hash"),
        )

    def __str__(self) -> str:
        return self.name
