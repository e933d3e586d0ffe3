"""What the HTTP answer of a mail service means, as a ``DeliveryError`` with a sentence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from channels_app.contract import DeliveryError, UnconfirmedDeliveryError
from channels_app.email.out.addresses import one_line

#: Seconds, when the service does not say itself how long to wait.
BUSY_PAUSE = 60.0
LONGEST_PAUSE = timedelta(hours=4).total_seconds()


def error_for_status(
    status: int,
    *,
    service: str,
    said: str = "",
    headers: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> DeliveryError:
    """Return the error for an answer that is not a success; ``said`` is the service's own words.

    504 is no refusal: a gateway lost the answer of a machine that may have taken the mail.
    """
    words = one_line(said, limit=160)
    reason = f" (“{words}”)" if words else f" (HTTP {status})"
    if status == 429:
        return DeliveryError(
            f"{service} asks for a pause: too many mails at once. The mail waits and is tried "
            "again.",
            code="server.throttled",
            permanent=False,
            retry_after=retry_after(headers or {}, now=now),
        )
    if status == 504:
        return unconfirmed(service)
    if status >= 500:
        return DeliveryError(
            f"{service} has trouble of its own (HTTP {status}). The mail waits and is tried again.",
            code="server.busy",
            permanent=False,
            retry_after=retry_after(headers or {}, now=now),
        )
    if status == 401:
        return DeliveryError(
            f"{service} did not accept the key of this channel. An administrator has to enter a "
            "valid key in the channel's settings; then send again.",
            code="account.login",
            permanent=True,
        )
    if status in {402, 403}:
        return policy_refusal(service, reason)
    if status == 404:
        return DeliveryError(
            f"{service} does not know the sending domain of this channel{reason}. An administrator "
            "has to check domain and region in the channel's settings.",
            code="account.settings",
            permanent=True,
        )
    if status == 413:
        return DeliveryError(
            f"This mail is larger than {service} takes. Remove a file or share it as a link, then "
            "send again.",
            code="message.too_large",
            permanent=True,
        )
    return DeliveryError(
        f"{service} refused this mail{reason}. Change it, or write to the customer another way.",
        code="message.refused",
        permanent=True,
    )


def policy_refusal(service: str, reason: str) -> DeliveryError:
    """Return the error for an account that may not send (like this), whatever the mail."""
    return DeliveryError(
        f"{service} does not let this channel send{reason}. An administrator has to look at the "
        f"account at {service}: sender address, domain and plan.",
        code="account.policy",
        permanent=True,
    )


def unreachable(service: str) -> DeliveryError:
    """Return the error for a call that never reached the service."""
    return DeliveryError(
        f"{service} cannot be reached. The mail waits and is tried again.",
        code="server.unreachable",
        permanent=False,
        retry_after=BUSY_PAUSE,
    )


def unconfirmed(service: str) -> UnconfirmedDeliveryError:
    """Return the error for a call that left and was never answered."""
    return UnconfirmedDeliveryError(
        f"The mail was handed to {service}, but no answer came. The customer may already have it: "
        "ask or look before you send again."
    )


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float:
    """Return the pause a service asks for, in seconds: a number or a date, at most four hours."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    text = given.strip()
    if text.replace(".", "", 1).isdecimal():
        return min(max(float(text), 1.0), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return BUSY_PAUSE
    if moment.tzinfo is None:
        return BUSY_PAUSE
    seconds = (moment - (now or datetime.now(tz=moment.tzinfo))).total_seconds()
    return min(max(seconds, 1.0), LONGEST_PAUSE)
