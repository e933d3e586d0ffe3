"""Who sends a channel's mail, and what that sender wants in the DNS of the domain."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """One way of sending.

    ``spf`` is the mechanism that the domain's SPF record must contain; "" for a service that sends
    under its own bounce address, where the domain's record is never asked.
    """

    name: str
    spf: str
    #: DKIM selectors it always uses; () where it makes one up for each domain.
    selectors: tuple[str, ...]
    #: Where the merchant finds the key.
    dkim_where: str
    #: What the selector's CNAME points to, with ``{selector}`` and ``{domain}``, or "".
    target: str = ""

    def dkim_target(self, selector: str, domain: str) -> str:
        """Return what the selector's CNAME points to, or "" if only the service knows."""
        return self.target.format(selector=selector, domain=domain)


SERVICES = {
    "mailgun": Sender(
        "Mailgun",
        "include:mailgun.org",
        ("k1", "mx", "mailo", "smtp", "s1", "krs", "pic"),
        "Mailgun shows the record under Sending, Domain settings, DNS records.",
    ),
    "postmark": Sender(
        "Postmark",
        "",
        ("pm",),
        "Postmark shows the record under Sender Signatures, DNS Settings; its selector begins "
        "with a date.",
    ),
    "sendgrid": Sender(
        "SendGrid",
        "",
        ("s1", "s2"),
        "SendGrid shows two CNAME records under Settings, Sender Authentication.",
    ),
    "ses": Sender(
        "Amazon SES",
        "",
        (),
        "Amazon shows three CNAME records under Verified identities, DKIM.",
    ),
}

#: Well-known SMTP hosts, by the end of their name.
HOSTS = {
    "gmail.com": Sender(
        "Google",
        "include:_spf.google.com",
        ("google",),
        "Google shows the record in the Admin console under Apps, Gmail, Authenticate email.",
    ),
    "office365.com": Sender(
        "Microsoft 365",
        "include:spf.protection.outlook.com",
        ("selector1", "selector2"),
        "Microsoft shows two CNAME records in the Defender portal under Email authentication.",
    ),
    "zoho.com": Sender(
        "Zoho", "include:zohomail.com", ("zmail", "zoho"),
        "Zoho shows the record in the Mail admin console under Domains, DKIM.",
    ),
    "zoho.eu": Sender(
        "Zoho", "include:zohomail.eu", ("zmail", "zoho"),
        "Zoho shows the record in the Mail admin console under Domains, DKIM.",
    ),
    "fastmail.com": Sender(
        "Fastmail", "include:spf.messagingengine.com", ("fm1", "fm2", "fm3"),
        "Fastmail shows three CNAME records under Settings, Domains.",
        "{selector}.{domain}.dkim.fmhosted.com",
    ),
    "mailbox.org": Sender(
        "mailbox.org", "include:mailbox.org", ("mbo0001",),
        "Add all of mailbox.org's keys MBO0001 to MBO0004.",
        "{selector}._domainkey.mailbox.org",
    ),
    "ionos.com": Sender(
        "IONOS", "include:_spf-us.ionos.com", ("s1-ionos", "s2-ionos"),
        "IONOS adds the records by itself when its own name servers are used.",
    ),
    "ionos.de": Sender(
        "IONOS", "include:_spf-eu.ionos.com", ("s1-ionos", "s2-ionos"),
        "IONOS adds the records by itself when its own name servers are used.",
    ),
    "postmarkapp.com": SERVICES["postmark"],
    "mailgun.org": SERVICES["mailgun"],
    "sendgrid.net": SERVICES["sendgrid"],
    "amazonaws.com": SERVICES["ses"],
}  # fmt: skip


def sender_for(transport: str, smtp_host: str = "") -> Sender:
    """Return who sends, by the channel's transport and, for SMTP, by the server's name."""
    if transport in SERVICES:
        return SERVICES[transport]
    host = smtp_host.strip().rstrip(".").lower()
    for ending, sender in HOSTS.items():
        if host == ending or host.endswith(f".{ending}"):
            return sender
    named = bool(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+", host))
    return Sender(
        name=host if named else "your mail server",
        spf=f"a:{host}" if named else "mx",
        selectors=(),
        dkim_where="Ask whoever runs the server for its DKIM record.",
    )
