"""One person who writes to us, and the addresses they write from."""

from django.db import models
from django.db.models import Q

from identity.tenancy import TenantForeignKey, TenantModel


class PointKind(models.TextChoices):
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    CHAT = "chat", "Chat"
    INSTAGRAM = "instagram", "Instagram"
    MESSENGER = "messenger", "Messenger"
    WHATSAPP = "whatsapp", "WhatsApp"


class Contact(TenantModel):
    name = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    timezone = models.CharField(max_length=60, blank=True)
    #: Mail and chats of a blocked person go to spam and notify nobody.
    blocked_at = models.DateTimeField(null=True, blank=True)
    merged_into = TenantForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (models.Index(fields=("workspace", "name"), name="contact_name"),)

    def __str__(self) -> str:
        return self.name or "Unknown"


class ContactPoint(TenantModel):
    """One address of a person on one kind of channel, and why we believe it is theirs.

    An unverified point is a claim: it may stand on several contacts. A verified one stands on one.
    """

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=12, choices=PointKind.choices)
    #: Normalised: lower-case address, E.164 number, or the provider's id.
    value = models.CharField(max_length=320)
    verified = models.BooleanField(default=False)
    #: One short fact, e.g. "typed in the chat form" or "DMARC passed".
    evidence = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "kind", "value"),
                condition=Q(verified=True),
                name="point_verified_once",
            ),
            models.UniqueConstraint(
                fields=("workspace", "contact", "kind", "value"), name="point_once_per_contact"
            ),
        )
        indexes = (models.Index(fields=("workspace", "kind", "value"), name="point_value"),)

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
