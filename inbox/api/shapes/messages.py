"""Messages, their files and what became of them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from inbox.api.shapes.conversations import Kinds, channel_ref
from inbox.html import content_id_key, ready_html
from inbox.models import Attachment, AuthorKind, Delivery, DeliveryState, Message
from inbox.querysets import files_of, newest_deliveries
from inbox.remote_images import remote_path
from inbox.rest.times import when
from inbox.services.files import signed_path

_ERROR_STATES = frozenset({DeliveryState.FAILED, DeliveryState.UNCONFIRMED})


def message_shapes(
    messages: Iterable[Message], kinds: Kinds, *, images: bool = False
) -> list[dict[str, Any]]:
    """Return messages of ``for_thread`` with files and deliveries, in two further statements.

    ``images`` also loads remote pictures, through our own address.
    """
    found = list(messages)
    with_files = [message.pk for message in found if message.has_attachments]
    files = files_of(with_files) if with_files else {}
    sent = [message.pk for message in found if message.direction == "out" and not message.private]
    deliveries = newest_deliveries(sent) if sent else {}
    return [
        message_shape(
            message, kinds, files.get(message.pk, ()), deliveries.get(message.pk), images=images
        )
        for message in found
    ]


def message_shape(
    message: Message,
    kinds: Kinds,
    files: Sequence[Attachment],
    delivery: Delivery | None,
    *,
    images: bool = False,
) -> dict[str, Any]:
    """Return one message."""
    shown = [attachment_shape(file) for file in files]
    links = {
        content_id_key(file.content_id): shape["url"]
        for file, shape in zip(files, shown, strict=True)
        if file.content_id
    }
    return {
        "id": str(message.pk),
        "seq": message.seq,
        "direction": message.direction,
        "author": author_shape(message),
        "channel": channel_ref(message.channel_id, kinds),
        "to": message.to,
        "cc": message.cc,
        "subject": message.subject,
        "body_text": message.body_text,
        "body_html": ready_html(
            message.body_html, inline=links, remote_link=remote_path if images else None
        ),
        "new_text": message.new_text,
        "attachments": shown,
        "delivery": delivery_shape(delivery) if delivery else None,
        "provider_id": message.provider_id or None,
        "provider_time": when(message.provider_time),
        "created_at": when(message.created_at),
        "send_at": when(delivery.send_at) if delivery else None,
        "client_id": str(message.client_id) if message.client_id else None,
        "sources": message.sources,
        "private": message.private,
        "machine": message.machine,
        "warnings": message.warnings,
    }


def author_shape(message: Message) -> dict[str, Any]:
    """Return who wrote it; the id is a membership's or a contact's."""
    person: UUID | None = None
    name = message.author_name
    if message.author_kind == AuthorKind.CONTACT:
        person = message.author_contact_id
        name = name or message.author_address
    elif message.author is not None:
        person = message.author.pk
        name = message.author.name
    return {
        "kind": message.author_kind,
        "id": str(person) if person else None,
        "name": name,
        "address": message.author_address or None,
        "verified": message.author_verified,
    }


def attachment_shape(file: Attachment) -> dict[str, Any]:
    """Return one file with a link that works for a day; no link when the disk refused it."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "type": file.content_type,
        "size": file.size,
        "url": signed_path(file) if file.key else "",
        "inline": file.inline,
    }


def delivery_shape(delivery: Delivery) -> dict[str, Any]:
    """Return what we know of the customer's copy, with the reason when there may be none."""
    error = None
    if delivery.state in _ERROR_STATES:
        error = {
            "code": delivery.error_code,
            "text": delivery.error_text,
            "retryable": delivery.error_retryable,
        }
    return {"state": delivery.state, "error": error}
