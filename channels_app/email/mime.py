"""Raw mail → tree of parts, without copying more than it must.

Written for damaged mail and for speed: two to four times as fast as the standard library's
line-by-line parser on small mails and far more with attachments; a test compares both on
every mail of the corpus. Nothing in here raises on any bytes.
"""

import binascii
import re
from dataclasses import dataclass, field

from .headers import Headers, parse_parameters, split_headers

MAX_DEPTH = 50
MAX_PARTS = 200

_BLANK_LINE = re.compile(rb"\n\r*\n")
_BOUNDARY_GUESS = re.compile(rb"(?:^|\n)--([^\s-][^\r\n]{2,90}?)[ \t]*\r?\n(?=[A-Za-z-]+:)")
_BASE64_JUNK = bytes(
    byte
    for byte in range(256)
    if byte not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)
_LINE_FEED = 0x0A
#: Base64 has longer lines than prose has words.
SHORTEST_LINE = 16
FEW_WORDS = 4
_CLOSING = re.compile(rb"--(?:[^A-Za-z0-9]|$)")
_TYPE = re.compile(r"^[\w.+-]+/[\w.+*-]+$")


@dataclass(slots=True)
class Part:
    """One MIME entity. ``body`` is still transfer-encoded; leaves have no ``parts``."""

    headers: Headers
    body: bytes
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or "" when nothing was said."""
        return self.headers.get("content-disposition").partition(";")[0].strip().lower()

    @property
    def declared_name(self) -> str:
        """The file name as the sender gave it: decoded, not yet safe."""
        header = self.headers.get("content-disposition")
        if header and "=" in header:
            name = parse_parameters(header).get("filename", "")
            if name:
                return name
        return self.parameters.get("name", "")

    def content(self) -> bytes:
        """Return the body without its transfer encoding."""
        encoding = self.headers.get("content-transfer-encoding").strip().lower()
        return decode_transfer(self.body, encoding)


@dataclass(slots=True)
class Budget:
    """What one mail may still cost, and what was cut."""

    parts: int = MAX_PARTS
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Remember a sentence for the agent, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def parse_mime(raw: bytes, budget: Budget | None = None) -> Part:
    """Return the tree of the mail."""
    raw = raw.lstrip(b"\r\n \t") if raw[:1] in b"\r\n \t" else raw
    if b"\r" in raw and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _parse_part(raw, budget or Budget(), depth=0, default_type="text/plain")


def split_mail(raw: bytes) -> tuple[bytes, bytes]:
    """Return header block and body of a mail or part."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return b"", raw[2:] if raw[:1] == b"\r" else raw[1:]
    found = _BLANK_LINE.search(raw)
    if found is None:
        return raw, b""
    return raw[: found.start()], raw[found.end() :]


def _parse_part(data: bytes, budget: Budget, depth: int, default_type: str) -> Part:
    block, body = split_mail(data)
    headers, rest = split_headers(block)
    if rest:  # the blank line between headers and body was missing
        gap = data[len(block) : len(data) - len(body)]
        body = rest + gap + body
    part = Part(headers, body, default_type)
    _read_type(part, default_type)
    budget.parts -= 1
    if not part.content_type.startswith("multipart/"):
        return part
    if depth >= MAX_DEPTH:
        budget.warn(
            f"The mail nests more than {MAX_DEPTH} parts in each other; the rest is not shown."
        )
        return part
    pieces = _split_parts(part, budget)
    if pieces is None:
        return part
    child_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for piece in pieces:
        if budget.parts <= 0:
            budget.warn(f"The mail has more than {MAX_PARTS} parts; the rest is not shown.")
            break
        part.parts.append(_parse_part(piece, budget, depth + 1, child_type))
    return part


def _read_type(part: Part, default: str) -> None:
    header = part.headers.get("content-type")
    if not header:
        return
    kind, semicolon, _ = header.partition(";")
    kind = kind.strip().lower()
    if not _TYPE.match(kind):  # often a forgotten semicolon before the first parameter
        first = kind.split(maxsplit=1)[0] if kind else ""
        words = {"text": "text/plain", "html": "text/html"}
        kind = first if _TYPE.match(first) else words.get(first, default)
    part.content_type = kind
    if semicolon or "=" in header:
        part.parameters = parse_parameters(header)


def _split_parts(part: Part, budget: Budget) -> list[bytes] | None:
    """Cut a multipart body at its boundary lines; None if it has none (then it is text)."""
    body = part.body
    boundary = part.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
    pieces = _cut(body, boundary) if boundary else None
    if pieces is None:
        guess = _BOUNDARY_GUESS.search(body[:100_000])
        pieces = _cut(body, guess.group(1)) if guess else None
    if pieces is None:
        if body.strip():
            budget.warn("The mail is damaged: its parts could not be told apart.")
            part.content_type = "text/html" if b"<html" in body[:2000].lower() else "text/plain"
        return None
    return pieces


def _cut(body: bytes, boundary: bytes) -> list[bytes] | None:
    """Return what lies between the delimiter lines, or None if there are none."""
    dashes = b"--" + boundary.rstrip()
    pieces: list[bytes] = []
    start = -1
    position = 0
    while (at := body.find(dashes, position)) >= 0:
        position = at + len(dashes)
        if at and body[at - 1] != _LINE_FEED:
            continue
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end + 1
        rest = body[position:line_end].strip()
        if rest and _CLOSING.match(rest) is None:
            continue  # a longer boundary that starts the same
        if start >= 0:
            pieces.append(_without_last_line_end(body[start:at]))
        if rest:
            return pieces if start >= 0 else None
        start = position = line_end
        if len(pieces) > MAX_PARTS:
            return pieces
    if start < 0:
        return None
    if body[start:].strip():
        pieces.append(body[start:])
    return pieces


def _without_last_line_end(piece: bytes) -> bytes:
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith(b"\n") else piece


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding as far as it can be undone."""
    if encoding == "base64" or encoding.startswith("base64"):
        return decode_base64(body)
    if encoding.startswith("quoted"):
        return binascii.a2b_qp(_tidy_quoted(body))
    if encoding in {"uuencode", "x-uuencode", "x-uue", "uue"}:
        from .uuencode import decode_uuencoded

        return decode_uuencoded(body)
    return body


def decode_base64(body: bytes) -> bytes:
    """Decode Base64 with foreign characters, missing padding or several padded runs."""
    padding = body.find(b"=")
    if padding < 0 or not body[padding:].strip(b"= \t\r\n"):
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            pass
    clean = body.translate(None, _BASE64_JUNK)
    words = b" ".join(body.split())
    if words.count(b" ") > max(FEW_WORDS, len(words) // SHORTEST_LINE):
        return body  # prose under a wrong label
    out = bytearray()
    for run in re.split(rb"=+", clean):
        usable = run[:-1] if len(run) % 4 == 1 else run
        out += binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))
    return bytes(out)


def _tidy_quoted(body: bytes) -> bytes:
    """Drop blanks before line ends; a2b_qp would keep a soft break that has some behind it."""
    if b"= " not in body and b"=\t" not in body:
        return body
    return re.sub(rb"=[ \t]+(\r?\n)", rb"=\1", body)
