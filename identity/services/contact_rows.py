"""Which tables hold rows of a contact. Each app names its own; a merge moves them all.

A test compares this list with the database's own references to contacts, so that a new table can't
be forgotten.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from identity.tenancy import TenantModel

#: Ids in one statement; PostgreSQL takes 65,535 parameters.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class ContactRows:
    """The rows of ``model`` whose ``field`` is the contact.

    ``once_by`` are the fields by which a contact has such a row only once (among those that match
    ``once_where``): where the survivor has one already, the other's stays behind, unless it is
    ``stronger``, a yes-or-no field; then the two change places.
    """

    model: type[TenantModel]
    field: str
    once_by: tuple[str, ...] = ()
    once_where: Q | None = None
    stronger: str = ""

    @property
    def place(self) -> str:
        """Return the name a merge records."""
        return f"{self.model._meta.label}.{self.field}"

    def ids_of(self, contact_id: UUID) -> list[UUID]:
        """Return the ids of a contact's rows."""
        return list(self._rows().filter(**{self.field: contact_id}).values_list("pk", flat=True))

    def plan(self, *, source: UUID, target: UUID) -> tuple[list[UUID], list[UUID]]:
        """Return what goes from ``source`` to ``target``, and which weaker equals go the other way."""
        if not self.once_by:
            return self.ids_of(source), []
        taken = self._equals(target)
        forward, back = self.ids_of(source), []
        for key, (pk, strong) in self._equals(source).items():
            if key not in taken:
                continue
            equal, equal_strong = taken[key]
            if strong and not equal_strong:
                back.append(equal)
            else:
                forward.remove(pk)
        return forward, back

    def without_equal(self, ids: list[UUID], *, at: UUID, leaving: list[UUID]) -> list[UUID]:
        """Return those that may stand on the contact ``at`` once the ``leaving`` ones have gone."""
        if not self.once_by or not ids:
            return ids
        taken = {key for key, (pk, _) in self._equals(at).items() if pk not in leaving}
        named = self._rows().filter(pk__in=ids).values_list("pk", *self.once_by)
        return [row[0] for row in named if tuple(row[1:]) not in taken]

    def move(self, ids: list[UUID], *, source: UUID, target: UUID) -> int:
        """Give these rows to ``target``, as far as they are ``source``'s; nothing else changes."""
        moved = 0
        for start in range(0, len(ids), BATCH):
            rows = self._rows().filter(pk__in=ids[start : start + BATCH], **{self.field: source})
            moved += rows.update(**{self.field: target})
        return moved

    def _equals(self, contact_id: UUID) -> dict[tuple[Any, ...], tuple[UUID, bool]]:
        rows = self._rows().filter(**{self.field: contact_id})
        if self.once_where is not None:
            rows = rows.filter(self.once_where)
        named = rows.values_list("pk", *([self.stronger] if self.stronger else []), *self.once_by)
        skip = 2 if self.stronger else 1
        return {tuple(row[skip:]): (row[0], bool(self.stronger and row[1])) for row in named}

    def _rows(self) -> "QuerySet[Any]":
        return self.model._default_manager.order_by()


_registered: dict[str, ContactRows] = {}


def rows_of_contact(model: type[TenantModel], field: str = "contact", **rules: Any) -> None:
    """Have a table's rows follow their contact through merges; ``rules`` as in ContactRows."""
    rows = ContactRows(model, field, **rules)
    _registered[rows.place] = rows


def all_contact_rows() -> list[ContactRows]:
    """Return every registered table, in a fixed order."""
    return [_registered[place] for place in sorted(_registered)]


def contact_rows_at(place: str) -> ContactRows | None:
    """Return the table of that name; None when it has gone since."""
    return _registered.get(place)
