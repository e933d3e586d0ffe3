"""Pages by keyset: a cursor says after which row to go on, so a deep page costs like the first."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from helpdesk.foundation.errors import HelpdeskError

DEFAULT_LIMIT = 50
MAX_LIMIT = 100


class BadCursorError(HelpdeskError):
    """Not a cursor of ours."""

    code = "bad_cursor"


def make_cursor(*parts: str | int) -> str:
    """Return an opaque cursor."""
    raw = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str, length: int) -> list[Any]:
    """Return the parts of a cursor. Raises BadCursorError."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error) as error:
        raise _bad() from error
    if not isinstance(parts, list) or len(parts) != length:
        raise _bad()
    return parts


def time_and_id(parts: Sequence[Any]) -> tuple[datetime, UUID]:
    """Return the last two parts as a time and an id. Raises BadCursorError."""
    try:
        moment = parse_datetime(str(parts[-2]))
        row = UUID(str(parts[-1]))
    except ValueError as error:
        raise _bad() from error
    if moment is None or moment.tzinfo is None:
        raise _bad()
    return moment, row


def id_of(parts: Sequence[Any]) -> UUID:
    """Return the last part as an id. Raises BadCursorError."""
    try:
        return UUID(str(parts[-1]))
    except ValueError as error:
        raise _bad() from error


def older_than(field: str, moment: datetime, row: UUID) -> Q:
    """Return the condition of a list by newest: what comes behind this row.

    The first half repeats what the second says, so that the index is entered at the right place.
    """
    return Q(**{f"{field}__lte": moment}) & (
        Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__lt": row})
    )


def younger_than(field: str, moment: datetime, row: UUID) -> Q:
    """Return the condition of a list by oldest: what comes behind this row."""
    return Q(**{f"{field}__gte": moment}) & (
        Q(**{f"{field}__gt": moment}) | Q(**{field: moment, "pk__gt": row})
    )


def _bad() -> BadCursorError:
    return BadCursorError("The cursor is not one of ours. Start again without it.")
