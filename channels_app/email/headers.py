"""Header lines: unfolding, RFC 2047 words, RFC 2231 parameters, and what broken mailers make of them."""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from .charsets import decode_text

#: A header line longer than this is cut; nothing we read is that long.
MAX_VALUE = 100_000
MAX_HEADERS = 2_000
MAX_PARAMETERS = 20_000
#: Lines a header may go on over without the indent they should have.
LOST_FOLD_LINES = 4

_FOLD = re.compile(rb"\r*\n[ \t]+")
_NAME = re.compile(rb"[!-9;-~]+$")
_HEADERISH = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_WORD = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"\s*\Z")
_PARAMETER = re.compile(
    r""";?\s*([^\s=;*"]{1,60})(\*\d+)?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))""", re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Headers:
    """Headers in order, names in lower case, values as text that may still hold encoded words."""

    __slots__ = ("_first", "items")

    def __init__(self, items: list[tuple[str, str]]) -> None:
        self.items = items
        self._first: dict[str, str] = {}
        for name, value in items:
            if name not in self._first:
                self._first[name] = value

    def get(self, name: str) -> str:
        """Return the first value, or ""."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        """Return all values, topmost first."""
        if name not in self._first:
            return []
        return [value for key, value in self.items if key == name]

    def text(self, name: str) -> str:
        """Return the first value decoded, on one line, without control characters."""
        value = self._first.get(name)
        return one_line(decode_words(value)) if value else ""

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)


def split_headers(block: bytes) -> tuple[Headers, bytes]:
    """Return the headers and whatever of the block turned out to be body."""
    items: list[tuple[str, str]] = []
    if not block:
        return Headers(items), b""
    unfolded = _FOLD.sub(b" ", block) if b"\n " in block or b"\n\t" in block else block
    lines = unfolded.split(b"\n")
    for index, line in enumerate(lines):
        name, colon, value = line.partition(b":")
        name = name.rstrip()
        if colon and _NAME.match(name):
            if len(items) < MAX_HEADERS:
                items.append((name.decode("ascii").lower(), _value(value)))
            continue
        if not line.strip() or line.startswith((b"From ", b">From ")):
            continue  # an mbox line, or folding gone wrong
        if items and _headers_go_on(lines[index + 1 : index + 1 + LOST_FOLD_LINES]):
            # A fold that lost its indent: the line belongs to the header above.
            key, before = items[-1]
            items[-1] = (key, f"{before} {_value(line)}"[:MAX_VALUE])
        elif items or not _headers_go_on(lines[index + 1 :]):
            return Headers(items), b"\n".join(lines[index:])
    return Headers(items), b""


def _headers_go_on(lines: list[bytes]) -> bool:
    """Say whether a header line comes before a boundary."""
    for line in lines:
        if line.startswith(b"--"):
            return False
        if _HEADERISH.match(line):
            return True
    return False


def _value(raw: bytes) -> str:
    raw = raw.strip()[:MAX_VALUE].replace(b"\x00", b"")
    if raw.isascii():
        return raw.decode("ascii")
    return decode_text(raw, "utf-8")


def decode_words(value: str) -> str:
    """Decode RFC 2047 words; neighbours are joined as bytes, for one may end inside a character."""
    if "=?" not in value:
        return value
    out: list[str] = []
    pending = b""
    charset = ""
    position = 0
    for found in _WORD.finditer(value):
        gap = value[position : found.start()]
        label = found.group(1).split("*")[0].lower()
        adjacent = bool(position) and not gap.strip()
        if not (adjacent and label == charset):
            if pending:
                out.append(decode_text(pending, charset))
                pending = b""
            if not adjacent:
                out.append(gap)
        charset = label
        pending += _word_bytes(found.group(2), found.group(3))
        position = found.end()
    if pending:
        out.append(decode_text(pending, charset))
    out.append(value[position:])
    return "".join(out)


def _word_bytes(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    if kind in "qQ":
        return binascii.a2b_qp(data.replace(b"\n", b"").replace(b"\r", b""), header=True)
    from .mime import decode_base64

    return decode_base64(data)


def parse_parameters(header: str) -> dict[str, str]:
    """Return the parameters of a structured header: RFC 2231 pieces joined, values decoded."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    start = header.find(";")
    if start < 0:
        start = header.find(" ")
    if start < 0:
        return plain
    for found in _PARAMETER.finditer(header, start, start + MAX_PARAMETERS):
        name, number, star, quoted, token = found.groups()
        name = name.lower()
        value = _unquote(quoted) if quoted is not None else token.strip()
        if number or star:
            index = int(number[1:6]) if number else 0
            pieces.setdefault(name, {}).setdefault(index, (value, bool(star)))
        elif name not in plain:
            plain[name] = decode_words(value) if "=?" in value else value
    for name, numbered in pieces.items():
        joined = _join_pieces(numbered)
        if joined:
            plain[name] = joined
    return plain


def _join_pieces(numbered: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    data = b""
    for position, index in enumerate(sorted(numbered)[:100]):
        value, encoded = numbered[index]
        if encoded and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if encoded else raw
    return decode_words(decode_text(data, charset or "utf-8"))


def _unquote(value: str) -> str:
    # Only these two need escaping; ``C:\\TEMP\\a.png`` without it must keep its path.
    return re.sub(r"\\([\"\\])", r"\1", value) if "\\" in value else value


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, outer blanks dropped."""
    if text.isprintable():
        return text.strip()
    text = text.encode("utf-8", "replace").decode()  # lone surrogates fit no database
    return _CONTROL.sub("", text.replace("\r", " ").replace("\n", " ").replace("\t", " ")).strip()
