"""Where allauth meets our rules: no open sign-up, and second factors sealed at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest

from helpdesk.foundation.crypto import decrypt, encrypt

#: allauth greets and says good-bye on every sign-in; the page itself says that already.
SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for people who were invited."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and password don't belong together. "
        "Try again, or reset the password.",
        "too_many_login_attempts": "Too many attempts for this address. Wait five minutes, "
        "then try again, or reset the password.",
        "rate_limited": "Too many attempts from here. Wait a minute, then try again.",
        "account_inactive": "This account is switched off. Ask an owner of your workspace.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody comes in without an invitation; ``identity.views.entrance`` has the two doors."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def render_mail(
        self, template_prefix: str, email: Any, context: Any, headers: Any = None
    ) -> EmailMessage:
        """Name the product where allauth would name the site."""
        facts = {**context, "product": "Helpdesk"}
        message: EmailMessage = super().render_mail(template_prefix, email, facts, headers)
        return message

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template in SILENT:
            return
        super().add_message(request, level, message_template, *args, **kwargs)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator keys and recovery seeds are sealed like every other secret (PV-5)."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right. Codes change every 30 seconds: enter the one "
        "shown now.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return "Helpdesk"
