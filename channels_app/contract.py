"""What every channel adapter speaks: plain facts in, plain facts out.

Parsers return the dataclasses of this file and nothing else, so storing is another room's work.
This module is pure: it knows neither Django nor the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from inbox.capabilities import Capabilities

AuthorKind = Literal["contact", "agent"]
#: How a mail came to be: only ``human`` reopens, notifies and may be answered automatically.
MachineClass = Literal["human", "auto", "bulk"]
DeliveryOutcome = Literal["accepted", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class RawRequest:
    """One HTTP call from a provider, before anything was parsed."""

    method: str
    url: str
    headers: Mapping[str, str]  # names in lower case
    query: Mapping[str, str]
    body: bytes
    #: Where in the kind it came in, e.g. ``mailgun`` for ``/hooks/email/mailgun/…``.
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What an adapter may know of the channel it works for. ``secrets`` are decrypted."""

    channel_id: str
    workspace_id: str
    address: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keys:
    """``dedupe``: equal for the same event sent twice. ``order``: equal for one sender's events."""

    dedupe: str
    order: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says they wrote, and why we may believe it."""

    kind: Literal["email", "phone", "chat", "instagram", "messenger", "whatsapp"]
    value: str
    name: str = ""
    verified: bool = False
    #: One short fact for the agent, e.g. ``dmarc=pass from mx.example``.
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class InboundAttachment:
    filename: str
    content_type: str  # decided by content where we can, never trusted from a header alone
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ThreadClues:
    """What a message says about the conversation it belongs to; the look-up is done elsewhere."""

    #: Opaque tokens found behind a plus sign in any recipient address, first found first.
    reply_tokens: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    #: Last reference first, at most 100.
    references: tuple[str, ...] = ()
    #: ``1234`` from ``[#1234]`` in the subject. Counts only for somebody already taking part.
    subject_number: int | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One thing said by a person (or a machine writing as one)."""

    provider_id: str  # as the provider names it; for mail the Message-ID with its brackets
    dedupe_key: str  # unique per channel
    sender: Sender
    text: str
    #: Safe HTML (already sanitised; ``cid:`` kept, remote images as ``data-remote-src``), or "".
    html: str = ""
    #: Only what is new, without quotes and signature; "" when nothing was folded away.
    new_text: str = ""
    subject: str = ""
    provider_time: datetime | None = None
    author_kind: AuthorKind = "contact"
    machine: MachineClass = "human"
    spam: bool = False
    #: The sender writes to themselves or we wrote it: kept as an ignored event with this reason.
    ignore_reason: str = ""
    to: tuple[Recipient, ...] = ()
    cc: tuple[Recipient, ...] = ()
    attachments: tuple[InboundAttachment, ...] = ()
    thread: ThreadClues = ThreadClues()
    #: Original author of a mail an agent forwarded to us, when found.
    forwarded_from: Sender | None = None
    #: Sentences for the agent about what was cut, damaged or left out.
    warnings: tuple[str, ...] = ()
    #: Order number, topic and the like that a form gave.
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """What a provider says became of a message we sent (also bounces and read notices)."""

    dedupe_key: str
    outcome: DeliveryOutcome
    #: Any of these names our message: our Message-ID, the provider's id, the bounce token.
    message_ids: tuple[str, ...] = ()
    bounce_token: str = ""
    recipient: str = ""
    code: str = ""
    text: str = ""
    permanent: bool = False
    #: The person complained of spam: stop writing to this address.
    complaint: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing for us. Kept as an ignored event with this reason."""

    reason: str


InboundItem = InboundMessage | DeliveryReceipt | Ignored


@dataclass(frozen=True, slots=True)
class OutboundAttachment:
    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to hand to a provider."""

    delivery_id: str
    conversation_id: str
    #: Our own Message-ID with brackets; made before the first attempt and kept on every retry.
    message_id: str
    to: tuple[Recipient, ...]
    text: str
    html: str = ""
    subject: str = ""
    cc: tuple[Recipient, ...] = ()
    bcc: tuple[Recipient, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    #: Opaque signed token for the reply address (``support+<token>@…``).
    reply_token: str = ""
    bounce_token: str = ""
    author_name: str = ""
    automatic: bool = False
    attachments: tuple[OutboundAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SendResult:
    """``accepted`` is the provider's word, not the customer's."""

    provider_id: str = ""
    #: Further names of the same message, such as the Message-ID an ESP put on the wire.
    aliases: tuple[str, ...] = ()
    outcome: DeliveryOutcome = "accepted"
    #: Recipients the provider would not take while it took others: bounces that came at once.
    refused: tuple[DeliveryReceipt, ...] = ()


class DeliveryError(Exception):
    """A send that did not happen. ``str(error)`` is a sentence for the agent.

    ``permanent`` says that the same call will fail again; ``retry_after`` is in seconds.
    """

    def __init__(
        self, message: str, *, code: str, permanent: bool, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after


class UnconfirmedDeliveryError(DeliveryError):
    """The request left and no answer came: the customer may or may not have it. Never repeated."""

    def __init__(self, message: str, *, code: str = "unconfirmed") -> None:
        super().__init__(message, code=code, permanent=False)


class UnsupportedEventError(Exception):
    """An event kind we do not know. The event is kept as ignored with this reason."""


class Adapter(Protocol):
    """One channel kind. All of it is synchronous; ``parse`` and ``keys`` are pure."""

    kind: str
    capabilities: Capabilities

    def verify(self, request: RawRequest, account: Account) -> bool:
        """Say whether the signature over the raw bytes is right."""
        ...

    def keys(self, raw: bytes, headers: Mapping[str, str], variant: str) -> Keys:
        """Return dedupe and order keys without a full parse; must never raise."""
        ...

    def parse(
        self, raw: bytes, headers: Mapping[str, str], variant: str, account: Account
    ) -> list[InboundItem]:
        """Return everything the event says. Raises UnsupportedEventError for unknown kinds."""
        ...

    def send(self, outbound: Outbound, account: Account) -> SendResult:
        """Hand one message to the provider. Raises DeliveryError."""
        ...
