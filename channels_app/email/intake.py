"""One stored event → keys and facts, whichever service it came from. Pure, so it can run apart."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from channels_app.contract import Account, InboundItem, Keys, UnsupportedEventError

from .addresses import domain_of, normalise, parse_addresses
from .esp import mailgun, postmark, sendgrid, ses
from .esp.fields import form_fields, load_json, mapping, text
from .esp.incoming import IncomingMail
from .parse import parse_mail
from .threading_clues import mail_key, sender_of

#: Domains of everybody: being there makes nobody a colleague.
_PUBLIC_DOMAINS_WORDS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com "
    "icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de "
    "proton.me protonmail.com zoho.com mail.com mail.ru yandex.ru qq.com 163.com orange.fr "
    "free.fr laposte.net libero.it comcast.net fastmail.com"
)
PUBLIC_DOMAINS = frozenset(_PUBLIC_DOMAINS_WORDS.split())


def keys_of(raw: bytes, headers: Mapping[str, str], variant: str) -> Keys:
    """Return dedupe and order keys without a full parse; never raises."""
    try:
        return _KEYS.get(variant, _mail_keys)(raw, headers)
    except Exception:
        # An event must be kept whatever it holds.
        return Keys(_hash(raw), _hash(raw))


def parse_event(
    raw: bytes, headers: Mapping[str, str], variant: str, account: Account
) -> list[InboundItem]:
    """Return everything one event says; runs in a process of its own where there is no alarm."""
    content_type = headers.get("content-type", "")
    match variant:
        case "mailgun":
            if mailgun.is_event(raw):
                return mailgun.event_items(raw)
            return _parse_incoming(mailgun.incoming_mail(raw, content_type), account)
        case "postmark":
            payload = postmark.loaded(raw)
            if not mapping(payload):
                raise UnsupportedEventError("The post from Postmark is no JSON object.")
            if postmark.is_event(payload):
                return postmark.event_items(payload)
            return _parse_incoming(postmark.incoming_mail(payload), account)
        case "sendgrid":
            if sendgrid.is_event(raw):
                return sendgrid.event_items(raw)
            return _parse_incoming(sendgrid.incoming_mail(raw, content_type), account)
        case "ses":
            found = ses.read(raw)
            return _parse_incoming(found, account) if isinstance(found, IncomingMail) else found
    return _parse_incoming(IncomingMail(raw), account)


def _parse_incoming(mail: IncomingMail, account: Account) -> list[InboundItem]:
    settings = account.settings
    own_addresses = [account.address, *_texts(settings.get("own_addresses"))]
    own_domains = _texts(settings.get("own_domains"))
    if not own_domains:
        own_domains = [
            domain
            for domain in map(domain_of, own_addresses)
            if domain and domain not in PUBLIC_DOMAINS
        ]
    return parse_mail(
        mail.raw,
        own_addresses=own_addresses,
        own_domains=own_domains,
        authserv_id=str(settings.get("authserv_id") or ""),
        envelope_recipients=mail.envelope_recipients,
        known_tokens=mail.reply_tokens,
        verdict=mail.verdict,
    )


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _mail_keys(raw: bytes, _headers: Mapping[str, str]) -> Keys:
    key = mail_key(raw)
    return Keys(key, sender_of(raw) or key)


def _mailgun_keys(raw: bytes, headers: Mapping[str, str]) -> Keys:
    """Mails are keyed by the token: it counts once, so no other body can come under it."""
    if mailgun.is_event(raw):
        event = mapping(load_json(raw), "event-data")
        identity = text(event, "id")
        key = f"mailgun:event:{identity}" if identity else _hash(raw)
        return Keys(key, normalise(text(event, "recipient")) or key)
    content_type = headers.get("content-type", "")
    token, who, envelope_sender = form_fields(raw, content_type, ("token", "from", "sender"))
    if not token:
        return _mail_keys(mailgun.incoming_mail(raw, content_type).raw, headers)
    people = parse_addresses(who or envelope_sender)
    key = f"mailgun:token:{token}"
    return Keys(key, normalise(people[0].address) if people else key)


def _postmark_keys(raw: bytes, _headers: Mapping[str, str]) -> Keys:
    payload = postmark.loaded(raw)
    if postmark.is_event(payload):
        key = postmark.event_key(payload)
        return Keys(key, normalise(text(payload, "Recipient") or text(payload, "Email")) or key)
    identity = text(payload, "MessageID")
    mail = postmark.incoming_mail(payload)
    key = f"postmark:mail:{identity}" if identity.strip("0-") else mail_key(mail.raw)
    return Keys(key, sender_of(mail.raw) or key)


def _sendgrid_keys(raw: bytes, headers: Mapping[str, str]) -> Keys:
    if sendgrid.is_event(raw):
        return Keys(_hash(raw), _hash(raw))
    return _mail_keys(sendgrid.incoming_mail(raw, headers.get("content-type", "")).raw, headers)


def _ses_keys(raw: bytes, headers: Mapping[str, str]) -> Keys:
    envelope, message = ses.envelope_and_message(raw)
    identity = text(envelope, "MessageId")
    key = f"sns:{identity}" if identity else _hash(raw)
    source = text(message, "mail", "source")
    return Keys(key, normalise(source) or key)


def _hash(raw: bytes) -> str:
    return "body:" + hashlib.sha256(raw).hexdigest()


_KEYS: dict[str, Callable[[bytes, Mapping[str, str]], Keys]] = {
    "mailgun": _mailgun_keys,
    "postmark": _postmark_keys,
    "sendgrid": _sendgrid_keys,
    "ses": _ses_keys,
}
