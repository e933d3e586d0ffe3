"""Dataclasses to JSON and back, by their annotations.

Rows keep facts, requests and previews as JSON. An unknown member is ignored and a missing one takes
its default, so that rows written by an older or newer release can still be read.
"""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from identity.commerce.money import Money


class CodecError(ValueError):
    """The JSON is not what the class says."""


class Coded:
    """Gives a dataclass ``to_json`` and ``from_json``."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plain JSON form."""
        return {
            field.name: encode(getattr(self, field.name))
            for field in fields(self)  # type: ignore[arg-type]  # every subclass is a dataclass
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Return what ``to_json`` wrote. Raises CodecError."""
        found: Self = decode(cls, data)
        return found


def encode(value: Any) -> Any:
    """Return the JSON form of a value."""
    # A float is no amount of money; it occurs in what a platform keeps for itself.
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Money | Coded):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    if isinstance(value, dict):
        return {str(key): encode(one) for key, one in value.items()}
    raise CodecError(f"{type(value).__name__} has no JSON form.")


def decode(kind: Any, data: Any) -> Any:
    """Return ``data`` as a value of the annotated kind. Raises CodecError."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _decode_union(get_args(kind), data)
    if origin is tuple:
        if not isinstance(data, list):
            raise CodecError("A list was expected.")
        inner = get_args(kind)[0]
        return tuple(decode(inner, one) for one in data)
    if origin is dict:
        if not isinstance(data, dict):
            raise CodecError("An object was expected.")
        inner = get_args(kind)[1]
        return {str(key): decode(inner, one) for key, one in data.items()}
    if kind is Any:
        return data
    return _decode_plain(kind, data)


def _decode_union(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is not type(None):
            return decode(kind, data)
    raise CodecError("None was not expected.")


def _decode_plain(kind: Any, data: Any) -> Any:
    try:
        if kind is Money:
            return Money.from_json(data)
        if kind is datetime:
            return datetime.fromisoformat(data)
        if kind is date:
            return date.fromisoformat(data)
        if kind is Decimal:
            return Decimal(data)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise CodecError(f"{data!r} is no {kind.__name__}.") from error
    if is_dataclass(kind):
        return _decode_dataclass(kind, data)
    # bool is an int to Python, and not to us.
    if type(data) is not kind:
        raise CodecError(f"{data!r} is no {kind.__name__}.")
    return data


def _decode_dataclass(kind: Any, data: Any) -> Any:
    if not isinstance(data, dict):
        raise CodecError(f"An object was expected for {kind.__name__}.")
    values = {}
    for name, (annotation, required) in _plan(kind).items():
        if name in data:
            values[name] = decode(annotation, data[name])
        elif required:
            raise CodecError(f"{kind.__name__} needs {name}.")
    return kind(**values)


@cache
def _plan(kind: Any) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
        if field.init
    }
