"""Run inside an installation: open a shop, write replies, tell what became of everything, as JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django


def open_shop(smtp_port: str) -> dict[str, Any]:
    """Make a workspace with a mail channel whose hook is signed and whose SMTP is given."""
    from channels_app.models import ChannelAccount
    from identity.tenancy import tenant_scope
    from tests.factories.identity import make_workspace
    from tests.factories.inbox import make_mail_channel

    workspace = make_workspace("Faulty")
    channel = make_mail_channel(
        workspace,
        address="support@shop.test",
        settings={
            "smtp_host": "127.0.0.1",
            "smtp_port": int(smtp_port),
            "smtp_security": "none",
            "smtp_timeout": 2,
            "smtp_final_timeout": 1.0,
        },
    )
    with tenant_scope(workspace.pk):
        key = ChannelAccount.objects.get(channel=channel).hook_key
    return {
        "workspace": str(workspace.pk),
        "path": f"/hooks/email/raw/{channel.pk}/{key}",
        "address": channel.address,
    }


def write_replies(workspace: str, count: str) -> dict[str, Any]:
    """Write to so many customers, one message each."""
    from identity.models import Membership
    from identity.tenancy import tenant_scope
    from inbox.models import Channel
    from inbox.services.sending import start_conversation

    with tenant_scope(UUID(workspace)):
        agent = Membership.objects.select_related("user").get()
        channel = Channel.objects.get()
        for number in range(int(count)):
            start_conversation(
                channel=channel,
                to=f"reader{number}@example.test",
                subject="Your order",
                body_text="We will look into it.",
                author=agent,
            )
    return {}


def tell(workspace: str) -> dict[str, Any]:
    """Return every message, event and delivery in plain words."""
    from channels_app.models import InboundEvent
    from identity.tenancy import tenant_scope
    from inbox.models import Delivery, Message

    with tenant_scope(UUID(workspace)):
        inbound = Message.objects.filter(direction="in").order_by("conversation", "seq")
        return {
            "received": list(inbound.values_list("provider_id", flat=True)),
            "seqs_are_gapless": all(
                list(one.conversation.messages.values_list("seq", flat=True))
                == list(range(1, one.conversation.last_seq + 1))
                for one in inbound.select_related("conversation")
            ),
            "events": list(InboundEvent.objects.values_list("work_state", "reason")),
            "deliveries": [
                {"to": to[0]["address"], "state": state, "code": code, "text": text}
                for to, state, code, text in Delivery.objects.values_list(
                    "message__to", "state", "error_code", "error_text"
                )
            ],
        }


if __name__ == "__main__":
    django.setup()
    steps: dict[str, Callable[..., dict[str, Any]]] = {
        "open": open_shop,
        "reply": write_replies,
        "tell": tell,
    }
    step = steps[sys.argv[1]]
    sys.stdout.write(json.dumps(step(*sys.argv[2:])) + "\n")
