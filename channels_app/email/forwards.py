"""Forwarded mails: is it one, and who wrote the original?"""

import re

from channels_app.contract import Sender

from .addresses import normalise, parse_addresses
from .quote_words import FORWARD_PREFIX, FORWARDED, FROM, ORIGINAL

#: A forward's marker and headers stand near the top of what is forwarded.
MAX_READ = 50_000

_MARKER = re.compile(
    rf"^[ \t*_>=~-]{{0,40}}+(?:{FORWARDED})\b[^\n]{{0,80}}$", re.IGNORECASE | re.MULTILINE
)
_ORIGINAL = re.compile(rf"^[ \t*_>=~-]{{1,40}}+(?:{ORIGINAL})\W{{0,60}}$", re.IGNORECASE)
_OUTLOOK_FROM = re.compile(
    rf"^[ \t>*_]{{0,10}}+(?:{FROM})[ \t*_]{{0,4}}[:：][*_ \t\xa0]{{0,4}}([^\n]{{3,300}}(?:\n[ \t>]*[<\[][^\n]{{3,200}})?)",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED_BY = re.compile(
    r"^[ \t>*_-]{0,40}+forwarded by [^\n]{1,200}$", re.IGNORECASE | re.MULTILINE
)
_MAILTO = re.compile(
    r"\[mailto:([^\]\s]+)\]|<mailto:([^>\s]+)>|\(mailto:([^)\s]+)\)", re.IGNORECASE
)


def is_forward(subject: str, text: str) -> bool:
    """Say whether the mail hands on another one; its text must then never be folded."""
    if FORWARD_PREFIX.match(subject):
        return True
    first = text[:2_000].lstrip().partition("\n")[0].rstrip()
    return bool(_MARKER.match(first) or _ORIGINAL.match(first))


def original_author(text: str) -> Sender | None:
    """Return who wrote the mail that is forwarded in ``text``, unverified, or None."""
    head = text[:MAX_READ]
    marker = _MARKER.search(head) or _FORWARDED_BY.search(head)
    start = marker.end() if marker else 0
    for found in _OUTLOOK_FROM.finditer(head, start):
        line = " ".join(found.group(1).split())
        line = _MAILTO.sub(lambda match: f"<{next(filter(None, match.groups()))}>", line)
        people = parse_addresses(line.replace("*", "").replace("[", "<").replace("]", ">"))
        if people:
            person = people[0]
            return Sender(kind="email", value=normalise(person.address), name=person.name)
        if marker:
            return None
    return None
