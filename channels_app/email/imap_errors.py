"""What can go wrong with a mailbox, each by its name, each with a sentence for an administrator."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels_app.email.imap import MailCursor


class MailboxError(Exception):
    """Base of all. ``permanent``: only a person can mend it, so stop trying and say so.

    ``cursor``, where given, is how far reading came: store it before the next attempt, because it
    also counts how often the same mail broke the connection.
    """

    code = "imap.error"
    permanent = False
    #: Seconds until the next attempt makes sense.
    retry_after = 60.0

    def __init__(self, message: str, *, cursor: "MailCursor | None" = None) -> None:
        super().__init__(message)
        self.cursor = cursor


class MailboxSettingsError(MailboxError):
    """Server, user or folder is missing or senseless."""

    code = "account.settings"
    permanent = True


class MailboxLoginError(MailboxError):
    """The server does not accept user and password, or the access token."""

    code = "account.login"
    permanent = True


class MailboxTlsError(MailboxError):
    """No secure connection could be made."""

    code = "account.tls"
    permanent = True


class MailboxFolderError(MailboxError):
    """The folder does not exist or may not be read."""

    code = "account.folder"
    permanent = True


class MailboxUnreachableError(MailboxError):
    """No connection: name unknown, port closed, no answer."""

    code = "server.unreachable"


class MailboxBusyError(MailboxError):
    """The server asks to come back later: too many connections, limits, maintenance.

    Mail hosts lock out who comes back at once, so the pause is long.
    """

    code = "server.busy"
    retry_after = 900.0


class MailboxLostError(MailboxError):
    """The connection broke in the middle. Nothing is lost: reading goes on at the cursor."""

    code = "server.lost"
    retry_after = 15.0


class CommandRefusedError(MailboxError):
    """The server refused one command; about one mail this concerns only that mail."""

    code = "server.refused"
