from io import StringIO
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from channels_app.models import ChannelAccount, InboundEvent
from helpdesk.foundation.ledger import WorkState
from identity.tenancy import tenant_scope
from tests.factories.inbox import make_mail_channel

PAGE = "/settings/inbound-events/"


def make_event(channel, **fields):
    given = {
        "source": "email/raw",
        "dedupe_key": uuid4().hex,
        "body": b"From: dana@customer.test\r\n\r\n<script>alert(1)</script>",
        "headers": {"content-type": "message/rfc822"},
        "work_state": WorkState.QUARANTINED,
        "reason": "It could not be read: a riddle.",
        **fields,
    }
    with tenant_scope(channel.workspace_id):
        return InboundEvent.objects.create(channel=channel, **given)


def states(channel):
    with tenant_scope(channel.workspace_id):
        return list(InboundEvent.objects.order_by("pk").values_list("work_state", flat=True))


@pytest.fixture
def here(monkeypatch):
    """Commands find the servers of this test."""
    monkeypatch.setattr("helpdesk.on_demand._answers", lambda servers: True)


def test_quarantined_events_are_listed_with_their_reason(sign_in, ana, mail):
    make_event(mail)
    make_event(mail, work_state=WorkState.DONE, reason="Done with.")
    page = sign_in(ana).get(PAGE).content.decode()
    assert "a riddle" in page
    assert "Done with." not in page
    assert "Done with." in sign_in(ana).get(f"{PAGE}?state=done").content.decode()


def test_events_of_one_door_are_found(sign_in, ana, mail):
    make_event(mail, source="email/mailgun", reason="From Mailgun.")
    make_event(mail, source="email/raw", reason="From the raw door.")
    page = sign_in(ana).get(f"{PAGE}?source=email/mailgun").content.decode()
    assert "From Mailgun." in page
    assert "From the raw door." not in page


def test_raw_event_is_shown_as_text_and_never_runs(sign_in, ana, mail):
    page = sign_in(ana).get(f"{PAGE}{make_event(mail).pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_body_that_is_no_text_is_shown_all_the_same(sign_in, ana, mail):
    event = make_event(mail, body=b"\xff\xfe\x00\x80 mail")
    assert "mail" in sign_in(ana).get(f"{PAGE}{event.pk}/").content.decode()


def test_one_event_is_read_again(sign_in, ana, mail):
    event = make_event(mail)
    sign_in(ana).post(f"{PAGE}{event.pk}/replay/")
    assert states(mail) == [WorkState.NEW]


def test_chosen_events_are_read_again_and_no_others(sign_in, ana, mail):
    first, _, third = make_event(mail), make_event(mail), make_event(mail)
    answer = sign_in(ana).post(
        f"{PAGE}replay/", {"event": [str(first.pk), str(third.pk), "nonsense"]}
    )
    assert states(mail) == [WorkState.NEW, WorkState.QUARANTINED, WorkState.NEW]
    assert "replaying=1" in answer["Location"]


def test_all_events_of_the_shown_state_are_read_again(sign_in, ana, mail):
    for _ in range(3):
        make_event(mail)
    make_event(mail, work_state=WorkState.IGNORED)
    sign_in(ana).post(f"{PAGE}replay/", {"state": "quarantined", "all": "1"})
    assert states(mail) == [WorkState.NEW] * 3 + [WorkState.IGNORED]


def test_events_of_another_shop_are_not_touched_by_all(sign_in, ana, mail, other_shop):
    theirs = make_mail_channel(other_shop)
    make_event(theirs)
    sign_in(ana).post(f"{PAGE}replay/", {"state": "quarantined", "all": "1"})
    assert states(theirs) == [WorkState.QUARANTINED]


def test_progress_counts_down_to_nothing(sign_in, ana, mail):
    event = make_event(mail, work_state=WorkState.NEW)
    browser = sign_in(ana)
    assert "1 event still to be read" in browser.get(f"{PAGE}progress/").content.decode()
    with tenant_scope(mail.workspace_id):
        InboundEvent.objects.filter(pk=event.pk).update(work_state=WorkState.DONE)
    assert "All of them are read" in browser.get(f"{PAGE}progress/").content.decode()


def test_nothing_chosen_is_said(sign_in, ana, mail):
    make_event(mail)
    answer = sign_in(ana).post(f"{PAGE}replay/", {}, follow=True)
    assert "Choose at least one event first." in answer.content.decode()


def test_command_goes_through_the_workspaces_and_says_so(here, mail, other_shop):
    theirs = make_mail_channel(other_shop)
    make_event(mail)
    make_event(theirs)
    make_event(theirs, work_state=WorkState.DONE)
    out = StringIO()
    call_command("replay", "--state", "quarantined", stdout=out)
    assert states(mail) == [WorkState.NEW]
    assert sorted(states(theirs)) == [WorkState.DONE, WorkState.NEW]
    assert "2 events of 2 workspaces" in out.getvalue()


def test_command_replays_one_event_or_one_channel_or_since_a_day(here, mail):
    first, second = make_event(mail), make_event(mail)
    call_command("replay", "--id", str(first.pk), stdout=StringIO())
    assert states(mail) == [WorkState.NEW, WorkState.QUARANTINED]
    call_command("replay", "--since", "2999-01-01", stdout=StringIO())
    assert states(mail) == [WorkState.NEW, WorkState.QUARANTINED]
    call_command("replay", "--channel", str(mail.pk), stdout=StringIO())
    assert states(mail) == [WorkState.NEW, WorkState.NEW]
    assert second.pk != first.pk


@pytest.mark.parametrize("arguments", [[], ["--since", "yesterday"]])
def test_command_says_what_it_needs(here, db, arguments):
    with pytest.raises(CommandError):
        call_command("replay", *arguments, stdout=StringIO())


def test_rotation_seals_everything_with_the_newest_key(here, mail, ana, settings):
    TOTP.activate(ana.user, generate_totp_secret())
    old_key = settings.FERNET_KEYS[0]
    settings.FERNET_KEYS = [Fernet.generate_key().decode(), old_key]
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert "1 channels and 1 second factors" in out.getvalue()
    settings.FERNET_KEYS = settings.FERNET_KEYS[:1]
    with tenant_scope(mail.workspace_id):
        assert ChannelAccount.objects.get().secrets["hook_secret"] == "hook-secret"
        with connection.cursor() as cursor:
            cursor.execute("SELECT secrets FROM channels_app_channelaccount")
            assert "hook-secret" not in str(cursor.fetchall())
    assert not TOTP(Authenticator.objects.get()).validate_code("000000")
