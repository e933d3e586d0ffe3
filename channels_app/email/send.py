"""The way out for mail: build it once, hand it to the transport the account names.

Settings of an account: ``transport`` (``smtp`` unless said otherwise, ``mailgun``, ``postmark``,
``sendgrid``, ``ses``), then per transport ``smtp_host smtp_port smtp_security smtp_user``,
``mailgun_domain mailgun_region``, ``postmark_stream``, ``ses_region ses_access_key_id``;
``api_url`` for another address of the service, ``plus_addressing`` (false: the mailbox knows no
plus addresses) and ``max_message_bytes``. Secrets: ``smtp_password`` or ``smtp_access_token``,
``api_key``, ``ses_secret_access_key``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives

from channels_app.contract import Account, DeliveryError, Outbound, SendResult
from channels_app.email.out.compose import build_mail, envelope_sender
from channels_app.email.out.replies import too_large
from channels_app.email.out.services import send_by_service
from channels_app.email.out.ses import send_by_ses
from channels_app.email.out.smtp import Server, transmit

__all__ = ["ACCOUNT_CODES", "SendResult", "build_mail", "send_mail"]

#: Errors that no agent can mend: pause the channel and tell an administrator.
ACCOUNT_CODES = frozenset({"account.login", "account.policy", "account.settings", "account.tls"})

#: Bytes of the whole mail as it travels (files grow by a third). Sources: the services' own pages;
#: 25 MB is what most receivers take.
SIZE_LIMITS = {
    "smtp": 25_000_000,
    "mailgun": 25_000_000,
    "postmark": 10_000_000,
    "sendgrid": 30_000_000,
    "ses": 40_000_000,
}


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One mail, built and serialised, with everything a transport may want."""

    message: EmailMultiAlternatives
    raw: bytes
    outbound: Outbound
    account: Account

    @property
    def to(self) -> list[str]:
        return _bare(self.message.to)

    @property
    def copies(self) -> list[str]:
        return _bare([*self.message.cc, *self.message.bcc])


def send_mail(outbound: Outbound, account: Account) -> SendResult:
    """Hand one mail to the account's transport. Raises DeliveryError."""
    transport = str(account.settings.get("transport") or "smtp")
    hand_over = TRANSPORTS.get(transport)
    if hand_over is None:
        raise DeliveryError(
            f"This channel is set to send by “{transport}”, which does not exist. An "
            "administrator has to choose another way in the channel's settings.",
            code="account.settings",
            permanent=True,
        )
    message = build_mail(outbound, account)
    raw = message.message().as_bytes(linesep="\r\n")
    limit = int(account.settings.get("max_message_bytes") or SIZE_LIMITS[transport])
    if len(raw) > limit:
        raise too_large(transport_name(transport, account), size=len(raw), limit=limit)
    return hand_over(_Parcel(message, raw, outbound, account))


def transport_name(transport: str, account: Account) -> str:
    """Return what an agent would call the transport: the service's name or the server's."""
    names = {"mailgun": "Mailgun", "postmark": "Postmark", "sendgrid": "SendGrid", "ses": "SES"}
    return names.get(transport) or str(account.settings.get("smtp_host") or "the mail server")


def _by_smtp(parcel: _Parcel) -> SendResult:
    return transmit(
        parcel.raw,
        message_id=parcel.outbound.message_id,
        sender=envelope_sender(parcel.outbound, parcel.account),
        to=parcel.to,
        copies=parcel.copies,
        server=Server.of(parcel.account),
    )


def _by_ses(parcel: _Parcel) -> SendResult:
    return send_by_ses(
        parcel.raw,
        sender=parcel.message.from_email,
        to=parcel.to,
        copies=parcel.copies,
        account=parcel.account,
    )


def _by(service: str) -> Callable[[_Parcel], SendResult]:
    def hand_over(parcel: _Parcel) -> SendResult:
        return send_by_service(service, parcel.message, parcel.outbound, parcel.account)

    return hand_over


TRANSPORTS: Mapping[str, Callable[[_Parcel], SendResult]] = {
    "smtp": _by_smtp,
    "ses": _by_ses,
    "mailgun": _by("mailgun"),
    "postmark": _by("postmark"),
    "sendgrid": _by("sendgrid"),
}


def _bare(addresses: Sequence[str]) -> list[str]:
    return [parseaddr(address)[1] for address in addresses]
