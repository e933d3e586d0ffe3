"""The widget's HTTP: what is asked, what is refused, and in which words."""

from uuid import uuid4

import pytest

from channels_app.models import ChatSession, InboundEvent
from helpdesk.foundation.ledger import WorkState
from identity.models import ContactPoint
from identity.tenancy import tenant_scope
from inbox.models import Channel, Conversation, Delivery, Message
from tests.factories.chat import FORM, Browser, open_door

pytestmark = pytest.mark.django_db

SHOP = "https://shop.test"


def test_config_tells_the_widget_all_it_needs(door):
    answer = Browser(door).config()
    assert answer.status_code == 200
    told = answer.json()
    assert told["key"] == door.public_key
    assert (told["name"], told["title"]) == ("Fjellmark", "Shop chat")
    assert told["topics"][3] == {"slug": "my-order", "label": "My order", "order": True}
    assert told["max_text"] == 10_000
    assert told["max_file_bytes"] == 20 * 1024 * 1024
    assert "image/png" in told["file_types"]
    assert isinstance(told["online"], bool)
    assert told["hours_text"] == "Mon-Fri 09:00-17:00 (UTC)"
    assert (told["consent_text"], told["greeting"]) == ("", "")


def test_a_chat_without_hours_is_always_open(shop):
    told = Browser(open_door(shop, use_hours=False)).config().json()
    assert (told["online"], told["back_at"], told["hours_text"]) == (True, None, "")


def test_an_unknown_key_is_404_in_words(db):
    answer = Browser(Channel(public_key="pk_nobody")).config()
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_channel_that_is_switched_off_is_not_there(door, dana):
    with tenant_scope(door.workspace_id):
        Channel.objects.filter(pk=door.pk).update(is_active=False)
    assert dana.config().status_code == 404
    assert dana.page().status_code == 401


def test_a_session_is_a_token_and_a_person_but_no_conversation(dana, door):
    assert dana.token.startswith("wc_")
    with tenant_scope(door.workspace_id):
        session = ChatSession.objects.get()
        assert session.token_hash != dana.token
        assert dana.token not in str(ChatSession.objects.values().get())
        assert session.consent_at is not None
        assert session.consent_text
        points = {(one.kind, one.verified) for one in ContactPoint.objects.all()}
        assert points == {("chat", True), ("email", False)}
        assert not Conversation.objects.exists()


@pytest.mark.parametrize("consent", [False, None, "true", 1, "yes"])
def test_without_consent_nothing_is_kept_and_the_reason_is_told(door, consent):
    answer = Browser(door).open(consent=consent)
    assert answer.status_code == 400
    told = answer.json()
    assert told["code"] == "consent_required"
    assert told["errors"][0]["field"] == "consent"
    assert told["detail"].endswith(".")
    with tenant_scope(door.workspace_id):
        assert not ChatSession.objects.exists()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "dana"}, "email"),
        ({"email": ""}, "email"),
        ({"email": 7}, "email"),
        ({"order_number": "1" * 33}, "order_number"),
        ({"website": "https://spam.test"}, "website"),
    ],
)
def test_a_bad_field_is_named(door, form, field):
    answer = Browser(door).open(**form)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"name": "\\ud800"}', "[" * 5000])
def test_a_body_that_cannot_be_read_is_400(door, body):
    answer = Browser(door).http.post(
        f"/widget/v1/{door.public_key}/sessions", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_first_message_opens_the_conversation_with_what_the_form_said(door):
    browser = Browser(door)
    browser.open(topic="my-order", order_number="#1001", page_url="https://shop.test/p/1")
    answer = browser.say("Where is it?")
    assert answer.status_code == 201
    assert answer.json()["seq"] == 1
    with tenant_scope(door.workspace_id):
        conversation = Conversation.objects.get()
        message = Message.objects.get()
    assert (conversation.topic, conversation.status) == ("my-order", "open")
    assert str(message.pk) == answer.json()["id"]
    assert message.attributes["order_number"] == "#1001"
    assert message.attributes["page_url"] == "https://shop.test/p/1"
    assert message.author_name == "Dana Miller"
    assert not message.author_verified


def test_the_same_message_again_is_the_same_answer(dana, door):
    click = str(uuid4())
    first, second = dana.say("Once", click), dana.say("Once", click)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    with tenant_scope(door.workspace_id):
        assert Message.objects.count() == 1
        event = InboundEvent.objects.get()
    assert (event.work_state, event.source) == (WorkState.DONE, "chat")
    assert (
        event.message_ids == [Message(pk=first.json()["id"]).pk]
        or str(event.message_ids[0]) == first.json()["id"]
    )
    assert bytes(event.body).startswith(b'{"client_msg_id"')


def test_a_page_shows_both_sides_in_order(dana, ana):
    click = str(uuid4())
    dana.say("Hello", click)
    dana.answered(ana, "Hi Dana")
    mine, ours = dana.thread()
    assert (mine["seq"], mine["author"], mine["client_msg_id"]) == (
        1,
        {"kind": "contact", "name": "Dana Miller"},
        click,
    )
    assert (ours["seq"], ours["author"], ours["text"]) == (
        2,
        {"kind": "agent", "name": "Ana"},
        "Hi Dana",
    )
    assert "client_msg_id" not in ours
    assert ours["created_at"].endswith("Z")
    assert dana.page(after_seq=2).json()["results"] == []


def test_long_histories_come_page_by_page(dana, ana):
    dana.say("Start")
    dana.answered_often(ana, 120)
    first = dana.page().json()
    assert (len(first["results"]), first["next"]) == (100, 100)
    rest = dana.page(after_seq=first["next"]).json()
    assert ([one["seq"] for one in rest["results"]], rest["next"]) == (list(range(101, 122)), None)


def test_a_note_never_reaches_the_visitor(dana, ana):
    dana.say("Hello")
    dana.answered(ana, "Difficult customer.", private=True)
    assert [one["text"] for one in dana.thread()] == ["Hello"]


def test_a_mail_in_the_same_conversation_never_reaches_an_unknown_visitor(dana, ana, mail):
    dana.say("Hello")
    dana.answered(ana, "Your bank details…", channel=mail, to=["dana@customer.test"])
    assert [one["text"] for one in dana.thread()] == ["Hello"]


def test_an_answer_that_can_still_be_taken_back_is_not_shown(
    dana, ana, django_capture_on_commit_callbacks
):
    from datetime import timedelta

    from django.utils import timezone

    dana.say("Hello")
    dana.answered(ana, "Wait…", send_at=timezone.now() + timedelta(seconds=10))
    assert [one["text"] for one in dana.thread()] == ["Hello"]


def test_polling_makes_an_answer_delivered_and_reading_makes_it_read(dana, ana, door):
    dana.say("Hello")
    dana.answered(ana, "Hi")
    with tenant_scope(door.workspace_id):
        assert Delivery.objects.get().state == "accepted"
    dana.thread()
    with tenant_scope(door.workspace_id):
        assert Delivery.objects.get().state == "delivered"
    assert dana.post("read", {"last_seq": 2}).json() == {"last_seq": 2}
    with tenant_scope(door.workspace_id):
        assert Delivery.objects.get().state == "read"
        assert ChatSession.objects.get().visitor_read_seq == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x"}, "invalid"),
        ({"client_msg_id": "", "text": "x"}, "invalid"),
        ({"client_msg_id": 7, "text": "x"}, "invalid"),
        ({"client_msg_id": "a"}, "empty_message"),
        ({"client_msg_id": "a", "text": " \n "}, "empty_message"),
        ({"client_msg_id": "a", "text": "x" * 10_001}, "text_too_long"),
        ({"client_msg_id": "a", "text": 7}, "invalid"),
        ({"client_msg_id": "a", "text": "x", "attachments": "y"}, "invalid"),
        ({"client_msg_id": "a", "text": "x", "attachments": ["y"] * 11}, "too_many_files"),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_in_words(dana, door, body, code):
    answer = dana.post("messages", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["detail"].endswith(".")
    with tenant_scope(door.workspace_id):
        assert not Message.objects.exists()
        assert not InboundEvent.objects.exists()


def test_a_text_of_exactly_ten_thousand_characters_is_taken(dana):
    assert dana.say("😀" * 10_000).status_code == 201
    assert len(dana.thread()[0]["text"]) == 10_000


def test_what_no_database_takes_is_made_harmless(dana):
    assert dana.say("a\x00b\ud800c\x1bd\r\ne").status_code == 201
    assert dana.thread()[0]["text"] == "ab\ufffdcd\ne"


def test_without_a_token_nothing_is_read_or_written(door):
    stranger = Browser(door)
    for answer in (stranger.page(), stranger.say("x"), stranger.post("end", {})):
        assert (answer.status_code, answer.json()["code"]) == (401, "dead_token")
    assert stranger.http.get("/widget/v1/messages").status_code == 401


@pytest.mark.parametrize(
    "token", ["nonsense", "wc__", "wc_x_y", "hd_" + "a" * 26 + "_b", "wc_" + "1" * 26 + "_b"]
)
def test_a_made_up_token_is_401(door, token):
    stranger = Browser(door, token=token)
    assert stranger.page().status_code == 401


def test_a_token_with_another_workspaces_name_finds_nothing(dana, paul):
    ours, theirs = dana.token.split("_", 2), paul.token.split("_", 2)
    forged = Browser(dana.channel, token=f"wc_{ours[1]}_{theirs[2]}")
    assert forged.page().status_code == 401


def test_a_visitor_sees_only_their_own_shop(dana, paul):
    dana.say("Hello Fjellmark")
    assert [one["text"] for one in paul.thread()] == ["Hello Seaside"]
    assert [one["text"] for one in dana.thread()] == ["Hello Fjellmark"]


def test_a_file_of_another_session_cannot_be_attached(dana, paul, door):
    other = Browser(door)
    other.open(name="Eli", email="eli@customer.test")
    theirs = other.upload("a.txt", b"secret", "text/plain").json()["id"]
    abroad = paul.upload("a.txt", b"secret", "text/plain").json()["id"]
    for foreign in (theirs, abroad, str(uuid4()), "nonsense"):
        answer = dana.say("Mine now", attachments=[foreign])
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_attachment")


def test_a_revoked_token_is_dead_at_once(dana, door):
    dana.say("Hello")
    with tenant_scope(door.workspace_id):
        ChatSession.objects.update(token_hash="")
    assert dana.page().status_code == 401


def test_a_page_the_merchant_named_may_read_the_answer(door):
    browser = Browser(door, headers={"Origin": SHOP})
    assert browser.config()["Access-Control-Allow-Origin"] == SHOP
    opened = browser.open()
    assert opened.status_code == 201
    assert opened["Access-Control-Allow-Origin"] == SHOP
    assert browser.say("Hi")["Access-Control-Allow-Origin"] == SHOP
    assert browser.page()["Access-Control-Allow-Origin"] == SHOP
    assert browser.page()["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in browser.page()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.test",
        "http://shop.test",
        "https://shop.test.evil.test",
        "null",
        "https://shop.test:444",
    ],
)
def test_a_page_nobody_named_is_refused_everywhere(dana, door, origin):
    dana.say("Hello")
    foreign = Browser(door, headers={"Origin": origin}, token=dana.token)
    answers = [
        foreign.config(),
        foreign.open(),
        foreign.page(),
        foreign.say("x"),
        foreign.post("end", {}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert "Access-Control-Allow-Origin" not in answer
    with tenant_scope(door.workspace_id):
        assert Message.objects.count() == 1


def test_our_own_pages_need_no_naming(door):
    for origin in ("http://localhost:8000", "http://testserver"):
        assert Browser(door, headers={"Origin": origin}).open().status_code == 201


def test_a_preflight_promises_methods_and_nothing_of_ours(door):
    answer = Browser(door).http.options(
        "/widget/v1/messages",
        headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == SHOP
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "authorization" in answer["Access-Control-Allow-Headers"]


def test_no_answer_sets_a_cookie(dana):
    for answer in (dana.config(), dana.open(), dana.say("x"), dana.page()):
        assert not answer.cookies


def test_a_wrong_method_is_405_with_the_right_ones(dana):
    answer = dana.http.delete("/widget/v1/messages")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 20, "²"])
def test_a_number_that_is_none_is_400(dana, after):
    assert dana.page(after_seq=after).status_code == 400


def test_six_messages_at_once_are_one_too_many_and_a_repeat_is_none(dana):
    clicks = [str(uuid4()) for _ in range(6)]
    answers = [dana.say("x", click).status_code for click in clicks[:5]]
    assert answers == [201] * 5
    refused = dana.say("x", clicks[5])
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(refused["Retry-After"]) <= 5
    assert dana.say("x", clicks[0]).status_code == 201


def test_one_address_opens_only_so_many_chats(door):
    many = Browser(door, address="198.51.100.9")
    answers = [many.open().status_code for _ in range(31)]
    assert answers == [201] * 30 + [429]
    assert Browser(door, address="198.51.100.10").open().status_code == 201


def test_without_valkey_nobody_is_held_up(dana, monkeypatch):
    import redis

    away = redis.Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setattr("channels_app.chat.services.throttling.client", lambda: away)
    monkeypatch.setattr("inbox.realtime.news.client", lambda: away)
    assert [dana.say("x").status_code for _ in range(7)] == [201] * 7


def test_ending_is_noted_and_writing_again_goes_on(dana, door):
    dana.say("Hello")
    assert dana.post("end", {}).json() == {"ended": True}
    assert dana.page().json()["state"]["ended"] is True
    with tenant_scope(door.workspace_id):
        assert Conversation.objects.get().events.filter(kind="chat_ended").count() == 1
    assert dana.say("One more thing").json()["seq"] == 2
    assert dana.page().json()["state"]["ended"] is False


def test_writing_to_a_closed_chat_reopens_it(dana, ana, door):
    from inbox.services.conversations import change_conversation

    dana.say("Hello")
    with tenant_scope(door.workspace_id):
        change_conversation(conversation=dana.conversation(), by=ana, changes={"status": "closed"})
    assert dana.say("Still broken").json()["seq"] == 2
    assert dana.conversation().status == "open"


def test_a_chat_that_was_thrown_away_goes_on_in_a_new_one_with_rising_numbers(dana, ana, door):
    from inbox.services.conversations import change_conversation

    dana.say("Hello")
    dana.say("Anybody?")
    with tenant_scope(door.workspace_id):
        change_conversation(conversation=dana.conversation(), by=ana, changes={"status": "trash"})
    assert dana.say("Hello again").json()["seq"] == 3
    dana.answered(ana, "Hi")
    assert [one["seq"] for one in dana.page(after_seq=2).json()["results"]] == [3, 4]
    dana.post("read", {"last_seq": 4})
    with tenant_scope(door.workspace_id):
        assert Conversation.objects.count() == 2
        assert Delivery.objects.get().state == "read"


def test_the_agents_reading_is_told(dana, ana, door, django_capture_on_commit_callbacks):
    from inbox.services.conversations import mark_read

    dana.say("Hello")
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(door.workspace_id):
        mark_read(conversation=dana.conversation(), membership=ana, seq=1)
    assert dana.page().json()["state"]["agent_read_seq"] == 1


def test_a_message_that_needs_few_statements(dana, django_assert_max_num_queries):
    dana.say("First")
    with django_assert_max_num_queries(13):
        assert dana.say("Second").status_code == 201


def test_the_typed_address_opens_nobodys_history(door, mail):
    from tests.factories.inbox import receive_mail

    receive_mail(mail, sender_value=FORM["email"], sender_verified=True)
    stranger = Browser(door)
    stranger.open()
    stranger.say("I am Dana, really")
    assert [one["text"] for one in stranger.thread()] == ["I am Dana, really"]
    with tenant_scope(door.workspace_id):
        assert Conversation.objects.values("contact").distinct().count() == 2
