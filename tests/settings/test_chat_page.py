import re

import pytest

from channels_app.services import account_of
from channels_app.trials import chat_trial, start_chat_trial
from identity.tenancy import tenant_scope
from inbox.models import Channel, Conversation, Status
from inbox.services.sending import send

FORM = {
    "name": "Shop chat",
    "title": "Talk to us",
    "greeting": "Hei!",
    "color": "#1D5B47",
    "position": "left",
    "consent_text": "I agree.",
    "privacy_url": "https://shop.test/privacy",
    "allowed_origins": "https://Shop.test/some/page\nhttp://localhost:3000",
    "topic_0_slug": "sizing",
    "topic_0_label": "Which size?",
    "topic_1_slug": "my-order",
    "topic_1_label": "",
    "topic_1_order": "on",
}


@pytest.fixture
def path(chat):
    return f"/settings/channels/{chat.pk}/"


def stored(channel):
    with tenant_scope(channel.workspace_id):
        return account_of(Channel.objects.get(pk=channel.pk))


def test_new_chat_gets_a_secret_and_its_embed_code(sign_in, ana, shop):
    browser = sign_in(ana)
    answer = browser.post("/settings/channels/new/chat/", {"name": "Storefront"})
    with tenant_scope(shop.pk):
        channel = Channel.objects.get(name="Storefront")
        secret = account_of(channel).secrets["widget_secret"]
    page = browser.get(answer["Location"]).content.decode()
    assert f"data-key=&quot;{channel.public_key}&quot;" in page
    assert "/widget/v1/loader.js" in page
    assert secret not in page


def test_saved_look_is_what_the_widget_gets(sign_in, ana, chat, path, client):
    assert sign_in(ana).post(path, FORM).status_code == 302
    config = client.get(f"/widget/v1/{chat.public_key}/config").json()
    assert config["title"] == "Talk to us"
    assert config["color"] == "#1d5b47"
    assert config["position"] == "left"
    assert [topic["slug"] for topic in config["topics"]] == ["sizing", "my-order"]
    assert config["topics"][1] == {"slug": "my-order", "label": "My order", "order": True}
    assert stored(chat).settings["allowed_origins"] == [
        "https://shop.test",
        "http://localhost:3000",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"color": "red"}, "Enter a colour like #1d5b47."),
        ({"allowed_origins": "shop.test"}, "Write it like https://shop.example."),
        ({"privacy_url": "not a page"}, "Enter a web address like"),
        ({"topic_1_slug": "sizing"}, "Another button has this topic already."),
    ],
)
def test_wrong_values_are_answered_beside_the_field(sign_in, ana, chat, path, changes, sentence):
    before = stored(chat).settings
    assert sentence in sign_in(ana).post(path, {**FORM, **changes}).content.decode()
    assert stored(chat).settings == before


def test_chat_without_hours_always_looks_open(sign_in, ana, chat, path, client, shop):
    shop.hours = {}
    shop.save()
    sign_in(ana).post(path, {**FORM, "use_hours": "on"})
    assert client.get(f"/widget/v1/{chat.public_key}/config").json()["online"] is False
    sign_in(ana).post(path, FORM)
    assert client.get(f"/widget/v1/{chat.public_key}/config").json()["online"] is True


def test_preview_draws_the_unsaved_form(sign_in, ana, chat, path):
    drawn = sign_in(ana).post(f"{path}look/", FORM).content.decode()
    assert "Talk to us" in drawn
    assert 'fill="#1d5b47"' in drawn
    assert "title" not in stored(chat).settings


def test_widget_secret_is_shown_once(sign_in, ana, chat, path):
    browser = sign_in(ana)
    shown = browser.post(f"{path}widget-secret/").content.decode()
    (secret,) = re.findall(r'id="new-secret"[^>]*>([^<]+)<', shown)
    assert secret == stored(chat).secrets["widget_secret"]
    assert secret not in browser.get(path).content.decode()


def test_test_message_arrives_and_the_answer_comes_back(sign_in, ana, chat, path):
    browser = sign_in(ana)
    shown = browser.post(f"{path}chat-test/", headers={"hx-request": "true"}).content.decode()
    assert "Arrived in the inbox as" in shown
    assert "Waiting for your answer" in shown
    (again,) = re.findall(r'hx-get="([^"]+)"', shown)
    with tenant_scope(chat.workspace_id):
        conversation = Conversation.objects.get()
        assert conversation.tags == ["test"]
        send(conversation=conversation, author=ana, body_text="It works!")
    shown = browser.get(again).content.decode()
    assert "It works!" in shown
    assert "This chat works both ways." in shown


def test_test_goes_on_without_javascript(sign_in, ana, chat, path):
    browser = sign_in(ana)
    answer = browser.post(f"{path}chat-test/", follow=True)
    assert "Arrived in the inbox as" in answer.content.decode()


def test_finished_test_can_be_put_away(sign_in, ana, chat, path):
    with tenant_scope(chat.workspace_id):
        token = start_chat_trial(channel=chat, by=ana)
    sign_in(ana).post(f"{path}chat-test/{token}/end/")
    with tenant_scope(chat.workspace_id):
        assert Conversation.objects.get().status == Status.TRASH


def test_token_of_one_chat_says_nothing_about_another(ana, chat, shop):
    from tests.factories.inbox import make_chat_channel

    second = make_chat_channel(shop)
    with tenant_scope(shop.pk):
        token = start_chat_trial(channel=chat, by=ana)
        assert chat_trial(channel=second, token=token).conversation is None


def test_page_to_try_the_chat_embeds_it_as_a_shop_would(sign_in, ana, chat, path):
    shown = sign_in(ana).get(f"{path}try/").content.decode()
    assert f'data-key="{chat.public_key}"' in shown
