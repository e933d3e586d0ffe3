"""HTML → plain text for search, snippets and folding; never used to show the mail.

One pass of a flat regular expression: a document tree would cost more than everything else. Quoted
blocks get ``> `` in front, so the rules for plain text work on them too.
"""

import re
from html import unescape

#: HTML beyond this is not read for text.
MAX_HTML = 1_000_000

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*>|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>?", re.DOTALL
)
_SKIPPED = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("style", "script", "title", "svg", "math")
}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z0-9]")
_MANY_EMPTY = re.compile(r"\n{3,}")
_LINE_TAGS_WORDS = (
    "div tr li dt dd table tbody thead ul ol section article header footer center address form "
    "fieldset caption title figure figcaption main nav aside hr blockquote pre"
)
_LINE_TAGS = frozenset(_LINE_TAGS_WORDS.split())
_PARAGRAPH_TAGS_WORDS = "p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table"
_PARAGRAPH_TAGS = frozenset(_PARAGRAPH_TAGS_WORDS.split())
MAX_EMOJI = 8
MAX_QUOTES = 20


class _Writer:
    """Collects words into lines; knows quote depth and whether blanks matter."""

    __slots__ = ("depth", "line", "lines", "preformatted")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.preformatted = 0

    def text(self, raw: str) -> None:
        if "&" in raw:
            raw = unescape(raw)
        if self.preformatted:
            first, *others = raw.split("\n")
            self.line.append(first)
            for other in others:
                self.end_line()
                self.line.append(other)
            return
        raw = _SPACE.sub(" ", raw)
        if raw and raw != " ":
            self.line.append(raw)
        elif raw and self.line:
            self.line.append(" ")

    def end_line(self, *, force: bool = False) -> None:
        text = "".join(self.line)
        self.line.clear()
        if not self.preformatted:
            text = _SPACE.sub(" ", text).strip()
        if not text.strip() and not force:
            return
        self.lines.append("> " * self.depth + text if self.depth else text)

    def paragraph(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self.depth if self.depth else "")


def html_to_text(html: str) -> str:
    """Return the visible text, one line per line on the page."""
    html = html[:MAX_HTML]
    writer = _Writer()
    unclosed: set[str] = set()  # looking for their end again and again would take for ever
    position = 0
    while found := _TOKEN.search(html, position):
        if found.start() > position:
            writer.text(html[position : found.start()])
        position = found.end()
        name = found.group(2)
        if name is None:
            continue
        name = name.lower()
        closing = bool(found.group(1))
        if name in _SKIPPED:
            if not closing and name not in unclosed:
                end = _SKIPPED[name].search(html, position)
                position = end.end() if end else position
                if end is None:
                    unclosed.add(name)
            continue
        attributes = found.group(3)
        if attributes[:1] in {"@", ".", "_"}:
            writer.text(f"<{name}{attributes}>")  # an address whose brackets were not escaped
        else:
            _write_tag(writer, name, attributes, closing=closing)
    writer.text(html[position:])
    writer.end_line()
    return _MANY_EMPTY.sub("\n\n", "\n".join(writer.lines)).strip()


def _write_tag(writer: _Writer, name: str, attributes: str, *, closing: bool) -> None:
    if name == "br":
        writer.end_line(force=True)
    elif name == "img":
        _write_emoji(writer, attributes)
    elif name in {"td", "th"}:
        if closing and writer.line:
            writer.line.append(" ")
    elif name in _PARAGRAPH_TAGS:
        _write_paragraph_tag(writer, name, closing=closing)
    elif name in _LINE_TAGS:
        writer.end_line()
        if closing:
            return
        if name == "li":
            writer.line.append("- ")
        elif name == "hr":
            writer.line.append("-----")
            writer.end_line()


def _write_paragraph_tag(writer: _Writer, name: str, *, closing: bool) -> None:
    writer.paragraph()
    if name == "blockquote":
        writer.depth = max(writer.depth - 1, 0) if closing else min(writer.depth + 1, MAX_QUOTES)
    elif name == "pre":
        writer.preformatted = max(writer.preformatted - 1, 0) if closing else 1


def _write_emoji(writer: _Writer, attributes: str) -> None:
    """Webmail sends emoji as pictures whose alternative text is the sign."""
    found = _ALT.search(attributes)
    alt = next(filter(None, found.groups()), "") if found else ""
    if alt and len(alt) <= MAX_EMOJI and not _LETTERS.search(alt):
        writer.text(alt)
