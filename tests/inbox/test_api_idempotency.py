"""Repeated writes are answered again and done once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from identity.tenancy import tenant_scope
from inbox.models import Attachment, IdempotencyRecord, Message
from inbox.services.sending import send
from tests.factories.inbox import receive_mail
from tests.inbox.conftest import Speaker, key_of, signed_in


@pytest.fixture
def thread(mail):
    return receive_mail(mail).conversation


def said(member):
    with tenant_scope(member.workspace_id):
        return Message.objects.filter(direction="out").count()


def test_the_same_request_twice_is_done_once(ben, thread, as_program):
    program = as_program(ben)
    path = f"conversations/{thread.pk}/messages"
    first = program.post(path, {"body": "Once"}, Idempotency_Key="a")
    second = program.post(path, {"body": "Once"}, Idempotency_Key="a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert said(ben) == 1


def test_the_order_of_fields_does_not_matter(ben, mail, as_program):
    program = as_program(ben)
    body = {"channel": str(mail.pk), "to": "new@customer.test", "body": "Hi"}
    first = program.post("conversations", body, Idempotency_Key="a")
    turned = dict(reversed(body.items()))
    second = program.post("conversations", turned, Idempotency_Key="a")
    assert second.json()["id"] == first.json()["id"]


def test_another_body_under_the_same_key_is_422(ben, thread, as_program):
    program = as_program(ben)
    path = f"conversations/{thread.pk}/messages"
    program.post(path, {"body": "Once"}, Idempotency_Key="a")
    answer = program.post(path, {"body": "Twice"}, Idempotency_Key="a")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_reused")
    assert said(ben) == 1


def test_a_key_belongs_to_one_token_and_one_path(ana, ben, mail, as_program):
    one, two = receive_mail(mail), receive_mail(mail, sender_value="other@customer.test")
    body = {"body": "Hello"}
    for speaker in (as_program(ben), as_program(ben), as_program(ana)):
        for received in (one, two):
            path = f"conversations/{received.conversation.pk}/messages"
            assert "Idempotent-Replayed" not in speaker.post(path, body, Idempotency_Key="a")
    assert said(ben) == 6


def test_a_refusal_is_stored_too(ben, thread, as_program):
    program = as_program(ben)
    path = f"conversations/{thread.pk}/messages"
    first = program.post(path, {"body": " "}, Idempotency_Key="a")
    second = program.post(path, {"body": " "}, Idempotency_Key="a")
    assert (first.status_code, second.status_code) == (422, 422)
    assert second["Idempotent-Replayed"] == "true"
    assert second["Content-Type"] == "application/problem+json"


def test_a_refused_request_leaves_only_its_answer(ben, thread, as_program, monkeypatch):
    path = f"conversations/{thread.pk}"
    answer = as_program(ben).patch(
        path, {"priority": "high", "topic": "weather"}, Idempotency_Key="a"
    )
    assert answer.status_code == 422
    assert as_program(ben).get(path).json()["priority"] == "normal"


def test_our_own_failure_is_not_stored(ben, thread, as_program, monkeypatch):
    program = as_program(ben)
    program.client.raise_request_exception = False
    path = f"conversations/{thread.pk}/messages"
    with monkeypatch.context() as broken:
        broken.setattr("inbox.api.views.messages.message_shapes", lambda *_, **__: 1 / 0)
        assert program.post(path, {"body": "x"}, Idempotency_Key="a").status_code == 500
    assert said(ben) == 0
    again = program.post(path, {"body": "x"}, Idempotency_Key="a")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again


def test_a_key_is_forgotten_after_a_day(ben, thread, as_program):
    program = as_program(ben)
    path = f"conversations/{thread.pk}/messages"
    program.post(path, {"body": "x"}, Idempotency_Key="a")
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "Idempotent-Replayed" not in program.post(path, {"body": "x"}, Idempotency_Key="a")
        program.post(path, {"body": "y"}, Idempotency_Key="b")
        with tenant_scope(ben.workspace_id):
            assert IdempotencyRecord.objects.count() == 2
    assert said(ben) == 3


def test_uploads_are_compared_by_their_content(ben, as_program):
    program = as_program(ben)

    def upload(content):
        return program.client.post(
            "/api/v1/attachments",
            {"file": SimpleUploadedFile("a.txt", content)},
            headers={**program.headers, "Idempotency-Key": "a"},
        )

    first, second, third = upload(b"one"), upload(b"one"), upload(b"two")
    assert first.json()["id"] == second.json()["id"]
    assert third.status_code == 422
    with tenant_scope(ben.workspace_id):
        assert Attachment.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 201, "tab\tkey", "ключ".encode().decode("latin-1")])
def test_a_key_of_another_form_is_400(ben, thread, as_program, key):
    path = f"conversations/{thread.pk}/messages"
    answer = as_program(ben).post(path, {"body": "x"}, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")


def test_a_session_may_use_a_key_as_well(ben, thread):
    person = Speaker(signed_in(ben))
    path = f"conversations/{thread.pk}/read"
    person.post(path, {"seq": 1}, Idempotency_Key="a")
    answer = person.post(path, {"seq": 1}, Idempotency_Key="a")
    assert (answer.status_code, answer["Idempotent-Replayed"]) == (204, "true")


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_a_second_is_409_and_then_gets_the_answer(ben, mail, monkeypatch):
    path = f"conversations/{receive_mail(mail).conversation.pk}/messages"
    headers = {"Authorization": f"Bearer {key_of(ben, 'write')}"}
    inside, go_on, answers = threading.Event(), threading.Event(), []
    from inbox.api.views import messages

    def slow(**given):
        inside.set()
        assert go_on.wait(10)
        return send(**given)

    def first():

        answers.append(Speaker(Client(), headers).post(path, {"body": "x"}, Idempotency_Key="a"))
        connections.close_all()

    monkeypatch.setattr(messages, "send", slow)
    running = threading.Thread(target=first)
    running.start()
    assert inside.wait(10)

    meanwhile = Speaker(Client(), headers).post(path, {"body": "x"}, Idempotency_Key="a")
    go_on.set()
    running.join()
    after = Speaker(Client(), headers).post(path, {"body": "x"}, Idempotency_Key="a")
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency_running")
    assert after.json() == answers[0].json()
    assert after["Idempotent-Replayed"] == "true"
