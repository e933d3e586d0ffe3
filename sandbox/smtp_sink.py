"""An SMTP server that takes every mail, delivers none outside, and has trouble on order.

It signs in anybody whose password is not ``wrong``.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax

from sandbox.faults import Fault, Faults
from sandbox.outbox import Outbox, mail_entries

#: Called with (raw, envelope sender, recipient, bounce?) after a mail was taken.
Carry = Callable[[bytes, str, str, bool], Awaitable[None]]

WRONG_PASSWORD = b"wrong"


class SmtpSink:
    """Records mails, applies faults, and hands each copy to ``carry`` for local delivery."""

    def __init__(self, outbox: Outbox, faults: Faults, carry: Carry | None = None) -> None:
        self.outbox = outbox
        self.faults = faults
        self.carry = carry
        self._tasks: set[asyncio.Task[None]] = set()

    def protocol(
        self, *, tls_context: ssl.SSLContext | None = None, size_limit: int = 33_554_432
    ) -> "_Conversation":
        """Return the protocol of one connection, for ``loop.create_server``."""
        return _Conversation(
            self,
            faults=self.faults,
            hostname="sandbox.example",
            ident="Helpdesk sandbox",
            data_size_limit=size_limit,
            enable_SMTPUTF8=True,
            authenticator=_authenticate,
            auth_require_tls=False,
            tls_context=tls_context,
        )

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = await self._strike(server, self.faults.take("smtp", at="mail"))
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = await self._strike(server, self.faults.take("smtp", at="rcpt", to=address))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        fault = self._fault_for(envelope)
        if fault and fault.mode in {"fail", "throttle"}:
            return await self._strike(server, fault) or "250 2.0.0 OK"
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        sender = envelope.mail_from or ""
        entries = mail_entries(
            raw, provider="smtp", sender=sender, recipients=list(envelope.rcpt_tos)
        )
        for entry in entries * (2 if fault and fault.mode == "duplicate" else 1):
            self.outbox.add(entry)
        for recipient in envelope.rcpt_tos:
            self._carry_on(raw, sender, recipient, bounce=bool(fault and fault.mode == "bounce"))
        return await self._strike(server, fault) or f"250 2.0.0 OK queued as {entries[0].id[:12]}"

    def _fault_for(self, envelope: Envelope) -> Fault | None:
        for recipient in envelope.rcpt_tos:
            fault = self.faults.take("smtp", at="data", to=recipient)
            if fault:
                return fault
        return None

    async def _strike(self, server: SMTP, fault: Fault | None) -> str:
        """Carry out a fault; return the refusal to answer with, or "" to go on."""
        if fault is None:
            return ""
        if fault.mode == "fail":
            return f"{fault.code or 554} {fault.text or '5.3.0 The sandbox was told to refuse'}"
        if fault.mode == "throttle":
            return f"{fault.code or 451} {fault.text or '4.7.1 Too many mails, try again later'}"
        if fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.mode == "hang":
            await asyncio.Event().wait()
        if fault.mode == "drop":
            hang_up(server)
            await asyncio.Event().wait()  # aiosmtpd ends this task when the connection is gone
        return ""

    def _carry_on(self, raw: bytes, sender: str, recipient: str, *, bounce: bool) -> None:
        if self.carry is None:
            return
        task = asyncio.ensure_future(self.carry(raw, sender, recipient, bounce))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Conversation(SMTP):
    """aiosmtpd's protocol, which can also break while the mail is on its way."""

    def __init__(self, handler: SmtpSink, *, faults: Faults, **options: Any) -> None:
        super().__init__(handler, **options)
        self._faults = faults

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self._faults.take("smtp", at="body") is None:
            await super().smtp_DATA(arg)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.readline()
        hang_up(self)


def hang_up(server: SMTP) -> None:
    """Cut the connection as a crash would."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    refused = isinstance(data, LoginPassword) and data.password == WRONG_PASSWORD
    return AuthResult(success=not refused, handled=False)
