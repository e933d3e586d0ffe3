"""Which orders a conversation speaks of, kept with it from message to message (SH-2, ID-1).

Whoever names a number only *claims* the order: the name reveals nothing until it is proven theirs.
"""

from collections.abc import Sequence
from typing import Any

from helpdesk.foundation import rows
from identity.models import Contact, ContactPoint, CustomerLink, PointKind, Store, StoreOrder
from inbox.models import Conversation, Message
from inbox.order_numbers import (
    Shape,
    Spoken,
    find_bare_numbers,
    find_order_names,
    keys_of,
    order_in_field,
    speaks_of_an_order,
)

#: Orders kept of one conversation; the newest ones win.
MOST_KEPT = 20


def note_orders(conversation: Conversation, message: Message) -> None:
    """Keep the orders a message speaks of, in the transaction that stores it."""
    text = f"{message.subject}\n{message.new_text or message.body_text}"
    field = str(message.attributes.get("order_number", ""))
    if not any(one.isdigit() for one in text) and not field:
        return
    shapes = _shapes()
    spoken = [*order_in_field(field, shapes), *find_order_names(text, shapes)]
    spoken += _bare(text, shapes, spoken, message)
    known = {item["name"] for item in conversation.orders_spoken_of}
    new = [
        {"name": one.name, "keys": keys_of(one.digits, shapes), "message_id": str(message.pk)}
        for one in dict.fromkeys(spoken)
        if one.name not in known
    ]
    if new:
        kept = [*conversation.orders_spoken_of, *new]
        conversation.orders_spoken_of = kept[-MOST_KEPT:]
        rows.update(conversation, ("orders_spoken_of",))


def keys_spoken_of(conversation: Conversation) -> tuple[str, ...]:
    """Return the keys of the orders a conversation speaks of, the newest first."""
    keys = [key for item in reversed(conversation.orders_spoken_of) for key in item["keys"]]
    return tuple(dict.fromkeys(keys))


def told_orders(conversation: Conversation, proven: Sequence[str]) -> list[dict[str, Any]]:
    """Return ``{name, message_id, claimed}``; ``proven`` are keys of orders proven to be theirs."""
    return [
        {
            "name": item["name"],
            "message_id": item["message_id"],
            "claimed": not set(item["keys"]) & set(proven),
        }
        for item in conversation.orders_spoken_of
    ]


def _shapes() -> tuple[Shape, ...]:
    found = Store.objects.order_by("pk").values_list("order_prefix", "order_suffix")
    return tuple(dict.fromkeys(Shape(prefix, suffix) for prefix, suffix in found))


def _bare(
    text: str, shapes: Sequence[Shape], spoken: Sequence[Spoken], message: Message
) -> list[Spoken]:
    """Return numbers by themselves that are orders of the shop, and are meant as such.

    Meant so when a word for order stands in the message, or the order is this very person's: five
    digits are also a postal code.
    """
    if not shapes:
        return []
    named = {one.digits for one in spoken}
    bare = [digits for digits in find_bare_numbers(text) if digits not in named]
    if not bare:
        return []
    keys = {key: digits for digits in bare for key in keys_of(digits, shapes)}
    orders = StoreOrder.objects.filter(name_key__in=list(keys), deleted_at__isnull=True)
    anyone = speaks_of_an_order(text)
    return [
        Spoken(order.name, keys[order.name_key])
        for order in orders.order_by("-placed_at")
        if anyone or _is_of(order, message.author_contact)
    ]


def _is_of(order: StoreOrder, contact: Contact | None) -> bool:
    if contact is None:
        return False
    addresses = ContactPoint.objects.filter(
        contact=contact, kind__in=[PointKind.EMAIL, PointKind.PHONE]
    ).values_list("value", flat=True)
    if {order.email, order.phone} & {value.lower() for value in addresses}:
        return True
    return (
        CustomerLink.objects.filter(contact=contact, undone_at__isnull=True)
        .filter(customer__store=order.store_id, customer__gid=order.customer_gid)
        .exclude(customer__gid="")
        .exists()
    )
