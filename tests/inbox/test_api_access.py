"""Who may do what: keys, scopes, roles, sessions and CSRF; and how every refusal looks."""

from uuid import uuid4

import pytest
from django.test import Client

from identity.models import ApiToken, Role
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member, make_user
from tests.factories.inbox import receive_mail
from tests.inbox.conftest import Speaker, key_of, signed_in


@pytest.fixture
def thread(mail):
    return receive_mail(mail).conversation


def test_without_key_or_session_the_answer_is_401_with_a_challenge(db):
    answer = Speaker(Client()).get("me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "not_signed_in"
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert problem["request_id"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer hd_x_y"])
def test_a_key_of_another_form_is_401(ben, header):
    answer = Speaker(signed_in(ben), {"Authorization": header}).get("me")
    assert answer.status_code == 401


def test_a_key_whose_secret_is_wrong_is_401(ben):
    key = key_of(ben, "admin")[:-4] + "aaaa"
    assert Speaker(Client(), {"Authorization": f"Bearer {key}"}).get("me").status_code == 401


def test_a_key_that_names_another_workspace_is_401(ben, eve):
    ours, theirs = key_of(ben, "admin").split("_", 2), key_of(eve, "admin").split("_", 2)
    crossed = "_".join([ours[0], theirs[1], ours[2]])
    assert Speaker(Client(), {"Authorization": f"Bearer {crossed}"}).get("me").status_code == 401


def test_a_revoked_key_is_401(ben, as_program, django_user_model):
    program = as_program(ben)
    assert program.get("me").status_code == 200
    with tenant_scope(ben.workspace_id):
        ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert program.get("me").status_code == 401


def test_the_key_of_somebody_who_left_is_401(ben, as_program):
    program = as_program(ben)
    with tenant_scope(ben.workspace_id):
        ben.is_active = False
        ben.save(update_fields=["is_active"])
    assert program.get("me").status_code == 401


def test_a_member_who_was_removed_while_signed_in_is_401(ben, as_person):
    person = as_person(ben)
    with tenant_scope(ben.workspace_id):
        ben.is_active = False
        ben.save(update_fields=["is_active"])
    assert person.get("conversations").status_code == 401


def test_somebody_without_a_workspace_is_401(db):
    client = Client()
    client.force_login(
        make_user("Stray"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert Speaker(client).get("me").status_code == 401


def test_a_reading_key_does_not_write(ben, thread, as_program):
    program = as_program(ben, "read")
    assert program.get("conversations").status_code == 200
    answer = program.post(f"conversations/{thread.pk}/messages", {"body": "Hi"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "write" in answer.json()["detail"]


def test_a_writing_key_reads_too_and_does_not_administer(ana, as_program):
    program = as_program(ana, "write")
    assert program.get("conversations").status_code == 200
    assert program.post(f"inbound-events/{uuid4()}/replay").status_code == 403


def test_a_key_without_scopes_may_nothing(ana):
    key = key_of(ana)
    assert Speaker(Client(), {"Authorization": f"Bearer {key}"}).get("me").status_code == 403


def test_a_viewer_reads_and_marks_as_read_and_nothing_else(shop, thread, as_person):
    viewer = as_person(make_member(shop, name="Vera", role=Role.VIEWER))
    assert viewer.get(f"conversations/{thread.pk}").status_code == 200
    assert viewer.post(f"conversations/{thread.pk}/read", {"seq": 1}).status_code == 204
    assert viewer.post(f"conversations/{thread.pk}/messages", {"body": "x"}).status_code == 403
    assert viewer.patch(f"conversations/{thread.pk}", {"status": "closed"}).status_code == 403
    assert viewer.get("me").json()["can"] == ["read"]


def test_an_agent_does_not_replay(ben, as_person):
    answer = as_person(ben).post(f"inbound-events/{uuid4()}/replay")
    assert answer.status_code == 403


def test_a_session_writes_only_with_the_csrf_token(ben, thread):
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(ben).cookies
    path = f"conversations/{thread.pk}/read"
    assert Speaker(client).post(path, {"seq": 1}).status_code == 403
    client.get("/accounts/logout/")  # any page with a form gives the cookie
    token = client.cookies["csrftoken"].value
    assert Speaker(client, {"X-CSRFToken": token}).post(path, {"seq": 1}).status_code == 204


def test_a_key_needs_no_csrf_token(ben, thread):
    client = Client(enforce_csrf_checks=True)
    program = Speaker(client, {"Authorization": f"Bearer {key_of(ben, 'write')}"})
    assert program.post(f"conversations/{thread.pk}/read", {"seq": 1}).status_code == 204


def test_me_names_person_workspace_and_abilities(ana, shop, as_person):
    found = as_person(ana).get("me").json()
    assert found["user"]["id"] == str(ana.pk)
    assert found["user"]["email"] == ana.user.email
    assert found["workspace"] == {"id": str(shop.pk), "name": "Fjellmark", "slug": shop.slug}
    assert found["workspaces"] == [found["workspace"]]
    assert found["role"] == "owner"
    assert "manage" in found["can"]


def test_members_teams_saved_replies_and_channels_are_listed(ana, ben, mail, as_person):
    person = as_person(ben)
    assert [one["name"] for one in person.get("members").json()["results"]] == ["Ana", "Ben"]
    assert person.get("teams").json() == {"results": [], "next": None}
    assert person.get("saved-replies").json() == {"results": [], "next": None}
    (channel,) = person.get("channels").json()["results"]
    assert (channel["kind"], channel["address"]) == ("email", mail.address)
    assert channel["capabilities"]["can_start"] is True


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "conversations/7", 404),
        ("POST", "nothing/at/all", 404),
        ("DELETE", "conversations", 405),
        ("OPTIONS", "conversations", 405),
    ],
)
def test_what_does_not_exist_is_a_problem_document_too(ben, as_person, method, path, status):
    answer = as_person(ben).send(method, path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_broken_body_is_400_and_another_language_415(ben, thread, as_person):
    person = as_person(ben)
    path = f"/api/v1/conversations/{thread.pk}/read"
    broken = person.client.post(path, b"{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")
    other = person.client.post(path, b"<seq/>", content_type="text/xml")
    assert other.status_code == 415


def test_a_field_that_is_wrong_is_named(ben, thread, as_person):
    answer = as_person(ben).post(f"conversations/{thread.pk}/read", {"seq": "far"})
    (error,) = answer.json()["errors"]
    assert error["field"] == "seq"
    assert error["message"]
    assert answer.json()["detail"].startswith("seq: ")


def test_a_nested_field_is_named_by_its_path(ben, thread, as_person):
    answer = as_person(ben).post(
        f"conversations/{thread.pk}/messages", {"body": "x", "cc": ["a@b.test", ["c"]]}
    )
    assert answer.json()["errors"][0]["field"] == "cc.1"


def test_our_own_trouble_is_a_500_document_that_tells_nothing(ben, as_person, monkeypatch):
    def fall(*args, **kwargs):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("inbox.api.views.people.counts_for", fall)
    person = as_person(ben)
    person.client.raise_request_exception = False
    answer = person.get("counts")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert b"secret" not in answer.content
