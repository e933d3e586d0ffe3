"""The list of conversations: filters, three orders, pages by keyset, one statement where it can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from identity.models import Membership
from inbox.api.shapes.conversations import conversation_row
from inbox.models import Conversation
from inbox.querysets import as_rows, channel_kinds, conversations_visible_to, with_read_seq
from inbox.rest.paging import (
    DEFAULT_LIMIT,
    make_cursor,
    older_than,
    read_cursor,
    time_and_id,
    younger_than,
)
from inbox.rest.times import when
from inbox.search.compile import EVERYWHERE, narrowed, statuses_asked
from inbox.search.grammar import parse

#: More (status × channel) pairs than this are read in one scan instead of one each.
MOST_BRANCHES = 24


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list shows. ``status`` and ``channel`` are alternatives; empty means no limit.

    ``channel`` holds ids and kinds and means where the customer wrote last, as ``last_channel``
    of the row does.
    """

    status: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    assignee: str = ""
    team: str = ""
    tag: str = ""
    q: str = ""
    sort: str = "newest"
    cursor: str = ""
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class Order:
    """One keyset order. ``mark`` tells the two halves of "waiting" apart in a cursor."""

    mark: str
    field: str
    oldest_first: bool
    condition: Q

    @property
    def by(self) -> tuple[str, str]:
        """Return the ORDER BY."""
        return (self.field, "pk") if self.oldest_first else (f"-{self.field}", "-pk")


NEWEST = Order("n", "last_message_at", oldest_first=False, condition=Q())
WAITING = Order("w", "waiting_since", oldest_first=True, condition=Q(waiting_since__isnull=False))
REST = Order("r", "last_message_at", oldest_first=False, condition=Q(waiting_since__isnull=True))
#: Waiting longest first, then those where it is not our turn, newest first. Deadlines are not
#: kept yet, so "due soonest" is "waiting longest".
SORTS: Mapping[str, tuple[Order, ...]] = {
    "newest": (NEWEST,),
    "waiting": (WAITING, REST),
    "sla": (WAITING, REST),
}


def conversation_page(me: Membership, asked: ListQuery) -> dict[str, Any]:
    """Return ``{"results": rows, "next": cursor or None}``."""
    kinds = channel_kinds()
    rows, next_cursor = _rows(me, asked, kinds)
    return {"results": [conversation_row(row, kinds) for row in rows], "next": next_cursor}


def _rows(
    me: Membership, asked: ListQuery, kinds: Mapping[UUID, str]
) -> tuple[list[Any], str | None]:
    orders, after = list(SORTS[asked.sort]), None
    if asked.cursor:
        parts = read_cursor(asked.cursor, 3)
        marks = [order.mark for order in orders]
        at = marks.index(parts[0]) if parts[0] in marks else 0
        orders, after = orders[at:], time_and_id(parts)
    found: list[tuple[Order, Any]] = []
    for order in orders:
        missing = asked.limit + 1 - len(found)
        if missing > 0:
            part = _part(me, asked, kinds, order, after, missing)
            found += [(order, row) for row in part]
        after = None
    shown = found[: asked.limit]
    if len(found) <= asked.limit:
        return [row for _, row in shown], None
    order, last = shown[-1]
    return [row for _, row in shown], make_cursor(
        order.mark, when(getattr(last, order.field)), str(last.pk)
    )


def _part(
    me: Membership,
    asked: ListQuery,
    kinds: Mapping[UUID, str],
    order: Order,
    after: Any,
    limit: int,
) -> Sequence[Any]:
    base = conversations_visible_to(me).filter(order.condition)
    if after is not None:
        behind = younger_than if order.oldest_first else older_than
        base = base.filter(behind(order.field, *after))
    picked = _picked(base, me, asked, kinds, order, limit)
    return list(with_read_seq(as_rows(picked), me).order_by(*order.by)[:limit])


def _picked(
    base: QuerySet[Conversation],
    me: Membership,
    asked: ListQuery,
    kinds: Mapping[UUID, str],
    order: Order,
    limit: int,
) -> QuerySet[Conversation]:
    """Return the conversations of a part, in a form that an index answers in order.

    An index holds one status (and one channel) in order; several would have to be read whole and
    sorted. So each pair gives its own first rows, and those few are sorted.
    """
    query = parse(asked.q)
    statuses = tuple(statuses_asked(query)) or asked.status or EVERYWHERE
    base = _filtered(base, me, asked)
    if not query.is_empty:
        return _in_channels(
            narrowed(base.filter(status__in=statuses), query, me), asked.channel, kinds
        )
    channels = _channel_ids(asked.channel, kinds)
    pairs = [(status, channel) for status in statuses for channel in channels or (None,)]
    if asked.channel and not channels:
        return base.none()
    if len(pairs) > MOST_BRANCHES:
        return _in_channels(base.filter(status__in=statuses), asked.channel, kinds)
    branches = [_branch(base, status, channel) for status, channel in pairs]
    if len(branches) == 1:
        return branches[0]
    cut = [branch.order_by(*order.by).values("pk")[:limit] for branch in branches]
    return Conversation.objects.filter(pk__in=cut[0].union(*cut[1:], all=True))


def _branch(
    base: QuerySet[Conversation], status: str, channel: UUID | None
) -> QuerySet[Conversation]:
    branch = base.filter(status=status)
    return branch if channel is None else branch.filter(last_channel=channel)


def _filtered(
    base: QuerySet[Conversation], me: Membership, asked: ListQuery
) -> QuerySet[Conversation]:
    if asked.assignee == "me":
        base = base.filter(assignee=me)
    elif asked.assignee == "none":
        base = base.filter(assignee__isnull=True)
    elif asked.assignee:
        base = base.filter(assignee=UUID(asked.assignee))
    if asked.team == "none":
        base = base.filter(team__isnull=True)
    elif asked.team:
        base = base.filter(team=UUID(asked.team))
    return base.filter(tags__contains=[asked.tag.lower()]) if asked.tag else base


def _in_channels(
    conversations: QuerySet[Conversation], wanted: Sequence[str], kinds: Mapping[UUID, str]
) -> QuerySet[Conversation]:
    if not wanted:
        return conversations
    return conversations.filter(last_channel__in=_channel_ids(wanted, kinds))


def _channel_ids(wanted: Sequence[str], kinds: Mapping[UUID, str]) -> list[UUID]:
    return [pk for pk, kind in kinds.items() if kind in wanted or str(pk) in wanted]
