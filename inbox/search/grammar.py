"""What somebody types into a search box, as a tree. Pure.

Words mean "all of these"; ``"two words"`` is a phrase; ``#1042`` a conversation or order number;
``channel:email is:open assignee:me from:jane tag:vip team:sales order:#1001`` are filters. Anything
else with a colon is a word: people paste addresses.
"""

import re
from dataclasses import dataclass

FILTERS = frozenset({"assignee", "channel", "from", "is", "order", "tag", "team"})
#: More than this many words say no more, and each costs.
MOST_TERMS = 12

_TOKEN = re.compile(r'(?:(?P<name>[a-zA-Z]+):)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_NUMBER = re.compile(r"\[?#(\d{1,15})\]?")


@dataclass(frozen=True, slots=True)
class Term:
    """Words to be found. ``prefix``: the person is still typing the last one."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One ``name:value``; the value as typed."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Query:
    """All parts must hold."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    numbers: tuple[int, ...] = ()

    def values(self, name: str) -> list[str]:
        """Return what was asked of one filter."""
        return [one.value for one in self.filters if one.name == name]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked."""
        return not (self.terms or self.filters or self.numbers)


def parse(text: str) -> Query:
    """Return the tree of a search text. Never raises: every text means something."""
    terms: list[Term] = []
    filters: list[Filter] = []
    numbers: list[int] = []
    cleaned = text.replace("\x00", " ")
    for found in _TOKEN.finditer(cleaned):
        name = (found["name"] or "").lower()
        quoted = found["phrase"] is not None
        value = found["phrase"] if quoted else found["word"]
        number = None if quoted else _NUMBER.fullmatch(value)
        if name in FILTERS:
            filters.append(Filter(name, value.strip()))
        elif number is not None and not name:
            numbers.append(int(number[1]))
        elif not quoted and value.rstrip(":").lower() in FILTERS and value.endswith(":"):
            continue  # a filter whose value is still to come
        else:
            whole = found.group().replace('"', " ").strip()
            last = not quoted and found.end() == len(cleaned)
            terms.append(Term(whole, prefix=last))
    return Query(
        tuple(term for term in terms if term.text)[:MOST_TERMS], tuple(filters), tuple(numbers)
    )
