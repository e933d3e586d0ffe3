import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from channels_app.models import ChannelAccount, InboundEvent
from helpdesk.doctor import examine
from identity.tenancy import tenant_scope


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "heartbeat").touch()
    return tmp_path


def trouble():
    return {finding.what: finding.sentence for finding in examine() if finding.level == "trouble"}


def test_healthy_installation_has_no_trouble(shop):
    assert trouble() == {}


def test_channel_that_was_refused_is_named_with_its_workspace(shop, mail):
    with tenant_scope(shop.pk):
        ChannelAccount.objects.update(trouble="The server refused the password.")
    assert trouble() == {f"{shop.slug}/{mail.name}": "The server refused the password."}


def test_silent_worker_is_noticed(shop, folder):
    os.utime(folder / "heartbeat", (0, 0))
    assert "is bin/up" in trouble()["worker"]


def test_rows_that_wait_too_long_are_noticed(shop, mail):
    with tenant_scope(shop.pk):
        ChannelAccount.objects.update(settings={"smtp_host": "smtp.shop.test"})
        InboundEvent.objects.create(
            channel=mail,
            source="email/raw",
            dedupe_key="x",
            body=b"x",
            due_at=timezone.now() - timedelta(minutes=20),
        )
    assert "1 rows are due" in trouble()["inbound"]


def test_command_ends_with_one_when_something_needs_a_hand(shop, folder):
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "ok       database" in out.getvalue()
    (folder / "heartbeat").unlink()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=StringIO())
