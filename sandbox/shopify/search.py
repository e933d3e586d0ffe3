"""Shopify's search syntax as far as our documents use it (shopify.md §6 Conventions).

AND by space, OR, ``-`` not, quotes for phrases, ``>=`` and its like on dates and numbers, ``*`` at the
end of a word. Fields are searched by words, so a phrase may hit more than the one meant. An unknown
field is left out with a warning: a typo returns everything, as at Shopify.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.shopify.clock import written
from sandbox.shopify.keys import words

TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<or>OR\b)|(?P<and>AND\b)|(?P<not>NOT\b)|
        (?P<term>-?(?:[A-Za-z_]+:)?(?:>=|<=|>|<)?
            (?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s()"\\])+)))""",
    re.VERBOSE,
)
TERM = re.compile(r"(-?)(?:([A-Za-z_]+):)?(>=|<=|>|<)?(.*)", re.DOTALL)
Record = dict[str, Any]
#: Reads a field of a record: texts, numbers, dates or booleans, any of which may fit.
Reader = Callable[[Record], Any]


@dataclass(frozen=True, slots=True)
class Term:
    field: str
    operator: str
    value: str
    negated: bool = False


@dataclass
class Search:
    """Groups are joined by OR, the terms of a group by AND."""

    groups: list[list[Term]] = field(default_factory=lambda: [[]])
    warnings: list[dict[str, str]] = field(default_factory=list)

    def single(self) -> list[Term]:
        """Return the terms that every hit fulfils, for the choice of an index."""
        if len(self.groups) != 1:
            return []
        return [term for term in self.groups[0] if not term.negated]

    def fits(self, record: Record, readers: dict[str, Reader]) -> bool:
        return any(all(_fits(term, record, readers) for term in group) for group in self.groups)


def parse(query: str | None, known: Iterable[str]) -> Search:
    """Read a query. Parentheses only group what AND and OR group anyway."""
    found, position, negate = Search(), 0, False
    query, names = query or "", set(known)
    while position < len(query.rstrip()):
        match = TOKEN.match(query, position)
        if match is None or match.end() == position:
            break
        position = match.end()
        if match["or"]:
            found.groups.append([])
        elif match["not"]:
            negate = True
        elif match["term"]:
            term = _term(match["term"], negate=negate)
            negate = False
            if term.field and term.field not in names:
                found.warnings.append(
                    {
                        "field": term.field,
                        "message": f"Invalid search field for this query: {term.field}",
                    }
                )
            else:
                found.groups[-1].append(term)
    return found


def _term(text: str, *, negate: bool) -> Term:
    minus, name, operator, value = TERM.fullmatch(text).groups()  # type: ignore[union-attr]
    if value[:1] in {'"', "'"}:
        value = f'"{value[1:-1]}"'  # a phrase, whichever quotes
    value = re.sub(r"\\(.)", r"\1", value)
    return Term((name or "").lower(), operator or "=", value, negated=bool(minus) != negate)


def _fits(term: Term, record: Record, readers: dict[str, Reader]) -> bool:
    read = readers[term.field or "default"]
    found = read(record)
    values = found if isinstance(found, list) else [found]
    hit = any(_matches(term, value) for value in values)
    return hit != term.negated


def _matches(term: Term, value: Any) -> bool:
    wanted = term.value.strip('"')
    if term.operator != "=":
        return value is not None and _compared(term.operator, value, wanted)
    if value is None:
        return False
    if isinstance(value, bool):
        return wanted.lower() == str(value).lower()
    if isinstance(value, int):
        return wanted == str(value)
    if wanted == "*":
        return bool(value)
    return _has_phrase(words(value), wanted)


def _has_phrase(found: list[str], wanted: str) -> bool:
    prefix = wanted.endswith("*")
    parts = words(wanted)
    if not parts:
        return False
    for start in range(len(found) - len(parts) + 1):
        piece = found[start : start + len(parts)]
        if piece == parts:
            return True
        if prefix and piece[:-1] == parts[:-1] and piece[-1].startswith(parts[-1]):
            return True
    return False


def _compared(operator: str, value: Any, wanted: str) -> bool:
    left: Any
    right: Any
    if isinstance(value, int):
        left, right = value, int(wanted) if wanted.isdigit() else 0
    else:
        left, right = str(value), as_utc(wanted)
    if operator in {">=", "<="} and left == right:
        return True
    return bool(left > right) if operator.startswith(">") else bool(left < right)


def as_utc(text: str) -> str:
    """Return a date as the records hold it: UTC, seconds, a Z. Nonsense stays as it is."""
    try:
        return written(datetime.fromisoformat(text))
    except ValueError:
        return text
