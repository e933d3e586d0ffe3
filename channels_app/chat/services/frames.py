"""Messages in the form the widget gets them, over HTTP and the socket alike."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from channels_app.models import ChatSession
from inbox.models import Attachment, AuthorKind, Direction, Message
from inbox.services.files import signed_path


def message_frame(
    message: Message,
    *,
    base: int,
    session: ChatSession,
    attachments: Iterable[Attachment] | None = None,
) -> dict[str, Any]:
    """Return one ``message`` frame. ``attachments`` spares the query where they are known."""
    return {
        "type": "message",
        **message_json(message, base=base, session=session, attachments=attachments),
    }


def message_json(
    message: Message,
    *,
    base: int,
    session: ChatSession,
    attachments: Iterable[Attachment] | None = None,
) -> dict[str, Any]:
    """Return one message as the visitor sees it: no addresses, no notes, no internal ids."""
    if attachments is None:
        attachments = Attachment.objects.filter(message=message) if message.has_attachments else ()
    answer: dict[str, Any] = {
        "id": str(message.pk),
        "seq": message.seq + base,
        "author": {"kind": message.author_kind, "name": _author_name(message)},
        "text": message.new_text or message.body_text,
        "attachments": [attachment_json(one) for one in attachments],
        "created_at": rfc3339(message.created_at),
    }
    if said_by(session, message):
        answer["client_msg_id"] = message.provider_id
    return answer


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """Return one file with a link that works for a day; none for a file that could not be stored."""
    answer: dict[str, Any] = {
        "id": str(attachment.pk),
        "name": attachment.name,
        "type": attachment.content_type,
        "size": attachment.size,
    }
    if attachment.key:
        answer["url"] = f"{settings.BASE_URL}{signed_path(attachment)}"
    return answer


def by_message(messages: Iterable[Message]) -> dict[UUID, list[Attachment]]:
    """Return the files of many messages with one query, or none when there are none."""
    wanted = [message.pk for message in messages if message.has_attachments]
    found: dict[UUID, list[Attachment]] = {pk: [] for pk in wanted}
    if wanted:
        for one in Attachment.objects.filter(message_id__in=wanted):
            if one.message_id is not None:
                found[one.message_id].append(one)
    return found


def said_by(session: ChatSession, message: Message) -> bool:
    """Say whether this very browser wrote it."""
    return message.direction == Direction.IN and message.provider_key.startswith(f"{session.pk}:")


def rfc3339(moment: datetime) -> str:
    """Return UTC with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _author_name(message: Message) -> str:
    if message.author_kind == AuthorKind.SYSTEM:
        return ""
    return message.author_name
