"""One person's data, wherever it lies: each app says how its part is copied and how it is erased.

``identity`` finds out who a person is and runs the parts; an app registers in its ``privacy.py``. What
an app reports back is counts, never data: they are the evidence that outlives the person's rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a request is about, by everything they are known by, inside the open scope."""

    contact_ids: frozenset[UUID] = frozenset()
    #: Lower case, and E.164.
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    #: (store id, the platform's id) of customers and of orders.
    customers: frozenset[tuple[UUID, str]] = frozenset()
    orders: frozenset[tuple[UUID, str]] = frozenset()
    #: Whether other people's rows are searched for the addresses. A whole shop's customers are
    #: erased without: it would read every message once for each of them.
    search_others: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return what would give the person away in a text, longest first."""
        return tuple(sorted(self.emails | self.phones, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the copy: rows of plain values under a heading."""

    title: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of the copy; ``read`` is called once, when it is packed."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Copy:
    """What one app holds of a person."""

    sections: Sequence[Section] = ()
    files: Sequence[Copied] = field(default_factory=tuple)

    @property
    def counts(self) -> Counts:
        """Return how many rows each section has."""
        counted = {section.title: len(section.rows) for section in self.sections}
        return {**counted, **({"files": len(self.files)} if self.files else {})}


@dataclass(frozen=True, slots=True)
class Part:
    """One app's side. ``floor`` orders the parts: upper rooms erase before those they stand on."""

    app: str
    floor: int
    export: Callable[[Person], Copy]
    erase: Callable[[Person], Counts]


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add an app's part; called once while the app starts."""
    _parts[part.app] = part


def parts() -> Iterator[Part]:
    """Yield every part, the upper floors first."""
    yield from sorted(_parts.values(), key=lambda part: (-part.floor, part.app))
