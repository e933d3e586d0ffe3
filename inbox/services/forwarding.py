"""Sending a message of a conversation on to somebody outside."""

from collections.abc import Sequence

from identity.models import Membership
from inbox.errors import CannotSendError
from inbox.models import Attachment, Channel, ChannelKind, Conversation, Message
from inbox.services.sending import send


def forward(
    *,
    conversation: Conversation,
    author: Membership,
    to: Sequence[str],
    body_text: str,
    message: Message | None = None,
) -> Message:
    """Send a message of the conversation on to somebody outside, with its files, by mail.

    Their answer threads back here as a third party's; the customer is not told.
    """
    source: Message | None = message or (
        Message.objects.filter(conversation=conversation, private=False).order_by("-seq").first()
    )
    if source is None:
        raise CannotSendError("There is no message to forward yet.", code="nothing_to_forward")
    channel = _mail_channel(conversation)
    files = [_copy_of(one) for one in Attachment.objects.filter(message=source).exclude(key="")]
    quoted = "\n".join(
        [
            "---------- Forwarded message ----------",
            f"From: {source.author_name} <{source.author_address}>".replace(" <>", ""),
            f"Date: {source.created_at:%Y-%m-%d %H:%M} UTC",
            f"Subject: {source.subject or conversation.subject}",
            "",
            source.body_text,
        ]
    )
    return send(
        conversation=conversation,
        author=author,
        body_text=f"{body_text.strip()}\n\n{quoted}".strip(),
        channel=channel,
        to=list(to),
        cc=[],
        subject=f"Fwd: {source.subject or conversation.subject}",
        attachments=files,
        attributes={"forward_of": str(source.pk)},
    )


def _mail_channel(conversation: Conversation) -> Channel:
    if conversation.last_channel.kind == ChannelKind.EMAIL:
        return conversation.last_channel
    found: Channel | None = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True).first()
    if found is None:
        raise CannotSendError(
            "Forwarding needs an e-mail channel. Set one up in the settings.",
            code="no_mail_channel",
        )
    return found


def _copy_of(attachment: Attachment) -> Attachment:
    """A second row for the same stored file, so that each message owns its attachments."""
    return Attachment.objects.create(
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        key=attachment.key,
        content_id=attachment.content_id,
        inline=attachment.inline,
    )
