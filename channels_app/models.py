"""What the channel kit keeps: credentials, raw events, chat sessions and mailbox positions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from helpdesk.foundation.crypto import EncryptedJSONField
from helpdesk.foundation.ledger import LedgerRow, WorkState, ledger_indexes
from identity.models import Contact
from identity.tenancy import TenantForeignKey, TenantModel
from inbox.models import Channel, Conversation


class ChannelAccount(TenantModel):
    """Settings and credentials of one channel. ``secrets`` are sealed and never shown again."""

    channel = TenantForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    #: Part of the webhook path; random, so that the door can't be guessed.
    hook_key = models.CharField(max_length=40)
    settings = models.JSONField(default=dict, blank=True)
    secrets = EncryptedJSONField(default=dict, blank=True)
    #: Set when the provider refused our credentials; shown as a banner until mended.
    trouble = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "channel"), name="account_once"),
        )

    def __str__(self) -> str:
        return f"account of {self.channel_id}"


class InboundEvent(TenantModel, LedgerRow):
    """One raw thing a provider sent us, kept before it was understood."""

    channel = TenantForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    #: Which door it came through, e.g. ``email/mailgun``, ``chat``, ``email/imap``.
    source = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)
    message_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    #: Mail fetched from before the channel was connected: filed, never announced or answered.
    old = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "channel", "dedupe_key"), name="inbound_event_once"
            ),
        )
        indexes = (
            *ledger_indexes("inbound"),
            # What a person has to look at, among millions that went well.
            models.Index(
                fields=("workspace", "work_state", "-id"),
                name="inbound_to_look_at",
                condition=models.Q(work_state__in=[WorkState.IGNORED, WorkState.QUARANTINED]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class ChatSession(TenantModel):
    """One visitor's browser. The token is its only key; only the fingerprint is kept."""

    channel = TenantForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    #: The conversation the visitor sees; none until the first message.
    conversation = TenantForeignKey(
        Conversation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    token_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    #: Order number, topic, page: what the form and the page said.
    attributes = models.JSONField(default=dict, blank=True)
    consent_text = models.TextField(blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    locale = models.CharField(max_length=12, blank=True)
    #: True once a token signed by the store named the shopper.
    identified = models.BooleanField(default=False)
    agent_read_seq = models.PositiveIntegerField(default=0)
    visitor_read_seq = models.PositiveIntegerField(default=0)
    continued_by_email = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "token_hash"), name="chat_token"),
        )
        indexes = (models.Index(fields=("workspace", "conversation"), name="chat_conversation"),)

    def __str__(self) -> str:
        return f"chat session {self.pk}"


class MailboxCursor(TenantModel):
    """How far one IMAP folder has been read."""

    channel = TenantForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    folder = models.CharField(max_length=200, default="INBOX")
    #: ``channels_app.email.imap.MailCursor.as_dict()``; null before the first connection.
    place = models.JSONField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "channel", "folder"), name="mailbox_cursor_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.folder} of {self.channel_id}"
