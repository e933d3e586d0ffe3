"""What may be told in a conversation: the question of ``identity.services.proofs``, asked of it.

The answer goes where the customer wrote last, so whoever wrote last there has to be the proven one.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject, Now

from identity.models import ContactProof, CustomerLink, PointKind, Workspace
from identity.services.proofs import (
    Shown,
    Through,
    what_may_be_shown,
    what_rows_show,
    with_named_orders,
)
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
    if message.channel is None:
        return None
    return _through(message.channel.kind, message.author_address, message.author_verified)


def _through(channel_kind: str, address: str, verified: bool) -> Through | None:
    if not address:
        return None
    kind = _POINTS[ChannelKind(channel_kind)]
    value = address.strip().lower() if kind == PointKind.EMAIL else address
    return Through(kind, value, proven=verified)


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
    contact = survivor_of(conversation.contact)
    keys = [key for item in conversation.orders_spoken_of for key in item["keys"]]
    return with_named_orders(what_may_be_shown(contact, through=through), contact, keys)


def judged_by() -> dict[str, Any]:
    """Return what to annotate conversations with, so that ``shown_beside`` asks nothing more."""
    last = Message.objects.filter(
        conversation=OuterRef("pk"), direction=Direction.IN, channel=OuterRef("last_channel_id")
    )
    alive = Q(expires_at=None) | Q(expires_at__gt=Now())
    proofs = ContactProof.objects.filter(alive, contact=OuterRef("contact_id"))
    said = JSONObject(address="author_address", verified="author_verified")
    proof = JSONObject(
        kind="kind",
        value="value",
        how="how",
        through_kind="through_kind",
        through_value="through_value",
    )
    policy = Workspace.objects.filter(pk=OuterRef("workspace_id"))
    return {
        "said_last": Subquery(last.order_by("-seq").values(said=said)[:1]),
        "proofs_held": ArraySubquery(proofs.values(proof=proof)),
        "accepted": Subquery(policy.values("accepted_evidence")[:1]),
    }


def shown_beside(conversation: Any, links: Collection[CustomerLink]) -> Shown:
    """Return what ``shown_in`` does, of a conversation that ``judged_by`` was read with.

    Customers are known by ``links`` alone, so it may show less, never more.
    """
    said = conversation.said_last
    through = None
    if said is not None and conversation.last_channel is not None:
        through = _through(conversation.last_channel.kind, said["address"], said["verified"])
    return what_rows_show(
        through=through,
        points=list(conversation.contact.points.all()),
        proofs=[ContactProof(**proof) for proof in conversation.proofs_held],
        accepted=conversation.accepted,
        links=links,
    )
