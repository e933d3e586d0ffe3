"""Every mail of the public corpora goes through the real door, ledger, worker and inbox."""

import pytest

from channels_app import processing
from channels_app.models import InboundEvent
from channels_app.registry import adapter_for
from channels_app.services import ingest_raw_event, route_of
from helpdesk.foundation.ledger import WorkState
from identity.tenancy import tenant_scope
from inbox.models import Message, MessageIndex
from tests.corpus import FIXTURES

pytestmark = pytest.mark.corpus

FOLDERS = ("mime", "support", "reply_raw", "auto", "not_a_bounce", "bounce", "complaint")


def mails(folder):
    return sorted(
        path for path in (FIXTURES / "email" / folder).rglob("*") if path.is_file() and path.suffix
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mail_is_taken_in_without_an_exception(db, mail, folder):
    route = route_of(mail.pk)
    assert route is not None
    for path in mails(folder):
        raw = path.read_bytes()
        keys = adapter_for("email").keys(raw, {}, "raw")
        ingest_raw_event(route=route, source="email/raw", body=raw, headers={}, keys=keys)
    processing.drain()
    with tenant_scope(mail.workspace_id):
        states = set(InboundEvent.objects.values_list("work_state", flat=True))
        unread = list(
            InboundEvent.objects.exclude(
                work_state__in=[WorkState.DONE, WorkState.IGNORED]
            ).values_list("reason", flat=True)
        )
        assert unread == []
        assert states <= {WorkState.DONE, WorkState.IGNORED}
        assert MessageIndex.objects.count() == Message.objects.count()
        if folder in {"mime", "support", "reply_raw", "not_a_bounce"}:
            assert Message.objects.count() >= 0.9 * InboundEvent.objects.count()
        if folder == "bounce":
            assert Message.objects.count() <= 0.2 * InboundEvent.objects.count()
