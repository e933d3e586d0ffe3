"""Threads: reading them, answering, taking back, trying again, and files."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from identity.tenancy import tenant_scope
from inbox.models import Attachment, Delivery, DeliveryState, Message
from inbox.services.delivery import record_outcome
from inbox.services.receiving import IncomingFile
from inbox.services.sending import send
from tests.factories.inbox import receive_chat, receive_mail

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def thread(mail):
    return receive_mail(mail).conversation


def path(conversation, rest="messages"):
    return f"conversations/{conversation.pk}/{rest}"


def upload(person, content=b"a pole", name="pole.txt"):
    answer = person.client.post(
        "/api/v1/attachments",
        {"file": SimpleUploadedFile(name, content, "text/plain")},
        headers=person.headers,
    )
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_received_mail_shows_author_addresses_and_no_delivery(ben, mail, as_person):
    received = receive_mail(mail, to=[{"address": mail.address, "name": "Support"}])
    (message,) = as_person(ben).get(path(received.conversation)).json()["results"]
    assert message["direction"] == "in"
    assert message["author"] == {
        "kind": "contact",
        "id": str(received.conversation.contact_id),
        "name": "Dana Miller",
        "address": "dana@customer.test",
        "verified": False,
    }
    assert message["to"] == [{"address": mail.address, "name": "Support"}]
    assert message["delivery"] is None
    assert message["send_at"] is None
    assert message["channel"] == {"id": str(mail.pk), "kind": "email"}
    assert (message["private"], message["machine"], message["sources"]) == (False, "human", [])


def test_a_reply_is_queued_and_signed_by_its_author(ben, thread, as_person):
    answer = as_person(ben).post(path(thread), {"body": "A new pole is on its way."})
    assert answer.status_code == 201
    message = answer.json()
    assert message["delivery"] == {"state": "queued", "error": None}
    assert message["author"]["id"] == str(ben.pk)
    assert message["to"] == [{"address": "dana@customer.test", "name": ""}]
    assert message["seq"] == 2


def test_a_chat_reply_is_there_at_once(ben, chat, as_person):
    conversation = receive_chat(chat).conversation
    message = as_person(ben).post(path(conversation), {"body": "Hello!"}).json()
    assert message["delivery"]["state"] == "accepted"


def test_a_note_has_no_delivery_and_no_channel(ben, thread, as_person):
    message = as_person(ben).post(path(thread), {"body": "Careful", "private": True}).json()
    assert (message["private"], message["delivery"], message["channel"]) == (True, None, None)


def test_a_reply_to_something_unseen_is_refused_with_what_was_unseen(ben, mail, as_person):
    first = receive_mail(mail)
    late = receive_mail(mail, references=["<no>"], text="Forget it, I found it.", **again(first))
    assert late.conversation.pk == first.conversation.pk
    answer = as_person(ben).post(path(first.conversation), {"body": "Soon", "seen_seq": 1})
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "unseen_message"
    assert [one["body_text"] for one in problem["unseen"]] == ["Forget it, I found it."]
    assert "unseen_ids" not in problem
    with tenant_scope(ben.workspace_id):
        assert Message.objects.filter(direction="out").count() == 0


def again(received):
    return {"session_conversation_id": received.conversation.pk}


def test_the_same_client_id_twice_is_one_message(ben, thread, as_person):
    person = as_person(ben)
    said = {"body": "Once", "client_id": str(uuid4())}
    first = person.post(path(thread), said)
    second = person.post(path(thread), said)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_the_same_client_id_twice_is_one_message_with_its_file(ben, thread, as_person):
    person = as_person(ben)
    file = upload(person)
    said = {"body": "", "client_id": str(uuid4()), "attachments": [file["id"]]}
    first, second = person.post(path(thread), said), person.post(path(thread), said)
    assert first.json()["id"] == second.json()["id"]
    assert [one["name"] for one in second.json()["attachments"]] == ["pole.txt"]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"body": "  "}, 422, "empty_message"),
        ({"body": "x", "send_at": "soon"}, 400, "invalid"),
        ({"body": "x", "client_id": "7"}, 400, "invalid"),
        ({"body": "x", "to": ["nobody"]}, 422, "bad_address"),
        ({"body": "x", "cc": ["a@b.test\r\nBcc: c@d.test"]}, 422, "bad_address"),
        ({"body": "x", "channel": str(uuid4())}, 404, "not_found"),
        ({"body": "x", "attachments": [str(uuid4())]}, 404, "not_found"),
        ({"body": "x\x00"}, 400, "invalid"),
    ],
)
def test_a_message_that_cannot_go_is_refused_in_words(ben, thread, as_person, said, status, code):
    answer = as_person(ben).post(path(thread), said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


def test_a_waiting_reply_can_be_taken_back_and_leaves_no_trace(ben, thread, as_person):
    person = as_person(ben)
    before = person.get(f"conversations/{thread.pk}").json()
    at = (timezone.now() + timedelta(seconds=10)).isoformat()
    message = person.post(path(thread), {"body": "Oops", "send_at": at}).json()
    assert message["send_at"] is not None
    assert person.post(f"messages/{message['id']}/cancellation").status_code == 204
    assert len(person.get(path(thread)).json()["results"]) == 1
    after = person.get(f"conversations/{thread.pk}").json()
    assert after == before


def test_a_reply_that_left_is_not_taken_back(ben, chat, as_person):
    conversation = receive_chat(chat).conversation
    person = as_person(ben)
    message = person.post(path(conversation), {"body": "Hi"}).json()
    answer = person.post(f"messages/{message['id']}/cancellation")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_sent")


def test_a_failed_reply_says_why_and_is_tried_again(ben, thread, as_person):
    with tenant_scope(ben.workspace_id):
        sent = send(conversation=thread, author=ben, body_text="Hello")
        record_outcome(
            delivery=Delivery.objects.get(message=sent),
            state=DeliveryState.FAILED,
            code="no_such_mailbox",
            text="The mailbox does not exist.",
            retryable=False,
        )
    person = as_person(ben)
    failed = person.get(path(thread)).json()["results"][1]["delivery"]
    assert failed["state"] == "failed"
    assert failed["error"] == {
        "code": "no_such_mailbox",
        "text": "The mailbox does not exist.",
        "retryable": False,
    }
    answer = person.post(f"messages/{sent.pk}/retry")
    assert answer.status_code == 200
    assert answer.json()["delivery"] == {"state": "queued", "error": None}
    again = person.post(f"messages/{sent.pk}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "not_retryable")


def test_threads_are_paged_both_ways_in_ascending_order(ben, mail, as_person):
    first = receive_mail(mail)
    for number in range(2, 8):
        receive_mail(mail, text=f"Line {number}", **again(first))
    person = as_person(ben)

    def seqs(**query):
        page = person.get(path(first.conversation), **query).json()
        return [one["seq"] for one in page["results"]], page["next"]

    newest, back = seqs(limit=3)
    assert newest == [5, 6, 7]
    middle, further = seqs(limit=3, cursor=back)
    assert middle == [2, 3, 4]
    assert seqs(limit=3, cursor=further) == ([1], None)
    assert seqs(limit=3, before_seq=5)[0] == [2, 3, 4]
    later, on = seqs(limit=3, after_seq=2)
    assert later == [3, 4, 5]
    assert seqs(limit=3, cursor=on) == ([6, 7], None)
    assert seqs(after_seq=7) == ([], None)


def test_a_message_is_found_by_the_providers_name(ben, mail, as_person):
    received = receive_mail(mail, provider_id="<abc@customer.test>")
    receive_mail(mail, **again(received))
    page = as_person(ben).get(path(received.conversation), provider_id="<abc@customer.test>")
    assert [one["seq"] for one in page.json()["results"]] == [1]


def test_lines_between_messages_come_with_them(ben, thread, as_person):
    person = as_person(ben)
    person.patch(f"conversations/{thread.pk}", {"priority": "urgent"})
    (line,) = person.get(path(thread)).json()["events"]
    assert (line["kind"], line["after_seq"]) == ("priority", 1)
    assert line["data"] == {"from": "normal", "to": "urgent"}
    assert line["actor"] == {"id": str(ben.pk), "name": "Ben"}


def test_opening_twenty_messages_takes_at_most_ten_statements(ben, mail, as_person, as_program):
    picture = IncomingFile("pole.png", "image/png", PNG, content_id="pole@x", inline=True)
    first = receive_mail(mail, files=[picture])
    with tenant_scope(ben.workspace_id):
        for number in range(10):
            send(conversation=first.conversation, author=ben, body_text=f"Answer {number}")
    for number in range(9):
        receive_mail(mail, files=[picture], text=f"Line {number}", **again(first))
    for speaker in (as_person(ben), as_program(ben)):
        for asked in (path(first.conversation), f"conversations/{first.conversation.pk}"):
            speaker.get(asked)
            with CaptureQueriesContext(connection) as captured:
                answer = speaker.get(asked)
            assert answer.status_code == 200
            made = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
            assert len(made) <= 10 + 1, made  # one more resets the scope, in tests only


def test_an_upload_is_sent_with_the_reply_that_names_it(ben, thread, as_person):
    person = as_person(ben)
    file = upload(person)
    assert (file["name"], file["type"], file["size"]) == ("pole.txt", "text/plain", 6)
    message = person.post(path(thread), {"body": "See", "attachments": [file["id"]]}).json()
    assert [one["id"] for one in message["attachments"]] == [file["id"]]
    second = person.post(path(thread), {"body": "Again", "attachments": [file["id"]]})
    assert second.status_code == 404  # it belongs to the first message now


def test_a_colleagues_upload_is_not_mine_to_send(ana, ben, thread, as_person):
    file = upload(as_person(ana))
    answer = as_person(ben).post(path(thread), {"body": "x", "attachments": [file["id"]]})
    assert answer.status_code == 404


@pytest.mark.parametrize(("content", "code"), [(b"", "empty_file"), (None, "invalid")])
def test_a_missing_or_empty_upload_is_explained(ben, as_person, content, code):
    person = as_person(ben)
    files = {} if content is None else {"file": SimpleUploadedFile("a.txt", content)}
    answer = person.client.post("/api/v1/attachments", files)
    assert answer.json()["code"] == code


def test_a_file_the_disk_refused_has_no_link(ben, mail, as_person):
    received = receive_mail(mail, files=[IncomingFile("a.txt", "text/plain", b"hello")])
    with tenant_scope(ben.workspace_id):
        Attachment.objects.update(key="")
    (message,) = as_person(ben).get(path(received.conversation)).json()["results"]
    assert message["attachments"][0]["url"] == ""
