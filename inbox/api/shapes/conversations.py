"""Conversations as list rows and in detail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from identity.models import ContactPoint
from inbox.api.shapes.shop import shop_shape
from inbox.models import ConversationEvent, Draft
from inbox.rest.times import when
from inbox.services.orders_spoken import keys_spoken_of, told_orders
from inbox.services.reply_target import reply_target
from inbox.services.showing import shown_beside
from inbox.services.store_side import StoreSide, side_of, stores_of

Kinds = Mapping[UUID, str]


def channel_ref(channel_id: UUID | None, kinds: Kinds) -> dict[str, Any] | None:
    """Return ``{id, kind}``, as a channel is named everywhere."""
    if channel_id is None:
        return None
    return {"id": str(channel_id), "kind": kinds.get(channel_id, "")}


def named(row: Any) -> dict[str, Any] | None:
    """Return ``{id, name}`` of a person or team, or None."""
    return None if row is None else {"id": str(row.pk), "name": row.name}


def row_without_unread(conversation: Any, kinds: Kinds) -> dict[str, Any]:
    """Return what is the same for every reader. ``conversation`` comes from ``as_rows``."""
    return {
        "id": str(conversation.pk),
        "number": conversation.number,
        "status": conversation.status,
        "subject": conversation.subject,
        "channels": [channel_ref(pk, kinds) for pk in conversation.channel_ids],
        "contact": {"id": str(conversation.contact_id), "name": conversation.contact_name},
        "assignee": named(conversation.assignee),
        "team": named(conversation.team),
        "priority": conversation.priority,
        "topic": conversation.topic or None,
        "outcome": conversation.outcome or None,
        "tags": conversation.tags,
        "last_message_at": when(conversation.last_message_at),
        "waiting_since": when(conversation.waiting_since),
        "snoozed_until": when(conversation.snoozed_until),
        "sla": None,
        "ai_state": conversation.ai_state,
        "preview": conversation.preview,
        "last_direction": conversation.last_direction or None,
        "last_channel": channel_ref(conversation.last_channel_id, kinds),
        "last_seq": conversation.last_seq,
    }


def conversation_row(conversation: Any, kinds: Kinds) -> dict[str, Any]:
    """Return a list row for the reader whose ``read_seq`` was added."""
    row = row_without_unread(conversation, kinds)
    row["unread"] = is_unread(conversation, conversation.read_seq)
    return row


def is_unread(conversation: Any, read_seq: int) -> bool:
    """Say whether the customer wrote something this reader has not seen."""
    return bool(conversation.last_inbound_seq > read_seq)


def conversation_detail(conversation: Any, kinds: Kinds, ours: set[str]) -> dict[str, Any]:
    """Return everything the thread's head and side show.

    ``conversation`` has what ``for_detail`` added; ``ours`` are the addresses of our own mailboxes.
    """
    detail = conversation_row(conversation, kinds)
    contact = conversation.contact
    target = reply_target(conversation, ours=ours)
    detail["contact"] = {
        **detail["contact"],
        "notes": contact.notes,
        "blocked": contact.blocked_at is not None,
        "points": [point_shape(point) for point in contact.points.all()],
    }
    detail["draft"] = (
        {
            "mode": conversation.draft_mode,
            "body": conversation.draft_body,
            "updated_at": when(conversation.draft_at),
        }
        if conversation.draft_at
        else None
    )
    detail["reply"] = {
        "channel": channel_ref(target.channel.pk, kinds),
        "to": list(target.to),
        "cc": list(target.cc),
    }
    detail["opened_because"] = conversation.opened_because
    detail["orders_spoken_of"] = told_orders(conversation)
    detail["shop"] = shop_shape(shop_beside(conversation))
    return detail


def shop_beside(conversation: Any) -> StoreSide:
    """Return what the shops know of the person in a conversation that ``for_detail`` read."""
    return side_of(
        contact_id=conversation.contact_id,
        points=list(conversation.contact.points.all()),
        stores=stores_of(conversation.stores),
        spoken=keys_spoken_of(conversation),
        judge=lambda links: shown_beside(conversation, links),
    )


def point_shape(point: ContactPoint) -> dict[str, Any]:
    """Return one address of a contact and why we believe it."""
    return {
        "kind": point.kind,
        "value": point.value,
        "verified": point.verified,
        "evidence": point.evidence,
    }


def draft_shape(draft: Draft) -> dict[str, Any]:
    """Return what an agent has typed and not sent."""
    return {"mode": draft.mode, "body": draft.body, "updated_at": when(draft.updated_at)}


def event_shape(event: ConversationEvent) -> dict[str, Any]:
    """Return a line of the thread that nobody said."""
    return {
        "id": str(event.pk),
        "kind": event.kind,
        "actor": named(event.actor),
        "after_seq": event.after_seq,
        "data": event.data,
        "created_at": when(event.created_at),
    }
