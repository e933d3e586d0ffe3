"""What the channel kit holds of one person: chat sessions, and the raw events they came as (PV-2)."""

from django.db import connection

from channels_app.models import ChatSession, InboundEvent
from helpdesk.foundation.ledger import WorkState
from helpdesk.foundation.privacy import Copy, Counts, Part, Person, Section, register
from identity.services.erasing import json_like_patterns, like_patterns
from identity.tenancy import require_workspace_id
from inbox.models import Attachment, Message
from inbox.privacy import delete_files

#: An event in a worker's hands becomes a message in a moment; emptied, it would be lost to it.
_AT_REST = (WorkState.DONE, WorkState.IGNORED, WorkState.QUARANTINED)


def export(person: Person) -> Copy:
    """Return the person's chat sessions, with what they agreed to."""
    sessions = ChatSession.objects.filter(contact_id__in=person.contact_ids).order_by("pk")
    return Copy(
        sections=[
            Section(
                "chat sessions",
                [
                    {
                        "began": one.created_at.isoformat(),
                        "last seen": one.last_seen_at.isoformat(),
                        "name": one.name,
                        "e-mail": one.email,
                        "language": one.locale,
                        "form": str({k: v for k, v in one.attributes.items() if k != "mailed"}),
                        "agreed to": one.consent_text,
                        "agreed at": one.consent_at.isoformat() if one.consent_at else "",
                    }
                    for one in sessions
                ],
            )
        ]
    )


def erase(person: Person) -> Counts:
    """Erase sessions with their loose uploads, and raw events; runs before the inbox's part."""
    sessions = ChatSession.objects.filter(contact_id__in=person.contact_ids)
    session_ids = list(sessions.values_list("pk", flat=True))
    message_ids = list(
        Message.objects.filter(conversation__contact_id__in=person.contact_ids).values_list(
            "pk", flat=True
        )
    )
    message_ids += Message.objects.filter(author_contact_id__in=person.contact_ids).values_list(
        "pk", flat=True
    )
    events = InboundEvent.objects.filter(work_state__in=_AT_REST)
    gone, _ = events.filter(order_key__in=[f"chat:{pk}" for pk in session_ids]).delete()
    gone += events.filter(message_ids__overlap=message_ids).delete()[0] if message_ids else 0
    if person.search_others and person.addresses:
        gone += _delete_events_that_say(person)
    uploads = Attachment.objects.filter(upload_session__in=session_ids, message__isnull=True)
    keys = set(uploads.exclude(key="").values_list("key", flat=True))
    uploads.delete()
    delete_files(keys)
    sessions.delete()
    counts = {"chat sessions": len(session_ids), "raw events": gone, "loose files": len(keys)}
    return {name: count for name, count in counts.items() if count}


def _delete_events_that_say(person: Person) -> int:
    """Delete raw events that name an address: they are kept for replay only, and that has passed."""
    patterns = [*like_patterns(person.addresses), *json_like_patterns(person.addresses)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM channels_app_inboundevent WHERE workspace_id = %s AND work_state = ANY(%s) "
            "AND (encode(body, 'escape') ILIKE ANY(%s) OR headers::text ILIKE ANY(%s) "
            "OR reason ILIKE ANY(%s))",
            [require_workspace_id(), [str(one) for one in _AT_REST], patterns, patterns, patterns],
        )
        return int(cursor.rowcount)


register(Part(app="channels_app", floor=3, export=export, erase=erase))
