"""What ``manage.py demo --json`` prints. The shape is an outward contract."""

from pathlib import Path
from typing import Any

from django.conf import settings

from helpdesk.demo.building import Place, account_of_channel, password_of
from helpdesk.demo.kept import Kept
from helpdesk.demo.sandbox import sandbox_ports
from helpdesk.demo.shops import store_handle
from identity.models import Membership, Workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel


def handles(place: Place, workspace: Workspace, kept: Kept, data_dir: Path) -> dict[str, Any]:
    """Return the addresses and keys of one demo workspace."""
    sandbox = sandbox_ports(data_dir).url
    with tenant_scope(workspace.pk):
        roles = dict(Membership.objects.filter(is_active=True).values_list("user__email", "role"))
        channels = [_channel(channel) for channel in Channel.objects.filter(is_active=True)]
    store = store_handle(workspace, sandbox)
    return {
        "base_url": settings.BASE_URL,
        "workspace": {"id": str(workspace.pk), "slug": workspace.slug},
        "api_token": kept.get(f"api-token:{place.slug}"),
        "agents": [
            {
                "email": person.email,
                "password": password_of(person, kept),
                "role": roles[person.email],
            }
            for person in place.people
            if person.email in roles
        ],
        "channels": channels,
        **({"store": store} if store else {}),
        "sandbox": {"outbox_url": f"{sandbox}/outbox", "faults_url": f"{sandbox}/faults"},
    }


def mailboxes(channels: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the mailboxes as the sandbox wants to know them."""
    return [
        {
            "address": channel["address"],
            "to_url": settings.BASE_URL + channel["webhook_path"],
            "secret": channel["secret"],
            "channel_id": channel["id"],
            "authserv_id": channel["authserv_id"],
            "esp": "raw",
        }
        for channel in channels
        if channel["kind"] == "email"
    ]


def _channel(channel: Channel) -> dict[str, Any]:
    account = account_of_channel(channel)
    facts: dict[str, Any] = {
        "id": str(channel.pk),
        "kind": channel.kind,
        "name": channel.name,
        "address": channel.address or channel.public_key,
        "public_key": channel.public_key,
    }
    if channel.kind == "email":
        facts["webhook_path"] = f"/hooks/email/raw/{channel.pk}/{account.hook_key}"
        facts["secret"] = account.secrets.get("hook_secret", "")
        facts["authserv_id"] = account.settings.get("authserv_id", "")
    if channel.kind == "chat":
        facts["secret"] = account.secrets.get("widget_secret", "")
    return facts
