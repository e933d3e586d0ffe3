"""Who may open which settings page of channels, events and saved replies."""

from uuid import uuid4

import pytest

from channels_app.models import InboundEvent
from identity.models import Role
from identity.tenancy import tenant_scope
from inbox.models import Channel, SavedReply
from tests.factories.identity import make_member
from tests.factories.inbox import make_chat_channel, make_mail_channel

ADMIN_PAGES = [
    "/settings/channels/",
    "/settings/channels/new/chat/",
    "/settings/channels/new/email/",
    "/settings/inbound-events/",
]
CHANNEL_PATHS = [
    ("get", "/settings/channels/{chat}/"),
    ("post", "/settings/channels/{chat}/"),
    ("get", "/settings/channels/{mail}/"),
    ("post", "/settings/channels/{mail}/"),
    ("post", "/settings/channels/{mail}/deactivation/"),
    ("post", "/settings/channels/{mail}/activation/"),
    ("post", "/settings/channels/{chat}/look/"),
    ("post", "/settings/channels/{chat}/widget-secret/"),
    ("get", "/settings/channels/{chat}/try/"),
    ("post", "/settings/channels/{chat}/chat-test/"),
    ("get", "/settings/channels/{chat}/chat-test/x/"),
    ("post", "/settings/channels/{chat}/chat-test/x/end/"),
    ("post", "/settings/channels/{mail}/hook-secret/"),
    ("get", "/settings/channels/{mail}/dns/"),
    ("post", "/settings/channels/{mail}/test-out/"),
    ("post", "/settings/channels/{mail}/test-in/"),
    ("get", "/settings/channels/{mail}/test-in/x/"),
    ("get", "/settings/inbound-events/{event}/"),
    ("post", "/settings/inbound-events/{event}/replay/"),
    ("get", "/settings/saved-replies/{reply}/"),
    ("post", "/settings/saved-replies/{reply}/"),
    ("post", "/settings/saved-replies/{reply}/deletion/"),
    ("get", "/settings/teams/{reply}/"),
    ("post", "/settings/teams/{reply}/deletion/"),
]


@pytest.fixture
def eves_things(other_shop):
    mail, chat = make_mail_channel(other_shop), make_chat_channel(other_shop)
    with tenant_scope(other_shop.pk):
        event = InboundEvent.objects.create(
            channel=mail, source="email/raw", dedupe_key="x", body=b"x", work_state="quarantined"
        )
        reply = SavedReply.objects.create(name="Eve's", body="Hello")
    return {"mail": mail.pk, "chat": chat.pk, "event": event.pk, "reply": reply.pk}


@pytest.mark.parametrize(("method", "path"), CHANNEL_PATHS)
def test_things_of_another_shop_do_not_exist_for_its_neighbours_owner(
    sign_in, ana, eves_things, method, path
):
    answer = getattr(sign_in(ana), method)(path.format(**eves_things))
    assert answer.status_code == 404


@pytest.mark.parametrize(("method", "path"), CHANNEL_PATHS)
def test_agents_are_told_which_role_a_channel_page_needs(sign_in, ben, mail, chat, method, path):
    things = {"mail": mail.pk, "chat": chat.pk, "event": uuid4(), "reply": uuid4()}
    answer = getattr(sign_in(ben), method)(path.format(**things))
    assert answer.status_code == 403
    assert "you need the role" in answer.content.decode()


@pytest.mark.parametrize("address", ADMIN_PAGES)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.VIEWER])
def test_channels_and_events_are_for_admins(sign_in, shop, address, role):
    answer = sign_in(make_member(shop, name="Gus", role=role)).get(address)
    assert answer.status_code == 403


@pytest.mark.parametrize("address", [*ADMIN_PAGES, "/settings/saved-replies/"])
def test_owner_opens_every_page(sign_in, ana, mail, chat, address):
    assert sign_in(ana).get(address).status_code == 200


def test_agents_read_saved_replies_and_do_not_change_them(sign_in, shop, ben):
    with tenant_scope(shop.pk):
        SavedReply.objects.create(name="Return label", body="Here it is")
    page = sign_in(ben).get("/settings/saved-replies/").content.decode()
    assert "Return label" in page
    assert "/settings/saved-replies/new/" not in page
    assert sign_in(ben).get("/settings/saved-replies/new/").status_code == 403


def test_list_shows_only_the_own_channels(sign_in, ana, mail, eves_things):
    page = sign_in(ana).get("/settings/channels/").content.decode()
    assert mail.address in page
    with tenant_scope(mail.workspace_id):
        mine = set(Channel.objects.values_list("pk", flat=True))
    assert eves_things["mail"] not in mine
    assert str(eves_things["mail"]) not in page


@pytest.mark.parametrize("address", ["/settings/channels/", "/settings/inbound-events/"])
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(
    sign_in, shop, ana, address, django_assert_max_num_queries
):
    for _ in range(6):
        mail = make_mail_channel(shop)
        with tenant_scope(shop.pk):
            InboundEvent.objects.create(
                channel=mail,
                source="email/raw",
                dedupe_key=uuid4().hex,
                body=b"x",
                work_state="quarantined",
            )
    browser = sign_in(ana)
    with django_assert_max_num_queries(16):
        browser.get(address)
