"""Where mail programs put the quoted mail in HTML, and the new part without it.

Their own markup is far more certain than words, so it is tried before the text rules. Works on the
source with flat regular expressions: a document tree would cost ten times as much.
"""

import re
from itertools import islice

from . import quotes
from .html_text import html_to_text
from .marker import HTML_CLASS

MAX_HTML = 300_000
#: Places looked at that may begin the old mail.
MAX_CUTS = 100

#: Elements that hold the quote and nothing else of value.
_CONTAINER = re.compile(
    r"<(?P<tag>div|blockquote|section|span|table)\b[^<>]*?\b(?:"
    r"class\s*=\s*[\"']?[^\"'<>]*\b(?:gmail_quote(?:_container)?|gmail_attr|yahoo_quoted|"
    r"protonmail_quote|tutanota_quote|moz-cite-prefix|zmail_extra|zmail_extra_hr|iwcquote|"
    r"freshdesk_quote|ymail_quote|mail_quote|yandex_quote|mail-quote-collapse|"
    r"front-blockquote|quoted-mail)\b|"
    rf"class\s*=\s*[\"']?[^\"'<>]*{HTML_CLASS}\b|"
    r"(?:id|name)\s*=\s*[\"']?(?:mail-editor-reference-message-container|reply-intro|"
    r"olk_src_body_section|replyblockquote|oriMsgHtmlSeperator|isreplycontent|mail-app-auto-quote|"
    r"messagereplysection|ms-outlook-mobile-reference-message|_rc_sig_quote)\b|"
    r"class\s*=\s*[\"']?[^\"'<>]*\bms-outlook-mobile-reference-message\b|"
    r"data-marker\s*=\s*[\"']?__QUOTED_TEXT__|"
    r"type\s*=\s*[\"']?cite\b)[^<>]*>",
    re.IGNORECASE,
)
#: Marks from which on everything is the old mail.
_CUT = re.compile(
    r"<(?:div|hr|span|table|a)\b[^<>]*?\b(?:id|name)\s*=\s*[\"']?(?:divrplyfwdmsg|appendonsend|"
    r"stopspelling|replysplit|_mailoriginal|originalmessage|zwchr|qt)\b[^<>]*>|"
    r"<div\b[^<>]*style\s*=\s*[\"'][^\"'<>]*border:\s?none;\s*border-top:\s*solid\s+"
    r"(?:#?[a-z0-9]{3,7})\s+1\.0pt;\s*padding:\s*3\.0pt\s+0[a-z]*\s+0[a-z]*\s+0[a-z]*[^<>]*>|"
    r"<div\b[^<>]*style\s*=\s*[\"'][^\"'<>]*padding:3px 0px 0px;\s*border-top[^<>]*>|"
    r"##-",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"gmail_|yahoo_quoted|protonmail_quote|tutanota_quote|moz-cite|zmail_extra|iwcquote|_quote|"
    r"mail-quote|reference-message|helpdesk-message|reply-intro|olk_src_body|replyblock|isreply|auto-quote|"
    r"messagereply|__quoted|quoted-mail|front-blockquote|type\s*=\s*[\"']?cite|divrplyfwd|"
    r"appendonsend|stopspelling|border-top|_mailoriginal|zwchr|##-|replysplit|[\"']qt[\"']",
    re.IGNORECASE,
)
_OUTLOOK_HEADER = re.compile(
    r"@|mailto:|subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne", re.IGNORECASE
)
_TAGS: dict[str, re.Pattern[str]] = {}


def has_quote_markup(html: str) -> bool:
    """Say quickly whether one of the marks may be there at all."""
    return _HINT.search(html[:MAX_HTML]) is not None


def fold_html(html: str) -> str:
    """Return the new text of an HTML mail, or "" if no known markup holds a quote."""
    if len(html) > MAX_HTML or not has_quote_markup(html):
        return ""
    new, changed = without_quoted_elements(html)
    if not changed:
        return ""
    text = html_to_text(new)
    folded = quotes.fold(text) or text
    return folded.strip()


def without_quoted_elements(html: str) -> tuple[str, bool]:
    """Return the HTML without quoted elements, and whether any was there."""
    changed = False
    cut = _first_cut(html)
    if cut is not None:
        html = html[:cut]
        changed = True
    kept: list[str] = []
    position = 0
    while found := _CONTAINER.search(html, position):
        kept.append(html[position : found.start()])
        end = _end_of_element(html, found)
        inner = html[found.end() : end]
        if found.group("tag").lower() != "blockquote" and "<blockquote" in inner.lower():
            # The container may also hold what was written below or between the quotes.
            kept.append(_without_blockquotes(inner))
        position = end
        changed = True
    kept.append(html[position:])
    return "".join(kept), changed


def _first_cut(html: str) -> int | None:
    for found in islice(_CUT.finditer(html), MAX_CUTS):
        opening = found.group().lower()
        is_line = "border-top" in opening
        if is_line and not _OUTLOOK_HEADER.search(html[found.end() : found.end() + 3_000]):
            continue
        return found.start()
    return None


def _end_of_element(html: str, opening: re.Match[str]) -> int:
    """Return the position behind the matching end tag, or the end of the text."""
    tag = opening.group("tag").lower()
    pattern = _TAGS.get(tag)
    if pattern is None:
        pattern = _TAGS[tag] = re.compile(rf"<(/?){tag}\b[^<>]*>", re.IGNORECASE)
    depth = 1
    for found in pattern.finditer(html, opening.end()):
        depth += -1 if found.group(1) else 1
        if depth == 0:
            return found.end()
    return len(html)


_BLOCKQUOTE = re.compile(r"<(?P<tag>blockquote)\b[^<>]*>", re.IGNORECASE)


def _without_blockquotes(html: str) -> str:
    kept: list[str] = []
    position = 0
    while found := _BLOCKQUOTE.search(html, position):
        kept.append(html[position : found.start()])
        position = _end_of_element(html, found)
    kept.append(html[position:])
    rest = "".join(kept)
    inner = _CONTAINER.search(rest)  # the introduction has a container of its own
    while inner:
        rest = rest[: inner.start()] + rest[_end_of_element(rest, inner) :]
        inner = _CONTAINER.search(rest)
    return f"<div>{rest}</div>"
