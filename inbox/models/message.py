"""One thing said, and the files that came with it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from identity.models import Contact, Membership
from identity.tenancy import TenantForeignKey, TenantModel
from inbox.models.channel import Channel
from inbox.models.conversation import Conversation


class Direction(models.TextChoices):
    IN = "in", "From the customer"
    OUT = "out", "From us"


class AuthorKind(models.TextChoices):
    CONTACT = "contact", "Customer"
    AGENT = "agent", "Agent"
    AI = "ai", "AI"
    SYSTEM = "system", "System"


class Message(TenantModel):
    conversation = TenantForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    #: 1, 2, 3 … within the conversation, in the order we stored them.
    seq = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    author_kind = models.CharField(max_length=8, choices=AuthorKind.choices)
    author = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_contact = TenantForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)
    #: The address it came from, and whether the channel proved it.
    author_address = models.CharField(max_length=320, blank=True)
    author_verified = models.BooleanField(default=False)
    #: Null for a private note.
    channel = TenantForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    private = models.BooleanField(default=False)
    subject = models.CharField(max_length=500, blank=True)
    body_text = models.TextField(blank=True)
    #: Safe already: sanitised before it was stored.
    body_html = models.TextField(blank=True)
    #: The body without quotes and signature; "" when there was nothing to fold away.
    new_text = models.TextField(blank=True)
    #: ``[{"address": …, "name": …}]``
    to = models.JSONField(default=list, blank=True)
    cc = models.JSONField(default=list, blank=True)
    bcc = models.JSONField(default=list, blank=True)
    #: The provider's name of it (for mail the Message-ID); ours own one when we sent it.
    provider_id = models.CharField(max_length=998, blank=True)
    #: Unique per channel: the same thing twice is stored once. A digest for mail.
    provider_key = models.CharField(max_length=200, blank=True)
    provider_time = models.DateTimeField(null=True, blank=True)
    #: ``human``, ``auto`` or ``bulk``.
    machine = models.CharField(max_length=8, default="human")
    warnings = ArrayField(models.TextField(), default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    #: Made by the screen or widget, so that a repeated request is the same message.
    client_id = models.UUIDField(null=True, blank=True)
    has_attachments = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "conversation", "seq"), name="message_seq"
            ),
            models.UniqueConstraint(
                fields=("workspace", "channel", "provider_key"),
                name="message_provider_key",
                condition=~Q(provider_key=""),
            ),
            models.UniqueConstraint(
                fields=("workspace", "conversation", "client_id"),
                name="message_client_id",
                condition=Q(client_id__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "provider_id"),
                name="message_provider_id",
                condition=~Q(provider_id=""),
            ),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"


class MessageAlias(TenantModel):
    """Another name of a message, such as the Message-ID an ESP put on the wire."""

    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=998)

    class Meta:
        indexes = (models.Index(fields=("workspace", "name"), name="message_alias_name"),)

    def __str__(self) -> str:
        return self.name


class MessageIndex(TenantModel):
    """What search looks at: one row per message, written in the message's transaction.

    The vector carries a lexeme for the workspace, so one GIN index serves a small tenant as fast
    as a big one. Read only by the function ``search_messages``.
    """

    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    conversation = TenantForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    vector = SearchVectorField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "message"), name="message_index_once"),
        )
        indexes = (
            GinIndex(fields=("vector",), name="message_index_vector"),
            models.Index(fields=("workspace", "-created_at"), name="message_index_newest"),
        )

    def __str__(self) -> str:
        return f"index of {self.message_id}"


class Attachment(TenantModel):
    """A file. ``message`` is null between the upload and the sending."""

    message = TenantForeignKey(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    #: Key in the default storage; "" when storing failed and only the stub is left.
    key = models.CharField(max_length=300, blank=True)
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)
    uploaded_by = TenantForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: For a widget upload: the session that may attach it.
    upload_session = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("workspace", "message"), name="attachment_message"),)

    def __str__(self) -> str:
        return self.name
