"""Who is which customer of a shop, as a colleague says by hand."""

from django.utils import timezone

from helpdesk.foundation.errors import NotFoundError
from identity.models import Contact, CustomerLink, LinkHow, Membership, StoreCustomer


def link_by_hand(*, contact: Contact, customer: StoreCustomer, by: Membership) -> CustomerLink:
    """Say that a contact is this customer. It proves nothing: the link stays unverified.

    Saying it again changes nothing.
    """
    link, _ = CustomerLink.objects.get_or_create(
        contact=contact,
        customer=customer,
        undone_at=None,
        defaults={
            "how": LinkHow.MANUAL,
            "evidence": f"linked by {by.name}"[:200],
            "linked_by": by,
        },
    )
    return link


def unlink(*, contact: Contact, customer: StoreCustomer, by: Membership) -> CustomerLink:
    """Say that a contact is not this customer; the row stays as history. Raises NotFoundError."""
    link = CustomerLink.objects.filter(
        contact=contact, customer=customer, undone_at__isnull=True
    ).first()
    if link is None:
        raise NotFoundError("This contact is not linked to that customer.")
    link.undone_at = timezone.now()
    link.undone_by = by
    link.save(update_fields=["undone_at", "undone_by"])
    return link
