"""Identifiers. UUIDv7 sorts by time, so new rows land at the end of their index."""

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """Return a new time-ordered id as a standard library UUID."""
    return _uuid7()
