"""Handing a mail to Mailgun, Postmark or SendGrid through django-anymail, one account at a time.

Anymail reads Django's settings, of which there is one set; every channel here has its own keys, so
each backend is built with them in its constructor and thrown away after the mail.
"""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import requests
from anymail.backends import mailgun, postmark, sendgrid
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from anymail.message import AnymailStatus
from django.core.mail import EmailMultiAlternatives
from urllib3.exceptions import NewConnectionError

from channels_app.contract import Account, DeliveryError, DeliveryReceipt, Outbound, SendResult
from channels_app.email.out.result import refusal
from channels_app.email.out.statuses import (
    error_for_status,
    policy_refusal,
    unconfirmed,
    unreachable,
)

#: Seconds to connect, and between two bytes of the answer.
TIMEOUT = (10.0, 30.0)

#: Postmark's error codes that speak of the account and not of the mail: sender signature missing
#: or unconfirmed, credits used up, account not yet approved.
_POSTMARK_ACCOUNT_CODES = frozenset({400, 401, 405, 412, 413})
_NOT_TAKEN = frozenset({"rejected", "invalid"})


def send_by_service(
    service: str, message: EmailMultiAlternatives, outbound: Outbound, account: Account
) -> SendResult:
    """Send ``message`` by ``mailgun``, ``postmark`` or ``sendgrid``. Raises DeliveryError."""
    name, build = SERVICES[service]
    options: dict[str, Any] = {"timeout": account.settings.get("api_timeout", TIMEOUT)}
    if account.settings.get("api_url"):
        options["api_url"] = str(account.settings["api_url"])
    # What a status hook carries back, next to the provider's own id.
    message.metadata = {"delivery": outbound.delivery_id}  # type: ignore[attr-defined]
    try:
        backend = build(account, message, options)
        backend.send_messages([message])
    except AnymailRecipientsRefused as error:
        raise _nobody_taken(name, message) from error
    except AnymailRequestsAPIError as error:
        raise _api_error(name, error) from error
    except AnymailConfigurationError as error:
        raise _incomplete(name) from error
    except AnymailError as error:
        raise DeliveryError(
            f"This mail cannot be sent by {name}: {_first_line(error)}",
            code="message.refused",
            permanent=True,
        ) from error
    return _result(name, message, outbound)


def _mailgun(account: Account, message: EmailMultiAlternatives, options: dict[str, Any]) -> Any:
    if account.settings.get("mailgun_region") == "eu":
        options.setdefault("api_url", "https://api.eu.mailgun.net/v3")
    domain = account.settings.get("mailgun_domain") or account.address.rpartition("@")[2]
    return mailgun.EmailBackend(api_key=_key(account), sender_domain=str(domain), **options)


def _postmark(account: Account, message: EmailMultiAlternatives, options: dict[str, Any]) -> Any:
    # Without this header Postmark puts its own Message-ID on the wire.
    message.extra_headers["X-PM-KeepID"] = "true"
    stream = account.settings.get("postmark_stream")
    if stream:
        options["message_stream"] = str(stream)
    return postmark.EmailBackend(server_token=_key(account), **options)


def _sendgrid(account: Account, message: EmailMultiAlternatives, options: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        # Anymail's maintainers cannot test against SendGrid any more; our sandbox does.
        warnings.simplefilter("ignore")
        return sendgrid.EmailBackend(api_key=_key(account), **options)


Build = Callable[[Account, EmailMultiAlternatives, dict[str, Any]], Any]
SERVICES: Mapping[str, tuple[str, Build]] = {
    "mailgun": ("Mailgun", _mailgun),
    "postmark": ("Postmark", _postmark),
    "sendgrid": ("SendGrid", _sendgrid),
}


def _key(account: Account) -> str:
    key = account.secrets.get("api_key", "")
    if not key:
        raise AnymailConfigurationError("no key")
    return key


def _result(name: str, message: EmailMultiAlternatives, outbound: Outbound) -> SendResult:
    status: AnymailStatus = message.anymail_status  # type: ignore[attr-defined]
    ids = sorted({item.message_id for item in status.recipients.values() if item.message_id})
    aliases = [*ids[1:]]
    if name == "Postmark":
        aliases += [f"<{found}@mtasv.net>" for found in ids]  # in case it did not keep our id
    return SendResult(
        provider_id=ids[0] if ids else "",
        aliases=tuple(aliases),
        refused=tuple(_refusals(name, status, outbound.message_id)),
    )


def _refusals(name: str, status: AnymailStatus, message_id: str) -> list[DeliveryReceipt]:
    return [
        refusal(message_id, address, _not_taken(name, address, item.status))
        for address, item in status.recipients.items()
        if item.status in _NOT_TAKEN
    ]


def _nobody_taken(name: str, message: EmailMultiAlternatives) -> DeliveryError:
    recipients = message.anymail_status.recipients  # type: ignore[attr-defined]
    address, item = next(
        (entry for entry in recipients.items() if entry[1].status in _NOT_TAKEN),
        ("The recipient", None),
    )
    return _not_taken(name, address, item.status if item else "invalid")


def _not_taken(name: str, address: str, status: str) -> DeliveryError:
    if status == "rejected":
        return DeliveryError(
            f"{name} does not deliver to {address} any more: an earlier mail bounced or was "
            f"reported as spam. Check the address with the customer, then reactivate it at {name}.",
            code="recipient.suppressed",
            permanent=True,
        )
    return DeliveryError(
        f"{name} does not take {address} as a mail address. Correct it and send again.",
        code="recipient.invalid",
        permanent=True,
    )


def _api_error(name: str, error: Any) -> DeliveryError:
    if error.status_code is None:
        return _network_error(name, error.__cause__)
    answer = _json(error.response)
    if 200 <= error.status_code < 300:
        return unconfirmed(name)  # taken, perhaps: the answer made no sense
    said = str(answer.get("message") or answer.get("Message") or _sendgrid_words(answer))
    if answer.get("ErrorCode") in _POSTMARK_ACCOUNT_CODES:
        return policy_refusal(name, f" (“{said[:160]}”)")
    return error_for_status(
        error.status_code, service=name, said=said, headers=error.response.headers
    )


def _network_error(name: str, cause: BaseException | None) -> DeliveryError:
    """Say whether the call can have reached the service: only then it must not be repeated."""
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.SSLError):
        return unreachable(name)
    if isinstance(cause, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return _incomplete(name)
    inner = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    if isinstance(getattr(inner, "reason", inner), NewConnectionError):
        return unreachable(name)
    return unconfirmed(name)


def _incomplete(name: str) -> DeliveryError:
    return DeliveryError(
        f"{name} is not set up for this channel. An administrator has to enter key and domain in "
        "the channel's settings; then send again.",
        code="account.settings",
        permanent=True,
    )


def _json(response: Any) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _sendgrid_words(answer: dict[str, Any]) -> str:
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("message", "")) if isinstance(first, dict) else ""


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it says nothing more."])[0][:200]
