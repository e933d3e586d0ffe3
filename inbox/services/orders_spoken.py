"""Which orders a conversation speaks of, kept with it from message to message (SH-2, ID-1).

Whoever names a number only *claims* the order: the name reveals nothing until it is proven theirs.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from helpdesk.foundation import rows
from identity.models import Contact, ContactPoint, CustomerLink, PointKind, Store, StoreOrder
from identity.services.proofs import Shown, what_may_be_shown, with_named_orders
from inbox.locks import lock_conversation
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
from inbox.services.contacts import conversations_shown_of
from inbox.services.showing import shown_in, speaker_of

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
        {
            "name": one.name,
            "keys": keys_of(one.digits, shapes),
            "message_id": str(message.pk),
            "proven": False,
        }
        for one in dict.fromkeys(spoken)
        if one.name not in known
    ]
    if new:
        kept = [*conversation.orders_spoken_of, *new]
        conversation.orders_spoken_of = kept[-MOST_KEPT:]
        speaker = speaker_of(message)
        if shapes and speaker is not None and message.author_contact is not None:
            shown = what_may_be_shown(message.author_contact, through=speaker)
            keys = [key for item in conversation.orders_spoken_of for key in item["keys"]]
            _mark(conversation, with_named_orders(shown, message.author_contact, keys))
        rows.update(conversation, ("orders_spoken_of",))


def judge_orders(conversation: Conversation) -> bool:
    """Look again which of the orders spoken of are proven theirs. Returns whether any came to be.

    What was proven once stays told: it is a fact about the past, as what was said then is.
    """
    if all(item["proven"] for item in conversation.orders_spoken_of):
        return False
    changed = _mark(conversation, shown_in(conversation))
    if changed:
        rows.update(conversation, ("orders_spoken_of",))
    return changed


def judge_orders_of(contact_id: UUID) -> None:
    """Look again at the live conversations of a contact who turned out to be a customer."""
    for pk in conversations_shown_of(contact_id):
        conversation = lock_conversation(pk)
        if conversation.orders_spoken_of:
            judge_orders(conversation)


def keys_spoken_of(conversation: Conversation) -> tuple[str, ...]:
    """Return the keys of the orders a conversation speaks of, the newest first."""
    keys = [key for item in reversed(conversation.orders_spoken_of) for key in item["keys"]]
    return tuple(dict.fromkeys(keys))


def told_orders(conversation: Conversation) -> list[dict[str, Any]]:
    """Return ``{name, message_id, claimed}`` for each order spoken of, in the order they came up."""
    return [
        {"name": item["name"], "message_id": item["message_id"], "claimed": not item["proven"]}
        for item in conversation.orders_spoken_of
    ]


def _mark(conversation: Conversation, shown: Shown) -> bool:
    """Note which orders may be told; the row is not written here."""
    if not shown.orders:
        return False
    keys = [key for item in conversation.orders_spoken_of for key in item["keys"]]
    found = StoreOrder.objects.filter(name_key__in=keys, deleted_at__isnull=True)
    theirs = {order.name_key for order in found if shown.holds(order)}
    changed = False
    marked = []
    for item in conversation.orders_spoken_of:
        proven = item["proven"] or not theirs.isdisjoint(item["keys"])
        changed = changed or proven != item["proven"]
        marked.append({**item, "proven": proven})
    conversation.orders_spoken_of = marked
    return changed


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
