"""A shop a workspace is connected to, what came from it, and how far it has been read.

No vendor word in class names: another platform is another value of ``Store.platform``.
"""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from helpdesk.foundation.crypto import EncryptedJSONField
from helpdesk.foundation.ledger import LedgerRow, WorkState, ledger_indexes
from identity.models.role import Membership
from identity.tenancy import TenantForeignKey, TenantModel


class StoreStatus(models.TextChoices):
    """Only ``installed`` is called; the others say why not, and what would mend it."""

    INSTALLED = "installed", "Connected"
    NEEDS_LOGIN = "needs_login", "Needs somebody to open the app"
    FROZEN = "frozen", "Paused by the platform"
    UNINSTALLED = "uninstalled", "Disconnected"
    GONE = "gone", "Closed"


#: States in which the shop is this workspace's; a shop is one workspace's at a time.
HELD = (StoreStatus.INSTALLED, StoreStatus.NEEDS_LOGIN, StoreStatus.FROZEN)


class Store(TenantModel):
    """One shop. Found by ``gid``, which never changes; the domain may."""

    platform = models.CharField(max_length=20, default="shopify")
    #: The platform's own id of the shop, as text.
    gid = models.CharField(max_length=120)
    domain = models.CharField(max_length=255)
    #: Domains it had before: late events still name them.
    former_domains = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    currency = models.CharField(max_length=3, blank=True)
    timezone = models.CharField(max_length=60, default="UTC")
    #: What stands before and after the number in an order's name, say "#" and "".
    order_prefix = models.CharField(max_length=40, default="#", blank=True)
    order_suffix = models.CharField(max_length=40, blank=True)
    status = models.CharField(
        max_length=12, choices=StoreStatus.choices, default=StoreStatus.INSTALLED
    )
    #: A sentence for the agent: what is wrong and what mends it. Empty while all is well.
    trouble = models.TextField(blank=True)
    scopes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    #: Facts the platform does not show us (yet), such as "email": protected customer data.
    hidden = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: access_token and refresh_token; sealed, never shown.
    secrets = EncryptedJSONField(default=dict, blank=True)
    token_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(null=True, blank=True)
    installed_at = models.DateTimeField()
    uninstalled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "platform", "gid"), name="store_once"),
            # Across the wall on purpose: an event names the shop alone, and must find one workspace.
            models.UniqueConstraint(
                fields=("platform", "gid"), condition=Q(status__in=HELD), name="store_held_once"
            ),
        )
        indexes = (models.Index(fields=("platform", "domain"), name="store_domain"),)

    def __str__(self) -> str:
        return self.name or self.domain

    @property
    def is_connected(self) -> bool:
        """Say whether it may be called."""
        return self.status == StoreStatus.INSTALLED

    def token_is_stale(self, now: datetime, *, margin_seconds: float) -> bool:
        """Say whether the token ends within the margin. A token without an end never does."""
        if self.token_expires_at is None:
            return False
        return (self.token_expires_at - now).total_seconds() < margin_seconds


class StoreUser(TenantModel):
    """A person of the shop's own admin, mapped to a member once."""

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="users")
    remote_id = models.CharField(max_length=60)
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "remote_id"), name="store_user"),
        )

    def __str__(self) -> str:
        return f"{self.remote_id} of {self.store_id}"


class SyncSubject(models.TextChoices):
    CUSTOMERS = "customers", "Customers"
    ORDERS = "orders", "Orders"
    PRODUCTS = "products", "Products"
    POLICIES = "policies", "Policies"


class SyncMark(TenantModel):
    """How far one kind of thing has been read, and how much the last look had to mend."""

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="marks")
    subject = models.CharField(max_length=12, choices=SyncSubject.choices)
    #: Everything changed in the shop up to here is in the mirror.
    complete_until = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    #: Rows the last reconciliation found changed without an event having told.
    drift = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "store", "subject"), name="sync_mark"),
        )

    def __str__(self) -> str:
        return f"{self.subject} of {self.store_id}"


class StoreEvent(TenantModel, LedgerRow):
    """One webhook, as it came. The body is a hint: the thing itself is read again."""

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=80)
    #: The platform's id of this delivery, the same over its retries.
    dedupe_key = models.CharField(max_length=200)
    api_version = models.CharField(max_length=20, blank=True)
    #: When it happened, by the platform's clock; None where it does not say.
    triggered_at = models.DateTimeField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "store", "dedupe_key"), name="store_event_once"
            ),
        )
        indexes = (
            *ledger_indexes("storeevent"),
            models.Index(
                fields=("workspace", "work_state", "-id"),
                name="storeevent_to_look_at",
                condition=Q(work_state__in=[WorkState.IGNORED, WorkState.QUARANTINED]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class UnroutedEvent(models.Model):
    """A signed webhook of a shop nobody here is connected to. Global: it has no workspace."""

    id = models.BigAutoField(primary_key=True)
    platform = models.CharField(max_length=20)
    domain = models.CharField(max_length=255)
    topic = models.CharField(max_length=80)
    dedupe_key = models.CharField(max_length=200)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("platform", "dedupe_key"), name="unrouted_event_once"),
        )
        indexes = (models.Index(fields=("domain", "id"), name="unrouted_domain"),)

    def __str__(self) -> str:
        return f"{self.topic} of {self.domain}"


class BackfillPhase(models.TextChoices):
    """``work_state`` says whether somebody is at it; this says how far it is."""

    ASK = "ask", "Waiting to start"
    PREPARE = "prepare", "Being prepared by the shop"
    READ = "read", "Being read"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class StoreBackfill(TenantModel, LedgerRow):
    """Reading everything of one kind once, by a bulk operation; goes on where it stopped."""

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="backfills")
    subject = models.CharField(max_length=12, choices=SyncSubject.choices)
    phase = models.CharField(max_length=8, choices=BackfillPhase.choices, default=BackfillPhase.ASK)
    operation_gid = models.CharField(max_length=120, blank=True)
    result_url = models.TextField(blank=True)
    #: Whole things (not lines): how many there are, how many are in the mirror.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    #: What changed before this moment is in the result; later changes are reconciled.
    as_of = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            *ledger_indexes("storebackfill"),
            models.Index(fields=("workspace", "store", "-id"), name="storebackfill_of"),
        )

    def __str__(self) -> str:
        return f"{self.subject} of {self.store_id}: {self.phase}"

    @property
    def percent(self) -> int:
        """Return how much of it is done, 0 to 100."""
        if self.phase == BackfillPhase.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
