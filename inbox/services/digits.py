"""Recognising a typed one-time code: pure, and cheap enough to ask of every message."""

import re

#: Six digits by themselves, written "123456", "123 456" or "123-456".
_CODE = re.compile(r"(?<![\d#+.,-])(?<!\d )(\d{3})[ -]?(\d{3})(?![ -]?\d|[.,]\d)")
#: Somebody who types a code types little else; a long mail with six digits in it is no attempt.
LONGEST = 400


def typed_digits(text: str) -> str:
    """Return the six digits a short text holds, "" when there are none or several."""
    if len(text) > LONGEST:
        return ""
    found = {"".join(pair) for pair in _CODE.findall(text)}
    return found.pop() if len(found) == 1 else ""
