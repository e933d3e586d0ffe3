import signal
import threading
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from channels_app.email.watching import watch
from channels_app.tasks import poll_mailbox


class Command(BaseCommand):
    """Loops over the mailboxes of all workspaces."""

    help = "Wait at every IMAP mailbox and fetch mail the moment it arrives (polling goes on)."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        watch(announce=_fetch, ended=ended)


def _fetch(channel_id: UUID) -> None:
    poll_mailbox.delay(channel_id=str(channel_id))
