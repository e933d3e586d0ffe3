"""The smallest valid channels and conversations, made through the product's own doors."""

import itertools
from typing import Any
from uuid import uuid4

from channels_app.services import create_channel
from identity.models import Workspace
from identity.services.resolution import create_visitor
from identity.tenancy import tenant_scope
from inbox.capabilities import Capabilities
from inbox.models import Channel
from inbox.services.receiving import Incoming, Received, receive

_count = itertools.count(1)

MAIL = Capabilities(
    max_text=500_000,
    max_attachment_bytes=20 * 1024 * 1024,
    max_attachments=50,
    rich_text=True,
    subject=True,
    cc=True,
    can_start=True,
)
CHAT = Capabilities(
    max_text=10_000,
    max_attachment_bytes=20 * 1024 * 1024,
    max_attachments=10,
    typing=True,
    read_receipts=True,
    instant=True,
)


def make_mail_channel(workspace: Workspace, **fields: Any) -> Channel:
    """An e-mail channel whose raw hook is signed with ``hook-secret``."""
    address = fields.pop("address", f"support{next(_count)}@shop.test")
    settings = {
        "authserv_id": "mx.shop.test",
        "own_addresses": [address],
        "own_domains": [address.rpartition("@")[2]],
        "reply_plus": True,
        "transport": "smtp",
        **fields.pop("settings", {}),
    }
    with tenant_scope(workspace.pk):
        return create_channel(
            kind="email",
            name="Support mail",
            address=address,
            capabilities=MAIL,
            settings=settings,
            secrets={"hook_secret": "hook-secret", **fields.pop("secrets", {})},
            **fields,
        )


def make_chat_channel(workspace: Workspace, **fields: Any) -> Channel:
    with tenant_scope(workspace.pk):
        return create_channel(kind="chat", name="Shop chat", capabilities=CHAT, **fields)


def receive_mail(channel: Channel, **fields: Any) -> Received:
    """One mail from Dana, different from every other, inside its workspace's scope."""
    number = next(_count)
    given = {
        "provider_key": f"mail-{number}",
        "provider_id": f"<mail-{number}@customer.test>",
        "sender_kind": "email",
        "sender_value": "dana@customer.test",
        "sender_name": "Dana Miller",
        "subject": "A bent tent pole",
        "text": "One pole is bent.",
        **fields,
    }
    with tenant_scope(channel.workspace_id):
        return receive(Incoming(channel=channel, **given))


def receive_chat(channel: Channel, **fields: Any) -> Received:
    """One chat line of a new visitor, or of ``contact`` in ``session_conversation_id``."""
    with tenant_scope(channel.workspace_id):
        session = str(uuid4())
        contact = fields.pop("contact", None) or create_visitor(
            session_id=session, name="Dana Miller", email=fields.pop("email", "")
        )
        given = {
            "provider_key": f"chat-{next(_count)}",
            "sender_kind": "chat",
            "sender_value": session,
            "sender_name": "Dana Miller",
            "sender_verified": True,
            "text": "Hello, is anybody there?",
            **fields,
        }
        return receive(Incoming(channel=channel, contact=contact, **given))
