"""A tree of parts → what is read (text, HTML) and what is attached."""

import re
from dataclasses import dataclass, field

from channels_app.contract import InboundAttachment

from .charsets import decode_text
from .flowed import join_flowed
from .headers import one_line, split_headers
from .html import content_id_key, used_content_ids
from .html_text import html_to_text
from .mime import Budget, Part, split_mail
from .names import content_type_of, safe_filename
from .uuencode import take_out_files

#: Characters of text kept; longer texts are cut with a warning.
MAX_TEXT = 1_000_000
#: Shorter than this, a plain text beside real HTML is taken for "your program shows no HTML".
STUB_TEXT = 300
#: U+0085, a line end of its own.
NEXT_LINE = 0x85

_NEEDS_HTML = ("html", "view this email in your browser", "does not support", "unable to display")
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
_POOR_ALTERNATIVES = frozenset({"text/enriched", "text/markdown", "text/richtext"})
_IGNORED_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html", "text/x-watch-html"})


@dataclass(slots=True)
class Piece:
    """One body in reading order; either or both forms."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class Found:
    """Everything a mail holds, before the HTML is made safe."""

    pieces: list[Piece] = field(default_factory=list)
    attachments: list[InboundAttachment] = field(default_factory=list)
    #: Content-Location → Content-ID, for pictures named by their place.
    locations: dict[str, str] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    @property
    def html(self) -> str:
        """All bodies as one HTML, or "" if the mail has plain text only."""
        if not any(piece.html for piece in self.pieces):
            return ""
        if len(self.pieces) == 1:
            return self.pieces[0].html
        return "\n".join(piece.html or _as_html(piece.text) for piece in self.pieces)

    @property
    def text(self) -> str:
        """All bodies as one plain text."""
        pieces = [_best_text(piece) for piece in self.pieces]
        return "\n\n".join(piece for piece in pieces if piece)


def _as_html(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<div>" + safe.replace("\n", "<br>\n") + "</div>"


def _best_text(piece: Piece) -> str:
    plain = piece.text.strip()
    if not piece.html:
        return plain
    if not plain:
        return html_to_text(piece.html)
    if len(plain) < STUB_TEXT and any(hint in plain.lower() for hint in _NEEDS_HTML):
        return html_to_text(piece.html) or plain
    return plain


def collect(root: Part, budget: Budget) -> Found:
    """Walk the tree once, in reading order."""
    found = Found(budget=budget)
    _walk(root, found)
    _mark_inline(found)
    return found


def _walk(part: Part, found: Found) -> None:
    if part.parts:
        kind = part.content_type
        if kind == "multipart/alternative":
            _alternative(part, found)
        elif kind == "multipart/encrypted":
            found.budget.warn("The mail is encrypted (PGP); its content can't be read here.")
            for child in part.parts:
                _attach(child, found)
        else:
            for child in part.parts:
                _walk(child, found)
    elif _is_body(part):
        _add_body(part, found)
    elif not part.content_type.startswith("multipart/") or part.body.strip():
        _attach(part, found)


def _is_body(part: Part) -> bool:
    if part.content_type not in _BODY_TYPES or part.disposition == "attachment":
        return False
    return not part.declared_name


def _alternative(part: Part, found: Found) -> None:
    """The children say the same in several forms: one piece, with both forms we can read."""
    piece = Piece()
    inner = Found(budget=found.budget)
    types = {child.content_type for child in part.parts}
    for child in part.parts:
        if child.content_type in _IGNORED_ALTERNATIVES:
            continue
        if child.content_type in _POOR_ALTERNATIVES and "text/plain" in types:
            continue
        if child.content_type == "text/calendar":
            _attach(child, inner)
        else:
            _walk(child, inner)
    texts = [one.text for one in inner.pieces if one.text]
    htmls = [one.html for one in inner.pieces if one.html]
    piece.text = "\n\n".join(texts)
    piece.html = "\n".join(htmls)
    if piece.text or piece.html:
        found.pieces.append(piece)
    found.attachments.extend(inner.attachments)
    found.locations.update(inner.locations)


def _add_body(part: Part, found: Found) -> None:
    data = part.content()
    if part.content_type != "text/html" and (b"begin" in data or b"=ybegin" in data):
        data, files = take_out_files(data)
        for name, content in files:
            _add_file(found, name, content, "application/octet-stream")
    text = readable(decode_text(data, part.parameters.get("charset", "")))
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        found.budget.warn("The text is very long; only its first part is shown.")
    if not text.strip():
        return
    if part.content_type == "text/html" or _is_unlabelled_html(part, text):
        found.pieces.append(Piece(html=text))
        return
    if part.parameters.get("format", "").lower() == "flowed":
        delete = part.parameters.get("delsp", "").lower() == "yes"
        text = join_flowed(text, delete_space=delete)
    found.pieces.append(Piece(text=text.rstrip()))


def _is_unlabelled_html(part: Part, text: str) -> bool:
    return "content-type" not in part.headers and text.lstrip()[:6].lower() in {"<html>", "<!doct"}


_C1 = re.compile("[\x80-\x9f]")
_C1_LETTERS = {
    code: bytes([code]).decode("cp1252", "ignore")
    for code in range(0x80, 0xA0)
    if code != NEXT_LINE
}


def readable(text: str) -> str:
    """Return text a database can hold: no NUL, no lone surrogates, plain line ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        if _C1.search(text):  # Windows letters that came as control characters
            text = text.translate(_C1_LETTERS)
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-8", "replace").decode()
    return text


def _attach(part: Part, found: Found) -> None:
    content = part.body if part.parts else part.content()
    name = part.declared_name
    is_tnef = part.content_type in _TNEF or name.lower() == "winmail.dat"
    if is_tnef and _unpack_tnef(content, found):
        return
    content_type = part.content_type
    if content_type == "message/rfc822" and not name:
        subject = split_headers(split_mail(content.lstrip())[0])[0].text("subject")
        name = f"{subject.replace('/', '-')[:80]}.eml" if subject else ""
    if content_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        found.budget.warn("The mail is signed or encrypted (S/MIME); the content is in the file.")
    location = part.headers.get("content-location").strip()
    content_id = one_line(part.headers.get("content-id")).strip("<> ")
    if location and not content_id:
        content_id = f"location-{len(found.attachments)}"
    if location:
        found.locations[location] = content_id
    _add_file(found, name, content, content_type, content_id=content_id)


def _add_file(
    found: Found,
    name: str,
    content: bytes,
    content_type: str,
    *,
    content_id: str = "",
) -> None:
    kind = content_type_of(content, content_type)
    found.attachments.append(
        InboundAttachment(
            filename=safe_filename(name, kind, len(found.attachments) + 1),
            content_type=kind,
            content=content,
            content_id=content_id[:900],
            inline=False,
        )
    )


def _unpack_tnef(content: bytes, found: Found) -> bool:
    from .tnef import unpack

    box = unpack(content)
    if box is None:
        found.budget.warn("The file winmail.dat from Outlook could not be unpacked.")
        return False
    for name, data in box.files:
        _add_file(found, name, data, "application/octet-stream")
    if not found.pieces and (box.text or box.html):
        found.pieces.append(Piece(text=readable(box.text), html=readable(box.html)))
    return True


def _mark_inline(found: Found) -> None:
    """A part is inline if the HTML shows it; ``Content-Disposition: inline`` alone proves nothing."""
    candidates = [item for item in found.attachments if item.content_id]
    if not candidates:
        return
    html = found.html
    used = used_content_ids(html)
    used |= {
        content_id_key(content_id)
        for location, content_id in found.locations.items()
        if location in html
    }
    if not used:
        return
    found.attachments = [
        InboundAttachment(
            item.filename, item.content_type, item.content, item.content_id, inline=True
        )
        if item.content_id and content_id_key(item.content_id) in used
        else item
        for item in found.attachments
    ]
