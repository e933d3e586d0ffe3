"""What every service's file gives back: a raw mail with what the service knows about it."""

from dataclasses import dataclass

from channels_app.email.authentication import Verdict


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A raw mail and what the service said beside it."""

    raw: bytes
    envelope_recipients: tuple[str, ...] = ()
    #: Plus parts the service has already taken from the recipient.
    reply_tokens: tuple[str, ...] = ()
    #: None: only the mail's own headers tell.
    verdict: Verdict | None = None
