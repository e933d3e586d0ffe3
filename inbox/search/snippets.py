"""The piece of a text around what was found, with the found words marked. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inbox.search.index import fold

BEFORE = 50
LENGTH = 220
_WORD = re.compile(r"[\w@.+#-]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text; ``hit`` pieces are what was found."""

    text: str
    hit: bool


def snippet(text: str, words: Sequence[str]) -> list[Piece]:
    """Return about two lines around the first hit; ``words`` are folded beginnings of words."""
    flat = " ".join(text.split())
    hits = [found.span() for found in _WORD.finditer(flat) if _is_hit(found.group(), words)]
    start = 0
    if hits and hits[0][0] > BEFORE:
        start = flat.rfind(" ", 0, hits[0][0] - BEFORE) + 1
    end = min(start + LENGTH, len(flat))
    pieces: list[Piece] = []
    at = start
    for left, right in hits:
        if right > end:
            break
        pieces += [Piece(flat[at:left], False), Piece(flat[left:right], True)]
        at = right
    pieces.append(Piece(flat[at:end], False))
    if start and pieces:
        pieces.insert(0, Piece("… ", False))
    if end < len(flat):
        pieces.append(Piece(" …", False))
    return [piece for piece in pieces if piece.text]


def _is_hit(word: str, words: Sequence[str]) -> bool:
    folded = fold(word).strip(".-+@#")
    return any(folded.startswith(wanted) for wanted in words)
