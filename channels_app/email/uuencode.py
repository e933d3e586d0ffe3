"""Files that old mailers write into the text itself: uuencode and yEnc."""

import binascii
import re
from collections.abc import Callable

#: Files taken out of one text.
MAX_FILES = 50

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_END = re.compile(rb"^end[ \t]*\r?$\n?", re.MULTILINE)
_Y_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]*?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]*\r?\n)?", re.MULTILINE
)
_Y_END = re.compile(rb"^=yend[^\r\n]*\r?\n?", re.MULTILINE)


def take_out_files(body: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return the text without the embedded files, and the files as (name, content)."""
    files: list[tuple[str, bytes]] = []
    if b"begin " in body or b"begin-base64 " in body:
        body = _take(body, _BEGIN, _END, decode_uuencoded, files)
    if b"=ybegin " in body:
        body = _take(body, _Y_BEGIN, _Y_END, _decode_yenc, files)
    return body, files


def _take(
    body: bytes,
    begin: re.Pattern[bytes],
    end: re.Pattern[bytes],
    decode: Callable[[bytes], bytes],
    files: list[tuple[str, bytes]],
) -> bytes:
    kept: list[bytes] = []
    position = 0
    while len(files) < MAX_FILES and (start := begin.search(body, position)):
        stop = end.search(body, start.end())
        if stop is None:
            break
        content = decode(body[start.end() : stop.start()])
        if not content and body[start.end() : stop.start()].strip():
            # Somebody wrote "begin 644 …" as prose: leave it where it is.
            kept.append(body[position : start.end()])
            position = start.end()
            continue
        kept.append(body[position : start.start()])
        files.append((start.group(1).decode("utf-8", "replace").strip(), content))
        position = stop.end()
    kept.append(body[position:])
    return b"".join(kept)


def decode_uuencoded(data: bytes) -> bytes:
    """Return what can be decoded of uuencoded lines, with or without their frame."""
    found = _BEGIN.search(data)
    if found:
        data = data[found.end() :]
    out = bytearray()
    for line in data.splitlines():
        if not line or line.strip() == b"end":
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders pad wrongly
            try:
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                return b""
    return bytes(out)


def _decode_yenc(data: bytes) -> bytes:
    """Undo yEnc: 42 was added to each byte, and 64 more behind an escape sign."""
    joined = data.replace(b"\r", b"").replace(b"\n", b"")
    plain = _Y_ESCAPE.sub(lambda found: bytes([(found.group(1)[0] - 64) & 255]), joined)
    return plain.translate(_Y_SHIFT)


_Y_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
_Y_SHIFT = bytes((byte - 42) & 255 for byte in range(256))
