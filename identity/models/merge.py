"""Two contacts that turned out to be one person, so recorded that it can be taken back (ID-3)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from identity.models.contact import Contact
from identity.models.role import Membership
from identity.tenancy import TenantForeignKey, TenantModel


class ContactMerge(TenantModel):
    """``other`` became part of ``survivor``; what moved stands in ``MergedRows``."""

    survivor = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    other = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    #: A sentence for the agent: who asked for it, or which proof made it.
    because = models.CharField(max_length=200)
    #: Null when a proof merged them by itself.
    made_by = TenantForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    undone_by = TenantForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)
    #: What the survivor took over of the other's description: ``{field: [before, after]}``.
    changes = models.JSONField(default=dict)

    class Meta:
        constraints = (
            # Whoever is part of somebody can't become part of somebody else as well.
            models.UniqueConstraint(
                fields=("workspace", "other"),
                condition=Q(undone_at__isnull=True),
                name="merge_once_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "survivor", "-made_at"), name="merge_survivor"),
            models.Index(fields=("workspace", "-made_at"), name="merge_newest"),
        )

    def __str__(self) -> str:
        return f"{self.other_id} into {self.survivor_id}"


class MergedRows(TenantModel):
    """The rows of one table that a merge moved from one of its contacts to the other."""

    merge = TenantForeignKey(ContactMerge, on_delete=models.CASCADE, related_name="rows")
    #: ``app.Model.field``
    place = models.CharField(max_length=120)
    came_from = models.UUIDField()
    went_to = models.UUIDField()
    ids = ArrayField(models.UUIDField())

    class Meta:
        indexes = (models.Index(fields=("workspace", "merge"), name="merged_rows_merge"),)

    def __str__(self) -> str:
        return f"{len(self.ids)} of {self.place}"


class SuggestionState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DISMISSED = "dismissed", "Dismissed"


class MergeSuggestion(TenantModel):
    """Two contacts that may be one person, for somebody to decide. A pair is suggested once."""

    #: The one who was here first; accepting lets it survive.
    first = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    because = models.CharField(max_length=200)
    state = models.CharField(
        max_length=9, choices=SuggestionState.choices, default=SuggestionState.OPEN
    )
    decided_by = TenantForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "first", "second"), name="suggestion_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "-id"), name="suggestion_open", condition=Q(state="open")
            ),
            models.Index(fields=("workspace", "second"), name="suggestion_second"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
