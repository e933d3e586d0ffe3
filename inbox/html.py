"""A message's stored HTML made ready for one reader: pictures get links, everything else stays.

What is stored is safe already (sanitised when it came in) and written uniformly by the sanitiser:
attributes in double quotes, ``<`` only where a tag begins. So tags can be found by pattern.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import unquote

_IMG = re.compile(r'<img\b(?:\s+[a-zA-Z-]+(?:="[^"]*")?)*\s*/?>')
_SRC = re.compile(r'\ssrc="([^"]*)"')
_REMOTE = re.compile(r'\sdata-remote-src="([^"]*)"')

Sign = Callable[[str], str]


def content_id_key(content_id: str) -> str:
    """Return a Content-ID as it is compared: decoded, without brackets, in lower case."""
    return unquote(content_id).strip().strip("<>").strip().lower()


def ready_html(html: str, *, inline: Mapping[str, str], remote_link: Sign | None = None) -> str:
    """Return the HTML with ``cid:`` pictures pointing to ``inline`` (Content-ID key → link).

    Remote pictures stay ``data-remote-src`` and load nothing, unless ``remote_link`` is given: it
    turns a foreign address into one of our own.
    """
    if "<img" not in html:
        return html

    def rewrite(found: re.Match[str]) -> str:
        return _with_links(found.group(), inline, remote_link)

    return _IMG.sub(rewrite, html)


def _with_links(tag: str, inline: Mapping[str, str], remote_link: Sign | None) -> str:
    source = _SRC.search(tag)
    if source is not None and source.group(1).lower().startswith("cid:"):
        link = inline.get(content_id_key(unescape(source.group(1))[4:]))
        # A picture that was not sent along has nothing to show; its alternative text remains.
        replacement = f' src="{escape(link)}"' if link else ""
        tag = tag[: source.start()] + replacement + tag[source.end() :]
    remote = _REMOTE.search(tag)
    if remote is not None and remote_link is not None and not _SRC.search(tag):
        link = remote_link(unescape(remote.group(1)))
        tag = f'{tag[: remote.end()]} src="{escape(link)}"{tag[remote.end() :]}'
    return tag
