"""What became of what we sent: states only move forward, every failure has a sentence."""

from collections.abc import Sequence
from uuid import UUID

from helpdesk.foundation.events import publish
from identity.tenancy import require_workspace_id
from inbox.events import DeliveryMoved
from inbox.models import Delivery, DeliveryState, Message, MessageAlias


def record_outcome(
    *,
    delivery: Delivery,
    state: str,
    code: str = "",
    text: str = "",
    retryable: bool = False,
    provider_id: str = "",
) -> bool:
    """Note what we learned. Returns False when we knew more already. Does not touch the ledger."""
    wanted = DeliveryState(state)
    if wanted.rank <= DeliveryState(delivery.state).rank:
        return False
    fields = ["state", "error_code", "error_text", "error_retryable", "updated_at"]
    delivery.state = wanted
    delivery.error_code = code[:60]
    delivery.error_text = text
    delivery.error_retryable = retryable
    if provider_id:
        delivery.provider_id = provider_id[:998]
        fields.append("provider_id")
    delivery.save(update_fields=fields)
    announce(delivery)
    return True


def announce(delivery: Delivery) -> None:
    """Tell the screens that a delivery moved."""
    conversation_id: UUID = Message.objects.values_list("conversation_id", flat=True).get(
        pk=delivery.message_id
    )
    publish(
        DeliveryMoved(
            workspace_id=require_workspace_id(),
            conversation_id=conversation_id,
            message_id=delivery.message_id,
            delivery_id=delivery.pk,
            state=delivery.state,
        )
    )


def find_delivery(*, names: Sequence[str], bounce_token: str = "") -> Delivery | None:
    """Return the newest attempt of the message a provider's notice speaks of, if it is ours."""
    if bounce_token:
        found: Delivery | None = Delivery.objects.filter(bounce_token=bounce_token).first()
        if found is not None:
            return found
    wanted = [name for name in names if name][:50]
    if not wanted:
        return None
    messages = set(
        Message.objects.filter(provider_id__in=wanted, direction="out").values_list("pk", flat=True)
    )
    messages |= set(
        MessageAlias.objects.filter(name__in=wanted).values_list("message_id", flat=True)
    )
    by_provider: Delivery | None = (
        Delivery.objects.filter(message_id__in=messages).order_by("-attempt").first()
    )
    return by_provider


def remember_aliases(*, message_id: UUID, names: Sequence[str]) -> None:
    """Keep further names of a message we sent, so that answers to them thread."""
    MessageAlias.objects.bulk_create(
        [MessageAlias(message_id=message_id, name=name[:998]) for name in names if name]
    )
