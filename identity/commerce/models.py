"""Money actions and the versions of a workspace's policy."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from helpdesk.foundation.crypto import EncryptedJSONField
from identity.commerce.policy_settings import PolicySettings
from identity.commerce.requests import REQUESTS, Kind, Request
from identity.commerce.seam import Job, Outcome, Preview
from identity.commerce.states import REPORTABLE, State
from identity.commerce.verdicts import Verdict
from identity.models.role import Membership
from identity.models.store import Store
from identity.tenancy import TenantForeignKey, TenantModel


class PolicyVersion(TenantModel):
    """What the policy was from a moment on. The newest counts; older ones are the history."""

    settings = models.JSONField(default=dict)
    saved_by = TenantForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    comment = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"policy of {self.created_at:%Y-%m-%d %H:%M}"

    def read(self) -> PolicySettings:
        """Return the settings."""
        return PolicySettings.from_json(self.settings)


class MoneyAction(TenantModel):
    """One thing to be done in a shop, at most once. ``states.py`` holds its life.

    ``key`` is what the shop knows it by, made with the row. ``step`` names the remote step whose
    call began and whose answer is not stored: whoever finds it there looks before doing anything.
    """

    store = TenantForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    #: ``Kind`` and ``State``; no choices, so that another kind is no migration.
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default=State.PREVIEWED.value)
    order_id = models.CharField(max_length=120, blank=True)
    order_name = models.CharField(max_length=80, blank=True)
    customer_id = models.CharField(max_length=120, blank=True)
    #: What is worked one after the other: the store's order or customer.
    lane = models.CharField(max_length=300)
    key = models.UUIDField(default=uuid4, editable=False)

    request = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict)
    #: The rule that decided last, also inside ``verdict``; here to be searched.
    rule = models.CharField(max_length=60, blank=True)
    #: What the preview was about; the commit refuses when it changed.
    basis = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    #: Codes that are worth money.
    secrets = EncryptedJSONField(default=dict, blank=True)

    #: ``Actor`` at the time: a role, ``ai`` or ``customer``.
    actor = models.CharField(max_length=12)
    requested_by = TenantForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by = TenantForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = TenantForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approval_reason = models.CharField(max_length=500, blank=True)
    #: Why it is done, in the requester's words.
    reason = models.CharField(max_length=500, blank=True)
    #: A conversation of the inbox; identity knows none, so it is no foreign key.
    origin_conversation_id = models.UUIDField(null=True, blank=True)
    #: What it is worth in the store's currency, for limits of the day; null: moves nothing.
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)

    step = models.CharField(max_length=40, blank=True)
    step_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: A sentence for people: why it is in this state.
    sentence = models.TextField(blank=True)
    #: When a worker looks at it next; null: nobody has to.
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_state = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("workspace", "key"), name="moneyaction_key"),
        )
        indexes = (
            models.Index(
                fields=("due_at",), name="moneyaction_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(
                fields=("workspace", "store", "order_id", "-id"), name="moneyaction_order"
            ),
            models.Index(
                fields=("workspace", "origin_conversation_id", "-id"),
                name="moneyaction_conversation",
                condition=Q(origin_conversation_id__isnull=False),
            ),
            models.Index(
                fields=("workspace", "origin_conversation_id"),
                name="moneyaction_awaiting",
                condition=Q(state="awaiting_approval"),
            ),
            models.Index(
                fields=("workspace", "requested_by", "confirmed_at"),
                name="moneyaction_requester",
                condition=Q(value__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.order_name or self.customer_id}: {self.state}"

    def asked(self) -> Request:
        """Return the request."""
        return REQUESTS[Kind(self.kind)].from_json(self.request)

    def shown(self) -> Preview:
        """Return the preview."""
        return Preview.from_json(self.preview)

    def judged(self) -> Verdict:
        """Return the verdict."""
        return Verdict.from_json(self.verdict)

    def ended(self) -> Outcome | None:
        """Return what was read back, None before."""
        return Outcome.from_json(self.outcome) if self.outcome else None

    def job(self) -> Job:
        """Return what the platform is told."""
        return Job(
            request=self.asked(),
            preview=self.shown(),
            order_id=self.order_id,
            customer_id=self.customer_id,
            key=self.key,
            progress=self.progress,
        )

    @property
    def must_report(self) -> bool:
        """Say whether its conversation has not been told of this state."""
        if self.state == State.UNCONFIRMED and self.settled_at is None:
            return False
        told = self.reported_state == self.state
        return self.state in REPORTABLE and self.confirmed_at is not None and not told
