"""A text an agent uses often."""

from django.db import models

from identity.tenancy import TenantModel


class SavedReply(TenantModel):
    """``body`` may hold ``{{contact.name}}``, ``{{contact.first_name}}``, ``{{agent.name}}``."""

    name = models.CharField(max_length=80)
    shortcut = models.SlugField(max_length=40, blank=True, db_index=False)
    body = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("workspace", "name"), name="saved_reply_name"),
        )

    def __str__(self) -> str:
        return self.name
