"""One attempt-tracked outbound send, with states that are honest."""

from django.db import models

from helpdesk.foundation.ledger import LedgerRow, ledger_indexes
from identity.tenancy import TenantForeignKey, TenantModel
from inbox.models.channel import Channel
from inbox.models.message import Message


class DeliveryState(models.TextChoices):
    """What we know of the customer's copy. It only moves forward; see ``rank``."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    UNCONFIRMED = "unconfirmed", "Not confirmed"
    FAILED = "failed", "Not sent"
    ACCEPTED = "accepted", "Accepted"
    DELIVERED = "delivered", "Delivered"
    READ = "read", "Read"

    @property
    def rank(self) -> int:
        """Return how far along this state is; a later fact never moves a delivery back.

        A failure loses against a delivery notice that came as well, but beats "accepted": mail
        servers accept first and bounce later.
        """
        ranks = {"queued": 0, "sending": 1, "unconfirmed": 2, "accepted": 3, "failed": 4}
        return {**ranks, "delivered": 5, "read": 6}[self.value]


class Delivery(TenantModel, LedgerRow):
    """``work_state`` is the worker's view, ``state`` the agent's."""

    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = TenantForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    #: 1 for the first send; a retry by a person is a new row.
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    #: Set and committed before the provider is called: a lease lost after this is "unconfirmed".
    call_started_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=998, blank=True)
    #: Opaque; in the envelope sender, so that a bounce finds its way back.
    bounce_token = models.CharField(max_length=40, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.TextField(blank=True)
    error_retryable = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "message", "attempt"), name="delivery_attempt"
            ),
        )
        indexes = (
            *ledger_indexes("delivery"),
            models.Index(
                fields=("workspace", "bounce_token"),
                name="delivery_bounce",
                condition=~models.Q(bounce_token=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} ({self.pk})"
