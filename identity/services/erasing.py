"""Taking an address out of texts that stay: other people's messages, notes, subjects."""

import json
import re
from collections.abc import Iterable
from typing import Any

#: What stands where an address was.
ERASED = "[erased]"


class Eraser:
    """Replaces a person's addresses, however they are written."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._patterns = [_pattern(address) for address in addresses if address]

    def text(self, value: str) -> str:
        """Return a text without the addresses."""
        for pattern in self._patterns:
            value = pattern.sub(ERASED, value)
        return value

    def plain(self, value: Any) -> Any:
        """Return a JSON value without the addresses in any of its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        if isinstance(value, dict):
            return {self.text(str(name)): self.plain(one) for name, one in value.items()}
        return value


def like_patterns(addresses: Iterable[str]) -> list[str]:
    """Return patterns for ILIKE that find every text an ``Eraser`` may have to change.

    A phone number is looked for with anything between its digits, since people write "0176 / 123 45".
    """
    return [f"%{_like(address)}%" for address in addresses if address]


def json_like_patterns(addresses: Iterable[str]) -> list[str]:
    """The same for a JSON text, in which letters beyond ASCII may be written as escapes."""
    return like_patterns({*addresses, *(json.dumps(one)[1:-1] for one in addresses)})


def _pattern(address: str) -> re.Pattern[str]:
    if address.startswith("+") and address[1:].isdigit():
        # The country's digits may be written as 00 or left out with a 0 in their place.
        digits = r"[ ()./-]{0,3}".join(address[1:])
        local = r"[ ()./-]{0,3}".join(address[-8:])
        return re.compile(
            rf"(?<!\d)(?:\+|00)?{digits}(?!\d)|(?<!\d)(?:[\d+][\d ()./+-]{{0,8}})?{local}(?!\d)"
        )
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)


def _like(address: str) -> str:
    if address.startswith("+") and address[1:].isdigit():
        return "%".join(address[-8:])
    return address.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


#: Keys of JSON facts that name a person; what stands under them is emptied, whatever it is.
PERSONAL = frozenset(
    {
        "name", "first_name", "last_name", "company", "line1", "line2", "city", "province_code",
        "zip", "phone", "email", "formatted", "note", "to", "recipient", "message",
    }
)  # fmt: skip


def without_person(value: Any) -> Any:
    """Return JSON facts of the same shape without names, addresses and free words.

    Amounts, ids and states stay: they are the merchant's books, and readers need the shape.
    """
    if isinstance(value, dict):
        return {
            name: _emptied(one) if name in PERSONAL else without_person(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [without_person(one) for one in value]
    return value


def _emptied(value: Any) -> Any:
    if isinstance(value, str):
        return ""
    if isinstance(value, list):
        return []
    return without_person(value)
