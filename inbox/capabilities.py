"""What a channel can do, as data (CH-10): the composer, the sender and the AI obey it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One channel kind's limits. Lengths are characters, sizes are bytes."""

    max_text: int
    max_attachment_bytes: int
    max_attachments: int
    rich_text: bool = False
    subject: bool = False
    cc: bool = False
    typing: bool = False
    read_receipts: bool = False
    #: The message is there the moment it is stored; no provider has to accept it first.
    instant: bool = False
    #: A conversation can be started by us (not only answered).
    can_start: bool = False
    attachment_types: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the form stored in ``Channel.capabilities`` and shown by the API."""
        return {**asdict(self), "attachment_types": list(self.attachment_types)}
