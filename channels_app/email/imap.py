"""Reading a mailbox over IMAP so that a cut loses nothing, doubles nothing and never gets stuck.

The place in a folder is a ``MailCursor``: the caller stores it after each item *and after the mail
of that item is safely stored*; it is also the caller's who keeps two readers off one mailbox.
Mail is fetched with PEEK, never by "unseen": a person who opens the mailbox must not hide mail.

A folder whose UIDVALIDITY changed (restored or moved to another host) is read again from its
beginning, and whatever ``seen`` knows by Message-ID is left out.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from channels_app.contract import Account
from channels_app.email.imap_errors import (
    CommandRefusedError,
    MailboxBusyError,
    MailboxError,
    MailboxFolderError,
    MailboxLoginError,
    MailboxLostError,
    MailboxSettingsError,
    MailboxTlsError,
    MailboxUnreachableError,
)
from channels_app.email.imap_session import Listed, MailboxSettings, Session, connected

__all__ = [
    "CursorMoved",
    "MailCursor",
    "MailboxBusyError",
    "MailboxError",
    "MailboxFolderError",
    "MailboxItem",
    "MailboxLoginError",
    "MailboxLostError",
    "MailboxSettingsError",
    "MailboxTlsError",
    "MailboxUnreachableError",
    "NewMail",
    "SkippedMail",
    "check_mailbox",
    "fetch_new",
    "idle_wait",
]

logger = structlog.get_logger(__name__)

BATCH = 100
#: A mail that broke the connection so often is taken by its headers only, then not at all.
STUB_AFTER = 3
SKIP_AFTER = 5
#: Clocks of senders are wrong and zones differ: a Date header this far off still counts as new.
CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailCursor:
    """How far a folder was read. Made by ``fetch_new``; store it as it is."""

    folder: str
    uidvalidity: int
    last_uid: int
    #: When this mailbox was first connected: mail from before is history, not news.
    started_at: datetime
    #: Mail from before this moment is not taken over at all.
    horizon: datetime
    #: Up to this UID mails are checked against ``seen`` and ``horizon``.
    rescan_until: int = 0
    #: The UID that broke the connection last, and how often.
    stuck_uid: int = 0
    stuck_count: int = 0

    def at(self, uid: int) -> "MailCursor":
        """Return the cursor after ``uid`` is done."""
        return replace(self, last_uid=uid, stuck_uid=0, stuck_count=0)

    def stumbled(self, uid: int) -> "MailCursor":
        """Return the cursor that remembers that ``uid`` broke the connection once more."""
        count = self.stuck_count + 1 if self.stuck_uid == uid else 1
        return replace(self, stuck_uid=uid, stuck_count=count)

    def as_dict(self) -> dict[str, Any]:
        """Return the cursor as JSON takes it."""
        plain = asdict(self)
        return plain | {name: plain[name].isoformat() for name in ("started_at", "horizon")}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "MailCursor":
        """Return the cursor that ``as_dict`` wrote."""
        times = {name: datetime.fromisoformat(plain[name]) for name in ("started_at", "horizon")}
        return cls(**{**plain, **times})


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to store. ``old`` ones are history: no answer, no notice. ``stub``: headers only."""

    uid: int
    raw: bytes
    cursor: MailCursor
    received: datetime | None = None
    old: bool = False
    stub: bool = False


@dataclass(frozen=True, slots=True)
class SkippedMail:
    """A mail that could not be fetched at all. Show it to somebody: it lies flagged in the box."""

    uid: int
    message_id: str
    reason: str
    cursor: MailCursor


@dataclass(frozen=True, slots=True)
class CursorMoved:
    """Nothing to store but the place: a first connection, or mails that are known or gone."""

    cursor: MailCursor


MailboxItem = NewMail | SkippedMail | CursorMoved


def fetch_new(
    account: Account,
    cursor: MailCursor | None,
    *,
    seen: Callable[[str], bool],
    now: datetime | None = None,
) -> Generator[MailboxItem, None, None]:
    """Yield what is new since ``cursor`` (None: first connection), one mail at a time.

    Asking for the next item says that the one before is stored. ``seen(message_id)`` is asked
    only while history is read. Raises MailboxError; store its ``cursor`` when it has one.
    """
    settings = MailboxSettings.of(account)
    with connected(settings) as session:
        folder = session.open(settings.folder)
        # To the second, as servers date their mails: what comes in this very second is news.
        moment = (now or datetime.now(tz=UTC)).replace(microsecond=0)
        place = _place(cursor, settings, folder.uidvalidity, folder.uidnext, moment)
        if place != cursor:
            yield CursorMoved(place)
        reader = _Reader(session, settings, place, seen)
        yield from reader.read()


def idle_wait(account: Account, seconds: float, cursor: MailCursor | None = None) -> bool:
    """Wait for new mail, at most ``seconds`` (25 minutes); say whether to fetch now.

    With ``cursor`` it returns at once when mail already lies behind it. Raises MailboxError.
    """
    settings = MailboxSettings.of(account)
    with connected(settings) as session:
        folder = session.open(settings.folder)
        if cursor is not None:
            if cursor.uidvalidity != folder.uidvalidity or cursor.folder != settings.folder:
                return True
            if session.uids_after(cursor.last_uid):
                return True
        return session.wait(seconds)


def check_mailbox(account: Account) -> str:
    """Connect, sign in and open the folder; return a sentence for the settings page."""
    settings = MailboxSettings.of(account)
    with connected(settings) as session:
        session.open(settings.folder)
        count = len(session.uids_after(0))
    return f"Connected to {settings.host}. The folder “{settings.folder}” holds {count:,} mails."


def _place(
    cursor: MailCursor | None,
    settings: MailboxSettings,
    uidvalidity: int,
    uidnext: int,
    now: datetime,
) -> MailCursor:
    """Return where to go on: where we were, at now, or at the beginning once more."""
    last = uidnext - 1
    if cursor is None or cursor.folder != settings.folder:
        days = settings.first_days
        return MailCursor(
            folder=settings.folder,
            uidvalidity=uidvalidity,
            last_uid=0 if days else last,
            started_at=now,
            horizon=now - timedelta(days=days),
            rescan_until=last if days else 0,
        )
    if cursor.uidvalidity != uidvalidity:
        logger.info("mailbox.renumbered", folder=settings.folder)
        return replace(
            cursor,
            uidvalidity=uidvalidity,
            last_uid=0,
            rescan_until=last,
            stuck_uid=0,
            stuck_count=0,
        )
    return cursor


class _Reader:
    """Goes through the folder behind the cursor."""

    def __init__(
        self,
        session: Session,
        settings: MailboxSettings,
        cursor: MailCursor,
        seen: Callable[[str], bool],
    ) -> None:
        self.session = session
        self.settings = settings
        self.cursor = cursor
        self.seen = seen

    def read(self) -> Iterator[MailboxItem]:
        told = self.cursor
        # After a break go one by one, so that the mail to blame is found.
        size = 1 if self.cursor.stuck_uid else BATCH
        try:
            uids = self._uids()
            for start in range(0, len(uids), size):
                batch = uids[start : start + size]
                listed = self._listed(batch)
                for uid in batch:
                    item = self._item(uid, listed.get(uid))
                    if item is None:
                        self.cursor = self.cursor.at(uid)
                        continue
                    told = item.cursor
                    yield item
                    self.cursor = item.cursor
                    self._after(item)
                if self.cursor != told:
                    told = self.cursor
                    yield CursorMoved(told)
        except MailboxLostError as error:
            error.cursor = error.cursor or self.cursor
            raise

    def _uids(self) -> list[int]:
        """Return the UIDs to look at; history is narrowed by the server's own clock first."""
        uids = self.session.uids_after(self.cursor.last_uid)
        until = self.cursor.rescan_until
        if not any(uid <= until for uid in uids):
            return uids
        recent = set(self.session.uids_since(self.cursor.horizon - CLOCK_SLACK))
        return [uid for uid in uids if uid > until or uid in recent]

    def _listed(self, batch: list[int]) -> dict[int, Listed]:
        if self.cursor.stuck_uid == batch[0] and self.cursor.stuck_count >= SKIP_AFTER:
            return {}
        try:
            return self.session.listed(batch)
        except MailboxLostError as error:
            error.cursor = self.cursor.stumbled(batch[0])
            raise
        except CommandRefusedError:
            # One bad mail spoils the list for all: go on without sizes and times.
            return {uid: Listed(uid, 0, None, "", None) for uid in batch}

    def _item(self, uid: int, listed: Listed | None) -> NewMail | SkippedMail | None:
        after = self.cursor.at(uid)
        broke = self.cursor.stuck_count if self.cursor.stuck_uid == uid else 0
        if broke >= SKIP_AFTER:
            return self._skipped(uid, listed, "It broke the connection again and again.")
        if listed is None or not self._wanted(listed):
            return None
        try:
            stub = broke >= STUB_AFTER or listed.size > self.settings.max_bytes
            raw = None if stub else self._whole(uid)
            if raw is None or stub:
                headers = self.session.headers(uid)
                if headers is None:
                    return None  # moved or deleted while we looked
                stub, raw = True, stub_mail(headers, listed.size, self.settings.folder)
        except MailboxLostError as error:
            error.cursor = self.cursor.stumbled(uid)
            raise
        except CommandRefusedError as error:
            return self._skipped(uid, listed, str(error))
        return NewMail(
            uid=uid,
            raw=raw,
            cursor=after,
            received=listed.received,
            old=self._is_old(listed),
            stub=stub,
        )

    def _whole(self, uid: int) -> bytes | None:
        """Return the mail; None when the server will not hand it out whole, or has nothing."""
        try:
            return self.session.mail(uid) or None
        except CommandRefusedError:
            return None

    def _wanted(self, listed: Listed) -> bool:
        if listed.uid > self.cursor.rescan_until:
            return True
        if listed.received and listed.received < self.cursor.horizon:
            return False
        # A mailbox that moved house gets new arrival times; the senders' own dates stay.
        if listed.date and listed.date < self.cursor.horizon - CLOCK_SLACK:
            return False
        return not (listed.message_id and self.seen(listed.message_id))

    def _is_old(self, listed: Listed) -> bool:
        started = self.cursor.started_at
        if listed.received and listed.received < started:
            return True
        in_history = listed.uid <= self.cursor.rescan_until
        return bool(in_history and listed.date and listed.date < started - CLOCK_SLACK)

    def _skipped(self, uid: int, listed: Listed | None, reason: str) -> SkippedMail:
        try:
            self.session.flag(uid, r"\Flagged")
        except CommandRefusedError:
            logger.warning("mailbox.flag_refused", uid=uid)
        return SkippedMail(uid, listed.message_id if listed else "", reason, self.cursor.at(uid))

    def _after(self, item: NewMail | SkippedMail) -> None:
        """The mail is stored: mark or move it, if the channel wants that. Never fatal."""
        if isinstance(item, SkippedMail):
            return
        try:
            if self.settings.mark_seen:
                self.session.flag(item.uid, r"\Seen")
            if self.settings.move_to:
                self.session.move(item.uid, self.settings.move_to)
        except CommandRefusedError as error:
            logger.warning("mailbox.tidying_refused", reason=str(error))


_BODY_HEADERS = re.compile(rb"(content-[a-z-]+|mime-version)\s*:", re.IGNORECASE)


def stub_mail(headers: bytes, size: int, folder: str) -> bytes:
    """Return a mail with the original's headers and a sentence in place of its body."""
    kept: list[bytes] = []
    keeping = True
    for line in headers.replace(b"\r\n", b"\n").split(b"\n"):
        if not line.strip():
            continue
        if line[:1] not in b" \t":
            keeping = not _BODY_HEADERS.match(line)
        if keeping:
            kept.append(line)
    fact = f"This mail ({size / 1e6:.1f} MB)" if size else "This mail"
    sentence = (
        f"{fact} could not be taken over whole. It lies in the folder “{folder}” of the mailbox: "
        "open it there.\n"
    )
    kept += [b"MIME-Version: 1.0", b'Content-Type: text/plain; charset="utf-8"']
    kept += [b"Content-Transfer-Encoding: 8bit", b"", sentence.encode()]
    return b"\r\n".join(line.replace(b"\n", b"\r\n") for line in kept)
