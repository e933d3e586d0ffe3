"""Actions in a shop as the outside sees them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from identity.commerce.models import MoneyAction
from identity.commerce.requests import Kind
from identity.commerce.states import State
from identity.models import Membership, StoreOrder
from inbox.api.shapes.conversations import named
from inbox.rest.times import when

SHOWN = (
    "refund",
    "maximum",
    "due",
    "value",
    "breakdown",
    "lines",
    "ways",
    "changes",
    "warnings",
)


def action_shapes(actions: Iterable[MoneyAction], reader: Membership) -> list[dict[str, Any]]:
    """Return the actions; the copies of their orders are looked up together."""
    rows = list(actions)
    copies = StoreOrder.objects.filter(gid__in={one.order_id for one in rows if one.order_id})
    known = {(store, gid): pk for pk, store, gid in copies.values_list("pk", "store_id", "gid")}
    return [_shape(one, known.get((one.store_id, one.order_id)), reader) for one in rows]


def action_shape(action: MoneyAction, reader: Membership) -> dict[str, Any]:
    """Return one action."""
    return action_shapes([action], reader)[0]


def _shape(action: MoneyAction, order: UUID | None, reader: Membership) -> dict[str, Any]:
    preview = action.shown().to_json()
    outcome = action.ended()
    mine = reader.pk in {action.requested_by_id, action.confirmed_by_id}
    made = action.kind == Kind.INVOICE and action.state == State.DONE
    return {
        "id": str(action.pk),
        "kind": action.kind,
        "state": action.state,
        "order": str(order) if order else None,
        "order_name": action.order_name,
        "conversation": (
            str(action.origin_conversation_id) if action.origin_conversation_id else None
        ),
        "preview": {name: preview[name] for name in SHOWN},
        "verdict": action.judged().to_json(),
        "outcome": outcome.to_json() if outcome else None,
        "sentence": action.sentence,
        "reason": action.reason,
        "secrets": action.secrets if mine and action.state == State.DONE else {},
        "requested_by": named(action.requested_by),
        "approved_by": named(action.approved_by),
        "approval_reason": action.approval_reason,
        "created_at": when(action.created_at),
        "expires_at": when(action.expires_at),
        "confirmed_at": when(action.confirmed_at),
        "settled_at": when(action.settled_at),
        "url": f"/api/v1/money-actions/{action.pk}/document" if made else None,
    }
