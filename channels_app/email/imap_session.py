"""One IMAP connection: open, look, fetch, wait. Every failure leaves with a name of its own.

imap-tools makes the connection and knows IDLE; the few commands that must say exactly what they
fetch (by UID, with PEEK, one mail at a time) are spoken here.
"""

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from channels_app.contract import Account
from channels_app.email.imap_errors import (
    CommandRefusedError,
    MailboxBusyError,
    MailboxFolderError,
    MailboxLoginError,
    MailboxLostError,
    MailboxSettingsError,
    MailboxTlsError,
    MailboxUnreachableError,
)

DEFAULT_PORTS = {"tls": 993, "starttls": 143, "none": 143}
TIMEOUT = 30.0
#: RFC 2177: servers may drop an IDLE after 30 minutes, routers do so earlier.
LONGEST_IDLE = 25 * 60.0
#: Seconds between looks where the server has no IDLE.
LOOK_EVERY = 30.0
EMPTY_WAKE_UPS = 3

_LATER = re.compile(
    r"\[(UNAVAILABLE|LIMIT|INUSE|SERVERBUG|OVERQUOTA|THROTTLED)\]|too many|try again|throttl",
    re.IGNORECASE,
)
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"', re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>]+>|\S+)", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^date:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What a channel says about its mailbox."""

    host: str
    port: int
    security: str
    user: str
    password: str
    access_token: str
    folder: str
    timeout: float
    #: Days of history to take over at the first connection; 0 begins at now.
    first_days: int
    max_bytes: int
    #: After a mail was stored: mark it seen, or move it, or (both empty) leave it as it is.
    mark_seen: bool
    move_to: str

    @classmethod
    def of(cls, account: Account) -> "MailboxSettings":
        """Read the account. Raises MailboxSettingsError."""
        given = account.settings
        security = str(given.get("imap_security") or "tls")
        try:
            settings = cls(
                host=str(given.get("imap_host") or "").strip(),
                port=int(given.get("imap_port") or DEFAULT_PORTS.get(security, 0)),
                security=security,
                user=str(given.get("imap_user") or account.address),
                password=account.secrets.get("imap_password", ""),
                access_token=account.secrets.get("imap_access_token", ""),
                folder=str(given.get("imap_folder") or "INBOX"),
                timeout=float(given.get("imap_timeout") or TIMEOUT),
                first_days=max(0, int(given.get("imap_first_days") or 0)),
                max_bytes=int(given.get("imap_max_bytes") or 35_000_000),
                mark_seen=bool(given.get("imap_mark_seen")),
                move_to=str(given.get("imap_move_to") or ""),
            )
        except (TypeError, ValueError) as error:
            raise _incomplete() from error
        words = (settings.user, settings.password, settings.access_token, settings.folder)
        if any(character < " " for word in words for character in word):
            raise _incomplete()  # a line end in a password would be a command of its own
        if not settings.host or security not in DEFAULT_PORTS or not settings.user:
            raise _incomplete()
        if not settings.password and not settings.access_token:
            raise _incomplete()
        return settings


@dataclass(frozen=True, slots=True)
class FolderState:
    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What the server says about a mail without sending it."""

    uid: int
    size: int
    received: datetime | None
    message_id: str
    date: datetime | None


@contextmanager
def connected(settings: MailboxSettings) -> Iterator["Session"]:
    """Connect and sign in; sign out at the end, whatever happened. Raises MailboxError."""
    mailbox = _connect(settings)
    try:
        _sign_in(mailbox, settings)
        yield Session(mailbox, settings)
    finally:
        with suppress(imaplib.IMAP4.error, OSError, ImapToolsError):
            mailbox.logout()
        with suppress(imaplib.IMAP4.error, OSError):
            mailbox.client.shutdown()


class Session:
    """An open, signed-in connection."""

    def __init__(self, mailbox: BaseMailBox, settings: MailboxSettings) -> None:
        self._mailbox = mailbox
        self._client = mailbox.client
        self._settings = settings
        self._known_abilities: frozenset[str] | None = None

    def open(self, folder: str) -> FolderState:
        """Select a folder and return where it stands. Raises MailboxFolderError."""
        name: Any = encode_folder(folder)
        try:
            with self._guarded():
                status, _ = self._client.select(name)
        except imaplib.IMAP4.readonly:
            status = "OK"  # reading is all we need
        except CommandRefusedError:
            status = "NO"
        if status != "OK":
            raise MailboxFolderError(
                f"The mailbox has no folder “{folder}” that can be read. Choose another folder in "
                "the channel's settings."
            )
        validity = self._number("UIDVALIDITY")
        uidnext = self._number("UIDNEXT")
        if not uidnext:  # RFC 3501 lets old servers leave it out
            uidnext = max(self.uids_after(0), default=0) + 1
        return FolderState(validity or 1, uidnext)

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs above ``uid``, in ascending order."""
        data = self._command("SEARCH", None, f"UID {uid + 1}:*")
        numbers = {int(word) for line in data if line for word in line.split() if word.isdigit()}
        return sorted(number for number in numbers if number > uid)  # “*” names the last one too

    def uids_since(self, day: datetime) -> list[int]:
        """Return the UIDs of mails received on or after a day (the server's time zone)."""
        data = self._command("SEARCH", None, f"SINCE {_imap_day(day)}")
        return sorted({int(word) for line in data if line for word in line.split()})

    def listed(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Return size, times and Message-ID of mails; who is gone is missing from the answer."""
        wanted = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE)])"
        found = {}
        for words, literal in _answers(self._command("FETCH", _uid_set(uids), wanted)):
            uid = _UID.search(words)
            if uid:
                found[int(uid[1])] = _listed(int(uid[1]), words, literal)
        return {uid: found[uid] for uid in uids if uid in found}

    def mail(self, uid: int) -> bytes | None:
        """Return a whole mail without marking it seen; None if it is gone."""
        return self._body(uid, "BODY.PEEK[]")

    def headers(self, uid: int) -> bytes | None:
        """Return a mail's header block only."""
        return self._body(uid, "BODY.PEEK[HEADER]")

    def flag(self, uid: int, flag: str) -> None:
        self._command("STORE", str(uid), "+FLAGS.SILENT", f"({flag})")

    def move(self, uid: int, folder: str) -> None:
        """Move one mail; where the server has no MOVE, copy and delete that one UID."""
        target = encode_folder(folder).decode("ascii")
        if "MOVE" in self._abilities():
            self._command("MOVE", str(uid), target)
            return
        self._command("COPY", str(uid), target)
        self.flag(uid, r"\Deleted")
        if "UIDPLUS" in self._abilities():
            self._command("EXPUNGE", str(uid))

    def wait(self, seconds: float) -> bool:
        """Wait until the server says that something changed, at most ``seconds``."""
        can_idle = "IDLE" in self._abilities()
        with self._guarded():
            if can_idle:
                return self._idle(min(seconds, LONGEST_IDLE))
            return self._look_again_and_again(seconds)

    def _idle(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        idle: Any = self._mailbox.idle
        idle.start()
        empty = 0
        try:
            while (left := deadline - time.monotonic()) > 0:
                lines = self._poll(idle, left)
                # “* OK Still here” comes every few minutes and is no news.
                if any(b"EXISTS" in line.upper() for line in lines):
                    return True
                # imap-tools hides the end of the line: it looks like an answer without words.
                # TLS may wake us once or twice for its own reasons.
                empty = 0 if lines else empty + 1
                if empty > EMPTY_WAKE_UPS and time.monotonic() < deadline:
                    raise imaplib.IMAP4.abort("The line ended while waiting.")
            return False
        finally:
            idle.stop()

    def _poll(self, idle: Any, seconds: float) -> list[bytes]:
        """Return what the server said meanwhile, line by line."""
        try:
            lines: list[bytes] = idle.poll(timeout=seconds)
        except imaplib.IMAP4.abort as error:
            if "unterminated" not in str(error):
                raise
            # imap-tools reads without waiting, so a line that is still on its way looks broken to it.
            # Its end follows; what it said is lost, and looking into the folder tells as much.
            self._client.readline()
            return [b"* EXISTS"]
        return lines

    def _look_again_and_again(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        before = self._count()
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_EVERY))
            if self._count() > before:
                return True
        return False

    def _abilities(self) -> frozenset[str]:
        """Return what the server can do for us; many say more after the sign-in."""
        if self._known_abilities is None:
            with self._guarded():
                _, words = self._client.capability()
            text = b" ".join(word for word in words if isinstance(word, bytes))
            self._known_abilities = frozenset(text.decode("ascii", "replace").upper().split())
        return self._known_abilities

    def _count(self) -> int:
        self._client.noop()
        return self._number("EXISTS")

    def _body(self, uid: int, section: str) -> bytes | None:
        for words, literal in _answers(self._command("FETCH", str(uid), f"(UID {section})")):
            found = _UID.search(words)
            if found and int(found[1]) == uid:
                return literal
        return None

    def _number(self, name: str) -> int:
        _, values = self._client.response(name)
        last = values[-1] if values else None
        return int(last) if isinstance(last, bytes) and last.isdigit() else 0

    def _command(self, name: str, *words: str | None) -> list[Any]:
        with self._guarded():
            status, data = self._client.uid(name, *words)  # type: ignore[arg-type]  # charset None
        if status != "OK":
            raise CommandRefusedError(f"The mail server refused {name} ({_said(data)}).")
        return data

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except imaplib.IMAP4.readonly:  # a kind of abort to imaplib, none to us
            raise
        except (imaplib.IMAP4.abort, ssl.SSLError, OSError) as error:
            raise MailboxLostError(
                f"The connection to {self._settings.host} broke. It is made again, and reading "
                "goes on where it stopped."
            ) from error
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise CommandRefusedError(f"The mail server refused ({_said_in(error)}).") from error


def _connect(settings: MailboxSettings) -> BaseMailBox:
    where = f"{settings.host}:{settings.port}"
    context = ssl.create_default_context()
    open_by: Mapping[str, Callable[[], BaseMailBox]] = {
        "tls": lambda: MailBox(
            settings.host, settings.port, timeout=settings.timeout, ssl_context=context
        ),
        # Without a context of ours imaplib would not look at the certificate at all.
        "starttls": lambda: MailBoxStartTls(
            settings.host, settings.port, timeout=settings.timeout, ssl_context=context
        ),
        "none": lambda: MailBoxUnencrypted(settings.host, settings.port, timeout=settings.timeout),
    }
    try:
        return open_by[settings.security]()
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise _unreachable(where) from error
    except ssl.SSLError as error:
        raise MailboxTlsError(
            f"No secure connection to {where} could be made. Check the server's name, port and "
            "security (TLS or STARTTLS) in the channel's settings."
        ) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise _unreachable(where) from error
    except (imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        if settings.security == "starttls":
            raise MailboxTlsError(
                f"{where} offers no STARTTLS, so nothing was sent to it. Choose TLS (port 993) in "
                "the channel's settings."
            ) from error
        raise MailboxBusyError(
            f"{where} turned us away ({_said_in(error)}). It is tried again later."
        ) from error


def _unreachable(where: str) -> MailboxUnreachableError:
    return MailboxUnreachableError(
        f"{where} cannot be reached. It is tried again; if this lasts, check server and port in "
        "the channel's settings."
    )


def _sign_in(mailbox: BaseMailBox, settings: MailboxSettings) -> None:
    try:
        if settings.access_token:
            mailbox.xoauth2(settings.user, settings.access_token, initial_folder=None)
        elif (settings.user + settings.password).isascii():
            mailbox.login(settings.user, settings.password, initial_folder=None)
        else:
            mailbox.login_utf8(settings.user, settings.password, initial_folder=None)
    except (imaplib.IMAP4.abort, OSError) as error:
        raise MailboxLostError(
            f"The connection to {settings.host} broke while signing in. It is made again."
        ) from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        said = _said_in(error)
        if _LATER.search(said):
            raise MailboxBusyError(
                f"{settings.host} asks to come back later (“{said}”). It is tried again."
            ) from error
        advice = (
            "Connect the mailbox again."
            if settings.access_token
            else "Gmail and Microsoft want an app password or a connection by their own sign-in."
        )
        raise MailboxLoginError(
            f"{settings.host} does not accept user name and password of {settings.user} "
            f"(“{said}”). Correct them in the channel's settings. {advice}"
        ) from error


def _answers(data: Sequence[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Yield (words, literal) per FETCH answer; imaplib mixes in whatever else the server said.

    An answer with a literal comes as a tuple and then, in pieces, what stood behind the literal.
    """
    words, literal, is_open = b"", b"", False
    for item in data:
        if isinstance(item, tuple):
            if is_open and not words.endswith(b")"):
                words += item[0]  # a second literal of the same mail
            else:
                words = item[0]
            literal, is_open = bytes(item[1]), True
        elif isinstance(item, bytes) and is_open:
            words += b" " + item
            if item.rstrip().endswith(b")"):
                yield words, literal
                words, literal, is_open = b"", b"", False
        elif isinstance(item, bytes):
            yield item, b""


def _listed(uid: int, words: bytes, header: bytes) -> Listed:
    size = _SIZE.search(words)
    received = _RECEIVED.search(words)
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", header)
    message_id = _MESSAGE_ID.search(unfolded)
    date = _DATE.search(unfolded)
    return Listed(
        uid=uid,
        size=int(size[1]) if size else 0,
        # 21-Nov-2026 23:24:36 +0000
        received=_moment(received[1].replace(b"-", b" ", 2)) if received else None,
        # Blanks inside an id are some client's mistake; the parser leaves them out as well.
        message_id=b"".join(message_id[1].split()).decode("utf-8", "replace") if message_id else "",
        date=_moment(date[1]) if date else None,
    )


def _moment(text: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.decode("ascii", "replace").strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _imap_day(day: datetime) -> str:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day:02}-{months[day.month - 1]}-{day.year}"


def _uid_set(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _said_in(error: Exception) -> str:
    result = getattr(error, "command_result", None)  # imap-tools' errors carry the answer so
    return _said(result[1] if result else error.args)


def _said(words: object) -> str:
    """Return the server's words on one short line."""
    return re.sub(r"[^ -~]+", " ", str(words).replace("b'", "").replace("'", ""))[:160].strip(
        ' []()",'
    )


def _incomplete() -> MailboxSettingsError:
    return MailboxSettingsError(
        "The mailbox of this channel is not set up. Enter server, user name and password in the "
        "channel's settings."
    )
