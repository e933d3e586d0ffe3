"""Contacts as the outside sees them."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from identity.models import Contact, CustomerLink
from inbox.api.shapes.conversations import point_shape
from inbox.querysets import contact_name
from inbox.rest.times import when


def with_name(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Add the name people are called by, and their addresses."""
    links = CustomerLink.objects.filter(undone_at=None, customer__deleted_at=None)
    return contacts.annotate(called=contact_name()).prefetch_related(
        "points",
        Prefetch("customer_links", links.select_related("customer__store").order_by("pk")),
    )


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
        "shopify_customer": _customer(contact),
        "created_at": when(contact.created_at),
    }


def _customer(contact: Any) -> dict[str, Any] | None:
    """Return the customer a contact most surely is; the others are in their orders."""
    links = sorted(contact.customer_links.all(), key=lambda link: not link.verified)
    if not links:
        return None
    customer = links[0].customer
    return {
        "id": str(customer.pk),
        "gid": customer.gid,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "store": {"id": str(customer.store_id), "domain": customer.store.domain},
        "verified": links[0].verified,
        "evidence": links[0].evidence,
    }
