"""The GraphQL documents: one operation a file, read once, told by name."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "documents"
_OPERATION = re.compile(r"^(query|mutation)\s+(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document with exactly one operation, complete in itself."""

    name: str
    text: str
    operation: str
    writes: bool


@cache
def document(name: str) -> Document:
    """Return the document of a file, say ``order_detail`` or ``bulk/orders``."""
    text = _COMMENT.sub("", (FOLDER / f"{name}.graphql").read_text())
    found = _OPERATION.search(text)
    if found is None:
        raise ValueError(f"{name}.graphql holds no named operation.")
    kind, operation = found.groups()
    return Document(name=name, text=text, operation=operation, writes=kind == "mutation")
