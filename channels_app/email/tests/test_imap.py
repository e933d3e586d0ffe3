"""Reading a mailbox on a real IMAP server (pymap), also when the line is cut at any byte."""

import base64
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from channels_app.email import imap
from channels_app.email.imap import CursorMoved, MailCursor, NewMail, SkippedMail, fetch_new
from sandbox.chopper import ChoppingProxy
from tests.mailbox import LATER, NOW, USER, Mailbox

BEFORE = NOW - timedelta(days=3)


def nothing_seen(_message_id):
    return False


@pytest.fixture
def proxy(imap_server):
    with ChoppingProxy(imap_server) as running:
        yield running


def read(account, cursor, *, seen=nothing_seen, now=NOW):
    """Read everything that is new; return the items and the cursor to store."""
    items = list(fetch_new(account, cursor, seen=seen, now=now))
    return items, items[-1].cursor if items else cursor


def connected(mailbox, **given):
    """Return the cursor of a mailbox that was just connected and holds nothing new."""
    return read(mailbox.account(**given), None)[1]


def names(items):
    return [subject(item.raw) for item in items if isinstance(item, NewMail)]


def subject(raw):
    return raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode()


def read_until_quiet(account, cursor, limit=20):
    """Read as the worker does: store, keep the cursor, begin again after every break."""
    stored = []
    for _ in range(limit):
        try:
            for item in fetch_new(account, cursor, seen=nothing_seen, now=NOW):
                if not isinstance(item, CursorMoved):
                    stored.append(item)
                cursor = item.cursor
        except imap.MailboxLostError as error:
            cursor = error.cursor or cursor
        else:
            return stored, cursor
    return pytest.fail("The mailbox was never read to its end.")


def test_first_connection_starts_at_now(mailbox):
    mailbox.put("history", received=BEFORE)
    items, cursor = read(mailbox.account(), None)
    assert items == [CursorMoved(cursor)]
    mailbox.put("news")
    assert names(read(mailbox.account(), cursor)[0]) == ["news"]


def test_first_connection_to_an_empty_folder_misses_nothing_after_it(mailbox):
    cursor = connected(mailbox)
    mailbox.put("first")
    assert names(read(mailbox.account(), cursor)[0]) == ["first"]


def test_last_days_are_taken_over_as_old(mailbox):
    mailbox.put("ancient", received=NOW - timedelta(days=40))
    mailbox.put("recent", received=BEFORE)
    items, cursor = read(mailbox.account(imap_first_days=7), None)
    assert names(items) == ["recent"]
    assert all(item.old for item in items if isinstance(item, NewMail))
    mailbox.put("news")
    [news] = read(mailbox.account(imap_first_days=7), cursor)[0]
    assert not news.old


def test_old_mail_moved_into_the_folder_later_is_marked_old(mailbox):
    cursor = connected(mailbox)
    mailbox.put("from-the-archive", received=BEFORE)
    [item] = read(mailbox.account(), cursor)[0]
    assert item.old


def test_sender_with_a_wrong_clock_is_not_old(mailbox):
    cursor = connected(mailbox)
    mailbox.put("news", date=datetime(2001, 1, 1, tzinfo=UTC))
    [item] = read(mailbox.account(), cursor)[0]
    assert not item.old


def test_mails_come_in_order_byte_for_byte_and_once(mailbox):
    cursor = connected(mailbox)
    for number in range(5):
        mailbox.put(f"mail-{number}", body="Grüße ) {12}\r\n(.\r\n")
    items, cursor = read(mailbox.account(), cursor)
    assert names(items) == [f"mail-{number}" for number in range(5)]
    assert items[0].raw.endswith("\r\n\r\nGrüße ) {12}\r\n(.\r\n\r\n".encode())
    assert read(mailbox.account(), cursor)[0] == []


def test_reading_marks_nothing_as_seen(mailbox):
    cursor = connected(mailbox)
    mailbox.put("news")
    read(mailbox.account(), cursor)
    assert "\\Seen" not in mailbox.flags("news")


def test_mail_that_somebody_opened_is_read_all_the_same(mailbox):
    cursor = connected(mailbox)
    mailbox.put("news")
    mailbox.box.folder.set(mailbox.folder)
    list(mailbox.box.fetch(mark_seen=True))
    assert names(read(mailbox.account(), cursor)[0]) == ["news"]


def test_mail_is_marked_seen_after_it_was_stored_when_wanted(mailbox):
    cursor = connected(mailbox)
    mailbox.put("one")
    mailbox.put("two")
    items = fetch_new(mailbox.account(imap_mark_seen=True), cursor, seen=nothing_seen)
    next(items)
    next(items)  # asking for the second says that the first is stored
    assert "\\Seen" in mailbox.flags("one")
    assert "\\Seen" not in mailbox.flags("two")
    items.close()


def test_mail_is_moved_after_it_was_stored_when_wanted(mailbox):
    mailbox.box.folder.create(f"{mailbox.folder} done")
    cursor = connected(mailbox)
    mailbox.put("one")
    account = mailbox.account(imap_move_to=f"{mailbox.folder} done")
    items, cursor = read(account, cursor)
    assert names(items) == ["one"]
    assert mailbox.box.folder.status(f"{mailbox.folder} done")["MESSAGES"] == 1


def test_folder_to_move_to_that_does_not_exist_stops_nothing(mailbox):
    cursor = connected(mailbox)
    mailbox.put("one")
    mailbox.put("two")
    assert names(read(mailbox.account(imap_move_to="Nowhere"), cursor)[0]) == ["one", "two"]


def test_cursor_survives_storage(mailbox):
    cursor = connected(mailbox, imap_first_days=3)
    assert MailCursor.from_dict(cursor.as_dict()) == cursor


def test_deleted_mail_is_passed_over(mailbox):
    cursor = connected(mailbox)
    mailbox.put("one")
    mailbox.put("two")
    mailbox.remove("one")
    assert names(read(mailbox.account(), cursor)[0]) == ["two"]


def test_renumbered_folder_is_read_again_and_known_mail_left_out(mailbox):
    cursor = connected(mailbox)
    mailbox.put("known")
    _, cursor = read(mailbox.account(), cursor)
    mailbox.renumber()
    mailbox.put("history", received=BEFORE)
    mailbox.put("known")
    mailbox.put("meanwhile")
    items, renumbered = read(
        mailbox.account(), cursor, seen=lambda message_id: message_id == "<known@x>"
    )
    assert names(items) == ["meanwhile"]
    assert renumbered.uidvalidity != cursor.uidvalidity
    mailbox.put("news")
    assert names(read(mailbox.account(), renumbered)[0]) == ["news"]


def test_moved_house_with_new_arrival_times_does_not_bring_history_back(mailbox):
    cursor = connected(mailbox)
    mailbox.renumber()
    mailbox.put("history", received=LATER, date=NOW - timedelta(days=400))
    assert names(read(mailbox.account(), cursor)[0]) == []


def test_renumbering_read_half_way_goes_on_half_way(mailbox):
    cursor = connected(mailbox)
    mailbox.renumber()
    for number in range(4):
        mailbox.put(f"mail-{number}")
    items = fetch_new(mailbox.account(), cursor, seen=nothing_seen)
    next(items)
    first = next(items)
    items.close()
    asked = []
    rest, _ = read(mailbox.account(), first.cursor, seen=lambda name: asked.append(name))
    assert names([first]) + names(rest) == [f"mail-{number}" for number in range(4)]
    assert asked == ["<mail-1@x>", "<mail-2@x>", "<mail-3@x>"]


def test_other_folder_in_the_settings_starts_at_now(mailbox):
    cursor = connected(mailbox)
    other = Mailbox(mailbox.port)
    other.put("history", received=BEFORE)
    items, moved = read(other.account(), cursor)
    assert names(items) == []
    assert moved.folder == other.folder
    other.box.logout()


def test_huge_mail_comes_as_headers_with_a_sentence(mailbox):
    cursor = connected(mailbox)
    mailbox.put("film", body="x" * 50_000)
    [item] = read(mailbox.account(imap_max_bytes=20_000), cursor)[0]
    assert item.stub
    assert b"Message-ID: <film@x>" in item.raw
    assert "could not be taken over whole" in item.raw.decode()
    assert len(item.raw) < 1000


@pytest.mark.parametrize("after", [0, 1, 50, 700, 2500, 3900])
def test_line_cut_in_a_mail_loses_and_doubles_nothing(mailbox, proxy, after):
    cursor = connected(mailbox)
    for number in range(4):
        mailbox.put(f"mail-{number}", body=f"{number}" * 4000)
    proxy.cut(b"Subject: mail-2", after=after)
    stored, _ = read_until_quiet(mailbox.account(imap_port=proxy.port), cursor)
    assert names(stored) == [f"mail-{number}" for number in range(4)]
    assert [len(item.raw) > 4000 for item in stored] == [True] * 4
    assert proxy.connections == 2


@pytest.mark.parametrize(
    "needle", [b"* OK", b"UIDVALIDITY", b"* SEARCH", b"INTERNALDATE", b"OK FETCH"]
)
def test_line_cut_anywhere_else_loses_and_doubles_nothing(mailbox, proxy, needle):
    cursor = connected(mailbox)
    for number in range(3):
        mailbox.put(f"mail-{number}")
    proxy.cut(needle, after=3)
    account = mailbox.account(imap_port=proxy.port)
    stored = []
    for _ in range(3):
        try:
            for item in fetch_new(account, cursor, seen=nothing_seen):
                stored += [item] if isinstance(item, NewMail) else []
                cursor = item.cursor
        except (imap.MailboxLostError, imap.MailboxUnreachableError) as error:
            cursor = error.cursor or cursor
    assert names(stored) == ["mail-0", "mail-1", "mail-2"]


def test_mail_that_always_breaks_the_line_is_taken_by_its_headers(mailbox, proxy):
    cursor = connected(mailbox)
    mailbox.put("one")
    mailbox.put("poison", body="poisonous")
    mailbox.put("three")
    proxy.cut(b"poisonous", times=99)
    stored, _ = read_until_quiet(mailbox.account(imap_port=proxy.port), cursor)
    assert names(stored) == ["one", "poison", "three"]
    assert [item.stub for item in stored] == [False, True, False]


def test_mail_whose_headers_break_the_line_too_is_flagged_and_skipped(mailbox, proxy):
    cursor = connected(mailbox)
    mailbox.put("one")
    mailbox.put("poison")
    mailbox.put("three")
    proxy.cut(b"<poison@x>", times=99)
    stored, _ = read_until_quiet(mailbox.account(imap_port=proxy.port), cursor)
    one, poison, three = stored
    assert names([one, three]) == ["one", "three"]
    assert isinstance(poison, SkippedMail)
    assert "\\Flagged" in mailbox.flags("poison")


def test_mail_the_server_will_not_hand_out_is_taken_by_its_headers(mailbox, proxy):
    cursor = connected(mailbox)
    mailbox.put("one")
    proxy.refuse(rb"BODY\.PEEK\[\]")
    [item] = read(mailbox.account(imap_port=proxy.port), cursor)[0]
    assert item.stub


def test_mail_the_server_will_not_show_at_all_is_flagged_and_skipped(mailbox, proxy):
    cursor = connected(mailbox)
    mailbox.put("poison")
    proxy.refuse(rb"BODY\.PEEK\[(HEADER)?\]")
    [item] = read(mailbox.account(imap_port=proxy.port), cursor)[0]
    assert isinstance(item, SkippedMail)
    assert item.message_id == "<poison@x>"
    assert "\\Flagged" in mailbox.flags("poison")


def test_wait_ends_at_once_when_mail_lies_there(mailbox):
    cursor = connected(mailbox)
    mailbox.put("already-there")
    assert imap.idle_wait(mailbox.account(), 60, cursor)


def test_wait_ends_when_mail_arrives(mailbox, proxy):
    cursor = connected(mailbox)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(imap.idle_wait, mailbox.account(imap_port=proxy.port), 60, cursor)
        assert proxy.idling.wait(10)
        mailbox.put("news")
        assert waiting.result(10)


def test_wait_ends_when_the_news_come_in_two_pieces(mailbox, proxy):
    cursor = connected(mailbox)
    proxy.pause(b" EXI", 0.5)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(imap.idle_wait, mailbox.account(imap_port=proxy.port), 60, cursor)
        assert proxy.idling.wait(10)
        mailbox.put("news")
        assert waiting.result(10)


def test_wait_notices_that_the_line_was_cut(mailbox, proxy):
    account = mailbox.account(imap_port=proxy.port)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(imap.idle_wait, account, 60)
        assert proxy.idling.wait(10)
        proxy.hang_up()
        with pytest.raises(imap.MailboxLostError):
            waiting.result(10)


def test_wait_ends_by_itself_when_nothing_comes(mailbox):
    assert not imap.idle_wait(mailbox.account(), 0.2, connected(mailbox))


def test_wrong_password_is_named(mailbox):
    with pytest.raises(imap.MailboxLoginError, match="does not accept") as caught:
        read(mailbox.account(secrets={"imap_password": "other"}), None)
    assert caught.value.permanent
    assert "other" not in str(caught.value)


def test_server_that_wants_a_pause_is_not_a_wrong_password(mailbox, proxy):
    proxy.refuse(rb"LOGIN", b"NO [LIMIT] Too many simultaneous connections")
    with pytest.raises(imap.MailboxBusyError) as caught:
        read(mailbox.account(imap_port=proxy.port), None)
    assert not caught.value.permanent
    assert caught.value.retry_after >= 600


def test_token_is_offered_in_place_of_a_password(mailbox):
    with _TokenServer() as server:
        account = mailbox.account(imap_port=server.port, secrets={"imap_access_token": "ya29.x"})
        with pytest.raises(imap.MailboxFolderError):
            read(account, None)
    assert server.offered == f"user={USER}\1auth=Bearer ya29.x\1\1".encode()


def test_worn_out_token_asks_to_connect_again(mailbox, proxy):
    proxy.refuse(rb"AUTHENTICATE XOAUTH2", b"NO [AUTHENTICATIONFAILED] Invalid credentials")
    account = mailbox.account(imap_port=proxy.port, secrets={"imap_access_token": "ya29.x"})
    with pytest.raises(imap.MailboxLoginError, match="Connect the mailbox again"):
        read(account, None)


class _TokenServer:
    """Takes any token and has no folders; pymap itself knows passwords only."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.offered = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as line:
            line.write(b"* OK hello\r\n")
            while command := line.readline():
                tag, _, words = command.strip().partition(b" ")
                if words.startswith(b"CAPABILITY"):
                    line.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + tag + b" OK done\r\n")
                elif words.startswith(b"AUTHENTICATE XOAUTH2"):
                    line.write(b"+ \r\n")
                    self.offered = base64.b64decode(line.readline())
                    line.write(tag + b" OK signed in\r\n")
                else:
                    line.write(tag + b" NO there is nothing\r\n")

    def __exit__(self, *_):
        self._thread.join(5)
        self._listener.close()


def test_missing_folder_is_named(mailbox):
    with pytest.raises(imap.MailboxFolderError, match="“Nowhere”"):
        read(mailbox.account(imap_folder="Nowhere"), None)


def test_unreachable_server_is_named(mailbox):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(imap.MailboxUnreachableError):
        read(mailbox.account(imap_port=port), None)
    with pytest.raises(imap.MailboxUnreachableError):
        read(mailbox.account(imap_host="mail.invalid"), None)


def test_plain_port_taken_for_tls_is_named(mailbox):
    with pytest.raises(imap.MailboxTlsError):
        read(mailbox.account(imap_security="tls"), None)


@pytest.mark.parametrize(
    "given",
    [
        {"imap_host": ""},
        {"imap_port": "x"},
        {"imap_security": "maybe"},
        {"secrets": {}},
        {"secrets": {"imap_password": "a\r\nA1 DELETE INBOX"}},
    ],
)
def test_incomplete_settings_are_named(mailbox, given):
    with pytest.raises(imap.MailboxSettingsError, match="not set up"):
        read(mailbox.account(**given), None)


def test_settings_page_can_check_the_mailbox(mailbox):
    mailbox.put("one")
    assert "holds 1 mails" in imap.check_mailbox(mailbox.account())
