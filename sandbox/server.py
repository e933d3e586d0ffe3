"""The provider sandbox in one process: SMTP in, HTTP to look, to order trouble and to play along."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from sandbox import esp, page, shopper
from sandbox.asgi import Answer, Application, BadRequestError, Request, html_answer, json_answer
from sandbox.faults import FaultError, Faults
from sandbox.hooks import HookCaller, Mailbox, Mailboxes
from sandbox.mail_services import MailServices
from sandbox.outbox import Entry, Outbox
from sandbox.shopify.admin import Admin
from sandbox.shopify.app import App, app_from_environment
from sandbox.shopify.demo_shop import DEMO_SHOPS
from sandbox.shopify.platform import Platform
from sandbox.shopify.web import Web
from sandbox.smtp_sink import SmtpSink

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Sandbox:
    """Everything the sandbox knows; ``start`` opens its ports inside the running loop."""

    folder: Path | None = None
    outbox: Outbox = field(init=False)
    faults: Faults = field(default_factory=Faults)
    mailboxes: Mailboxes = field(init=False)
    caller: HookCaller = field(init=False)
    sink: SmtpSink = field(init=False)
    #: What the store side knows of our app; unset, the environment and ``shopify.app.toml`` tell.
    app: App | None = None
    platform: Platform = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.folder)
        self.mailboxes = Mailboxes(self.folder)
        self.caller = HookCaller(self.faults)
        self.sink = SmtpSink(self.outbox, self.faults, self._carry)
        app = self.app or app_from_environment(ROOT / "shopify.app.toml")
        self.platform = Platform(self.folder, app, self.faults)

    def application(self) -> Application:
        """Return the HTTP side."""
        services = MailServices(self.outbox, self.faults)
        return Application(
            [
                ("GET", r"/", self._front),
                ("GET", r"/mail/([0-9a-f]+)", self._mail_page),
                ("GET", r"/healthz", self._healthz),
                ("GET", r"/outbox", self._list_outbox),
                ("DELETE", r"/outbox", self._clear_outbox),
                ("GET", r"/outbox/([0-9a-f]+)\.eml", self._raw_mail),
                ("GET", r"/faults", self._list_faults),
                ("POST", r"/faults", self._order_fault),
                ("DELETE", r"/faults", self._clear_faults),
                ("GET", r"/mailboxes", self._list_mailboxes),
                ("POST", r"/mailboxes", self._register_mailbox),
                ("POST", r"/deliver-mail", self._deliver_mail),
                ("POST", r"/shopper-mail", self._shopper_mail),
                ("POST", r"/shopper-reply", self._shopper_reply),
                ("POST", r"/esp/postmark/email", services.postmark),
                ("POST", r"/esp/mailgun/v3/[^/]+/messages", services.mailgun),
                ("POST", r"/esp/sendgrid/v3/mail/send", services.sendgrid),
                ("POST", r"/esp/ses/v2/email/outbound-emails", services.ses),
                *Web(self.platform).routes(),
                *Admin(self.platform).routes(),
            ]
        )

    # What people look at -------------------------------------------------------------------

    async def _front(self, request: Request) -> Answer:
        entries = self.outbox.find(to=request.query.get("to", ""))
        to, stores = request.query.get("to", ""), tuple(DEMO_SHOPS)
        return html_answer(page.front(entries, self.mailboxes.all(), to, stores))

    async def _mail_page(self, request: Request) -> Answer:
        entry = self.outbox.get(request.matched[0])
        if entry is None:
            return html_answer(page.missing(), 404)
        can_answer = self._mailbox_of(entry) is not None
        return html_answer(page.one_mail(entry, can_answer=can_answer, said=request.query))

    async def _healthz(self, _request: Request) -> Answer:
        return json_answer({"ok": True})

    # Outbox and faults ---------------------------------------------------------------------

    async def _list_outbox(self, request: Request) -> Answer:
        found = self.outbox.find(
            channel=self._channel_filter(request.query.get("channel", "")),
            to=request.query.get("to", ""),
        )
        with_raw = "raw" in request.query
        return json_answer([entry.public(with_raw=with_raw) for entry in found])

    def _channel_filter(self, wanted: str) -> str:
        """A channel's id stands for its kind: mail knows senders, not our ids."""
        known = any(box.channel_id == wanted for box in self.mailboxes.all() if wanted)
        return "email" if known else wanted

    async def _clear_outbox(self, _request: Request) -> Answer:
        self.outbox.clear()
        return Answer(204)

    async def _raw_mail(self, request: Request) -> Answer:
        entry = self.outbox.get(request.matched[0])
        if entry is None:
            return json_answer({"detail": "Not here."}, 404)
        return Answer(200, entry.raw, "message/rfc822")

    async def _list_faults(self, _request: Request) -> Answer:
        return json_answer(self.faults.waiting())

    async def _order_fault(self, request: Request) -> Answer:
        try:
            fault = self.faults.order(request.json())
        except FaultError as error:
            raise BadRequestError(str(error)) from error
        return json_answer({"provider": fault.provider, "mode": fault.mode, "at": fault.at}, 201)

    async def _clear_faults(self, _request: Request) -> Answer:
        self.faults.clear()
        return Answer(204)

    # The provider as a caller --------------------------------------------------------------

    async def _list_mailboxes(self, _request: Request) -> Answer:
        shown = [
            {"address": box.address, "to_url": box.to_url, "channel_id": box.channel_id}
            for box in self.mailboxes.all()
        ]
        return json_answer(shown)

    async def _register_mailbox(self, request: Request) -> Answer:
        given = request.json()
        allowed = set(Mailbox.__dataclass_fields__)
        unknown = set(given) - allowed
        if unknown or not given.get("address") or not given.get("to_url"):
            raise BadRequestError(f"Give address and to_url, and of these: {sorted(allowed)}.")
        self.mailboxes.register(Mailbox(**{name: str(value) for name, value in given.items()}))
        return json_answer({"address": given["address"]}, 201)

    async def _deliver_mail(self, request: Request) -> Answer:
        """Post a raw mail to a hook as the named service does."""
        given = request.json()
        service = str(given.get("esp") or "raw")
        build = esp.SERVICES.get(service)
        url = str(given.get("to_url") or "")
        if build is None or not url:
            raise BadRequestError(f"Give to_url, raw_mime and esp: {', '.join(esp.SERVICES)}.")
        raw = str(given.get("raw_mime") or "").encode("utf-8", "surrogateescape")
        known = esp.Secrets(
            secret=str(given.get("secret") or ""),
            user=str(given.get("user") or ""),
            password=str(given.get("password") or ""),
            private_key=str(given.get("private_key") or ""),
            extra=given,
        )
        try:
            post = build(raw, known)
        except (TypeError, ValueError) as error:
            raise BadRequestError(f"The {service} post could not be signed: {error}") from error
        answers = await self.caller.post(
            url,
            post,
            duplicates=int(given.get("duplicates") or 0),
            attempts=int(given.get("attempts") or 1),
        )
        return json_answer({"responses": answers})

    async def _shopper_mail(self, request: Request) -> Answer:
        """Write a fresh mail from a shopper to a registered mailbox."""
        given = request.text_fields()
        box = self._known_mailbox(given.get("to", ""))
        raw = shopper.first_mail(
            sender=_needed(given, "from"),
            to=_needed(given, "to"),
            subject=given.get("subject", ""),
            text=_needed(given, "text"),
            name=given.get("name", ""),
            cc=given.get("cc", ""),
        )
        answer = await self._post_to(box, raw, given["from"], given["to"])
        return _back_to("/", request) or answer

    async def _shopper_reply(self, request: Request) -> Answer:
        """Answer a recorded mail, found by ``message_id``, by ``id`` or as the newest ``to``."""
        given = request.text_fields()
        entry = self._answered(given)
        box = self._mailbox_of(entry)
        if given.get("to_url"):
            box = Mailbox(
                address=entry.sender,
                to_url=given["to_url"],
                secret=given.get("secret", ""),
                authserv_id=given.get("authserv_id", ""),
            )
        if box is None:
            raise BadRequestError(
                "No mailbox is registered for this sender. POST /mailboxes, or give to_url and "
                "secret."
            )
        raw = shopper.reply_to(entry, _needed(given, "text"), name=given.get("name", ""))
        recipient = esp.first_recipient(raw)
        answer = await self._post_to(box, raw, entry.to, recipient)
        return _back_to(f"/mail/{entry.id}?sent=1", request) or answer

    def _answered(self, given: dict[str, str]) -> Entry:
        entry = None
        if given.get("message_id"):
            entry = self.outbox.by_message_id(given["message_id"])
        elif given.get("id"):
            entry = self.outbox.get(given["id"])
        elif given.get("to"):
            entry = self.outbox.newest_to(given["to"])
        if entry is None or not entry.raw:
            raise BadRequestError("No recorded mail answers to that. Look at GET /outbox.")
        return entry

    def _mailbox_of(self, entry: Entry) -> Mailbox | None:
        """Return the mailbox a reply would go to: of its Reply-To, or else of its From."""
        for name in ("Reply-To", "From"):
            address = esp.bare_address(entry.header(name))
            box = self.mailboxes.find(address) if address else None
            if box:
                return box
        return None

    def _known_mailbox(self, address: str) -> Mailbox:
        box = self.mailboxes.find(address)
        if box is None:
            known = ", ".join(item.address for item in self.mailboxes.all()) or "none yet"
            raise BadRequestError(f"No mailbox {address} is registered (known: {known}).")
        return box

    async def _post_to(self, box: Mailbox, raw: bytes, sender: str, recipient: str) -> Answer:
        mail = shopper.delivered(
            raw, recipient=recipient, sender=sender, authserv_id=box.authserv_id
        )
        answers = await self.caller.post(
            box.to_url,
            esp.SERVICES[box.esp](mail, esp.Secrets(secret=box.secret)),
            attempts=5,
        )
        sent_id = esp.message_id(raw)
        return json_answer({"message_id": sent_id, "responses": answers})

    async def _carry(self, raw: bytes, sender: str, recipient: str, bounced: bool) -> None:
        """Deliver a mail that came by SMTP to a mailbox we know, or send its bounce back."""
        if bounced:
            raw = shopper.bounce(raw, recipient=recipient, envelope_sender=sender)
            sender, recipient = "", sender
        box = self.mailboxes.find(recipient)
        if box is not None:
            await self._post_to(box, raw, sender, recipient)

    # Ports ---------------------------------------------------------------------------------

    async def start(
        self,
        *,
        host: str = "127.0.0.1",
        http_port: int = 0,
        smtp_port: int = 0,
        tls_context: ssl.SSLContext | None = None,
        size_limit: int = 33_554_432,
    ) -> "Running":
        """Open both ports (0: any free one) and return what is running."""
        smtp = await asyncio.get_running_loop().create_server(
            lambda: self.sink.protocol(tls_context=tls_context, size_limit=size_limit),
            host,
            smtp_port,
        )
        listener = socket.create_server((host, http_port))
        config = uvicorn.Config(
            self.application(), log_config=None, lifespan="off", access_log=False, ws="none"
        )
        web = _WebServer(config)
        serving = asyncio.ensure_future(web.serve([listener]))
        while not web.started and not serving.done():
            await asyncio.sleep(0.005)
        port = listener.getsockname()[1]
        self.platform.answers_at(f"http://127.0.0.1:{port}")
        return Running(
            smtp_port=smtp.sockets[0].getsockname()[1],
            http_port=port,
            smtp=smtp,
            web=web,
            serving=serving,
            posting=asyncio.ensure_future(self.platform.sender.run()),
            platform=self.platform,
        )


class _WebServer(uvicorn.Server):
    """Uvicorn without its signal handlers: the process that starts the sandbox owns the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Running:
    """Open ports, and the way to close them."""

    smtp_port: int
    http_port: int
    smtp: asyncio.Server
    web: uvicorn.Server
    serving: "asyncio.Future[Any]"
    posting: "asyncio.Future[Any]"
    platform: Platform

    async def stop(self) -> None:
        self.posting.cancel()
        self.smtp.close()
        self.web.should_exit = True
        self.web.force_exit = True
        await self.serving
        await asyncio.gather(self.posting, return_exceptions=True)
        self.platform.close()


def _back_to(path: str, request: Request) -> Answer | None:
    """Return a redirect for a person with a browser, nothing for a program."""
    if "text/html" in request.headers.get("accept", ""):
        return Answer(303, headers={"location": path})
    return None


def _needed(given: dict[str, str], name: str) -> str:
    value = given.get(name, "").strip()
    if not value:
        raise BadRequestError(f"{name} is missing.")
    return value
