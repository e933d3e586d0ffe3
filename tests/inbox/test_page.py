"""The page that carries the island: who gets it, and what it starts from."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inbox.realtime import current_sequence
from tests.factories.identity import make_user
from tests.factories.inbox import make_mail_channel, receive_mail
from tests.inbox.conftest import Speaker, signed_in


def boot_of(answer):
    assert answer.status_code == 200
    found = re.search(
        r'<script id="boot" type="application/json">(.*?)</script>',
        answer.content.decode(),
        re.DOTALL,
    )
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("path", ["/", "/inbox/", "/inbox/01900000-0000-7000-8000-000000000000/"])
def test_a_stranger_is_sent_to_sign_in(db, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_page_starts_with_what_the_api_would_say(ben, mail):
    pk = receive_mail(mail, subject="</script><b>").conversation.pk
    browser = signed_in(ben)
    boot = boot_of(browser.get(f"/inbox/{pk}/?view=unassigned"))
    api = Speaker(browser)
    assert boot["seq"] == current_sequence(ben.workspace_id)
    assert boot["me"] == api.get("me").json()
    assert boot["counts"] == api.get("counts").json()
    listed = api.get("conversations", status="open", assignee="none").json()
    assert boot["conversations"] == listed
    assert boot["conversation"] == api.get(f"conversations/{pk}").json()
    assert boot["messages"] == api.get(f"conversations/{pk}/messages").json()
    for name in ("channels", "members", "teams", "saved_replies"):
        assert boot[name] == api.get(name.replace("_", "-")).json()["results"], name
    assert boot["csrf"]


@pytest.mark.parametrize(
    ("view", "count"),
    [("mine", 0), ("unassigned", 1), ("all", 1), ("closed", 0), ("nonsense", 0), ("channel:x", 0)],
)
def test_the_first_list_is_the_view_in_the_address(ben, mail, view, count):
    receive_mail(mail)
    boot = boot_of(signed_in(ben).get(f"/inbox/?view={view}"))
    assert len(boot["conversations"]["results"]) == count


def test_a_conversation_of_another_workspace_is_not_found(ben, eve):
    pk = receive_mail(make_mail_channel(eve.workspace)).conversation.pk
    assert signed_in(ben).get(f"/inbox/{pk}/").status_code == 404


def test_somebody_without_a_workspace_is_told_what_to_do(db):
    browser = Client()
    browser.force_login(
        make_user("Stray"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = browser.get("/")
    assert answer.status_code == 403
    assert "Ask a colleague to invite you" in answer.content.decode()


def test_the_page_takes_a_bounded_number_of_statements(ben, mail):
    for number in range(30):
        receive_mail(mail, sender_value=f"c{number}@customer.test")
    browser = signed_in(ben)
    browser.get("/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/?view=all")
    assert len(captured) <= 22
