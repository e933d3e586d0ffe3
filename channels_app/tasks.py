"""Wake-ups and sweeps. The rows are the truth: losing any of these tasks costs seconds."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from helpdesk.foundation.wakeups import SLOTS, slot_of, wake, woken
from identity.models import Workspace
from identity.tenancy import tenant_scope
from inbox.services.conversations import wake_snoozed


@shared_task(name="channels_app.drain_inbound")
def drain_inbound(*, slot: int) -> None:
    """Turn all due inbound events into messages."""
    from channels_app import processing  # here: the adapters load when a worker needs them

    woken(drain_inbound, slot=slot)
    processing.drain()


@shared_task(name="channels_app.drain_outbound")
def drain_outbound(*, slot: int) -> None:
    """Hand all due deliveries to their providers."""
    from channels_app import delivering  # here: the adapters load when a worker needs them

    woken(drain_outbound, slot=slot)
    delivering.drain()


@shared_task(name="channels_app.sweep")
def sweep() -> None:
    """Wake every ledger: whatever was missed, is due again, or lost its worker, is found."""
    for slot in range(SLOTS):
        wake(drain_inbound, slot=slot)
        wake(drain_outbound, slot=slot)


@shared_task(name="channels_app.confirm_subscription")
def confirm_subscription(*, url: str) -> None:
    """Tell a provider that we want its events; the URL's host was checked with the signature."""
    from helpdesk.foundation.http import client

    with client(purpose="hooks.confirm_subscription", guarded=True, timeout=10.0) as web:
        web.get(url).raise_for_status()


@shared_task(name="channels_app.poll_mailboxes")
def poll_mailboxes() -> None:
    """Ask for a look into every mailbox that is read by IMAP."""
    from channels_app.email.polling import mailboxes_to_poll

    for _, channel_id in mailboxes_to_poll():
        poll_mailbox.delay(channel_id=str(channel_id))


@shared_task(name="channels_app.poll_mailbox", expires=60)
def poll_mailbox(*, channel_id: str) -> None:
    """Take in what is new in one mailbox, and have it worked at once."""
    from channels_app.email.polling import poll

    if poll(UUID(channel_id)):
        wake(drain_inbound, slot=slot_of(channel_id))


@shared_task(name="channels_app.wake_snoozed")
def end_snoozes() -> None:
    """Open the conversations whose snooze has ended, workspace by workspace."""
    now = timezone.now()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with tenant_scope(workspace_id):
            wake_snoozed(now=now)


@shared_task(name="channels_app.mail_chat_answers")
def mail_chat_answers() -> None:
    """Mail the answers that chat visitors were not there to get, workspace by workspace."""
    from channels_app.chat.services.by_email import mail_waiting_answers

    now = timezone.now()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with tenant_scope(workspace_id):
            mail_waiting_answers(now=now)
