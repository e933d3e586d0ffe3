"""The script, the form without JavaScript, and the demo shop."""

import re

import pytest

from channels_app.chat.services.by_email import mail_waiting_answers
from channels_app.models import ChatSession, InboundEvent
from identity.models import Workspace
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Message
from tests.factories.chat import Browser

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Dana Miller",
    "email": "dana@customer.test",
    "topic": "sizing",
    "order_number": "",
    "message": "Is it\nwarm?",
    "consent": "yes",
    "website": "",
}


def form_of(door) -> str:
    return f"/widget/v1/{door.public_key}/form"


@pytest.fixture
def page(door, client):
    shown = client.get(form_of(door))
    assert shown.status_code == 200
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', shown.text)
    assert found is not None
    return {**GIVEN, "once": found[1]}


def test_the_form_needs_no_script_and_no_cookie(door, client):
    shown = client.get(form_of(door))
    assert "<script" not in shown.text
    assert not shown.cookies
    assert shown.text.count('<label for="') >= 6


def test_a_message_by_form_opens_a_conversation_that_is_answered_by_mail(
    door, client, page, ana, mail
):
    sent = client.post(form_of(door), page)
    assert (sent.status_code, "Thank you" in sent.text) == (200, True)
    with tenant_scope(door.workspace_id):
        conversation = Conversation.objects.get()
        message = Message.objects.get()
        assert ChatSession.objects.get().continued_by_email
    assert (conversation.topic, message.body_text) == ("sizing", "Is it\nwarm?")
    from django.utils import timezone

    from inbox.services.sending import send

    with tenant_scope(door.workspace_id):
        send(conversation=conversation, author=ana, body_text="Very.")
        assert mail_waiting_answers(now=timezone.now()) == 1
        assert Message.objects.filter(channel=mail).get().to[0]["address"] == "dana@customer.test"


def test_the_same_page_sent_twice_is_one_message(door, client, page):
    for _ in range(2):
        assert "Thank you" in client.post(form_of(door), page).text
    with tenant_scope(door.workspace_id):
        assert Message.objects.count() == ChatSession.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"email": "x"}, "email"),
        ({"name": ""}, "name"),
        ({"message": " "}, "message"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_typed_is_lost(
    door, client, page, wrong, field
):
    again = client.post(form_of(door), {**page, **wrong})
    assert again.status_code == 400
    assert f'id="{field}-fault"' in again.text
    if field != "message":
        assert "Is it" in again.text
    assert page["once"] in again.text
    with tenant_scope(door.workspace_id):
        assert not ChatSession.objects.exists()
        assert not InboundEvent.objects.exists()


def test_a_machine_that_fills_everything_is_refused(door, client, page):
    assert client.post(form_of(door), {**page, "website": "http://spam.test"}).status_code == 400
    with tenant_scope(door.workspace_id):
        assert not Message.objects.exists()


def test_what_was_typed_is_shown_as_text(door, client, page):
    again = client.post(
        form_of(door), {**page, "email": "x", "name": '"><script>alert(1)</script>'}
    )
    assert "<script" not in again.text


def test_a_foreign_page_posts_no_form(door, client, page):
    answer = client.post(form_of(door), page, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403
    with tenant_scope(door.workspace_id):
        assert not ChatSession.objects.exists()


def test_one_address_sends_only_so_many_forms(door, client, page):
    from uuid import uuid4

    answers = [
        client.post(
            form_of(door), {**page, "once": str(uuid4())}, REMOTE_ADDR="198.51.100.9"
        ).status_code
        for _ in range(11)
    ]
    assert answers == [200] * 10 + [429]


def test_a_form_nobody_has_is_404(client, db):
    assert client.get("/widget/v1/pk_nobody/form").status_code == 404


def test_the_loader_is_small_cacheable_and_for_every_page(client, settings, tmp_path):
    (tmp_path / "static/dist/widget").mkdir(parents=True)
    (tmp_path / "static/dist/widget/loader.js").write_text("(()=>{})()")
    settings.BASE_DIR = tmp_path
    shown = client.get("/widget/v1/loader.js")
    assert shown["Content-Type"].startswith("text/javascript")
    assert "max-age" in shown["Cache-Control"]
    assert shown["Access-Control-Allow-Origin"] == "*"
    assert (
        client.get(
            "/widget/v1/loader.js", headers={"If-Modified-Since": shown["Last-Modified"]}
        ).status_code
        == 304
    )


def test_config_names_the_script_by_its_hash(door, settings, tmp_path):
    (tmp_path / "static/dist").mkdir(parents=True)
    (tmp_path / "static/dist/manifest.json").write_text(
        '{"widget/app.ts": {"file": "widget/app-1a2b3c4d.js"}}'
    )
    settings.BASE_DIR = tmp_path
    told = Browser(door).config().json()
    assert told["app_url"] == "http://localhost:8000/static/dist/widget/app-1a2b3c4d.js"


def test_the_demo_shop_embeds_the_demo_workspaces_chat(door, client, settings, shop):
    settings.DEMO = True
    Workspace.objects.filter(pk=shop.pk).update(slug="demo")
    shown = client.get("/demo-shop/")
    assert shown.status_code == 200
    assert f'data-key="{door.public_key}"' in shown.text
    assert "Content-Security-Policy" not in shown


def test_without_demo_mode_there_is_no_demo_shop(door, client, settings, shop):
    settings.DEMO = False
    Workspace.objects.filter(pk=shop.pk).update(slug="demo")
    assert client.get("/demo-shop/").status_code == 404
