"""The door a conversation came through. Credentials live with the adapter's account."""

from django.db import models

from identity.tenancy import TenantModel


class ChannelKind(models.TextChoices):
    CHAT = "chat", "Chat"
    EMAIL = "email", "E-mail"
    INSTAGRAM = "instagram", "Instagram"
    MESSENGER = "messenger", "Messenger"
    WHATSAPP = "whatsapp", "WhatsApp"
    WHATSAPP_TWILIO = "whatsapp_twilio", "WhatsApp (Twilio)"
    SMS = "sms", "SMS"
    VOICE = "voice", "Voice"


class Channel(TenantModel):
    kind = models.CharField(max_length=16, choices=ChannelKind.choices)
    name = models.CharField(max_length=80)
    #: How the provider names us: mailbox, number, page id; for chat the public key again.
    address = models.CharField(max_length=320, blank=True)
    #: Named in web pages, so it is no secret; unique everywhere, because it names the workspace.
    public_key = models.CharField(max_length=40, unique=True)
    is_active = models.BooleanField(default=True)
    #: ``inbox.capabilities.Capabilities.as_json()``, filled when the channel is saved.
    capabilities = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=("workspace", "kind"), name="channel_kind"),)

    def __str__(self) -> str:
        return self.name
