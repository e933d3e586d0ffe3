"""What an SMTP server's refusal means, as a ``DeliveryError`` with a sentence for the agent.

The first word of ``code`` says who can help: ``account`` an administrator of this channel,
``recipient`` and ``message`` the agent who wrote, ``server`` only time.
Sources: RFC 5321 §4.2, RFC 3463 (enhanced codes), channels.md §8.
"""

import re
from typing import Literal

from channels_app.contract import DeliveryError
from channels_app.email.out.addresses import one_line

Stage = Literal["connect", "login", "sender", "recipient", "data"]

#: Greylisting servers want a pause of minutes; sooner only starts their clock anew.
BUSY_PAUSE = 300.0
FULL_MAILBOX_PAUSE = 3600.0

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SIGN_IN = frozenset({530, 534, 535, 538})
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})


def error_for_reply(
    code: int, text: str, *, stage: Stage, host: str, recipient: str = "", sender: str = ""
) -> DeliveryError:
    """Return the error for a reply that is not a success. ``text`` is the server's own words."""
    _, subject, detail = _enhanced(text)
    said = f"“{code} {one_line(text, limit=160)}”".replace(" ”", "”")
    if 400 <= code < 500:
        return _temporary(subject, detail, host=host, recipient=recipient, said=said)
    if code in _SIGN_IN or stage == "login":
        return DeliveryError(
            f"{host} did not accept the user name and password of this channel ({said}). "
            "An administrator has to correct them in the channel's settings; then send again.",
            code="account.login",
            permanent=True,
        )
    if (subject, detail) == (2, 2):
        return DeliveryError(
            f"The mailbox of {recipient or 'the recipient'} is full ({said}). "
            "Try again another day or use another channel.",
            code="recipient.full",
            permanent=True,
        )
    if (subject, detail) in {(3, 4), (2, 3)} or (code == 552 and subject is None):
        return too_large(host, said=said)
    if subject == 7 or stage in {"connect", "sender"}:
        return DeliveryError(
            f"{host} refuses mail from {sender or 'this channel'} by its policy ({said}). An "
            "administrator has to look at the account at the mail provider and at the SPF, DKIM "
            "and DMARC check in the channel's settings.",
            code="account.policy",
            permanent=True,
        )
    if subject == 1 or (stage == "recipient" and code in _NO_SUCH_MAILBOX):
        return DeliveryError(
            f"{recipient or 'The address'} does not exist, says {host} ({said}). "
            "Check the address and send again.",
            code="recipient.unknown",
            permanent=True,
        )
    return DeliveryError(
        f"{host} refused this mail ({said}). Change it, or write to the customer another way.",
        code="message.refused",
        permanent=True,
    )


def _temporary(
    subject: int | None, detail: int | None, *, host: str, recipient: str, said: str
) -> DeliveryError:
    if (subject, detail) == (2, 2):
        return DeliveryError(
            f"The mailbox of {recipient or 'the recipient'} is full ({said}). The mail waits and "
            "is tried again.",
            code="recipient.full",
            permanent=False,
            retry_after=FULL_MAILBOX_PAUSE,
        )
    return DeliveryError(
        f"{host} cannot take the mail right now ({said}). It waits and is tried again.",
        code="server.busy",
        permanent=False,
        retry_after=BUSY_PAUSE,
    )


def too_large(host: str, *, size: int = 0, limit: int = 0, said: str = "") -> DeliveryError:
    """Return the error for a mail over somebody's limit; sizes in bytes as they would travel."""
    if limit:
        fact = f"This mail is {size / 1e6:.1f} MB on its way and {host} takes {limit / 1e6:.0f} MB"
    else:
        fact = f"This mail is larger than {host} takes ({said})"
    return DeliveryError(
        f"{fact}. Remove a file or share it as a link, then send again.",
        code="message.too_large",
        permanent=True,
    )


def _enhanced(text: str) -> tuple[int | None, int | None, int | None]:
    match = _ENHANCED.search(text)
    if match is None:
        return None, None, None
    return int(match[1]), int(match[2]), int(match[3])
