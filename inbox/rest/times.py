"""Times as the API tells them."""

from datetime import UTC, datetime
from typing import overload


@overload
def when(moment: datetime) -> str: ...
@overload
def when(moment: None) -> None: ...
def when(moment: datetime | None) -> str | None:
    """Return RFC 3339 in UTC, always with microseconds: then text order is time order."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
