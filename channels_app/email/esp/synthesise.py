"""A raw mail written from a service's parsed form, so that one parser reads everything.

The bytes depend on the content only (no clock, no chance): the same form gives the same mail and so
the same dedupe key.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_STRUCTURE = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")
_LINE_ENDS = re.compile(r"[\r\n\0]+\s*")
_QUOTE = re.compile(r'["\\\r\n\0]')
_NAME = re.compile(r"^[!-9;-~]+$")


@dataclass(frozen=True, slots=True)
class File:
    """One attachment of a parsed form."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


def build_mime(
    headers: Iterable[tuple[str, str]], *, text: str, html: str, files: Iterable[File]
) -> bytes:
    """Return a mail with these headers (structure headers left out) and these bodies."""
    lines = [
        f"{name}: {_LINE_ENDS.sub(' ', value)}"
        for name, value in headers
        if _NAME.match(name) and name.lower() not in _STRUCTURE
    ]
    bodies = [_text_part("plain", text)] if text or not html else []
    if html:
        bodies.append(_text_part("html", html))
    part = bodies[0] if len(bodies) == 1 else _multipart("alternative", bodies)
    attached = [_file_part(file) for file in files]
    if attached:
        part = _multipart("mixed", [part, *attached])
    head = "".join(f"{line}\r\n" for line in [*lines, "MIME-Version: 1.0"])
    return head.encode("utf-8", "replace") + part


def _text_part(subtype: str, text: str) -> bytes:
    body = base64.encodebytes(text.encode("utf-8", "replace"))
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    ).encode() + body


def _multipart(subtype: str, parts: list[bytes]) -> bytes:
    boundary = "b" + hashlib.sha256(b"\0".join(parts)).hexdigest()[:40]
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    middle = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return head + middle + b"--" + boundary.encode() + b"--\r\n"


def _file_part(file: File) -> bytes:
    kind = _LINE_ENDS.sub("", file.content_type).split(";")[0].strip() or "application/octet-stream"
    name = _QUOTE.sub("_", file.filename)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
    head += f'Content-Disposition: attachment; filename="{name}"\r\n'
    if file.content_id:
        head += f"Content-ID: <{_LINE_ENDS.sub('', file.content_id).strip('<> ')}>\r\n"
    return head.encode("utf-8", "replace") + b"\r\n" + base64.encodebytes(file.content)
