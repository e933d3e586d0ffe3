"""What may be told in a conversation: the question of ``identity.services.proofs``, asked of it.

The answer goes where the customer wrote last, so whoever wrote last there has to be the proven one.
"""

from identity.models import PointKind
from identity.services.proofs import Shown, Through, what_may_be_shown
from identity.services.resolution import survivor_of
from inbox.models import ChannelKind, Conversation, Direction, Message

#: How a channel's addresses are kept as contact points.
_POINTS = {
    ChannelKind.CHAT: PointKind.CHAT,
    ChannelKind.EMAIL: PointKind.EMAIL,
    ChannelKind.INSTAGRAM: PointKind.INSTAGRAM,
    ChannelKind.MESSENGER: PointKind.MESSENGER,
    ChannelKind.WHATSAPP: PointKind.WHATSAPP,
    ChannelKind.WHATSAPP_TWILIO: PointKind.WHATSAPP,
    ChannelKind.SMS: PointKind.PHONE,
    ChannelKind.VOICE: PointKind.PHONE,
}


def speaker_of(message: Message) -> Through | None:
    """Return the point a customer's message was said through."""
    if message.channel is None or not message.author_address:
        return None
    kind = _POINTS[ChannelKind(message.channel.kind)]
    value = message.author_address
    if kind == PointKind.EMAIL:
        value = value.strip().lower()
    return Through(kind, value, proven=message.author_verified)


def speaker_in(conversation: Conversation) -> Through | None:
    """Return the point of whoever is answered by default; None before they said anything."""
    last: Message | None = (
        Message.objects.filter(
            conversation=conversation,
            direction=Direction.IN,
            channel=conversation.last_channel_id,
        )
        .select_related("channel")
        .order_by("-seq")
        .first()
    )
    return speaker_of(last) if last is not None else None


def shown_in(conversation: Conversation) -> Shown:
    """Return which orders may be told in a conversation, and why or why not."""
    through = speaker_in(conversation)
    if through is None:
        return Shown(orders=False, because="The customer has not written here yet.")
    return what_may_be_shown(survivor_of(conversation.contact), through=through)
