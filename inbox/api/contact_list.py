"""The list of contacts, newest first, and finding somebody by the beginning of a name or address."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from identity.models import Contact, ContactPoint, Membership
from inbox.api.shapes.contacts import contact_shape, with_name
from inbox.models import Conversation
from inbox.querysets import contacts_visible_to
from inbox.rest.paging import DEFAULT_LIMIT, id_of, make_cursor, read_cursor
from inbox.search.compile import HITS, text_of
from inbox.search.grammar import Filter, Query
from inbox.search.index import fold, query_words

#: Sorts behind every character that an address or name goes on with.
AFTER_ALL = "\U0010ffff"


def contact_page(
    me: Membership, *, q: str = "", cursor: str = "", limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """Return ``{"results", "next"}``."""
    # Whoever became part of somebody else is found there.
    found = contacts_visible_to(me).filter(merged_into=None)
    if q.strip():
        found = _called(found, q.replace("\x00", " ").strip())
    if cursor:
        found = found.filter(pk__lt=id_of(read_cursor(cursor, 1)))
    rows = list(with_name(found).order_by("-pk")[: limit + 1])
    shown = rows[:limit]
    return {
        "results": [contact_shape(row) for row in shown],
        "next": make_cursor(str(shown[-1].pk)) if len(rows) > limit else None,
    }


def _called(contacts: QuerySet[Contact], q: str) -> QuerySet[Contact]:
    """Return those whose address or name begins so, or who wrote under such a name.

    Three look-ups by index: LIKE would read every contact, because row-level security keeps
    PostgreSQL from using an index for it.
    """
    wanted = fold(q)
    by_address = ContactPoint.objects.filter(value__gte=wanted, value__lt=wanted + AFTER_ALL)
    found = by_address.order_by("value").values("contact_id")[:HITS]
    for start in {q, q.title(), q.capitalize()}:
        named = Contact.objects.filter(name__gte=start, name__lt=start + AFTER_ALL)
        found = found.union(named.order_by("name").values("pk")[:HITS], all=True)
    text = text_of(Query(filters=(Filter("from", q),)))
    if query_words(q):
        said = RawSQL(  # noqa: S611 - values are parameters
            f"SELECT conversation_id FROM search_messages({text.sql}, %s)",  # noqa: S608
            [*text.values, HITS],
        )
        wrote = Conversation.objects.filter(pk__in=said).values("contact_id")
        found = found.union(wrote, all=True)
    return contacts.filter(pk__in=found)
