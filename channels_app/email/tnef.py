"""Outlook's winmail.dat: the files and the text inside, or the original kept when it is damaged."""

import contextlib
from dataclasses import dataclass, field

from helpdesk.foundation.limits import TimeLimitError, time_limit

from .charsets import decode_text

#: Larger ones are kept as they are.
MAX_BYTES = 30_000_000
MAX_FILES = 100
SECONDS = 3.0


@dataclass(slots=True)
class Unpacked:
    """What a winmail.dat held."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    text: str = ""
    html: str = ""


def unpack(data: bytes) -> Unpacked | None:
    """Return the contents, or None when it can't be read (then the caller keeps the file)."""
    if len(data) > MAX_BYTES:
        return None
    try:
        with time_limit(SECONDS, "Unpacking winmail.dat"):
            return _unpack(data)
    except TimeLimitError:
        return None
    except Exception:
        return None


def _unpack(data: bytes) -> Unpacked:
    import logging

    from tnefparse import TNEF

    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
    box = TNEF(data)
    found = Unpacked()
    for item in box.attachments[:MAX_FILES]:
        content = bytes(item.data or b"")
        name = ""
        with contextlib.suppress(Exception):
            name = item.long_filename() or ""
        found.files.append((str(name), content))
    found.text = _as_text(box.body)
    found.html = _as_text(box.htmlbody)
    if not found.text and not found.html:
        found.text = _rtf_text(box.rtfbody)
    if not (found.files or found.text or found.html):
        raise ValueError("Nothing could be read from it.")
    return found


def _as_text(body: object) -> str:
    if isinstance(body, bytes):
        return decode_text(body, "").strip("\x00")
    return body.strip("\x00") if isinstance(body, str) else ""


def _rtf_text(body: object) -> str:
    if not isinstance(body, bytes):
        return ""
    from .rtf import decompress, rtf_to_text

    return rtf_to_text(decompress(body).decode("cp1252", "replace"))
