"""Changes to a conversation that others must hear about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from helpdesk.foundation.events import publish
from helpdesk.foundation.ids import uuid7
from identity.models import Contact, Membership
from identity.tenancy import require_workspace_id
from inbox.errors import InvalidChangeError
from inbox.events import ConversationChanged, ConversationRead
from inbox.locks import lock_conversation
from inbox.models import Conversation, ConversationEvent, Draft, Priority, Status
from inbox.taxonomy import OUTCOMES, TOPICS

CHANGEABLE = frozenset(
    {
        "status",
        "assignee",
        "team",
        "priority",
        "topic",
        "outcome",
        "tags",
        "snoozed_until",
        "subject",
    }
)


def change_conversation(
    *, conversation: Conversation, by: Membership | None, changes: Mapping[str, Any]
) -> Conversation:
    """Apply changes, write one event line for each that says something new, tell the screens.

    ``by`` None is the product itself (a snooze that ended). Raises InvalidChangeError.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise InvalidChangeError(f"{', '.join(sorted(unknown))} can't be changed.")
    conversation = lock_conversation(conversation.pk)
    wanted = _checked(dict(changes))
    events = []
    for name, value in wanted.items():
        old = getattr(conversation, name)
        if old == value:
            continue
        setattr(conversation, name, value)
        events.append(
            ConversationEvent(
                conversation=conversation,
                kind=name,
                actor=by,
                after_seq=conversation.last_seq,
                data={"from": _plain(old), "to": _plain(value)},
            )
        )
    if not events:
        return conversation
    _keep_consistent(conversation, wanted)
    conversation.save()
    ConversationEvent.objects.bulk_create(events)
    publish(
        ConversationChanged(workspace_id=require_workspace_id(), conversation_id=conversation.pk)
    )
    return conversation


def mark_read(*, conversation: Conversation, membership: Membership, seq: int) -> None:
    """Remember how far an agent has read; it never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_readmarker (id, workspace_id, conversation_id, membership_id, seq) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (workspace_id, membership_id, conversation_id) "
            "DO UPDATE SET seq = EXCLUDED.seq WHERE inbox_readmarker.seq < EXCLUDED.seq",
            [
                uuid7(),
                require_workspace_id(),
                conversation.pk,
                membership.pk,
                min(max(seq, 0), conversation.last_seq),
            ],
        )
        moved = cursor.rowcount
    if moved:
        publish(
            ConversationRead(
                workspace_id=require_workspace_id(),
                conversation_id=conversation.pk,
                membership_id=membership.pk,
                seq=seq,
            )
        )


def save_draft(
    *, conversation: Conversation, membership: Membership, mode: str, body: str
) -> Draft | None:
    """Keep what an agent is typing; an empty body discards it."""
    if mode not in {"reply", "note"}:
        raise InvalidChangeError("A draft is a reply or a note.")
    if not body.strip():
        discard_draft(conversation=conversation, membership=membership)
        return None
    draft, _ = Draft.objects.update_or_create(
        conversation=conversation,
        membership=membership,
        defaults={"mode": mode, "body": body[:100_000]},
    )
    return draft


def discard_draft(*, conversation: Conversation, membership: Membership) -> None:
    """Forget the agent's draft here, if any."""
    Draft.objects.filter(conversation=conversation, membership=membership).delete()


def block_contact(*, contact: Contact, by: Membership) -> None:
    """Send what this person wrote and will write to spam, without telling anybody."""
    contact.blocked_at = timezone.now()
    contact.save(update_fields=["blocked_at", "updated_at"])
    live = Conversation.objects.filter(
        contact=contact, status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED]
    )
    for conversation in live.order_by("pk"):
        change_conversation(conversation=conversation, by=by, changes={"status": Status.SPAM})


def unblock_contact(*, contact: Contact, by: Membership) -> None:
    """Let this person's messages in again. What lies in spam stays there."""
    contact.blocked_at = None
    contact.save(update_fields=["blocked_at", "updated_at"])


def wake_snoozed(*, now: datetime) -> int:
    """Open every conversation of the scope whose snooze has ended. Returns how many."""
    due = list(
        Conversation.objects.filter(status=Status.SNOOZED, snoozed_until__lte=now).order_by("pk")
    )
    for conversation in due:
        change_conversation(conversation=conversation, by=None, changes={"status": Status.OPEN})
    return len(due)


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes in the form they are stored. Raises InvalidChangeError."""
    for name, known in (("status", Status.values), ("priority", Priority.values)):
        if changes.get(name) is not None and changes[name] not in known:
            raise _unknown(name, changes[name])
    for name, slugs in (("topic", TOPICS), ("outcome", OUTCOMES)):
        if name in changes:
            changes[name] = changes[name] or ""
            if changes[name] and changes[name] not in slugs:
                raise _unknown(name, changes[name])
    if "tags" in changes:
        tags = [str(tag).strip().lower()[:60] for tag in changes["tags"] or []]
        changes["tags"] = sorted({tag for tag in tags if tag})[:50]
    if "subject" in changes:
        changes["subject"] = str(changes["subject"])[:500]
    return _checked_snooze(changes)


def _checked_snooze(changes: dict[str, Any]) -> dict[str, Any]:
    until = changes.get("snoozed_until")
    if until is not None:
        if until <= timezone.now():
            raise InvalidChangeError(
                "A snooze has to end in the future.", fields=[("snoozed_until", "In the past.")]
            )
        changes.setdefault("status", Status.SNOOZED)
    if changes.get("status") == Status.SNOOZED and until is None:
        raise InvalidChangeError(
            "Say until when to snooze.", fields=[("snoozed_until", "Missing.")]
        )
    return changes


def _unknown(name: str, value: Any) -> InvalidChangeError:
    return InvalidChangeError(f"“{value}” is no {name}.", fields=[(name, "Unknown.")])


def _keep_consistent(conversation: Conversation, wanted: Mapping[str, Any]) -> None:
    if conversation.status != Status.SNOOZED:
        conversation.snoozed_until = None
    if "status" not in wanted:
        return
    closed = conversation.status in {Status.CLOSED, Status.SPAM, Status.TRASH}
    conversation.closed_at = timezone.now() if closed else None
    if closed or conversation.status == Status.WAITING:
        conversation.waiting_since = None


def _plain(value: Any) -> Any:
    if isinstance(value, Membership):
        return {"id": str(value.pk), "name": value.name}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "pk"):
        return {"id": str(value.pk), "name": str(value)}
    return value
