"""Global ids: ``gid://shopify/Order/1001``."""

import re

from sandbox.shopify.errors import top_error

GID = re.compile(r"gid://shopify/(\w+)/(\d+)(?:\?.*)?")


def gid(kind: str, number: int | str) -> str:
    return f"gid://shopify/{kind}/{number}"


def split(given: str) -> tuple[str, int]:
    """Return kind and number. Raises the error Shopify answers to nonsense."""
    match = GID.fullmatch(given)
    if match is None:
        raise top_error(f"Invalid global id '{given}'", "INVALID")
    return match[1], int(match[2])


def number(given: str, *kinds: str) -> int:
    """Return the number of an id that must be of one of these kinds."""
    kind, found = split(given)
    if kind not in kinds:
        raise top_error(f"Invalid id: {given}", "RESOURCE_NOT_FOUND")
    return found
