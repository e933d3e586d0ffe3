"""The reduced Admin schema, read once, and documents parsed and checked once."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, parse, validate

VERSION = "2026-10"
#: Stable on the day the rules were written down (shopify.md §2).
VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
HERE = Path(__file__).resolve().parent
MOST_TEXT = 100_000


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    text = (HERE / f"admin_{VERSION}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True, no_location=True)


@lru_cache(maxsize=1)
def access() -> dict[str, dict[str, Any]]:
    """Return scopes, protected data and GID kinds by ``Type`` and ``Type.field``."""
    found: dict[str, dict[str, Any]] = json.loads(
        (HERE / f"access_{VERSION}.json").read_text(encoding="utf-8")
    )
    return found


@lru_cache(maxsize=256)
def checked(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a document."""
    if len(text) > MOST_TEXT:
        return None, (GraphQLError("Query is too large"),)
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema(), document))


def served_version(asked: str) -> str:
    """Return the version that answers: an old one falls forward to the oldest supported (§2)."""
    return asked if asked in VERSIONS else VERSIONS[0]
