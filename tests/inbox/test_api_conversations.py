"""The list of conversations, one of them, and what an agent does with it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from identity.models import Team
from identity.tenancy import tenant_scope
from inbox.models import Conversation, Draft, ReadMarker
from inbox.services.conversations import change_conversation, mark_read
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail


def change(member, conversation, **changes):
    with tenant_scope(member.workspace_id):
        return change_conversation(conversation=conversation, by=member, changes=changes)


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


def many_mails(mail, count, **fields):
    return [
        receive_mail(
            mail, sender_value=f"c{n}@customer.test", sender_name=f"Customer {n}", **fields
        )
        for n in range(count)
    ]


def test_a_mail_appears_in_the_list_with_what_a_row_shows(ben, mail, as_person):
    received = receive_mail(mail)
    page = as_person(ben).get("conversations").json()
    assert page["next"] is None
    (row,) = page["results"]
    assert row["id"] == str(received.conversation.pk)
    assert row["subject"] == "A bent tent pole"
    assert row["contact"]["name"] == "Dana Miller"
    assert row["channels"] == [{"id": str(mail.pk), "kind": "email"}]
    assert row["last_channel"] == {"id": str(mail.pk), "kind": "email"}
    assert (row["status"], row["unread"], row["last_direction"]) == ("open", True, "in")
    assert row["waiting_since"] == row["last_message_at"]
    assert row["preview"] == "One pole is bent."
    assert row["assignee"] is None
    assert row["topic"] is None


def test_somebody_without_a_name_is_called_by_their_address(ben, mail, as_person):
    receive_mail(mail, sender_name="", sender_value="quiet@customer.test")
    (row,) = as_person(ben).get("conversations").json()["results"]
    assert row["contact"]["name"] == "quiet@customer.test"


def test_the_list_shows_spam_and_trash_only_when_asked(ben, mail, as_person):
    first, second = many_mails(mail, 2)
    change(ben, first.conversation, status="trash")
    person = as_person(ben)
    assert numbers(person.get("conversations")) == [second.conversation.number]
    assert numbers(person.get("conversations", status="trash")) == [first.conversation.number]
    assert numbers(person.get("conversations", status="trash,open")) == [2, 1]


def test_filters_by_assignee_team_tag_and_channel(ana, ben, mail, chat, as_person):
    mine, hers, nobodys = many_mails(mail, 3)
    talk = receive_chat(chat)
    change(ben, mine.conversation, assignee=ben, tags=["vip"])
    with tenant_scope(ben.workspace_id):
        team = Team.objects.create(name="Night")
    change(ben, hers.conversation, assignee=ana, team=team)
    person = as_person(ben)

    def listed(**query):
        return sorted(numbers(person.get("conversations", **query)))

    m, h, n, t = (one.conversation.number for one in (mine, hers, nobodys, talk))
    assert listed(assignee="me") == [m]
    assert listed(assignee=str(ana.pk)) == [h]
    assert listed(assignee="none") == [n, t]
    assert listed(team=str(team.pk)) == [h]
    assert listed(tag="VIP") == [m]
    assert listed(channel="chat") == [t]
    assert listed(channel=str(mail.pk)) == [m, h, n]
    assert listed(channel="chat,email") == [m, h, n, t]
    assert listed(channel="voice") == []
    assert listed(channel=str(uuid4())) == []


@pytest.mark.parametrize("status", ["", "open", "open,waiting,closed"])
def test_pages_follow_each_other_without_gap_or_repetition(ben, mail, as_person, status):
    received = many_mails(mail, 7)
    change(ben, received[2].conversation, status="waiting")
    change(ben, received[4].conversation, status="closed")
    person = as_person(ben)
    seen, cursor = [], ""
    while True:
        answer = person.get("conversations", limit=2, cursor=cursor, status=status)
        seen += numbers(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert seen == ([7, 6, 4, 2, 1] if status == "open" else [7, 6, 5, 4, 3, 2, 1])


def test_rows_of_one_moment_are_paged_by_their_ids(ben, mail, as_person):
    many_mails(mail, 5)
    with tenant_scope(ben.workspace_id):
        Conversation.objects.update(last_message_at=datetime(2026, 1, 1, tzinfo=UTC))
    person = as_person(ben)
    first = person.get("conversations", limit=3).json()
    second = person.get("conversations", limit=3, cursor=first["next"]).json()
    seen = [row["number"] for row in first["results"] + second["results"]]
    assert seen == [5, 4, 3, 2, 1]


def test_waiting_longest_comes_first_and_what_is_not_our_turn_last(ben, mail, as_person):
    received = many_mails(mail, 5)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with tenant_scope(ben.workspace_id):
        for at, one in enumerate(received):
            since = None if at in {1, 3} else now - timedelta(hours=at)
            Conversation.objects.filter(pk=one.conversation.pk).update(
                waiting_since=since, last_message_at=now + timedelta(minutes=at)
            )
    person = as_person(ben)
    seen, cursor = [], ""
    for _ in range(3):
        answer = person.get("conversations", sort="waiting", limit=2, cursor=cursor)
        seen += numbers(answer)
        cursor = answer.json()["next"] or ""
    assert seen == [5, 3, 1, 4, 2]
    assert cursor == ""


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "W10"},
        {"cursor": "WyJuIiwieCIsInkiXQ"},
        {"limit": "0"},
        {"limit": "many"},
        {"status": "sleeping"},
        {"sort": "colour"},
        {"assignee": "nobody"},
        {"q": "is:flying"},
    ],
)
def test_a_wrong_parameter_is_explained(ben, mail, as_person, query):
    answer = as_person(ben).get("conversations", **query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_more_than_a_hundred_rows_are_never_given(ben, mail, as_person):
    receive_mail(mail)
    assert as_person(ben).get("conversations", limit=5000).status_code == 200


def test_fifty_rows_take_at_most_six_statements(ben, mail, chat, as_person, as_program):
    for received in many_mails(mail, 30) + [receive_chat(chat) for _ in range(30)]:
        change(ben, received.conversation, assignee=ben, tags=["vip"])
    for speaker in (as_person(ben), as_program(ben)):
        for query in ({"status": "open"}, {"status": "open,waiting"}, {"q": "hello"}):
            speaker.get("conversations", **query)  # the token's "last used" is written once
            with CaptureQueriesContext(connection) as captured:
                speaker.get("conversations", **query)
            asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
            assert len(asked) <= 6 + 1, asked  # one more resets the scope, in tests only


def test_one_conversation_shows_contact_draft_and_where_a_reply_goes(ben, mail, as_person):
    received = receive_mail(mail, cc=[{"address": "boss@customer.test", "name": ""}])
    pk = received.conversation.pk
    person = as_person(ben)
    person.send("PUT", f"conversations/{pk}/draft", {"mode": "reply", "body": "Dear Dana"})
    found = person.get(f"conversations/{pk}").json()
    assert found["contact"]["points"] == [
        {"kind": "email", "value": "dana@customer.test", "verified": False, "evidence": ""}
    ]
    assert found["contact"]["blocked"] is False
    assert found["draft"]["body"] == "Dear Dana"
    assert found["reply"] == {
        "channel": {"id": str(mail.pk), "kind": "email"},
        "to": ["dana@customer.test"],
        "cc": ["boss@customer.test"],
    }
    assert found["opened_because"] == "a new issue"


def test_a_change_is_answered_with_the_conversation(ana, ben, mail, as_person):
    pk = receive_mail(mail).conversation.pk
    answer = as_person(ben).patch(
        f"conversations/{pk}",
        {"assignee": str(ana.pk), "priority": "high", "tags": ["VIP", "vip"], "topic": "shipping"},
    )
    assert answer.status_code == 200
    found = answer.json()
    assert found["assignee"] == {"id": str(ana.pk), "name": "Ana"}
    assert (found["priority"], found["tags"], found["topic"]) == ("high", ["vip"], "shipping")


def test_nobody_is_assigned_by_null(ben, mail, as_person):
    received = receive_mail(mail)
    change(ben, received.conversation, assignee=ben)
    answer = as_person(ben).patch(f"conversations/{received.conversation.pk}", {"assignee": None})
    assert answer.json()["assignee"] is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "sleeping"}, 400),
        ({"topic": "weather"}, 422),
        ({"status": "snoozed"}, 422),
        ({"snoozed_until": "2001-01-01T00:00:00Z"}, 422),
        ({"snoozed_until": "tomorrow"}, 400),
        ({"assignee": str(uuid4())}, 404),
        ({"team": str(uuid4())}, 404),
        ({"tags": "vip"}, 400),
        ([1], 400),
    ],
)
def test_a_wrong_change_is_refused_and_changes_nothing(ben, mail, as_person, changes, status):
    pk = receive_mail(mail).conversation.pk
    answer = as_person(ben).patch(f"conversations/{pk}", changes)
    assert answer.status_code == status
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert as_person(ben).get(f"conversations/{pk}").json()["status"] == "open"


def test_a_colleague_who_left_cannot_be_assigned(ana, ben, mail, as_person):
    with tenant_scope(ben.workspace_id):
        ben.is_active = False
        ben.save(update_fields=["is_active"])
    pk = receive_mail(mail).conversation.pk
    answer = as_person(ana).patch(f"conversations/{pk}", {"assignee": str(ben.pk)})
    assert answer.status_code == 404


def test_a_conversation_is_started_by_mail(ben, mail, as_person):
    answer = as_person(ben).post(
        "conversations",
        {"channel": str(mail.pk), "to": "new@customer.test", "subject": "Hello", "body": "Dear"},
    )
    assert answer.status_code == 201
    found = answer.json()
    assert found["contact"]["name"] == "new@customer.test"
    assert (found["last_seq"], found["last_direction"]) == (1, "out")


def test_a_chat_cannot_be_started_by_us(ben, chat, as_person):
    answer = as_person(ben).post(
        "conversations", {"channel": str(chat.pk), "to": "x@customer.test", "body": "Hi"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "cannot_start"


def test_reading_clears_unread_for_the_reader_alone(ana, ben, mail, as_person):
    received = receive_mail(mail)
    answer = as_person(ben).post(f"conversations/{received.conversation.pk}/read", {"seq": 1})
    assert answer.status_code == 204
    assert as_person(ben).get("conversations").json()["results"][0]["unread"] is False
    assert as_person(ana).get("conversations").json()["results"][0]["unread"] is True


def test_a_draft_is_kept_and_an_empty_one_forgotten(ben, mail, as_person):
    pk = receive_mail(mail).conversation.pk
    person = as_person(ben)
    kept = person.send("PUT", f"conversations/{pk}/draft", {"mode": "note", "body": "Ask Ana"})
    assert kept.json()["mode"] == "note"
    gone = person.send("PUT", f"conversations/{pk}/draft", {"mode": "note", "body": " "})
    assert gone.status_code == 204
    with tenant_scope(ben.workspace_id):
        assert not Draft.objects.exists()
    assert person.send("DELETE", f"conversations/{pk}/draft").status_code == 204


def test_counts_name_each_view_and_channel(ana, ben, mail, chat, as_person):
    mine, hers, nobodys, asleep = many_mails(mail, 4)
    receive_chat(chat)
    change(ben, mine.conversation, assignee=ben)
    change(ben, hers.conversation, assignee=ana)
    change(ben, asleep.conversation, snoozed_until=datetime(2100, 1, 1, tzinfo=UTC))
    with tenant_scope(ben.workspace_id):
        mark_read(conversation=nobodys.conversation, membership=ben, seq=1)
    assert as_person(ben).get("counts").json() == {
        "mine": 1,
        "unassigned": 2,
        "all": 4,
        "waiting": 0,
        "snoozed": 1,
        "approvals": 0,
        "unread": 2,  # his own and the chat: hers is hers, and one he has read
        "channels": {str(mail.pk): 3, str(chat.pk): 1},
    }


def test_counts_stop_at_a_hundred(ben, mail, as_person):
    received = receive_mail(mail)
    with tenant_scope(ben.workspace_id):
        original = Conversation.objects.get(pk=received.conversation.pk)
        copies = []
        for number in range(2, 130):
            copy = Conversation.objects.get(pk=original.pk)
            copy.pk, copy.number = uuid4(), number
            copies.append(copy)
        Conversation.objects.bulk_create(copies)
    counts = as_person(ben).get("counts").json()
    assert counts["all"] == counts["unassigned"] == counts["unread"] == 100
    assert counts["channels"] == {str(mail.pk): 100}


def test_a_forwarded_message_goes_to_somebody_else(ben, mail, as_person):
    pk = receive_mail(mail).conversation.pk
    answer = as_person(ben).post(
        f"conversations/{pk}/forward", {"to": ["carrier@post.test"], "body": "Please look."}
    )
    assert answer.status_code == 201
    found = answer.json()
    assert found["to"] == [{"address": "carrier@post.test", "name": ""}]
    assert "One pole is bent." in found["body_text"]


def test_a_conversation_answered_by_mail_waits_for_the_customer(ben, mail, as_person):
    received = receive_mail(mail)
    with tenant_scope(ben.workspace_id):
        send(conversation=received.conversation, author=ben, body_text="On its way.")
    (row,) = as_person(ben).get("conversations", status="waiting").json()["results"]
    assert row["assignee"]["name"] == "Ben"
    assert row["waiting_since"] is None
    with tenant_scope(ben.workspace_id):
        assert not ReadMarker.objects.exists()
