"""Address lists as they really arrive: quoted commas, groups, comments, bare names, garbage."""

import re
from collections.abc import Iterable

from channels_app.contract import Recipient

from .headers import decode_words
from .names import safe_name

#: Addresses read from one mail in all; a list of thousands is not worth the time.
MAX_READ = 1_000

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;:]|[^",;:<(]+|.', re.DOTALL
)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]\\]{1,64}@[^\s<>\"'(),;:@\\]{1,255}")
_QUOTED_LOCAL = re.compile(r'"([^"\s@]{1,64})"@([^\s<>"(),;:@\\]{1,255})')


def normalise(address: str) -> str:
    """Return an address as it is compared: lower case, no wrapping."""
    return address.strip().strip("<>").strip().removeprefix("mailto:").rstrip(".").lower()


def domain_of(address: str) -> str:
    """Return what stands behind the last @, lower case."""
    return address.rpartition("@")[2].lower()


def without_tag(address: str) -> tuple[str, str]:
    """Return ``support@acme.test`` and ``token`` for ``support+token@acme.test``."""
    local, _, domain = address.rpartition("@")
    base, _, tag = local.partition("+")
    return f"{base}@{domain}", tag


def parse_addresses(header: str) -> list[Recipient]:
    """Return every address of a header in order; entries without one are left out."""
    found: list[Recipient] = []
    names: list[str] = []
    comments: list[str] = []
    angle = ""
    for token in _TOKEN.findall(header):
        first = token[0]
        if first in ",;" or (first == "<" and "@" in angle):  # or the comma was forgotten
            _finish(found, names, comments, angle)
            names, comments, angle = [], [], ""
            if len(found) >= MAX_READ:
                return found
        if first == "<":
            angle = token.strip("<>").strip()
        elif first == "(":
            comments.append(token.strip("()"))
        elif first == ":":
            if names and "@" not in "".join(names):
                names = []  # the name of a group: ``Friends: a@b, c@d;``
        elif first not in ",;":
            names.append(token)
    _finish(found, names, comments, angle)
    return found


def _finish(found: list[Recipient], names: list[str], comments: list[str], angle: str) -> None:
    person = _person(names, comments, angle)
    if person is not None:
        found.append(person)


def _person(names: list[str], comments: list[str], angle: str) -> Recipient | None:
    if angle:
        address = _bare(angle)
        if address:
            return Recipient(address, _name(names) or _name(comments))
    text = "".join(names).strip()
    address = _bare(text)
    if not address:
        return None
    left = text.replace(address, "").strip(" \t\"'[]<>")
    if "@" in left or len(left) < 2:
        left = ""
    return Recipient(address, _name(comments) or _name([left]))


def _bare(text: str) -> str:
    text = text.strip().removeprefix("mailto:").strip("'\" ")
    found = _ADDRESS.search(text)
    if found:
        return found.group().rstrip(".")
    quoted = _QUOTED_LOCAL.search(text)
    return f"{quoted.group(1)}@{quoted.group(2)}" if quoted else ""


def _name(pieces: list[str]) -> str:
    text = "".join(_unquoted(piece) for piece in pieces).strip()
    if not text:
        return ""
    text = safe_name(decode_words(text))
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text


def _unquoted(piece: str) -> str:
    if piece[:1] != '"':
        return piece
    inner = piece[1:-1] if len(piece) > 1 and piece[-1] == '"' else piece[1:]
    return re.sub(r"\\(.)", r"\1", inner) if "\\" in inner else inner


def parse_all(headers: Iterable[str]) -> list[Recipient]:
    """Return the addresses of repeated headers, each address once."""
    people: dict[str, Recipient] = {}
    for header in headers:
        for person in parse_addresses(header):
            people.setdefault(normalise(person.address), person)
            if len(people) >= MAX_READ:
                return list(people.values())
    return list(people.values())
