"""Waiting at mailboxes (IMAP IDLE), so that a mail is fetched the moment it arrives.

Polling finds every mail anyway; this only makes it sooner. It runs in a process of its own
(``manage.py watch_mailboxes``), one thread for each mailbox.
"""

import threading
from collections.abc import Callable
from uuid import UUID

import structlog
from django.db import connection

from channels_app.email import imap
from channels_app.email.polling import mailboxes_to_poll
from channels_app.services import route_of

logger = structlog.get_logger(__name__)

#: Servers drop a silent line after half an hour; we hang up well before.
WAIT_SECONDS = 20 * 60.0
#: After trouble; the poll tells the merchant what it is.
PAUSE_SECONDS = 60.0
#: How soon a new mailbox is noticed.
LOOK_SECONDS = 30.0


def watch(*, announce: Callable[[UUID], None], ended: threading.Event) -> None:
    """Keep one waiter at every mailbox until ``ended``; ``announce`` is called for new mail."""
    waiters: dict[UUID, threading.Thread] = {}
    while not ended.is_set():
        for _, channel_id in mailboxes_to_poll():
            if channel_id not in waiters or not waiters[channel_id].is_alive():
                waiters[channel_id] = threading.Thread(
                    target=_wait_for_ever, args=(channel_id, announce, ended), daemon=True
                )
                waiters[channel_id].start()
        connection.close()
        ended.wait(LOOK_SECONDS)


def _wait_for_ever(
    channel_id: UUID, announce: Callable[[UUID], None], ended: threading.Event
) -> None:
    while not ended.is_set():
        route = route_of(channel_id)
        connection.close()  # nobody holds a database connection while waiting for mail
        if route is None or not route.account.settings.get("imap_host"):
            return
        try:
            if imap.idle_wait(route.account, WAIT_SECONDS):
                announce(channel_id)
        except imap.MailboxError as error:
            logger.info("imap.wait_ended", channel_id=str(channel_id), error=type(error).__name__)
            ended.wait(PAUSE_SECONDS)
