import json
import stat
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from identity.models import Workspace
from identity.services.api_tokens import holder_of
from identity.tenancy import tenant_scope
from inbox.models import Attachment, Conversation, Delivery, Message, Status


@pytest.fixture
def demo(db, settings, tmp_path, monkeypatch):
    """Run ``manage.py demo --json`` on this test's database and an own folder."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("HELPDESK_SANDBOX_PORT", "9")  # nobody answers there
    monkeypatch.setenv("HELPDESK_SANDBOX_SMTP_PORT", "9")
    monkeypatch.setattr("helpdesk.on_demand._answers", lambda servers: True)

    def run(*arguments):
        out = StringIO()
        call_command("demo", "--json", *arguments, stdout=out)
        return json.loads(out.getvalue())

    return run


def test_handles_have_the_agreed_shape(demo):
    found = demo()
    assert set(found) == {"base_url", "workspace", "api_token", "agents", "channels", "sandbox"}
    assert found["workspace"]["slug"] == "demo"
    assert [agent["role"] for agent in found["agents"]] == ["owner", "agent"]
    chat, mail = found["channels"]
    assert (chat["kind"], mail["kind"]) == ("chat", "email")
    assert chat["address"] == chat["public_key"]
    assert mail["webhook_path"].startswith(f"/hooks/email/raw/{mail['id']}/")
    assert mail["secret"]
    assert mail["authserv_id"]
    assert set(found["sandbox"]) == {"outbox_url", "faults_url"}


def test_handles_and_rows_are_the_same_at_the_second_call(demo):
    first = demo()
    before = Workspace.objects.count()
    assert demo() == first
    assert Workspace.objects.count() == before == 2


def test_printed_credentials_work(demo):
    found = demo()
    owner = found["agents"][0]
    browser = Client()
    answer = browser.post(
        "/accounts/login/", {"login": owner["email"], "password": owner["password"]}
    )
    assert answer.status_code == 302
    assert browser.get("/settings/members/").status_code == 200
    holder = holder_of(found["api_token"])
    assert holder is not None
    assert str(holder.workspace_id) == found["workspace"]["id"]


def test_changed_password_is_set_back_to_the_printed_one(demo):
    owner = demo()["agents"][0]
    from identity.models import User

    user = User.objects.get(email=owner["email"])
    user.set_password("something else entirely")
    user.save()
    demo()
    user.refresh_from_db()
    assert user.check_password(owner["password"])


def test_other_workspace_has_its_own_people_keys_and_conversations(demo):
    mine, other = demo(), demo("--workspace", "other")
    assert other["workspace"]["slug"] == "other"
    assert mine["api_token"] != other["api_token"]
    ids = []
    for found in (mine, other):
        with tenant_scope(found["workspace"]["id"]):
            ids.append(set(Conversation.objects.values_list("pk", flat=True)))
    assert len(ids[0]) >= 12
    assert ids[1]
    assert not ids[0] & ids[1]


def test_stories_show_what_an_inbox_can_hold(demo):
    with tenant_scope(demo()["workspace"]["id"]):
        states = set(Conversation.objects.values_list("status", flat=True))
        assert states >= {Status.OPEN, Status.WAITING, Status.SNOOZED, Status.CLOSED, Status.SPAM}
        assert Message.objects.filter(private=True).exists()
        assert Attachment.objects.exclude(key="").exists()
        # What agents answered is planned to leave like any other answer.
        answers = Message.objects.filter(direction="out", private=False).count()
        assert Delivery.objects.count() == answers


def test_stories_are_told_once(demo):
    with tenant_scope(demo()["workspace"]["id"]):
        before = Message.objects.count()
        demo()
        assert Message.objects.count() == before


def test_times_run_forward_and_end_before_now(demo):
    with tenant_scope(demo()["workspace"]["id"]):
        for conversation in Conversation.objects.all():
            times = list(
                Message.objects.filter(conversation=conversation)
                .order_by("seq")
                .values_list("created_at", flat=True)
            )
            assert times == sorted(times)
            assert conversation.last_message_at == times[-1]


def test_kept_secrets_are_readable_by_their_owner_only(demo, tmp_path):
    demo()
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_sandbox_is_told_about_the_mailboxes_before_it_starts(demo, tmp_path):
    found = demo()
    known = json.loads((tmp_path / "sandbox" / "mailboxes.json").read_text())
    mine = next(one for one in known if one["channel_id"] == found["channels"][1]["id"])
    assert mine["to_url"] == found["base_url"] + found["channels"][1]["webhook_path"]
