"""What a visitor's browser sends, as dataclasses. Pure: no database, no network, no clock.

The widget speaks ``hello, message, typing, read, resume, identify, end`` (channels.md §9). Whatever
can't be read raises FrameError with a sentence for the person in front of the page.
"""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels_app.contract import InboundMessage, Keys, Sender, UnsupportedEventError

MAX_TEXT = 10_000
MAX_ATTACHMENTS = 10
MAX_ID = 100
#: Longer texts are refused unread: 10,000 characters of four bytes, escaped, and their wrapping.
MAX_FRAME = 130_000
_KEPT_CONTROLS = frozenset("\n\t")


class FrameError(Exception):
    """``str(error)`` is for the visitor; ``client_msg_id`` names the refused message, if known."""

    def __init__(self, code: str, text: str, *, field: str = "", client_msg_id: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.field = field
        self.client_msg_id = client_msg_id


@dataclass(frozen=True, slots=True)
class Hello:
    token: str
    #: None asks for nothing that was missed.
    after_seq: int | None = None
    page_url: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the visitor. The browser's id makes repeating it safe."""

    client_msg_id: str
    text: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typing:
    on: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """``read``: the visitor has looked at it; ``ack``: the browser has got it."""

    last_seq: int
    looked_at: bool


@dataclass(frozen=True, slots=True)
class Resume:
    after_seq: int
    token: str = ""


@dataclass(frozen=True, slots=True)
class Identify:
    """Either a JWT or an id of the shop with its HMAC; an address beside an HMAC is only a claim."""

    token: str = ""
    external_id: str = ""
    email: str = ""
    hmac: str = ""


@dataclass(frozen=True, slots=True)
class End:
    pass


Frame = Hello | Said | Typing | Seen | Resume | Identify | End


def read_frame(raw: str | bytes) -> Frame:
    """Return what one socket frame says. Raises FrameError."""
    data = read_object(raw)
    reader = FRAMES.get(str(data.get("type", "")))
    if reader is None:
        raise FrameError("unknown_type", "This kind of message is not known here.")
    return reader(data)


def read_object(raw: str | bytes) -> dict[str, Any]:
    """Return a JSON object. Raises FrameError."""
    if len(raw) > MAX_FRAME:
        raise FrameError("too_large", "This is too much at once. Send it in parts.")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise FrameError("bad_json", "The message could not be read.") from None
    if not isinstance(data, dict):
        raise FrameError("bad_json", "The message could not be read.")
    return data


def read_said(data: Mapping[str, Any]) -> Said:
    """Return a visitor's message. Raises FrameError."""
    client_msg_id = data.get("client_msg_id")
    if not isinstance(client_msg_id, str) or not 0 < len(client_msg_id) <= MAX_ID:
        raise FrameError("invalid", "The message has no id of its own.", field="client_msg_id")
    client_msg_id = clean_text(client_msg_id)

    def refused(code: str, text: str, field: str) -> FrameError:
        return FrameError(code, text, field=field, client_msg_id=client_msg_id)

    text = data.get("text", "")
    if not isinstance(text, str):
        raise refused("invalid", "The text is missing.", "text")
    files = data.get("attachments") or []
    if not isinstance(files, list) or not all(isinstance(one, str | dict) for one in files):
        raise refused("invalid", "The files could not be read.", "attachments")
    if len(files) > MAX_ATTACHMENTS:
        raise refused(
            "too_many_files", f"At most {MAX_ATTACHMENTS} files go with one message.", "attachments"
        )
    text = clean_text(text)
    if len(text) > MAX_TEXT:
        raise refused("text_too_long", f"A message has at most {MAX_TEXT:,} characters.", "text")
    if not text.strip() and not files:
        raise refused("empty_message", "Write something first, or add a file.", "text")
    named = (one if isinstance(one, str) else str(one.get("id", "")) for one in files)
    return Said(client_msg_id=client_msg_id, text=text, attachments=tuple(dict.fromkeys(named)))


def clean_text(text: str) -> str:
    """Return text a database takes: no control characters, no halves of characters."""
    if text.isprintable():  # no line breaks, no controls, no halves: most of what is said in a chat
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one for one in lines if one in _KEPT_CONTROLS or unicodedata.category(one) != "Cc"
    )


def parse_event(raw: bytes, headers: Mapping[str, str]) -> list[InboundMessage]:
    """Return the message of a kept event. Raises UnsupportedEventError, FrameError."""
    data = read_object(raw)
    kind = str(data.get("type", "message"))
    if kind != "message":
        raise UnsupportedEventError(
            f"A chat event of the kind “{kind[:40]}” says nothing to store."
        )
    said = read_said(data)
    session = headers.get("session", "")
    return [
        InboundMessage(
            provider_id=said.client_msg_id,
            dedupe_key=dedupe_key(session, said.client_msg_id),
            sender=Sender(kind="chat", value=session, verified=True),
            text=said.text,
            attributes={"files": " ".join(said.attachments)} if said.attachments else {},
        )
    ]


def event_keys(raw: bytes, headers: Mapping[str, str]) -> Keys:
    """Return dedupe and order keys without judging the text; never raises."""
    session = headers.get("session", "")
    try:
        named = read_object(raw).get("client_msg_id")
    except FrameError:
        named = None
    if not isinstance(named, str) or not 0 < len(named) <= MAX_ID:
        named = hashlib.sha256(raw).hexdigest()
    return Keys(dedupe=dedupe_key(session, clean_text(named)), order=session)


def dedupe_key(session: str, client_msg_id: str) -> str:
    """Return what is equal for the same message sent twice by the same browser."""
    return f"{session}:{client_msg_id}"


def read_seq(data: Mapping[str, Any], name: str) -> int:
    """Return a message number. Raises FrameError."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise FrameError("invalid", "The number of the message is missing.", field=name)
    return value


def _text(data: Mapping[str, Any], name: str, most: int) -> str:
    value = data.get(name)
    return clean_text(value)[:most] if isinstance(value, str) else ""


def _token(data: Mapping[str, Any]) -> str:
    """``visitor_token`` is the same under the name the protocol's first draft gave it."""
    return _text(data, "token", 200) or _text(data, "visitor_token", 200)


def _hello(data: Mapping[str, Any]) -> Hello:
    after = data.get("after_seq")
    return Hello(
        token=_token(data),
        after_seq=None if after is None else read_seq(data, "after_seq"),
        page_url=_text(data, "page_url", 500),
        locale=_text(data, "locale", 12),
    )


def _resume(data: Mapping[str, Any]) -> Resume:
    return Resume(after_seq=read_seq(data, "after_seq"), token=_token(data))


def _typing(data: Mapping[str, Any]) -> Typing:
    return Typing(on=data.get("on") is True)


def _read(data: Mapping[str, Any]) -> Seen:
    return Seen(last_seq=read_seq(data, "last_seq"), looked_at=True)


def _ack(data: Mapping[str, Any]) -> Seen:
    name = "seq" if "seq" in data else "last_seq"
    return Seen(last_seq=read_seq(data, name), looked_at=False)


def read_identify(data: Mapping[str, Any]) -> Identify:
    """Return the claim of who the shopper is, not yet believed."""
    return Identify(
        token=_text(data, "token", 4000),
        external_id=_text(data, "external_id", 200),
        email=_text(data, "email", 254),
        hmac=_text(data, "hmac", 128),
    )


def _end(data: Mapping[str, Any]) -> End:
    return End()


FRAMES: dict[str, Callable[[Mapping[str, Any]], Frame]] = {
    "hello": _hello,
    "message": read_said,
    "typing": _typing,
    "read": _read,
    "ack": _ack,
    "resume": _resume,
    "identify": read_identify,
    "end": _end,
}
