"""From the tree of a search to a queryset. Text goes through the function ``search_messages``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from helpdesk.foundation.errors import HelpdeskError
from identity.models import Membership, Team
from inbox.models import Channel, ChannelKind, Conversation, Status
from inbox.querysets import awaiting_approval, with_read_seq
from inbox.search.grammar import Query
from inbox.search.index import fold, query_words

#: Newest messages looked at. With further filters more, since many of them may fall away.
HITS = 1_000
HITS_WITH_FILTERS = 5_000
#: Where a list looks when it does not say: everywhere but in spam and trash.
EVERYWHERE = (Status.OPEN, Status.WAITING, Status.SNOOZED, Status.CLOSED)


class BadSearchError(HelpdeskError):
    """A filter word was given a value it does not take."""

    code = "bad_search"


@dataclass(slots=True)
class TextQuery:
    """A tsquery as SQL with its parameters; parts are joined by "and"."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    #: There were words, but none that could stand in the index.
    hopeless: bool = False

    def add(self, sql: str, *values: Any) -> None:
        """Add one more condition."""
        self.parts.append(sql)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """Return the expression."""
        return " && ".join(self.parts)


def text_of(query: Query) -> TextQuery:
    """Return what the words of a query ask of the index.

    The index splits text by PostgreSQL's parser, so words are split by the same one; a word still
    being typed also matches as the beginning of a longer one, whole addresses included.
    """
    text = TextQuery()
    for term in query.terms:
        words = query_words(term.text)
        if not words:
            continue  # "&" between two words
        phrase = "phraseto_tsquery('simple', %s)"
        if term.prefix and len(words) == 1:
            text.add(f"({phrase} || %s::tsquery)", fold(term.text), f"{_lexeme(words[0])}:*")
        else:
            text.add(phrase, fold(term.text))
    text.hopeless = bool(query.terms) and not text.parts
    for value in query.values("order"):
        text.add("phraseto_tsquery('simple', %s)", fold(value.lstrip("#")))
    for value in query.values("from"):
        for word in query_words(value):
            text.add("%s::tsquery", f"{_lexeme(word)}:*B")
    return text


def narrowed(
    conversations: QuerySet[Conversation], query: Query, me: Membership
) -> QuerySet[Conversation]:
    """Return the conversations a search finds. Raises BadSearchError with a sentence."""
    text = text_of(query)
    if text.hopeless:
        return conversations.none()
    if text.parts:
        conversations = conversations.filter(pk__in=_hits(text, query))
    for number in query.numbers:
        said = TextQuery()
        said.add("phraseto_tsquery('simple', %s)", str(number))
        conversations = conversations.filter(Q(number=number) | Q(pk__in=_hits(said, query)))
    return _filtered(conversations, query, me)


def statuses_asked(query: Query) -> list[str]:
    """Return the statuses that ``is:`` words name, or [] when they name none."""
    return [value.lower() for value in query.values("is") if value.lower() in Status.values]


def found_messages(
    query: Query, *, before: tuple[datetime, UUID] | None
) -> list[tuple[UUID, UUID, datetime]]:
    """Return (conversation, message, time) of the newest messages with these words."""
    text = text_of(query)
    if text.hopeless or not text.parts:
        return []
    condition, more = "", list[Any]()
    if before is not None:
        condition, more = "WHERE (created_at, message_id) < (%s, %s)", [*before]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conversation_id, message_id, created_at "  # noqa: S608 - our own pieces
            f"FROM search_messages({text.sql}, %s) {condition} "
            "ORDER BY created_at DESC, message_id DESC",
            [*text.values, _most(query), *more],
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


def _hits(text: TextQuery, query: Query) -> RawSQL:
    sql = f"SELECT conversation_id FROM search_messages({text.sql}, %s)"  # noqa: S608 - our own
    return RawSQL(sql, [*text.values, _most(query)])  # noqa: S611 - values are parameters


def _most(query: Query) -> int:
    return HITS_WITH_FILTERS if query.filters or query.numbers else HITS


def _lexeme(word: str) -> str:
    """Return a word as a quoted lexeme of a tsquery."""
    return "'" + word.replace("\\", "").replace("'", "''") + "'"


def _filtered(
    conversations: QuerySet[Conversation], query: Query, me: Membership
) -> QuerySet[Conversation]:
    for value in query.values("is"):
        conversations = _is(conversations, value.lower(), me)
    if channels := query.values("channel"):
        conversations = conversations.filter(last_channel__in=_channels(channels))
    for value in query.values("assignee"):
        conversations = conversations.filter(assignee_is(value, me))
    for value in query.values("team"):
        conversations = conversations.filter(team__in=_teams(value))
    for value in query.values("tag"):
        conversations = conversations.filter(tags__contains=[value.lower()])
    return conversations


def _is(
    conversations: QuerySet[Conversation], value: str, me: Membership
) -> QuerySet[Conversation]:
    if value in Status.values:
        return conversations  # the list's own statuses were replaced by these
    if value == "unread":
        return with_read_seq(conversations, me).filter(last_inbound_seq__gt=F("read_seq"))
    if value in {"unassigned", "assigned"}:
        return conversations.filter(assignee__isnull=value == "unassigned")
    if value == "mine":
        return conversations.filter(assignee=me)
    if value == "approval":
        return conversations.filter(pk__in=awaiting_approval())
    known = ", ".join([*Status.values, "unread", "assigned", "unassigned", "mine", "approval"])
    raise BadSearchError(f"“is:{value}” is not known. Try one of: {known}.")


def assignee_is(value: str, me: Membership) -> Q:
    """Return the condition for ``me``, ``none``, an id, a name or an address."""
    if value == "me":
        return Q(assignee=me)
    if value == "none":
        return Q(assignee__isnull=True)
    wanted = fold(value)
    people = Membership.objects.select_related("user")
    found = [
        one.pk
        for one in people
        if wanted == str(one.pk) or wanted == one.user.email or fold(one.name).startswith(wanted)
    ]
    return Q(assignee__in=found)


def _channels(values: Sequence[str]) -> list[UUID]:
    known = list(Channel.objects.values_list("pk", "kind", "name"))
    found: list[UUID] = []
    for value in values:
        wanted = fold(value)
        here = [pk for pk, kind, name in known if wanted in {kind, str(pk)} or wanted in fold(name)]
        if not here and wanted not in ChannelKind.values:
            raise BadSearchError(f"There is no channel “{value}”.")
        found += here
    return found


def _teams(value: str) -> list[UUID]:
    wanted = fold(value)
    return [pk for pk, name in Team.objects.values_list("pk", "name") if wanted in fold(name)]
