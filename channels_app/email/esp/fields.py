"""Reading untrusted JSON and forms: wrong types become empty values, never exceptions."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from channels_app.email.bodies import readable
from channels_app.email.charsets import decode_text
from channels_app.email.headers import parse_parameters
from channels_app.email.mime import Budget, Part, parse_mime


def load_json(raw: bytes | str) -> Any:
    """Return the value, or None for anything that is no JSON (or nests too deeply)."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def text(source: Any, *path: str) -> str:
    """Return the text or number at a path of keys, fit for a database; "" for anything else."""
    for key in path:
        source = source.get(key) if isinstance(source, Mapping) else None
    if isinstance(source, str):
        return source if source.isascii() and "\x00" not in source else readable(source)
    if isinstance(source, int | float) and not isinstance(source, bool):
        return str(source)
    return ""


def mapping(source: Any, *path: str) -> Mapping[str, Any]:
    """Return the object at a path of keys, or an empty one."""
    for key in path:
        source = source.get(key) if isinstance(source, Mapping) else None
    return source if isinstance(source, Mapping) else {}


def items(source: Any, *path: str) -> list[Any]:
    """Return the list at a path of keys, at most 5,000 long, or an empty one."""
    for key in path:
        source = source.get(key) if isinstance(source, Mapping) else None
    return source[:5_000] if isinstance(source, list) else []


def moment(value: str) -> datetime | None:
    """Return a time given as seconds since 1970 or as RFC 3339, in UTC."""
    try:
        if value.replace(".", "", 1).isdigit():
            return datetime.fromtimestamp(float(value), tz=UTC)
        when = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class FormFile:
    """One uploaded file of a form."""

    field: str
    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """A posted form: raw values by name (the first counts), and files."""

    values: dict[str, bytes] = field(default_factory=dict)
    files: list[FormFile] = field(default_factory=list)

    def text(self, name: str, charset: str = "utf-8") -> str:
        """Return a value as text, or ""."""
        return decode_text(self.values.get(name, b""), charset)


MAX_FIELDS = 2_000


def read_form(body: bytes, content_type: str) -> Form:
    """Return a form from its raw body, urlencoded or multipart."""
    if body[:2] == b"--" or content_type.lower().startswith("multipart/"):
        return _read_multipart(body, content_type)
    form = Form()
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        return form
    for name, value in pairs:
        form.values.setdefault(name, value.encode("latin-1"))
    return form


def form_fields(body: bytes, content_type: str, names: Sequence[str]) -> list[str]:
    """Return a few short values of a form without decoding its megabytes."""
    if body[:2] == b"--" or content_type.lower().startswith("multipart/"):
        form = _read_multipart(body, content_type)
        return [form.text(name) for name in names]
    found: list[str] = []
    for name in names:
        match = re.search(rb"(?:^|&)" + re.escape(name.encode()) + rb"=([^&]{0,5000})", body)
        value = match.group(1) if match else b""
        found.append(decode_text(unquote_to_bytes(value.replace(b"+", b" ")), "utf-8"))
    return found


def _read_multipart(body: bytes, content_type: str) -> Form:
    if "boundary" not in content_type.lower():
        boundary = body[2:].split(b"\n", 1)[0].strip().decode("latin-1")
        content_type = f'multipart/form-data; boundary="{boundary}"'
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    root = parse_mime(head + body, Budget(parts=MAX_FIELDS))
    form = Form()
    for part in root.parts:
        _take_part(form, part)
    return form


def _take_part(form: Form, part: Part) -> None:

    parameters = parse_parameters(part.headers.get("content-disposition"))
    name = parameters.get("name", "")
    if not name:
        return
    content = part.content()
    if "filename" in parameters:
        form.files.append(FormFile(name, parameters["filename"], part.content_type, content))
    else:
        form.values.setdefault(name, content)
