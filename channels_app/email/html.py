"""Mail HTML made safe to show: nothing runs, nothing loads by itself, nothing leaves its frame.

First all sources are rewritten (remote ones to ``data-remote-src``), then nh3 keeps what is on the
allow-list. The order matters: what the rewriting overlooks is dropped by nh3's attribute filter,
so a miss costs a picture and never a request. The screen adds a sandboxed frame and a CSP.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    import nh3

#: Characters of HTML that are shown; above, the rest is cut with a warning.
MAX_HTML = 1_000_000
#: nh3 needs time by the square of the depth: 100,000 open divs took it 19 s.
MAX_DEPTH = 500
#: One million took it 6 s.
MAX_AMPERSANDS = 100_000

_TAGS_WORDS = (
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup "
    "dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img "
    "ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
TAGS = frozenset(_TAGS_WORDS.split())
_DROPPED_WITH_CONTENT_WORDS = (
    "script style title noscript template iframe object embed svg math select textarea"
)
DROPPED_WITH_CONTENT = frozenset(_DROPPED_WITH_CONTENT_WORDS.split())
_BOX = {"align", "valign", "width", "height", "bgcolor", "style", "dir", "lang", "title"}
ATTRIBUTES = {
    "*": _BOX | {"data-remote-src"},
    "a": {"href", "name"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "rules", "summary"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"type", "value"},
    "hr": {"size", "noshade", "color"},
    "br": {"clear"},
    "time": {"datetime"},
    "blockquote": {"type"},
}
_STYLE_PROPERTIES_WORDS = (
    "background-color border border-bottom border-bottom-color border-bottom-style "
    "border-bottom-width border-collapse border-color border-left border-left-color "
    "border-left-style border-left-width border-radius border-right border-right-color "
    "border-right-style border-right-width border-spacing border-style border-top border-top-color "
    "border-top-style border-top-width border-width box-sizing clear color direction display float "
    "font font-family font-size font-style font-variant font-weight height letter-spacing "
    "line-height list-style-type margin margin-bottom margin-left margin-right margin-top "
    "max-height max-width min-height min-width padding padding-bottom padding-left padding-right "
    "padding-top table-layout text-align text-decoration text-indent text-transform "
    "unicode-bidi vertical-align white-space width word-break word-spacing word-wrap"
)
STYLE_PROPERTIES = frozenset(_STYLE_PROPERTIES_WORDS.split())

_TAG = re.compile(r"<(?!/)[a-zA-Z][^<>]*>")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_SOURCE_WORDS = re.compile(r"src|background|poster|url\s*\(|image-set", re.IGNORECASE)
_CSS_URL = re.compile(r"url\(\s*(?:&quot;|[\"'])?\s*((?:https?:)?//[^\s\"')<>]+)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_CSS_DANGER = re.compile(
    r"url|image-set|expression|[\\@<]|/\*|javascript|behavior|-moz-binding", re.IGNORECASE
)
_DATA_IMAGE = re.compile(
    r"data:image/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]+\Z", re.IGNORECASE
)
_CID = re.compile(r"cid:", re.IGNORECASE)
_CID_USE = re.compile(r"cid:([^\s\"'<>)]+)", re.IGNORECASE)
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
#: Tags without content, and tags that close each other instead of nesting.
_NOT_NESTING_WORDS = "area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option"
_NOT_NESTING = frozenset(_NOT_NESTING_WORDS.split())
_SOURCE_ATTRIBUTES = frozenset(
    {"src", "srcset", "background", "poster", "data-src", "dynsrc", "lowsrc"}
)


def used_content_ids(html: str) -> set[str]:
    """Return the Content-IDs the HTML refers to: percent-decoded, without brackets, lower case."""
    if "cid:" not in html and not _CID.search(html):
        return set()
    return {content_id_key(unescape(found)) for found in _CID_USE.findall(html)}


def content_id_key(content_id: str) -> str:
    """Return a Content-ID as it is compared."""
    return unquote(content_id).strip().strip("<>").strip().lower()


def sanitise(html: str, locations: Mapping[str, str] | None = None) -> tuple[str, list[str]]:
    """Return safe HTML and sentences about what was cut.

    ``locations`` maps the Content-Location of a part to its Content-ID.
    """
    warnings: list[str] = []
    if len(html) > MAX_HTML:
        html = html[:MAX_HTML]
        warnings.append("The formatted text is very long; only its first part is shown.")
    if "\x00" in html:
        html = html.replace("\x00", "")
    if too_deep(html):
        warnings.append("The formatting is nested too deeply to be shown; here is the plain text.")
        return "", warnings
    if html.count("&") > MAX_AMPERSANDS:
        warnings.append("The formatting is too intricate to be shown; here is the plain text.")
        return "", warnings
    return _cleaner().clean(rewrite_sources(html, locations or {})).strip(), warnings


def too_deep(html: str) -> bool:
    """Say whether tags nest deeper than the sanitiser can take in good time."""
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for found in _OPEN_OR_CLOSE.finditer(html):
        if found.group(2).lower() in _NOT_NESTING:
            continue
        depth = max(depth - 1, 0) if found.group(1) else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def rewrite_sources(html: str, locations: Mapping[str, str]) -> str:
    """Move every remote source of every tag to ``data-remote-src``."""

    def rewrite(found: re.Match[str]) -> str:
        tag = found.group()
        return _rewrite_tag(tag, locations) if _SOURCE_WORDS.search(tag) else tag

    return _TAG.sub(rewrite, html) if _SOURCE_WORDS.search(html) else html


def _rewrite_tag(tag: str, locations: Mapping[str, str]) -> str:
    remote: list[str] = []

    def rewrite(found: re.Match[str]) -> str:
        name = found.group(1).lower()
        value = unescape(found.group(2).strip("\"'")).strip()
        if name == "style":
            remote.extend(_CSS_URL.findall(value))
            return found.group()
        if name not in _SOURCE_ATTRIBUTES:
            return found.group()
        if name == "src" and not _REMOTE.match(value):
            content_id = locations.get(value)
            return f'src="cid:{_attribute(content_id)}"' if content_id else found.group()
        if name == "srcset":
            value = value.split(",")[0].strip().split(" ")[0]
        if _REMOTE.match(value):
            remote.insert(0 if name == "src" else len(remote), value)
        return ""

    changed = _ATTRIBUTE.sub(rewrite, tag)
    if not remote:
        return changed
    url = remote[0] if remote[0][:1] != "/" else f"https:{remote[0]}"
    end = changed.rstrip(">").rstrip("/").rstrip()
    return f'{end} data-remote-src="{_attribute(url)}">'


def _attribute(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    """nh3 asks for every attribute on the list; None drops it."""
    if name == "style":
        if _CSS_DANGER.search(value):
            kept = [rule for rule in value.split(";") if not _CSS_DANGER.search(rule)]
            return ";".join(kept) or None
        return value
    if name == "data-remote-src":
        return value if value[:7].lower() == "http://" or value[:8].lower() == "https://" else None
    if name == "src":
        return value if _CID.match(value) or _DATA_IMAGE.match(value) else None
    if name == "href":
        return None if value[:4].lower() == "cid:" or value[:5].lower() == "data:" else value
    return value


@cache
def _cleaner() -> "nh3.Cleaner":
    """Build the sanitiser once; loaded late because plain text needs none."""
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes=ATTRIBUTES,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=set(STYLE_PROPERTIES),
        strip_comments=True,
    )
