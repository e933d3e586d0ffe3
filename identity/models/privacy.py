"""What was asked for in a person's name by law, and the evidence that it was done (SH-6, PV-2).

None of these rows holds personal data: they outlive the data they speak of.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from identity.models.role import Membership
from identity.tenancy import TenantForeignKey, TenantModel


class PrivacyKind(models.TextChoices):
    EXPORT = "export", "Copy of a person's data"
    ERASE = "erase", "Erasure of a person"
    ERASE_STORE = "erase_store", "Erasure of a shop"


class PrivacyRequest(TenantModel):
    """One request and when it was done."""

    kind = models.CharField(max_length=12, choices=PrivacyKind.choices)
    #: The shop it came from, by its domain: a shop's name, nobody's data. "" when made by hand.
    store_domain = models.CharField(max_length=255, blank=True)
    #: The platform's number of the request, such as ``data_request.id``.
    reference = models.CharField(max_length=120, blank=True)
    requested_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    #: The law's and Shopify's limit: 30 days.
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    #: Contacts of a big shop who are still to be erased; ids that mean nothing once they are.
    pending = ArrayField(models.UUIDField(), default=list, blank=True)
    #: Whether anything of the person was here at all.
    found = models.BooleanField(default=False)
    #: The zip in the file store; "" once it is gone.
    file_key = models.CharField(max_length=300, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True, blank=True)
    #: Keyed hashes of whom the file is about, so that erasing them finds the file; gone with it.
    subjects = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("workspace", "-created_at"), name="privacy_newest"),
            models.Index(
                fields=("workspace", "id"), name="privacy_files", condition=~Q(file_key="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.created_at:%Y-%m-%d}"


class PrivacyResult(TenantModel):
    """What one app found or erased: counts by kind of row, nothing else."""

    request = TenantForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="results")
    app = models.CharField(max_length=40)
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "request", "app"), name="result_once"),
        )

    def __str__(self) -> str:
        return f"{self.app} of {self.request_id}"
