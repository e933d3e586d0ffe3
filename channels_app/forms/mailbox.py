"""An e-mail channel's settings. Secrets can be typed and replaced, never read back."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from channels_app.forms.fields import LinesField, SecretField

RECEIVE = (
    ("imap", "IMAP: we look into the mailbox"),
    ("mailgun", "Mailgun route"),
    ("postmark", "Postmark inbound stream"),
    ("sendgrid", "SendGrid Inbound Parse"),
    ("ses", "Amazon SES through SNS"),
    ("raw", "A signed post of the whole mail"),
)
TRANSPORT = (
    ("smtp", "SMTP server"),
    ("mailgun", "Mailgun"),
    ("postmark", "Postmark"),
    ("sendgrid", "SendGrid"),
    ("ses", "Amazon SES"),
)
SECURITY = (
    ("tls", "TLS from the first byte"),
    ("starttls", "STARTTLS"),
    ("none", "None (only on this machine)"),
)
HISTORY = (
    (0, "Nothing: begin with mail that comes from now on"),
    (7, "The last 7 days"),
    (30, "The last 30 days"),
    (90, "The last 90 days"),
)


class NewMailboxForm(forms.Form):
    name = forms.CharField(
        max_length=80, help_text="Customers see it as the sender: Ida (your shop's name)."
    )
    address = forms.EmailField(
        label="Mailbox",
        help_text="Where customers write to, and what answers come from.",
        widget=forms.EmailInput(attrs={"placeholder": "support@shop.example"}),
    )
    receive = forms.ChoiceField(
        label="Mail comes in by",
        choices=RECEIVE,
        widget=forms.RadioSelect,
        initial="imap",
        help_text="IMAP works with every mailbox. A mail service is faster. You can change it later.",
    )


class MailboxForm(forms.Form):
    """All of an e-mail channel; parts that do not belong to the chosen ways are ignored."""

    name = forms.CharField(
        max_length=80, help_text="Customers see it as the sender: Ida (your shop's name)."
    )
    address = forms.EmailField(
        label="Mailbox", help_text="Where customers write to, and what answers come from."
    )
    own_addresses = LinesField(
        required=False,
        label="Other addresses of yours",
        help_text="Aliases that end in this mailbox, one in each line, so that nobody answers "
        "themselves.",
    )
    authserv_id = forms.CharField(
        required=False,
        max_length=200,
        label="Receiving server",
        help_text="The name your mail provider puts first into Authentication-Results, such as "
        "mx.google.com. Only its findings make a sender count as verified.",
    )
    plus_addressing = forms.BooleanField(
        required=False,
        label="Plus addresses",
        help_text="The mailbox takes mail to support+anything@… (most do). Answers are matched best.",
    )

    receive = forms.ChoiceField(label="Mail comes in by", choices=RECEIVE, widget=forms.RadioSelect)
    imap_host = forms.CharField(
        required=False,
        max_length=200,
        label="IMAP server",
        help_text="For example imap.shop.example.",
    )
    imap_security = forms.ChoiceField(choices=SECURITY, required=False, label="Encryption")
    imap_port = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=65535,
        label="Port",
        help_text="Empty: 993 with TLS, 143 otherwise.",
    )
    imap_user = forms.CharField(
        required=False,
        max_length=200,
        label="User",
        help_text="Empty: the mailbox's address.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    imap_password = SecretField(
        label="Password", help_text="With two-factor sign-in: an app password of the provider."
    )
    imap_folder = forms.CharField(
        required=False, max_length=200, label="Folder", help_text="Empty: INBOX."
    )
    imap_first_days = forms.TypedChoiceField(
        choices=HISTORY,
        coerce=int,
        empty_value="0",
        required=False,
        label="Take over",
        widget=forms.RadioSelect,
        help_text="Counts at the first connection only. Old mail is filed as closed; nobody is "
        "notified and nothing is answered.",
    )
    mailgun_signing_key = SecretField(
        label="Signing key", help_text="Mailgun: Settings, API security, HTTP webhook signing key."
    )
    sendgrid_public_key = SecretField(
        label="Verification key",
        help_text="SendGrid: the public key of the signed event webhook. Optional.",
    )
    sns_topics = LinesField(
        required=False,
        label="SNS topic",
        help_text="Its ARN, like arn:aws:sns:eu-west-1:123456789012:inbound. Posts of others are "
        "refused.",
    )

    transport = forms.ChoiceField(
        label="Answers leave by", choices=TRANSPORT, widget=forms.RadioSelect
    )
    smtp_host = forms.CharField(
        required=False,
        max_length=200,
        label="SMTP server",
        help_text="For example smtp.shop.example.",
    )
    smtp_security = forms.ChoiceField(choices=SECURITY, required=False, label="Encryption ")
    smtp_port = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=65535,
        label="Port ",
        help_text="Empty: 465 with TLS, 587 with STARTTLS, 25 without.",
    )
    smtp_user = forms.CharField(
        required=False,
        max_length=200,
        label="User ",
        help_text="Empty: without signing in.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    smtp_password = SecretField(label="Password ")
    dkim_selector = forms.CharField(
        required=False,
        max_length=63,
        label="DKIM selector",
        help_text="What stands before ._domainkey in the DKIM record of your mail server, so that "
        "the check below can look it up.",
    )
    api_key = SecretField(label="API key", help_text="One that may send, and nothing else.")
    mailgun_domain = forms.CharField(
        required=False, max_length=200, label="Mailgun domain", help_text="Empty: the mailbox's."
    )
    mailgun_region = forms.ChoiceField(
        required=False, label="Region", choices=(("us", "United States"), ("eu", "Europe"))
    )
    postmark_stream = forms.CharField(
        required=False, max_length=60, label="Message stream", help_text="Empty: outbound."
    )
    ses_region = forms.CharField(
        required=False, max_length=40, label="AWS region", help_text="For example eu-west-1."
    )
    ses_access_key_id = forms.CharField(
        required=False,
        max_length=128,
        label="Access key id",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ses_secret_access_key = SecretField(label="Secret access key")

    #: Settings that are stored as they are.
    PLAIN = (
        "own_addresses",
        "authserv_id",
        "plus_addressing",
        "imap_security",
        "imap_port",
        "imap_user",
        "imap_folder",
        "imap_first_days",
        "sns_topics",
        "transport",
        "smtp_host",
        "smtp_security",
        "smtp_port",
        "smtp_user",
        "dkim_selector",
        "mailgun_domain",
        "mailgun_region",
        "postmark_stream",
        "ses_region",
        "ses_access_key_id",
    )
    SECRETS = (
        "imap_password",
        "mailgun_signing_key",
        "sendgrid_public_key",
        "smtp_password",
        "api_key",
        "ses_secret_access_key",
    )

    CONDITIONAL = (
        "imap_host",
        "imap_security",
        "imap_password",
        "imap_first_days",
        "mailgun_signing_key",
        "sns_topics",
        "smtp_host",
        "smtp_security",
        "smtp_password",
        "api_key",
        "mailgun_region",
        "ses_region",
        "ses_access_key_id",
        "ses_secret_access_key",
    )

    def __init__(
        self,
        *args: Any,
        chosen: Mapping[str, Any],
        stored: set[str],
        name: str,
        address: str,
        **kwargs: Any,
    ) -> None:
        initial = {
            **{key: chosen.get(key) for key in self.PLAIN},
            "imap_security": chosen.get("imap_security") or "tls",
            "imap_host": chosen.get("imap_host") or chosen.get("imap_host_kept"),
            "imap_first_days": chosen.get("imap_first_days") or 0,
            "smtp_security": chosen.get("smtp_security") or "starttls",
            "plus_addressing": chosen.get("plus_addressing", True),
            "transport": chosen.get("transport") or "smtp",
            "receive": chosen.get("esp") or "raw",
            "name": name,
            "address": address,
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.stored = stored
        for conditional in self.CONDITIONAL:
            # Needed or not, depending on the ways chosen: "optional" would be half a truth.
            self.fields[conditional].conditional = True  # type: ignore[attr-defined]
        for secret in self.SECRETS:
            if secret in stored:
                self.fields[secret].widget.attrs["placeholder"] = "Set. Type to replace it."

    def clean_own_addresses(self) -> list[str]:
        found = [line.lower() for line in self.cleaned_data["own_addresses"]]
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(f"“{address}” is not an e-mail address.") from None
        return found

    def clean_sns_topics(self) -> list[str]:
        found: list[str] = self.cleaned_data["sns_topics"]
        for topic in found:
            if not re.fullmatch(r"arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+", topic):
                raise ValidationError(
                    f"“{topic}” is no topic. Its ARN looks like "
                    "arn:aws:sns:eu-west-1:123456789012:inbound."
                )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("receive") == "imap":
            self._need("imap_host", "Enter the name of the IMAP server.")
            self._need_secret("imap_password", "Enter the mailbox's password.")
        if data.get("receive") == "mailgun":
            self._need_secret("mailgun_signing_key", "Enter Mailgun's signing key.")
        if data.get("receive") == "ses":
            self._need("sns_topics", "Enter the ARN of the SNS topic that carries the mail.")
        match data.get("transport"):
            case "smtp":
                self._need("smtp_host", "Enter the name of the SMTP server.")
                if data.get("smtp_user"):
                    self._need_secret("smtp_password", "Enter the password of this user.")
            case "mailgun" | "postmark" | "sendgrid":
                self._need_secret("api_key", "Enter the API key.")
            case "ses":
                self._need("ses_region", "Enter the region, for example eu-west-1.")
                self._need("ses_access_key_id", "Enter the access key id.")
                self._need_secret("ses_secret_access_key", "Enter the secret access key.")
        return data

    def settings(self) -> dict[str, Any]:
        """Return what is stored in the clear."""
        data = self.cleaned_data
        by_imap = data["receive"] == "imap"
        return {
            **{key: data[key] for key in self.PLAIN},
            "esp": data["receive"],
            # A host is what makes the mailbox be looked into; kept aside while it is not.
            "imap_host": data["imap_host"] if by_imap else "",
            "imap_host_kept": data["imap_host"],
        }

    def secrets(self) -> dict[str, str]:
        """Return what was typed into the secret fields."""
        return {key: self.cleaned_data[key] for key in self.SECRETS}

    def _need(self, name: str, sentence: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, sentence)

    def _need_secret(self, name: str, sentence: str) -> None:
        if name not in self.stored:
            self._need(name, sentence)
