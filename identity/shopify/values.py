"""Typed reads of what a shop answered. Null is ordinary: protected data comes back as null."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from identity.commerce.money import Money, MoneyError

Node = Mapping[str, Any]

_GID = re.compile(r"^gid://shopify/(\w+)/(\d+)(?:\?.*)?$")
_NO_DIGITS = re.compile(r"[^\d]")


def node(value: Any) -> Node:
    """Return an object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> Iterator[Node]:
    """Yield the objects of a list or of a connection."""
    found = value.get("nodes") if isinstance(value, Mapping) else value
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            yield one


def text(value: Any) -> str:
    """Return a text, or ""."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def slug(value: Any) -> str:
    """Return an enum's value as we write it."""
    return text(value).lower()


def whole(value: Any) -> int:
    """Return a whole number; the platform writes some of them as text."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def when(value: Any) -> datetime | None:
    """Return a time with its zone, or None."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def amount(value: Any) -> Money | None:
    """Return ``{amount, currencyCode}`` as money."""
    told = node(value)
    try:
        return Money(Decimal(str(told["amount"])), str(told["currencyCode"]))
    except (KeyError, InvalidOperation, MoneyError):
        return None


def paid_in(bag: Any) -> Money | None:
    """Return what the customer saw of a money bag: their own currency where it is told."""
    return amount(node(bag).get("presentmentMoney")) or amount(node(bag).get("shopMoney"))


def number_of(gid: str) -> int:
    """Return the number in ``gid://shopify/Order/1``. Raises ValueError for anything else."""
    found = _GID.match(gid)
    if found is None:
        raise ValueError(f"{gid!r} is no id of Shopify's.")
    return int(found[2])


def kind_of(gid: str) -> str:
    """Return ``Order`` of ``gid://shopify/Order/1``, or ""."""
    found = _GID.match(gid)
    return found[1] if found else ""


def gid_of(kind: str, number: object) -> str:
    """Return the id of a thing whose number is known. Raises ValueError."""
    digits = str(number)
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"{number!r} is no number of Shopify's.")
    return f"gid://shopify/{kind}/{digits}"


def phone_key(phone: str) -> str:
    """Return a number in the form it is compared in: E.164 where the shop stores it so."""
    digits = _NO_DIGITS.sub("", phone)
    return f"+{digits}"[:32] if digits and phone.strip().startswith("+") else phone.strip()[:32]
