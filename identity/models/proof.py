"""How a person proved that an address is theirs (ID-2)."""

from django.db import models
from django.db.models import Q

from identity.models.contact import Contact, PointKind
from identity.models.role import Membership
from identity.models.workspace import Evidence
from identity.tenancy import TenantForeignKey, TenantModel


class ContactProof(TenantModel):
    """Somebody who speaks ``through`` one point proved that they hold another address.

    The point keeps that the address is the contact's; this keeps who showed it. A contact may hold
    a mailbox that proved itself and a chat in which the same address was only typed: what is told to
    the mailbox is not told to the chat.
    """

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=12, choices=PointKind.choices)
    value = models.CharField(max_length=320)
    how = models.CharField(max_length=12, choices=Evidence.choices)
    through_kind = models.CharField(max_length=12, choices=PointKind.choices)
    through_value = models.CharField(max_length=320)
    proven_at = models.DateTimeField()
    #: A code entered in a browser is good for a while; null is for good.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("workspace", "contact", "through_kind", "through_value"),
                name="proof_through",
            ),
        )

    def __str__(self) -> str:
        return f"{self.how} through {self.through_kind}"


class OneTimeCode(TenantModel):
    """A code sent to an address, to be typed where the person speaks to us. Kept as a keyed hash."""

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    #: Where it was sent.
    kind = models.CharField(max_length=12, choices=PointKind.choices)
    value = models.CharField(max_length=320)
    #: Where it has to be typed.
    through_kind = models.CharField(max_length=12, choices=PointKind.choices)
    through_value = models.CharField(max_length=320)
    code_hash = models.CharField(max_length=64)
    #: The conversation it was asked for in; a plain id, since foreign keys never point up.
    conversation_id = models.UUIDField(null=True, blank=True)
    requested_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Set when it was entered, replaced by a newer one, or guessed at too often.
    closed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("workspace", "through_kind", "through_value"),
                name="code_open",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=("workspace", "kind", "value", "-created_at"), name="code_sent_to"),
            models.Index(fields=("workspace", "-created_at"), name="code_newest"),
        )

    def __str__(self) -> str:
        return f"code of {self.created_at:%Y-%m-%d %H:%M}"
