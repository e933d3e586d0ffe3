"""Handing a mail to an SMTP server, knowing at every moment whether the server may have it.

``smtplib.sendmail`` tells a lost connection, not when it was lost. Here the final dot is sent by
itself: before it nothing was handed over and the mail may be sent again; after it, and before the
answer, nobody can know, so the mail is *unconfirmed* and never repeated.
"""

import re
import select
import smtplib
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from channels_app.contract import (
    Account,
    DeliveryError,
    DeliveryReceipt,
    SendResult,
    UnconfirmedDeliveryError,
)
from channels_app.email.out.replies import Stage, error_for_reply, too_large
from channels_app.email.out.result import refusal

#: Seconds for one step, for all steps before the mail itself, for the mail itself, and for the
#: answer to its final dot, which servers give after filtering. Together they stay below the lease
#: of a delivery (150 s): a slow server must not look like a dead worker.
STEP_TIMEOUT = 15.0
PREPARATION_TIMEOUT = 30.0
BODY_TIMEOUT = 45.0
FINAL_TIMEOUT = 45.0
FAREWELL_TIMEOUT = 5.0
CONNECTION_PAUSE = 60.0
DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}

_QUEUE_ID = re.compile(r"queued as (\S+?)[.,;]?(?:\s|$)", re.IGNORECASE)
_SES_ID = re.compile(r"^ok ([0-9a-f-]{30,})", re.IGNORECASE)
_SES_HOST = re.compile(r"email-smtp\.([a-z0-9-]+)\.amazonaws\.com")


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to hand over mail, read from a channel's settings and secrets."""

    host: str
    port: int
    security: str
    user: str
    password: str
    access_token: str
    helo: str
    step_timeout: float
    final_timeout: float

    @classmethod
    def of(cls, account: Account) -> "Server":
        """Read the account. Raises DeliveryError when something is missing or senseless."""
        given = account.settings
        security = str(given.get("smtp_security") or "starttls")
        host = str(given.get("smtp_host") or "").strip()
        if not host or security not in DEFAULT_PORTS:
            raise _incomplete()
        try:
            return cls(
                host=host,
                port=int(given.get("smtp_port") or DEFAULT_PORTS[security]),
                security=security,
                user=str(given.get("smtp_user") or ""),
                password=account.secrets.get("smtp_password", ""),
                access_token=account.secrets.get("smtp_access_token", ""),
                helo=account.address.rpartition("@")[2] or "localhost",
                step_timeout=float(given.get("smtp_timeout") or STEP_TIMEOUT),
                final_timeout=float(given.get("smtp_final_timeout") or FINAL_TIMEOUT),
            )
        except ValueError as error:
            raise _incomplete() from error


def transmit(
    raw: bytes,
    *,
    message_id: str,
    sender: str,
    to: Sequence[str],
    copies: Sequence[str],
    server: Server,
) -> SendResult:
    """Hand over one mail to ``to`` and ``copies`` (bare addresses). Raises DeliveryError.

    If the server takes none of ``to``, nothing is sent to the copies either: the agent corrects
    the address and sends again, and nobody gets it twice.
    """
    handover = _Handover(server)
    try:
        with _connected(server) as client:
            handover.client = client
            handover.sign_in()
            handover.check_size(len(raw))
            handover.begin(sender, len(raw), eight_bit=not raw.isascii())
            refused = handover.name_recipients(message_id, to, copies)
            answer = handover.hand_over(raw)
    except smtplib.SMTPServerDisconnected as error:
        raise handover.lost() from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 400:  # smtplib's way to say that this is no SMTP at all
            raise handover.lost() from error
        text = _text(error.smtp_error)
        raise error_for_reply(
            error.smtp_code, text, stage="connect", host=server.host, sender=sender
        ) from error
    except smtplib.SMTPException as error:
        raise handover.lost() from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:  # hung up, not a matter of trust
        raise handover.lost() from error
    except ssl.SSLError as error:
        raise _no_tls(server) from error
    except OSError as error:
        raise handover.lost() from error
    return _result(answer, server, refused)


class _Handover:
    """The steps of one SMTP conversation, and how far it came."""

    client: smtplib.SMTP

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sender = ""
        self.connected = False
        self.dot_sent = False
        self._mail_must_begin_by = time.monotonic() + PREPARATION_TIMEOUT

    def sign_in(self) -> None:
        self.connected = True
        server, client = self.server, self.client
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            if not client.has_extn("starttls"):
                raise _no_tls(server)
            client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
        if not server.user:
            return
        try:
            if server.access_token:
                bearer = f"user={server.user}\1auth=Bearer {server.access_token}\1\1"
                client.auth("XOAUTH2", lambda challenge=None: bearer if challenge is None else "")
            else:
                client.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            raise self._refused(error.smtp_code, _text(error.smtp_error), "login") from error
        except UnicodeEncodeError as error:
            raise DeliveryError(
                "The user name or password of this channel has letters outside ASCII, which mail "
                "servers do not take. An administrator has to choose others.",
                code="account.login",
                permanent=True,
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryError(
                f"{server.host} offers no sign-in on this connection. An administrator has to "
                "choose STARTTLS or TLS, or leave the user name empty, in the channel's settings.",
                code="account.login",
                permanent=True,
            ) from error

    def check_size(self, size: int) -> None:
        announced = self.client.esmtp_features.get("size", "")
        if announced.isdecimal() and 0 < int(announced) < size:
            raise too_large(self.server.host, size=size, limit=int(announced))

    def begin(self, sender: str, size: int, *, eight_bit: bool) -> None:
        self.sender = sender
        options = []
        if self.client.has_extn("size"):
            options.append(f"SIZE={size}")
        if eight_bit and self.client.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        self._expect(self.client.mail(sender, options), "sender")

    def name_recipients(
        self, message_id: str, to: Sequence[str], copies: Sequence[str]
    ) -> list[DeliveryReceipt]:
        errors = {address: self._name(address) for address in [*to, *copies]}
        refused = {address: error for address, error in errors.items() if error is not None}
        wanted = to or copies
        if all(address in refused for address in wanted):
            # While one of them may still be taken later, later is the answer for the mail.
            raise min((refused[address] for address in wanted), key=lambda error: error.permanent)
        return [refusal(message_id, address, error) for address, error in refused.items()]

    def _name(self, address: str) -> DeliveryError | None:
        if time.monotonic() > self._mail_must_begin_by:
            raise self.lost()
        code, text = self.client.rcpt(address)
        if code in {250, 251}:
            return None
        if code == 421:  # the server is leaving; nothing said after this counts
            raise self._refused(code, _text(text), "recipient", address)
        return self._refused(code, _text(text), "recipient", address)

    def hand_over(self, raw: bytes) -> str:
        client = self.client
        if time.monotonic() > self._mail_must_begin_by:
            raise self.lost()
        self._expect(client.docmd("DATA"), "data", success=354)
        assert client.sock is not None
        client.sock.settimeout(max(BODY_TIMEOUT, self.server.step_timeout))
        body = re.sub(rb"(?m)^\.", b"..", raw)
        client.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        if self._server_spoke_early():
            self._expect(client.getreply(), "data")
        client.sock.settimeout(self.server.final_timeout)
        self.dot_sent = True
        client.send(b".\r\n")
        answer = self._expect(client.getreply(), "data")
        self.dot_sent = False  # whatever happens now, the mail is theirs
        return answer

    def _server_spoke_early(self) -> bool:
        """Say whether the server answered or hung up before the dot: then it has no mail."""
        sock = self.client.sock
        assert sock is not None
        pending = sock.pending() if isinstance(sock, ssl.SSLSocket) else 0
        return bool(pending or select.select([sock], [], [], 0)[0])

    def _expect(self, reply: tuple[int, bytes], stage: Stage, *, success: int = 250) -> str:
        code, text = reply
        if code == -1:  # smtplib's word for a line that is no reply
            raise smtplib.SMTPServerDisconnected("The server's answer was not SMTP.")
        if code != success:
            self.dot_sent = False  # a clear refusal: the server does not have it
            raise self._refused(code, _text(text), stage)
        return _text(text)

    def _refused(self, code: int, text: str, stage: Stage, recipient: str = "") -> DeliveryError:
        return error_for_reply(
            code,
            text,
            stage=stage,
            host=self.server.host,
            recipient=recipient,
            sender=self.sender,
        )

    def lost(self) -> DeliveryError:
        """Return what a lost connection means at this point."""
        host = f"{self.server.host}:{self.server.port}"
        if self.dot_sent:
            return UnconfirmedDeliveryError(
                f"The mail was handed to {host}, but the connection broke before it was "
                "confirmed. The customer may already have it: ask or look before you send again."
            )
        if self.connected:
            return DeliveryError(
                f"The connection to {host} broke before the mail was handed over. It waits and is "
                "tried again.",
                code="server.lost",
                permanent=False,
                retry_after=CONNECTION_PAUSE,
            )
        return DeliveryError(
            f"{host} cannot be reached. The mail waits and is tried again; if this lasts, an "
            "administrator should check server and port in the channel's settings.",
            code="server.unreachable",
            permanent=False,
            retry_after=CONNECTION_PAUSE,
        )


class _Polite(smtplib.SMTP):
    """Leave without a word when the conversation broke; a failing QUIT must not hide the cause."""

    def __exit__(self, *args: object) -> None:
        with suppress(smtplib.SMTPException, OSError):
            if self.sock is not None:
                self.sock.settimeout(FAREWELL_TIMEOUT)
            self.docmd("QUIT")
        self.close()


class _PoliteTls(_Polite, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


def _connected(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        return _PoliteTls(
            server.host,
            server.port,
            context=ssl.create_default_context(),
            timeout=server.step_timeout,
            local_hostname=server.helo,
        )
    return _Polite(
        server.host, server.port, timeout=server.step_timeout, local_hostname=server.helo
    )


def _result(answer: str, server: Server, refused: list[DeliveryReceipt]) -> SendResult:
    """Read the server's queue id; Amazon's server also tells the Message-ID it puts on the wire."""
    ses = _SES_HOST.fullmatch(server.host)
    ses_id = _SES_ID.search(answer)
    if ses and ses_id:
        return SendResult(
            provider_id=ses_id[1], aliases=ses_wire_ids(ses_id[1], ses[1]), refused=tuple(refused)
        )
    queued = _QUEUE_ID.search(answer)
    return SendResult(provider_id=queued[1] if queued else "", refused=tuple(refused))


def ses_wire_ids(ses_id: str, region: str) -> tuple[str, ...]:
    """Return the Message-IDs under which Amazon may send the mail on (it replaces ours)."""
    return (f"<{ses_id}@email.amazonses.com>", f"<{ses_id}@{region}.amazonses.com>")


def _no_tls(server: Server) -> DeliveryError:
    return DeliveryError(
        f"No secure connection to {server.host}:{server.port} could be made, so nothing was sent. "
        "An administrator has to check the server's name, port and security (TLS or STARTTLS) in "
        "the channel's settings.",
        code="account.tls",
        permanent=True,
    )


def _incomplete() -> DeliveryError:
    return DeliveryError(
        "The outgoing mail server of this channel is not set up. An administrator has to enter "
        "server, port and security in the channel's settings; then send again.",
        code="account.settings",
        permanent=True,
    )


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
