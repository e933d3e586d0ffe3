"""A shopper's mail client and the servers in between: answers, first mails, bounces."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr

from sandbox.outbox import Entry

SERVER = "mx.sandbox.example"


def reply_to(entry: Entry, text: str, *, name: str = "", subject: str = "") -> bytes:
    """Return the mail a shopper's client writes when they press Reply on ``entry``."""
    original = message_from_bytes(entry.raw, policy=policy.default)
    answer_to = str(original.get("Reply-To") or original.get("From") or "")
    message_id = str(original.get("Message-ID") or "")
    references = " ".join([*str(original.get("References") or "").split(), message_id]).strip()
    own_subject = entry.subject or ""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = formataddr((name or display_name(entry.to), entry.to))
    mail["To"] = answer_to
    mail["Subject"] = subject or _reply_subject(own_subject)
    mail["Date"] = format_datetime(datetime.now(tz=UTC))
    mail["Message-ID"] = make_msgid(domain=entry.to.rpartition("@")[2] or "shopper.example")
    if message_id:
        mail["In-Reply-To"] = message_id
        mail["References"] = references
    attribution = f"On {original.get('Date', '')}, {original.get('From', '')} wrote:"
    quoted = "\n".join(f"> {line}".rstrip() for line in entry.body.rstrip().splitlines())
    mail.set_content(f"{text.rstrip()}\n\n{attribution}\n\n{quoted}\n", cte="quoted-printable")
    mail.add_alternative(_html_reply(text, attribution, entry), subtype="html")
    return mail.as_bytes()


def first_mail(
    *, sender: str, to: str, subject: str, text: str, name: str = "", cc: str = ""
) -> bytes:
    """Return a fresh mail of a shopper."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = formataddr((name or display_name(sender), sender))
    mail["To"] = to
    if cc:
        mail["Cc"] = cc
    mail["Subject"] = subject
    mail["Date"] = format_datetime(datetime.now(tz=UTC))
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "shopper.example")
    mail.set_content(text.rstrip() + "\n", cte="quoted-printable")
    return mail.as_bytes()


def delivered(raw: bytes, *, recipient: str, sender: str, authserv_id: str = "") -> bytes:
    """Return the mail with what the receiving server puts above it."""
    mail = message_from_bytes(raw, policy=policy.default)
    domain = parseaddr(str(mail.get("From", "")))[1].rpartition("@")[2]
    now = format_datetime(datetime.now(tz=UTC))
    lines = [f"Return-Path: <{sender}>", f"Delivered-To: {recipient}"]
    if authserv_id:
        lines.append(
            f"Authentication-Results: {authserv_id};\r\n spf=pass smtp.mailfrom={domain};"
            f"\r\n dkim=pass header.d={domain};\r\n dmarc=pass header.from={domain}"
        )
    lines.append(f"Received: from {domain or 'unknown'} by {SERVER} with ESMTP;\r\n {now}")
    return "".join(f"{line}\r\n" for line in lines).encode() + raw


def bounce(raw: bytes, *, recipient: str, envelope_sender: str) -> bytes:
    """Return the report of a server that took the mail and could not deliver it (RFC 3464)."""
    boundary = "sandbox-report"
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    now = format_datetime(datetime.now(tz=UTC))
    report = f"""From: Mail Delivery System <MAILER-DAEMON@{SERVER}>
To: {envelope_sender}
Subject: Undelivered Mail Returned to Sender
Date: {now}
Message-ID: {make_msgid(domain=SERVER)}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=us-ascii

This is the mail system at {SERVER}.
<{recipient}>: host mx.example said: 550 5.1.1 User unknown

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; {SERVER}
Arrival-Date: {now}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--{boundary}
Content-Type: text/rfc822-headers

"""
    body = report.replace("\n", "\r\n").encode() + head
    return body + f"\r\n\r\n--{boundary}--\r\n".encode()


def display_name(address: str) -> str:
    """Return “Jane Doe” for jane.doe@…: what a shopper would have typed into their client."""
    return re.sub(r"[._-]+", " ", address.partition("@")[0].partition("+")[0]).title()


def _reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _html_reply(text: str, attribution: str, entry: Entry) -> str:
    """Return the markup Gmail writes, which is what most shoppers use."""
    written = _escape(text.rstrip()).replace("\n", "<br>")
    shown = re.search(r"<body[^>]*>(.*)</body>", entry.html, re.DOTALL | re.IGNORECASE)
    original = shown[1] if shown else f"<pre>{_escape(entry.body)}</pre>"
    # Gmail puts a number before every class it quotes.
    original = re.sub(r'class="([^"]+)"', r'class="m_-4711\1"', original)
    return (
        f'<div dir="ltr">{written}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{_escape(attribution)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;'
        f'padding-left:1ex">{original}</blockquote></div>'
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
