"""What was sent: one entry per recipient's copy, as their mailbox would hold it."""

import base64
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

#: Oldest entries leave first: a demo left running for a week must not eat the machine.
KEPT = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One copy of one message, in words for people and, for mail, in raw bytes for programs."""

    channel: str
    provider: str
    to: str
    sender: str
    body: str
    headers: dict[str, str]
    subject: str = ""
    html: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    raw: bytes = b""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    at: str = field(default_factory=lambda: datetime.now(tz=UTC).isoformat())

    def public(self, *, with_raw: bool = False) -> dict[str, Any]:
        """Return what ``GET /outbox`` shows."""
        shown = asdict(self)
        raw = shown.pop("raw")
        if with_raw:
            shown["raw"] = raw.decode("utf-8", "replace")
        return shown

    def header(self, name: str) -> str:
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


class Outbox:
    """All entries in memory and, given a folder, in a file that survives a restart."""

    def __init__(self, folder: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._file = folder / "outbox.jsonl" if folder else None
        if self._file and self._file.exists():
            lines = self._file.read_text(encoding="utf-8").splitlines()[-KEPT:]
            self._entries = [_from_line(line) for line in lines if line]

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        del self._entries[:-KEPT]
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(_to_line(entry) + "\n")

    def find(self, *, channel: str = "", to: str = "") -> list[Entry]:
        """Return the entries of a channel kind or own address, and of a recipient, oldest first."""
        return [
            entry
            for entry in self._entries
            if (not channel or channel in {entry.channel, entry.provider, entry.sender})
            and (not to or to.casefold() == entry.to.casefold())
        ]

    def get(self, entry_id: str) -> Entry | None:
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def by_message_id(self, message_id: str) -> Entry | None:
        """Return the newest copy of the mail with this Message-ID."""
        wanted = message_id.strip()
        found = [entry for entry in self._entries if entry.header("Message-ID").strip() == wanted]
        return found[-1] if found else None

    def newest_to(self, address: str) -> Entry | None:
        found = self.find(to=address)
        return found[-1] if found else None

    def clear(self) -> None:
        self._entries.clear()
        if self._file:
            self._file.unlink(missing_ok=True)


def mail_entries(raw: bytes, *, provider: str, sender: str, recipients: list[str]) -> list[Entry]:
    """Return one entry per envelope recipient for a raw mail."""
    mail = message_from_bytes(raw, policy=policy.default)
    headers: dict[str, str] = {}
    for name, value in mail.items():
        headers.setdefault(name, " ".join(str(value).split()))
    return [
        Entry(
            channel="email",
            provider=provider,
            to=recipient,
            sender=sender,
            subject=headers.get("Subject", ""),
            body=_text(mail, "plain"),
            html=_text(mail, "html"),
            headers=headers,
            attachments=tuple(_attachments(mail)),
            raw=raw,
        )
        for recipient in recipients
    ]


def _text(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _attachments(mail: EmailMessage) -> list[dict[str, Any]]:
    found = []
    for part in mail.walk():
        filename = part.get_filename()
        if filename is None and part.get("Content-ID") is None:
            continue
        content = part.get_payload(decode=True)
        found.append(
            {
                "filename": filename or "",
                "type": part.get_content_type(),
                "size": len(content) if isinstance(content, bytes) else 0,
                "content_id": str(part.get("Content-ID") or "").strip("<>"),
                "disposition": part.get_content_disposition() or "",
            }
        )
    return found


def _to_line(entry: Entry) -> str:
    shown = asdict(entry)
    shown["raw"] = base64.b64encode(entry.raw).decode("ascii")
    return json.dumps(shown)


def _from_line(line: str) -> Entry:
    shown = json.loads(line)
    shown["raw"] = base64.b64decode(shown["raw"])
    shown["attachments"] = tuple(shown["attachments"])
    return Entry(**shown)
