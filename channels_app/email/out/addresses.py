"""Mail addresses as headers and envelopes take them; plus addresses that carry our tokens."""

import re
import unicodedata

#: Good enough to keep headers and envelopes whole; whether the address exists, its server says.
_ADDRESS = re.compile(r"""[^\s@<>(),;:"\\\[\]]{1,64}@[^\s@<>(),;:"\\\[\]]{1,253}""")


MAX_LOCAL_PART = 64


class AddressError(ValueError):
    """The text is no mail address that can be written to."""


def ascii_address(address: str) -> str:
    """Return the address with its domain in ASCII (IDNA). Raises AddressError."""
    text = address.strip()
    if not _ADDRESS.fullmatch(text):
        raise AddressError(f"“{one_line(text, limit=80)}” is not a mail address.")
    local, _, domain = text.rpartition("@")
    if not local.isascii() or any(ord(character) < 33 for character in local):
        raise AddressError(
            f"The part before the @ of “{one_line(text, limit=80)}” has letters that mail "
            "servers here cannot deliver to."
        )
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise AddressError(
            f"“{one_line(domain, limit=80)}” is not a name of a mail server."
        ) from error


def plus_address(address: str, tag: str) -> str:
    """Return ``support+tag@shop.example`` for ``support@shop.example``, or "" if it got too long.

    RFC 5321 ends the part before the @ at 64 characters, and servers that keep to it would refuse
    the customer's answer; without the tag an answer is still found by its References.
    """
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+{tag}"
    return f"{tagged}@{domain}" if len(tagged) <= MAX_LOCAL_PART else ""


def one_line(text: str, *, limit: int = 900) -> str:
    """Return text fit for one header: no line ends, no control or bidi characters, not endless.

    Whoever chose the text, it cannot end the header and begin another.
    """
    kept = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} else character
        for character in text
        if character not in _BIDI_CONTROLS
    )
    return " ".join(kept.split())[:limit]


_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
