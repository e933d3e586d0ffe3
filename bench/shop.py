"""A workspace to measure with, and mails as customers write them."""

import hashlib
import hmac
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

from channels_app.registry import adapter_for
from channels_app.services import create_channel
from identity.models import User
from identity.services.workspaces import create_workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel

SECRET = "bench-secret"  # noqa: S105  (of a database that lives for a minute)
TEXT = (
    "the tent pole arrived bent and our trip is on Friday could you please send another one "
    "or tell us how to mend it we have attached nothing yet but can take a picture thank you "
)
WORDS = TEXT.split()


@dataclass(frozen=True, slots=True)
class Shop:
    workspace_id: UUID
    mail: Channel
    chat: Channel
    mail_path: str


def open_shop(slug: str) -> Shop:
    """Make a workspace with one mail and one chat channel."""
    from channels_app.models import ChannelAccount

    owner = User.objects.create_user(f"owner@{slug}.test", name="Owner")
    workspace = create_workspace(name=slug, slug=slug, owner=owner)
    with tenant_scope(workspace.pk):
        mail = create_channel(
            kind="email",
            name="Mail",
            address=f"support@{slug}.test",
            capabilities=adapter_for("email").capabilities,
            settings={"authserv_id": "mx.test", "own_addresses": [f"support@{slug}.test"]},
            secrets={"hook_secret": SECRET},
        )
        chat = create_channel(
            kind="chat", name="Chat", capabilities=adapter_for("chat").capabilities
        )
        key = ChannelAccount.objects.get(channel=mail).hook_key
    return Shop(workspace.pk, mail, chat, f"/hooks/email/raw/{mail.pk}/{key}")


def mail(number: int, *, to: str, senders: int = 400) -> bytes:
    """Return the number-th mail: about 250 words, some an answer with a quote below."""
    message = EmailMessage()
    sender = number % senders
    message["From"] = f"Customer {sender} <customer{sender}@example.test>"
    message["To"] = to
    message["Subject"] = f"Question {number} about my order"
    message["Message-ID"] = f"<bench-{number}@example.test>"
    message["Date"] = "Fri, 20 Nov 2026 12:00:00 +0000"
    if number % 3 == 0 and number >= senders:
        message["In-Reply-To"] = f"<bench-{number - senders}@example.test>"
    start = number % len(WORDS)
    text = " ".join((WORDS[start:] + WORDS[:start]) * 7)
    if number % 3 == 0:
        text += "\n\nOn Thu, 19 Nov 2026 at 10:00, Support <s@x.test> wrote:\n> Which one is it?\n"
    message.set_content(text)
    return message.as_bytes()


def signature(body: bytes) -> dict[str, str]:
    """Return the header the raw hook asks for."""
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Signature-256": f"sha256={digest}", "Content-Type": "message/rfc822"}


def cookie_of(shop: Shop) -> str:
    """Return the cookie of the owner, signed in."""
    from django.conf import settings
    from django.test import Client

    from identity.middleware import SESSION_KEY
    from identity.models import Membership
    from identity.tenancy import tenant_scope

    with tenant_scope(shop.workspace_id):
        member = Membership.objects.select_related("user").get()
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = str(shop.workspace_id)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
