"""Telling open screens that what the shops know of somebody has changed."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from identity.models import ContactPoint, CustomerLink, PointKind, StoreCustomer, StoreOrder
from identity.tenancy import require_workspace_id
from inbox.realtime.news import publish
from inbox.services.contacts import conversations_shown_of

#: People who share a customer or an address, and whose screens are told.
MOST = 20


def tell_shop_changed(contact_ids: Iterable[UUID]) -> None:
    """Have screens that look at these contacts fetch the shops' part again, after the commit."""
    workspace_id = require_workspace_id()
    contacts = list(contact_ids)
    watched = [str(pk) for pk in conversations_shown_of(*contacts)] if contacts else []
    if watched:
        news = {"workspace": str(workspace_id), "conversations": watched}
        transaction.on_commit(lambda: publish({"shop": news}))


def tell_order_changed(order_id: UUID) -> None:
    """Have screens of whoever's order it is look again."""
    order = StoreOrder.objects.filter(pk=order_id).first()
    if order is None:
        return
    contacts: set[UUID] = set()
    if order.customer_gid:
        contacts |= _linked(Q(customer__store=order.store_id, customer__gid=order.customer_gid))
    tell_shop_changed(contacts | _holding(order.email, order.phone))


def tell_customer_changed(customer_id: UUID) -> None:
    """Have screens of whoever is linked to a customer look again."""
    if StoreCustomer.objects.filter(pk=customer_id).exists():
        tell_shop_changed(_linked(Q(customer=customer_id)))


def _linked(whose: Q) -> set[UUID]:
    links = CustomerLink.objects.filter(whose, undone_at__isnull=True)
    return set(links.values_list("contact_id", flat=True)[:MOST])


def _holding(email: str, phone: str) -> set[UUID]:
    given = Q(kind=PointKind.EMAIL, value=email) if email else Q(pk__in=[])
    if phone:
        given |= Q(kind__in=[PointKind.PHONE, PointKind.WHATSAPP], value=phone)
    return set(ContactPoint.objects.filter(given).values_list("contact_id", flat=True)[:MOST])
