"""Contacts as the outside sees them."""

from typing import Any

from django.db.models import QuerySet

from identity.models import Contact
from inbox.api.shapes.conversations import point_shape
from inbox.querysets import contact_name
from inbox.rest.times import when


def with_name(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Add the name people are called by, and their addresses."""
    return contacts.annotate(called=contact_name()).prefetch_related("points")


def contact_shape(contact: Any) -> dict[str, Any]:
    """Return one contact of ``with_name``."""
    return {
        "id": str(contact.pk),
        "name": contact.called,
        "notes": contact.notes,
        "blocked": contact.blocked_at is not None,
        "points": [point_shape(point) for point in contact.points.all()],
        "language": contact.language,
        "timezone": contact.timezone,
        "merged_into": str(contact.merged_into_id) if contact.merged_into_id else None,
        "shopify_customer": None,
        "created_at": when(contact.created_at),
    }
