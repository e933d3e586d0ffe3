"""May we believe the From line? Authentication-Results of our own mail server only.

Trusted: the topmost ``Authentication-Results`` headers that carry our authserv-id, as far as they
stand together. Anything with another id, or below the next ``Received``, may be the sender's own
invention. Only ``dmarc=pass`` for the domain of the one From address verifies the sender.
"""

import re
from dataclasses import dataclass, replace

from .addresses import domain_of
from .headers import Headers

#: Headers that filters put between two results of the same server.
_BETWEEN = ("authentication-results", "received-spf", "arc-", "x-", "dkim-filter")
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_QUOTED_END = re.compile(r"[;\s]")
_METHOD = re.compile(
    r"^\s*([a-z][a-z0-9-]*)(?:/\d+)?\s*=\s*([a-z]+)\b(.*)$", re.IGNORECASE | re.DOTALL
)
_HEADER_FROM = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What our side found out about the sender's domain."""

    dmarc: str = ""  # pass, fail, none, … or "" if nobody of ours looked
    server: str = ""
    spf: str = ""
    dkim: str = ""
    spam: bool = False

    def joined(self, other: "Verdict") -> "Verdict":
        """Return this verdict with what ``other`` knows besides; its DMARC result wins."""
        first = other if other.dmarc or not self.server else self
        return replace(first, spam=self.spam or other.spam)

    @property
    def evidence(self) -> str:
        """One short fact for the agent."""
        for method in ("dmarc", "dkim", "spf"):
            result = getattr(self, method)
            if result:
                return f"{method}={result} from {self.server}" if self.server else ""
        return ""


def read_verdict(headers: Headers, authserv_id: str, from_domain: str) -> Verdict:
    """Return what our own server says about ``from_domain``; an empty verdict if it says nothing."""
    wanted = authserv_id.strip().lower()
    if not wanted:
        return Verdict()
    results: dict[str, str] = {}
    for value in _trusted(headers, wanted):
        for method, result, details in _methods(value):
            if method == "dmarc":
                named = _HEADER_FROM.search(details)
                about = domain_of(named.group(1)) if named else from_domain
                if about.rstrip(".") != from_domain.rstrip("."):
                    continue
            results.setdefault(method, result)
    return Verdict(
        dmarc=results.get("dmarc", ""),
        spf=results.get("spf", ""),
        dkim=results.get("dkim", ""),
        server=authserv_id.strip() if results else "",
    )


def _trusted(headers: Headers, wanted: str) -> list[str]:
    trusted: list[str] = []
    for name, value in headers:
        if name == "authentication-results":
            if _server(value) == wanted:
                trusted.append(value)
            elif trusted:
                break
        elif trusted and not name.startswith(_BETWEEN):
            break
    return trusted


def _server(value: str) -> str:
    """Return the authserv-id: the first word, before the version number or the semicolon."""
    first = _COMMENT.sub(" ", value).strip()
    return _QUOTED_END.split(first, maxsplit=1)[0].strip('"').lower()


def _methods(value: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for part in _COMMENT.sub(" ", value).split(";")[1:50]:
        match = _METHOD.match(part)
        if match:
            found.append((match.group(1).lower(), match.group(2).lower(), match.group(3)))
    return found


def says_spam(headers: Headers) -> bool:
    """Say whether a filter on the way marked the mail as spam."""
    if headers.get("x-spam-flag").strip().lower().startswith(("yes", "true")):
        return True
    if headers.get("x-spam-status").strip().lower().startswith("yes"):
        return True
    return headers.get("x-mailgun-sflag").strip().lower() == "yes"
