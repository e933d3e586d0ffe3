"""P4: no URL that takes an id and no body that names one yields another workspace's row.

The URL configuration is walked, so a new address cannot escape: one whose id this file does not
know makes the test fail until it is told what to put there.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from channels_app.models import InboundEvent
from helpdesk.foundation.ids import uuid7
from identity.models import ApiToken, Invitation, MergeSuggestion, Team
from identity.services.api_tokens import create_api_token
from identity.services.contacts import merge_contacts
from identity.services.merge_suggestions import open_suggestions
from identity.services.privacy import request_export
from identity.services.resolution import create_visitor
from identity.tenancy import tenant_scope
from inbox.models import Message, SavedReply
from inbox.services.files import store_upload
from inbox.services.receiving import IncomingFile
from tests.factories.inbox import make_mail_channel, receive_chat, receive_mail
from tests.factories.money import make_action
from tests.factories.shop import make_customer, make_order, make_store
from tests.inbox.conftest import signed_in

#: Addresses whose parameter is no row of a workspace, or is a key that opens by itself.
OPEN = {
    r"^accounts/": "allauth: a person's own account, guarded by keys and by the person",
    r"^files/": "signed links, tested in test_files.py",
    r"^hooks/": "providers' doors, guarded by keys and signatures",
    r"^widget/": "the storefront's door, guarded by visitor tokens",
    r"^sign-in/": "one-time links",
    r"^invitations/<str:key>/": "the invitation's own key",
    r"^shopify/claims/": "a signed key of somebody who came from the shop, and their own workspaces",
    r"^static/": "files of the product",
    r"^demo-shop/": "the demo shop, named by a public key",
}
METHODS = ("get", "post", "put", "patch", "delete")


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address with a parameter, as the URL configuration writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = prefix + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            yield from addresses(entry, whole)
        elif isinstance(entry, URLPattern) and ("<" in whole or "(?P" in whole):
            yield whole


@pytest.fixture
def theirs(ana, ben, shop, mail, chat) -> dict[str, UUID]:
    """One row of each kind in ana's workspace, by the part of an address that names it."""
    picture = IncomingFile("a.png", "image/png", b"\x89PNG\r\n\x1a\n")
    received = receive_mail(mail, files=[picture])
    twins = [receive_chat(chat, email="twin@customer.test").conversation.contact for _ in "123"]
    with tenant_scope(shop.pk):
        merge = merge_contacts(survivor=twins[0], other=twins[1], by=ana, because="one person")
        suggestion = open_suggestions().get()
        key, _ = create_api_token(membership=ana, name="theirs", scopes=["read"])
        event = InboundEvent.objects.create(
            channel=mail, source="email/raw", dedupe_key="1", body=b"", work_state="quarantined"
        )
        invitation = Invitation.objects.create(
            email="new@staff.test",
            token_hash="0" * 64,
            invited_by=ana,
            expires_at=timezone.now() + timedelta(days=1),
        )
        return {
            "conversations": received.conversation.pk,
            "inbox": received.conversation.pk,
            "messages": received.message.pk,
            "contacts": received.conversation.contact_id,
            "inbound-events": event.pk,
            "events": event.pk,
            "members": ben.pk,
            "invitations": invitation.pk,
            "merges": merge.pk,
            "shops": make_store(shop).pk,
            "privacy": request_export(email="dana@customer.test").pk,
            "merge-suggestions": suggestion.pk,
            "customers": make_customer(shop).pk,
            "shop-orders": make_order(shop).pk,
            "money-actions": make_action(shop, by=ana).pk,
            "teams": Team.objects.create(name="Night").pk,
            "api-keys": key.pk,
            "saved-replies": SavedReply.objects.create(name="Hi", body="Hi").pk,
            "channels": mail.pk,
            "email": mail.pk,
            "chat": chat.pk,
            "workspaces": shop.pk,
            "attachments": store_upload(
                name="a", content=b"x", content_type="text/plain", uploaded_by=ana
            ).pk,
        }


def filled(address: str, rows: dict[str, UUID]) -> str:
    """The address with the other workspace's id in each place."""
    parts = address.split("/")
    for at, part in enumerate(parts):
        if "<" in part:
            kind = next((one for one in reversed(parts[:at]) if one in rows), None)
            assert kind, f"Say in this test what /{address} names, or why it is open."
            parts[at] = str(rows[kind])
    return "/" + "/".join(parts)


def test_every_address_with_an_id_is_404_to_another_workspace(eve, theirs):
    client = signed_in(eve)
    tried, wrong = 0, []
    for address in addresses():
        if any(re.match(pattern, address) for pattern in OPEN):
            continue
        path = filled(address, theirs)
        for method in METHODS:
            answer = getattr(client, method)(path, content_type="application/json")
            tried += 1
            if answer.status_code not in {404, 405}:
                wrong.append((method, address, answer.status_code))
    assert not wrong
    assert tried > 50


def test_the_same_addresses_do_answer_their_own_people(ana, theirs):
    """The walk above would also pass if nothing were there at all."""
    client = signed_in(ana)
    for path in (
        f"/api/v1/conversations/{theirs['conversations']}",
        f"/api/v1/conversations/{theirs['conversations']}/messages",
        f"/api/v1/contacts/{theirs['contacts']}",
        f"/api/v1/contacts/{theirs['contacts']}/timeline",
        f"/api/v1/contacts/{theirs['contacts']}/orders",
        f"/api/v1/conversations/{theirs['conversations']}/shop",
        f"/api/v1/shop-orders/{theirs['shop-orders']}",
        f"/api/v1/money-actions/{theirs['money-actions']}",
    ):
        assert client.get(path).status_code == 200, path


def suggested(member) -> MergeSuggestion:
    """Two visitors of somebody's own shop who may be one person."""
    with tenant_scope(member.workspace_id):
        for name in ("one", "two"):
            create_visitor(session_id=name, name=name, email="twin@customer.test")
        return open_suggestions().get()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "conversations/{mine}", {"assignee": "members"}),
        ("patch", "conversations/{mine}", {"team": "teams"}),
        ("post", "conversations/{mine}/messages", {"body": "x", "channel": "channels"}),
        ("post", "conversations/{mine}/messages", {"body": "x", "attachments": ["attachments"]}),
        ("post", "conversations/{mine}/forward", {"to": ["a@b.test"], "message": "messages"}),
        ("post", "contacts/{person}/merge", {"other": "contacts"}),
        ("post", "contacts/{person}/customers", {"customer": "customers"}),
        ("post", "money-actions", {"kind": "note", "order": "shop-orders"}),
        ("post", "merge-suggestions/{twins}/acceptance", {"survivor": "contacts"}),
        ("post", "conversations", {"channel": "channels", "to": "a@b.test", "body": "x"}),
    ],
)
def test_an_id_of_another_workspace_in_a_body_is_404(eve, theirs, method, path, body):
    received = receive_mail(make_mail_channel(eve.workspace))
    given: dict[str, Any] = {"body": "x"}
    for name, value in body.items():
        if isinstance(value, list):
            given[name] = [str(theirs.get(one, one)) for one in value]
        else:
            given[name] = str(theirs.get(value, value))
    path = "/api/v1/" + path.format(
        mine=received.conversation.pk,
        person=received.conversation.contact_id,
        twins=suggested(eve).pk if "{twins}" in path else None,
    )
    answer = getattr(signed_in(eve), method)(
        path, json.dumps(given), content_type="application/json"
    )
    assert answer.status_code == 404, answer.content
    with tenant_scope(eve.workspace_id):
        assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "conversations?status=open,waiting,snoozed,closed,spam,trash",
        "conversations?q=pole",
        "contacts",
        "contacts?q=dana",
        "shop-customers?q=dana",
        "money-actions",
        "merge-suggestions",
        "search?q=pole",
        "inbound-events",
        "channels",
        "saved-replies",
        "teams",
    ],
)
def test_no_list_holds_another_workspaces_rows(eve, theirs, path):
    assert signed_in(eve).get(f"/api/v1/{path}").json()["results"] == []


def test_filters_by_another_workspaces_ids_find_nothing(eve, theirs):
    receive_mail(make_mail_channel(eve.workspace))
    client = signed_in(eve)
    for query in (
        f"assignee={theirs['members']}",
        f"team={theirs['teams']}",
        f"channel={theirs['channels']}",
    ):
        assert client.get(f"/api/v1/conversations?{query}").json()["results"] == []


def test_an_unknown_token_learns_nothing(theirs):
    headers = {"Authorization": f"Bearer hd_{'a' * 26}_{uuid7()}"}
    path = f"/api/v1/conversations/{theirs['conversations']}"
    assert Client().get(path, headers=headers).status_code == 401


def test_counts_are_of_ones_own_workspace(eve, theirs):
    counts = signed_in(eve).get("/api/v1/counts").json()
    assert counts == {
        "mine": 0,
        "unassigned": 0,
        "all": 0,
        "waiting": 0,
        "snoozed": 0,
        "approvals": 0,
        "unread": 0,
        "channels": {},
    }
    with tenant_scope(eve.workspace_id):
        assert not ApiToken.objects.exists()
