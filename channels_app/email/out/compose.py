"""From an ``Outbound`` to a mail: headers, text and HTML, inline images and files."""

import html
import re
from collections.abc import Iterable, Sequence
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.utils import formataddr
from typing import Any
from urllib.parse import unquote

import css_inline
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from inscriptis import get_text  # type: ignore[import-untyped]

from channels_app.contract import (
    Account,
    DeliveryError,
    Outbound,
    OutboundAttachment,
    Recipient,
)
from channels_app.email.marker import HTML_CLASS, TEXT_MARKER
from channels_app.email.out.addresses import AddressError, ascii_address, one_line, plus_address

#: RFC 5322 allows endless References; servers refuse long header blocks. First and last say all.
REFERENCES_KEPT = 20

# Quoted-printable passes servers without 8BITMIME and leaves nothing for a relay to re-encode,
# which would break a DKIM signature.
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)
_CONTENT_TYPE = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}", re.ASCII)
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")

_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


class ThreadedMail(EmailMultiAlternatives):
    """A mail whose inline images sit beside the HTML that shows them (``multipart/related``).

    Django puts every attachment into one ``multipart/mixed``, where several clients list the
    images of a signature as files. Provider backends read ``attachments`` and build their own.
    """

    def _create_alternatives(self, msg: Any) -> Any:
        alternative = SafeMIMEMultipart(_subtype="alternative", encoding=self.encoding)
        alternative.attach(msg)
        for content, mimetype in self.alternatives:
            part = self._create_mime_attachment(content, mimetype)  # type: ignore[attr-defined]
            alternative.attach(self._related(part))
        return alternative

    def _related(self, part: Message) -> Message:
        images = [item for item in self.attachments if _is_inline(item)]
        if not images:
            return part
        related = SafeMIMEMultipart(_subtype="related", encoding=self.encoding, type="text/html")
        related.attach(part)
        for image in images:
            related.attach(image)
        return related

    def _create_attachments(self, msg: Any) -> Any:
        files = [item for item in self.attachments if not _is_inline(item)]
        if not files:
            return msg
        mixed = SafeMIMEMultipart(_subtype="mixed", encoding=self.encoding)
        mixed.attach(msg)
        for item in files:
            part = item if isinstance(item, MIMEBase) else self._create_attachment(*item)  # type: ignore[attr-defined]
            mixed.attach(part)
        return mixed


def build_mail(outbound: Outbound, account: Account) -> EmailMultiAlternatives:
    """Return the mail as it will leave, whichever way it leaves.

    ``outbound.references`` is read oldest first. Raises DeliveryError (permanent) for an address
    nobody can write to and for a mail without a recipient.
    """
    sender = _own_address(account)
    seen: set[str] = set()
    to = _addresses(outbound.to, seen)
    cc = _addresses(outbound.cc, seen)
    bcc = _addresses(outbound.bcc, seen)
    if not to + cc + bcc:
        raise DeliveryError(
            "This message has no recipient. Add a mail address and send it again.",
            code="recipient.missing",
            permanent=True,
        )
    shop_name = one_line(account.name, limit=100)
    answers_to = _tagged(sender, outbound.reply_token, account)
    reply_to = [formataddr((shop_name, answers_to))] if answers_to else []
    body_html = _html_document(outbound)
    message = ThreadedMail(
        subject=one_line(outbound.subject),
        body=_text_body(outbound),
        from_email=formataddr((_from_name(outbound, shop_name), sender)),
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=reply_to,
        headers=_headers(outbound),
    )
    message.encoding = _UTF8
    message.attach_alternative(body_html, "text/html")
    shown = _content_ids(body_html)
    for attachment in outbound.attachments:
        message.attach(_part(attachment, shown))
    return message


def envelope_sender(outbound: Outbound, account: Account) -> str:
    """Return where bounces go: our mailbox with the bounce token, so a bounce names its mail."""
    sender = _own_address(account)
    tag = f"bounce-{outbound.bounce_token}" if outbound.bounce_token else ""
    return _tagged(sender, tag, account) or sender


def _tagged(address: str, tag: str, account: Account) -> str:
    """Return the plus address, or "" without a tag and for mailboxes that know no plus."""
    if not tag or not account.settings.get("plus_addressing", True):
        return ""
    return plus_address(address, tag)


def _own_address(account: Account) -> str:
    try:
        return ascii_address(account.address)
    except AddressError as error:
        raise DeliveryError(
            f"{error} Correct the address of this channel in its settings.",
            code="account.settings",
            permanent=True,
        ) from error


def _addresses(recipients: Iterable[Recipient], seen: set[str]) -> list[str]:
    """Return ``Name <address>`` per recipient; who was named before is not named again."""
    formatted = []
    for recipient in recipients:
        try:
            address = ascii_address(recipient.address)
        except AddressError as error:
            raise DeliveryError(
                f"{error} Correct it and send again.", code="recipient.invalid", permanent=True
            ) from error
        if address.casefold() not in seen:
            seen.add(address.casefold())
            formatted.append(formataddr((one_line(recipient.name, limit=100), address)))
    return formatted


def _from_name(outbound: Outbound, shop_name: str) -> str:
    author = one_line(outbound.author_name, limit=100)
    if author and shop_name and author != shop_name:
        return f"{author} ({shop_name})"
    return author or shop_name


def _headers(outbound: Outbound) -> dict[str, str]:
    headers = {
        "Message-ID": one_line(outbound.message_id),
        # Survives servers that put their own Message-ID on the wire.
        "X-Helpdesk-Delivery": one_line(outbound.delivery_id, limit=100),
    }
    answered = _MESSAGE_ID.findall(outbound.in_reply_to)[:1]
    references = _references(outbound.references, answered)
    if answered:
        headers["In-Reply-To"] = answered[0]
    if references:
        headers["References"] = " ".join(references)
    if outbound.automatic:
        # RFC 3834, Microsoft's own word for it, and what old list software reads.
        headers["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
        headers["Precedence"] = "auto_reply"
    return headers


def _references(given: Sequence[str], answered: Sequence[str]) -> list[str]:
    """Return the first and the last ids, the answered one at the end, each once."""
    ids = dict.fromkeys(
        found for item in given for found in _MESSAGE_ID.findall(item) if found not in answered
    )
    chain = [*ids, *answered]
    if len(chain) > REFERENCES_KEPT + 1:
        chain = [chain[0], *chain[-REFERENCES_KEPT:]]
    return chain


def _text_body(outbound: Outbound) -> str:
    text = outbound.text.strip("\n") or get_text(outbound.html).strip()
    return f"{TEXT_MARKER}\n\n{_without_nul(text)}\n"


def _html_document(outbound: Outbound) -> str:
    fragment = _without_nul(outbound.html) or _html_from_text(outbound.text)
    if "<style" in fragment.lower():
        fragment = _inlined(fragment)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
        f'<div class="{HTML_CLASS}" dir="auto">\n{fragment}\n</div>\n</body></html>\n'
    )


def _inlined(fragment: str) -> str:
    """Move ``<style>`` rules onto the elements: several webmails drop style elements."""
    try:
        return _INLINER.inline_fragment(fragment, "")
    except (css_inline.InlineError, ValueError):
        return fragment


def _html_from_text(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", _without_nul(text).strip())
    return "\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs)


def _linked(paragraph: str) -> str:
    pieces, end = [], 0
    for match in _URL.finditer(paragraph):
        url = html.escape(match.group())
        pieces += [html.escape(paragraph[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    pieces.append(html.escape(paragraph[end:]))
    return "".join(pieces).replace("\n", "<br>\n")


def _without_nul(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _content_ids(body_html: str) -> frozenset[str]:
    return frozenset(unquote(found).strip("<>").lower() for found in _CID.findall(body_html))


def _part(attachment: OutboundAttachment, shown: frozenset[str]) -> MIMEBase:
    """Return one file as it is: base64, so that no server touches its bytes."""
    content_type = attachment.content_type.partition(";")[0].strip().lower()
    if not _CONTENT_TYPE.fullmatch(content_type) or content_type.startswith(
        (
            "multipart/",
            "message/",
        )  # neither may be base64 (RFC 2046), so they travel as plain files
    ):
        content_type = "application/octet-stream"
    part = MIMEBase(*content_type.split("/", 1))
    part.set_payload(attachment.content)
    encode_base64(part)
    content_id = one_line(attachment.content_id, limit=200).strip("<> ").replace(" ", "")
    inline = bool(content_id) and content_id.lower() in shown
    if inline:
        part["Content-ID"] = f"<{content_id}>"
    part.add_header(
        "Content-Disposition",
        "inline" if inline else "attachment",
        filename=_header_filename(attachment.filename),
    )
    return part


def _header_filename(filename: str) -> str | tuple[str, str, str]:
    name = one_line(re.split(r"[/\\]", filename)[-1]).replace('"', "'")
    name = name.encode()[:255].decode(errors="ignore") or "file"
    return name if name.isascii() else ("utf-8", "", name)


def _is_inline(item: object) -> bool:
    return isinstance(item, MIMEBase) and item.get_content_disposition() == "inline"
