"""What the inbox holds of one person, and erasing it (PV-2): conversations, files, index, drafts."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Q

from helpdesk.foundation.privacy import Copied, Copy, Counts, Part, Person, Section, register
from identity.services.erasing import Eraser, json_like_patterns
from identity.services.mentions import rows_naming
from identity.tenancy import require_workspace_id
from inbox.locks import lock_conversation
from inbox.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Draft,
    Message,
    MessageIndex,
)
from inbox.search.index import index_message
from inbox.services.files import read_file

#: Instead of what somebody said in another person's conversation.
GONE = "(erased at the person's request)"
_TEXTS = ("subject", "body_text", "body_html", "new_text", "author_name", "author_address")
_JSONS = ("to", "cc", "bcc", "attributes", "sources")


def export(person: Person) -> Copy:
    """Return conversations, messages with our notes, and files."""
    conversations = Conversation.objects.filter(contact_id__in=person.contact_ids)
    messages = (
        Message.objects.filter(_said(person))
        .select_related("conversation", "channel", "author__user")
        .order_by("created_at", "pk")
    )
    files = Attachment.objects.filter(message__in=messages.values("pk")).exclude(key="")
    return Copy(
        sections=[
            Section("conversations", [_conversation(one) for one in conversations.order_by("pk")]),
            Section("messages", [_message(one) for one in messages]),
        ],
        files=[
            Copied(f"{one.message_id}/{one.name}", partial(read_file, one))
            for one in files.order_by("pk")
        ],
    )


def erase(person: Person) -> Counts:
    """Erase a person's conversations with all that hangs on them, and their traces in others'."""
    counts: Counts = {}
    own = Conversation.objects.filter(contact_id__in=person.contact_ids)
    conversation_ids = list(own.values_list("pk", flat=True))
    message_ids = list(
        Message.objects.filter(conversation_id__in=conversation_ids).values_list("pk", flat=True)
    )
    files = Attachment.objects.filter(
        Q(message_id__in=message_ids) | Q(message__author_contact_id__in=person.contact_ids)
    )
    keys = set(files.exclude(key="").values_list("key", flat=True))
    counts["files"] = files.count()
    files.delete()
    MessageIndex.objects.filter(conversation_id__in=conversation_ids).delete()
    counts["messages"] = len(message_ids)
    counts["conversations"] = len(conversation_ids)
    own.delete()
    counts["messages in others' conversations"] = _anonymise(
        Message.objects.filter(author_contact_id__in=person.contact_ids)
    )
    if person.search_others and person.addresses:
        counts["mentions"] = _take_out_mentions(person)
    counts["stored answers"] = _forget_answers(
        person, [*person.contact_ids, *conversation_ids, *message_ids]
    )
    delete_files(keys)
    return {name: count for name, count in counts.items() if count}


def _said(person: Person) -> Q:
    return Q(conversation__contact_id__in=person.contact_ids) | Q(
        author_contact_id__in=person.contact_ids
    )


def _conversation(row: Conversation) -> dict[str, Any]:
    return {
        "number": row.number,
        "subject": row.subject,
        "status": row.status,
        "topic": row.topic,
        "tags": ", ".join(row.tags),
        "began": row.created_at.isoformat(),
        "last message": row.last_message_at.isoformat(),
    }


def _message(row: Message) -> dict[str, Any]:
    return {
        "conversation": row.conversation.number,
        "time": row.created_at.isoformat(),
        "who": row.author.name if row.author else row.author_name or row.author_address,
        "channel": row.channel.kind if row.channel else "private note",
        "direction": row.direction,
        "subject": row.subject,
        "text": row.body_text,
    }


def _anonymise(messages: Any) -> int:
    """Empty what somebody said in other people's conversations; the thread keeps its places."""
    found = list(messages.select_related("conversation"))
    for message in found:
        message.author_contact = None
        message.author_name = message.author_address = ""
        message.body_text, message.body_html, message.new_text = GONE, "", ""
        message.subject = ""
        message.to, message.cc, message.bcc = [], [], []
        message.attributes, message.has_attachments = {}, False
        message.save()
        _index_again(message)
    for conversation_id in {message.conversation_id for message in found}:
        _show_again(conversation_id, {str(message.pk) for message in found})
    return len(found)


def _show_again(conversation_id: UUID, emptied: set[str]) -> None:
    """Have a conversation's row say what its thread says now."""
    conversation = lock_conversation(conversation_id)
    said = Message.objects.filter(conversation=conversation, private=False).order_by("-seq")
    last = said.values_list("body_text", flat=True).first() or ""
    conversation.preview = " ".join(last.split())[:200]
    conversation.orders_spoken_of = [
        item for item in conversation.orders_spoken_of if item["message_id"] not in emptied
    ]
    conversation.save(update_fields=["preview", "orders_spoken_of"])


def _take_out_mentions(person: Person) -> int:
    """Take the person's addresses out of every text of the workspace that holds them."""
    eraser = Eraser(person.addresses)
    changed = 0
    for message in Message.objects.filter(pk__in=rows_naming("inbox_message", person)):
        for name in _TEXTS:
            setattr(message, name, eraser.text(getattr(message, name)))
        for name in _JSONS:
            setattr(message, name, eraser.plain(getattr(message, name)))
        message.warnings = [eraser.text(one) for one in message.warnings]
        message.save()
        _index_again(message)
        changed += 1
    for conversation in Conversation.objects.filter(
        pk__in=rows_naming("inbox_conversation", person)
    ):
        conversation.subject = eraser.text(conversation.subject)
        conversation.preview = eraser.text(conversation.preview)
        conversation.opened_because = eraser.text(conversation.opened_because)
        conversation.save(update_fields=["subject", "preview", "opened_because"])
        changed += 1
    for event in ConversationEvent.objects.filter(
        pk__in=rows_naming("inbox_conversationevent", person)
    ):
        event.data = eraser.plain(event.data)
        event.save(update_fields=["data"])
        changed += 1
    for draft in Draft.objects.filter(pk__in=rows_naming("inbox_draft", person)):
        draft.body = eraser.text(draft.body)
        draft.save(update_fields=["body"])
        changed += 1
    for file in Attachment.objects.filter(pk__in=rows_naming("inbox_attachment", person)):
        file.name = eraser.text(file.name)
        file.save(update_fields=["name"])
        changed += 1
    return changed


def _index_again(message: Message) -> None:
    MessageIndex.objects.filter(message=message).delete()
    index_message(
        message_id=message.pk,
        conversation_id=message.conversation_id,
        subject=f"{message.subject} #{message.conversation.number}",
        body=message.body_text,
        people=f"{message.author_name} {message.author_address}",
        extra=" ".join(Attachment.objects.filter(message=message).values_list("name", flat=True)),
    )


def _forget_answers(person: Person, ids: Iterable[UUID]) -> int:
    """Forget answers of the API that speak of the person, though they may be asked for again."""
    patterns = [*json_like_patterns(person.addresses), *(f"%{pk}%" for pk in ids)]
    if not patterns:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inbox_idempotencyrecord WHERE workspace_id = %s AND body ILIKE ANY(%s)",
            [require_workspace_id(), patterns],
        )
        return int(cursor.rowcount)


def delete_files(keys: set[str]) -> None:
    """Delete stored files that no other message holds.

    Before the commit: should it fail, the whole is done again, and a file that is missing meanwhile
    is better than one left behind.
    """
    still_held = set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in keys - still_held:
        default_storage.delete(key)


register(Part(app="inbox", floor=2, export=export, erase=erase))
