"""One unit of work with one contact."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from identity.models import Contact, Membership, Team
from identity.tenancy import TenantForeignKey, TenantModel
from inbox.models.channel import Channel


class Status(models.TextChoices):
    OPEN = "open", "Open"
    WAITING = "waiting", "Waiting on customer"
    SNOOZED = "snoozed", "Snoozed"
    CLOSED = "closed", "Closed"
    SPAM = "spam", "Spam"
    TRASH = "trash", "Trash"


class Priority(models.TextChoices):
    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    URGENT = "urgent", "Urgent"


class AiState(models.TextChoices):
    OFF = "off", "Off"
    DRAFTING = "drafting", "Drafting"
    DRAFT = "draft", "Draft ready"
    SENT = "sent", "Answered by AI"
    REVIEW = "review", "In review"
    HANDED_OVER = "handed_over", "Handed over"
    HELD = "held", "Held"


class ConversationCounter(TenantModel):
    """The last number given out in a workspace; one row each, locked last and briefly."""

    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace",), name="counter_once"),)

    def __str__(self) -> str:
        return str(self.last_number)


class Conversation(TenantModel):
    number = models.PositiveBigIntegerField()
    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    #: Where it began; ``last_channel`` is where the customer wrote last and a reply goes by default.
    channel = TenantForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    last_channel = TenantForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    channel_ids = ArrayField(models.UUIDField(), default=list)
    subject = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    assignee = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = TenantForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.SlugField(max_length=40, blank=True, db_index=False)
    outcome = models.SlugField(max_length=40, blank=True, db_index=False)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    ai_state = models.CharField(max_length=12, choices=AiState.choices, default=AiState.OFF)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # What the list shows, kept with each message so that the list reads one table.
    last_seq = models.PositiveIntegerField(default=0)
    last_inbound_seq = models.PositiveIntegerField(default=0)
    last_message_at = models.DateTimeField()
    last_direction = models.CharField(max_length=3, default="in")
    preview = models.CharField(max_length=200, blank=True)
    #: Since when the customer waits for an answer; null when it is not our turn.
    waiting_since = models.DateTimeField(null=True, blank=True)
    #: Why a message was put here, in one sentence: the decision of ``inbox.services.threading``.
    opened_because = models.CharField(max_length=200, blank=True)
    #: Orders the customer named: ``[{"name": "#1001", "keys": ["1001"], "message_id": …}]``. A claim
    #: each, until the order is proven theirs; see ``inbox.services.orders_spoken``.
    orders_spoken_of = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "number"), name="conversation_number"),
        )
        indexes = (
            models.Index(
                fields=("workspace", "status", "-last_message_at", "-id"), name="conv_newest"
            ),
            models.Index(
                fields=("workspace", "assignee", "status", "-last_message_at", "-id"),
                name="conv_assignee",
            ),
            models.Index(
                fields=("workspace", "status", "waiting_since", "id"),
                name="conv_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=("workspace", "last_channel", "status", "-last_message_at"),
                name="conv_channel",
            ),
            models.Index(fields=("workspace", "contact", "-last_message_at"), name="conv_contact"),
            models.Index(
                fields=("snoozed_until",), name="conv_snoozed", condition=Q(status="snoozed")
            ),
        )

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_live(self) -> bool:
        """Say whether the issue is still being worked on."""
        return self.status in {Status.OPEN, Status.WAITING, Status.SNOOZED}


class ConversationEvent(TenantModel):
    """A line in the thread that nobody said: assigned, closed, snoozed …"""

    conversation = TenantForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    actor = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The message it came after.
    after_seq = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("workspace", "conversation", "id"), name="conversation_event"),
        )

    def __str__(self) -> str:
        return self.kind


class Draft(TenantModel):
    """What an agent has typed and not sent; follows them to another machine."""

    conversation = TenantForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=5, default="reply")
    body = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "conversation", "membership"), name="draft_once"
            ),
        )

    def __str__(self) -> str:
        return f"draft in {self.conversation_id}"


class ReadMarker(TenantModel):
    """How far one agent has read one conversation."""

    conversation = TenantForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="read_markers"
    )
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "membership", "conversation"), name="read_marker_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.seq)
