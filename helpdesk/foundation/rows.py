"""The rows of the hottest paths, written and read by plain prepared statements.

The mapper compiles its SQL anew for each call and PostgreSQL parses and plans that text anew: together
two thirds of what a chat message cost. Here a statement's text is made once for each model and prepared
once for each connection. Values pass through the model's own fields and rows come back as instances
of the model, so whoever calls sees no difference. These are ordinary cursors of Django's: statements
are counted, logged and their errors translated as always. Row-level security applies as always too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Write(NamedTuple):
    """A statement that returns nothing, and its values."""

    sql: str
    values: list[Any]


def run(sql: str, values: Sequence[Any]) -> Any:
    """Execute a statement, prepared, and return its cursor.

    PostgreSQL takes the values' types from the statement: where it can't (``SELECT %s``), cast.
    """
    database = _database()
    database.ensure_connection()
    cursor = database._prepare_cursor(psycopg.Cursor(database.connection))
    cursor.execute(sql, values)
    return cursor


def insert(row: Model, *, or_ignore: str = "") -> bool:
    """Insert a new row; ``or_ignore`` names the unique columns that make it the same one again.

    Returns whether it was inserted.
    """
    return bool(write(inserting(row, or_ignore=or_ignore)))


def update(row: Model, names: tuple[str, ...]) -> None:
    """Write the named fields of a row of the open scope."""
    write(updating(row, names))


def inserting(row: Model, *, or_ignore: str = "") -> Write:
    """Return what ``insert`` would execute, for ``write``."""
    values = _values(row, _shape(type(row)).all, add=True)
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return Write(_insert_sql(type(row), or_ignore), values)


def updating(row: Model, names: tuple[str, ...]) -> Write:
    """Return what ``update`` would execute, for ``write``."""
    sql, fields = _update_sql(type(row), names)
    values = _values(row, fields, add=False)
    return Write(sql, [*values, row.workspace_id, row.pk])  # type: ignore[attr-defined]


def write(*writes: Write) -> int:
    """Execute writes of different rows as one statement; return how many rows the last one wrote.

    They do not see each other, but foreign keys do: those are checked when all rows are there.
    """
    values = [value for one in writes for value in one.values]
    return int(run(_joined(tuple(one.sql for one in writes)), values).rowcount)


def columns(model: type[Model], alias: str) -> str:
    """Return all columns of a model as a SELECT lists them, for ``build`` to read."""
    return ", ".join(f'{alias}."{field.column}"' for field in _shape(model).all.all)


def build(model: type[M], values: Sequence[Any]) -> M:
    """Return an instance from the values of ``columns``."""
    shape = _shape(model)
    if shape.converters:
        values = list(values)
        for place, convert in shape.converters:
            values[place] = convert(values[place], None, None)
    return model.from_db(DEFAULT_DB_ALIAS, shape.names, values)


def width(model: type[Model]) -> int:
    """Return how many values ``columns`` takes."""
    return len(_shape(model).names)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Most values go to psycopg as they are; ``wrapped`` are those that their field has to prepare."""

    all: tuple[Any, ...]
    read: Any
    wrapped: tuple[tuple[int, Any], ...]


def _fields(fields: tuple[Any, ...]) -> _Fields:
    return _Fields(
        all=fields,
        # Of one name alone an attrgetter returns no tuple.
        read=attrgetter("pk", *[field.attname for field in fields]),
        wrapped=tuple((place, field) for place, field in enumerate(fields) if not _plain(field)),
    )


#: psycopg writes their Python values without anybody's help.
PLAIN = (
    *(models.CharField, models.TextField, models.UUIDField, models.BooleanField),
    *(models.DateTimeField, models.IntegerField, models.ForeignKey),
)


def _plain(field: Any) -> bool:
    fills_itself = type(field).pre_save is not models.Field.pre_save and (
        not isinstance(field, models.DateTimeField) or field.auto_now or field.auto_now_add
    )
    return isinstance(field, PLAIN) and not fills_itself


def _values(row: Model, fields: _Fields, *, add: bool) -> list[Any]:
    values: list[Any] = list(fields.read(row)[1:])
    database = _database()
    for place, field in fields.wrapped:
        values[place] = field.get_db_prep_save(field.pre_save(row, add), database)
    return values


def _database() -> Any:
    # Django's ``connection`` looks this up again with each attribute, which costs more than it seems.
    return connections[DEFAULT_DB_ALIAS]


@dataclass(frozen=True, slots=True)
class _Shape:
    all: _Fields
    names: tuple[str, ...]
    converters: tuple[tuple[int, Any], ...]


@cache
def _shape(model: type[Model]) -> _Shape:
    fields: tuple[Any, ...] = tuple(model._meta.concrete_fields)
    return _Shape(
        all=_fields(fields),
        names=tuple(field.attname for field in fields),
        converters=tuple(
            (place, convert)
            for place, field in enumerate(fields)
            for convert in field.get_db_converters(_database())
        ),
    )


@cache
def _joined(statements: tuple[str, ...]) -> str:
    *first, last = statements
    if not first:
        return last
    return f"WITH {', '.join(f'w{n} AS ({sql})' for n, sql in enumerate(first))} {last}"


@cache
def _insert_sql(model: type[Model], or_ignore: str) -> str:
    fields = _shape(model).all.all
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    once = f" ON CONFLICT ({or_ignore}) DO NOTHING" if or_ignore else ""
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places}){once}'  # noqa: S608


@cache
def _update_sql(model: type[Model], names: tuple[str, ...]) -> tuple[str, _Fields]:
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    table = model._meta.db_table
    return f'UPDATE "{table}" SET {changes} WHERE workspace_id = %s AND id = %s', _fields(fields)  # noqa: S608
