"""Who works in a workspace, as what, and in which team."""

from django.conf import settings
from django.db import models

from identity.tenancy import TenantForeignKey, TenantModel


class Role(models.TextChoices):
    """From the most to the least; ``at_least`` compares by this order."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    SUPERVISOR = "supervisor", "Supervisor"
    AGENT = "agent", "Agent"
    VIEWER = "viewer", "Viewer"

    def at_least(self, other: "Role") -> bool:
        """Say whether this role may do all that ``other`` may."""
        order = list(Role)
        return order.index(self) <= order.index(other)


class Membership(TenantModel):
    """A person in a workspace. Everything an agent does is signed with it, never with the user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=True
    )
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    signature = models.TextField(blank=True)
    #: Screen settings such as ``{"sound": true, "notifications": false}``.
    preferences = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "user"), name="membership_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.user)

    def may(self, needed: Role) -> bool:
        """Say whether this person is active here and holds at least the needed role."""
        return self.is_active and Role(self.role).at_least(needed)


class Team(TenantModel):
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("workspace", "name"), name="team_name"),)

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="team_members")
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="teams")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "team", "membership"), name="team_member_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.team_id}"
