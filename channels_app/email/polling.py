"""Carrying mails from IMAP mailboxes into the ledger; each is stored before its place is."""

from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from channels_app.contract import Keys
from channels_app.email import imap
from channels_app.email.adapter import EmailAdapter
from channels_app.models import ChannelAccount, MailboxCursor
from channels_app.services import Route, ingest_raw_event, report_trouble, route_of
from helpdesk.foundation.lanes import only_one
from identity.tenancy import tenant_scope
from inbox.models import Message

logger = structlog.get_logger(__name__)

SOURCE = "email/imap"


def mailboxes_to_poll() -> list[tuple[UUID, UUID]]:
    """Return (workspace id, channel id) of every mailbox that is read by IMAP, of all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, channel_id FROM mailboxes_to_poll()")
        return [(row[0], row[1]) for row in cursor.fetchall()]


def poll(channel_id: UUID) -> int:
    """Take in what is new in one mailbox. Returns how many mails became events.

    Does nothing while another process reads the same mailbox. Trouble is kept where the settings
    page shows it, and cleared by the next success.
    """
    route = route_of(channel_id)
    if route is None:
        return 0
    with only_one(f"imap:{channel_id}") as alone:
        if not alone:
            return 0
        place = _load(route)
        stored = 0
        try:
            for item in imap.fetch_new(route.account, place, seen=lambda name: _seen(route, name)):
                stored += _keep(route, item)
                _save(route, item.cursor)
        except imap.MailboxError as error:
            _note_trouble(route, error)
            return stored
        _note_success(route)
    return stored


def _keep(route: Route, item: imap.MailboxItem) -> bool:
    if isinstance(item, imap.SkippedMail):
        logger.warning("imap.skipped", channel_id=str(route.channel_id), uid=item.uid)
        with tenant_scope(route.workspace_id):
            report_trouble(channel_id=route.channel_id, text=item.reason)
        return False
    if not isinstance(item, imap.NewMail):
        return False
    keys: Keys = EmailAdapter().keys(item.raw, {}, "imap")
    _, is_new = ingest_raw_event(
        route=route, source=SOURCE, body=item.raw, headers={}, keys=keys, old=item.old
    )
    return is_new


def _seen(route: Route, message_id: str) -> bool:
    with tenant_scope(route.workspace_id):
        return Message.objects.filter(channel_id=route.channel_id, provider_id=message_id).exists()


def _load(route: Route) -> imap.MailCursor | None:
    with tenant_scope(route.workspace_id):
        row = MailboxCursor.objects.filter(channel_id=route.channel_id).first()
    return imap.MailCursor.from_dict(row.place) if row and row.place else None


def _save(route: Route, place: imap.MailCursor) -> None:
    with tenant_scope(route.workspace_id):
        MailboxCursor.objects.update_or_create(
            channel_id=route.channel_id,
            folder=place.folder,
            defaults={"place": place.as_dict(), "checked_at": timezone.now(), "error": ""},
        )


def _note_trouble(route: Route, error: imap.MailboxError) -> None:
    logger.warning("imap.failed", channel_id=str(route.channel_id), error=type(error).__name__)
    place = getattr(error, "cursor", None)
    if place is not None:
        _save(route, place)
    with tenant_scope(route.workspace_id):
        report_trouble(channel_id=route.channel_id, text=str(error))
        MailboxCursor.objects.filter(channel_id=route.channel_id).update(error=str(error))


def _note_success(route: Route) -> None:
    with tenant_scope(route.workspace_id):
        MailboxCursor.objects.filter(channel_id=route.channel_id).update(
            checked_at=timezone.now(), error=""
        )
        ChannelAccount.objects.filter(channel_id=route.channel_id).exclude(trouble="").update(
            trouble=""
        )
