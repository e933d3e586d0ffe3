"""From a real mailbox into the ledger, and on to the inbox."""

import threading
from datetime import UTC, datetime

import pytest

from channels_app import processing
from channels_app.email import watching
from channels_app.email.polling import mailboxes_to_poll, poll
from channels_app.models import ChannelAccount, InboundEvent, MailboxCursor
from channels_app.services import forget_route, update_account
from helpdesk.foundation.lanes import only_one
from identity.tenancy import tenant_scope
from inbox.models import Message
from tests.factories.inbox import make_mail_channel


@pytest.fixture
def channel(shop, mailbox):
    given = mailbox.account()
    return make_mail_channel(
        shop,
        settings={**given.settings, "imap_user": given.address},
        secrets=dict(given.secrets),
    )


def put(mailbox, name):
    mailbox.put(name, received=datetime.now(tz=UTC))


def kept(channel):
    with tenant_scope(channel.workspace_id):
        return list(InboundEvent.objects.values_list("source", "old"))


def test_the_first_look_takes_nothing_over(channel, mailbox):
    put(mailbox, "history")
    assert poll(channel.pk) == 0
    assert kept(channel) == []


def test_a_new_mail_becomes_an_event_and_a_message_once(channel, mailbox):
    poll(channel.pk)
    put(mailbox, "news")
    assert poll(channel.pk) == 1
    assert poll(channel.pk) == 0
    assert kept(channel) == [("email/imap", False)]
    processing.drain()
    with tenant_scope(channel.workspace_id):
        assert Message.objects.get().subject == "news"


def test_the_place_is_kept_between_looks(channel, mailbox):
    poll(channel.pk)
    with tenant_scope(channel.workspace_id):
        place = MailboxCursor.objects.get().place
        assert place is not None
        assert place["folder"] == mailbox.folder


def test_a_wrong_password_is_shown_on_the_channel_and_cleared_by_success(channel, mailbox):
    with tenant_scope(channel.workspace_id):
        update_account(channel=channel, secrets={"imap_password": "other"})
    forget_route(channel.pk)
    assert poll(channel.pk) == 0
    with tenant_scope(channel.workspace_id):
        assert "does not accept" in ChannelAccount.objects.get(channel=channel).trouble
        update_account(channel=channel, secrets=dict(mailbox.account().secrets))
    forget_route(channel.pk)
    poll(channel.pk)
    with tenant_scope(channel.workspace_id):
        assert ChannelAccount.objects.get(channel=channel).trouble == ""


def test_mailboxes_of_all_workspaces_are_found_and_no_others(channel, mail):
    assert mailboxes_to_poll() == [(channel.workspace_id, channel.pk)]


@pytest.mark.django_db(transaction=True)
def test_two_readers_are_never_at_one_mailbox(channel, mailbox):
    poll(channel.pk)
    put(mailbox, "news")
    entered, leave = threading.Event(), threading.Event()

    def other_reader():
        from django.db import connection

        with only_one(f"imap:{channel.pk}"):
            entered.set()
            leave.wait(20)
        connection.close()

    other = threading.Thread(target=other_reader)
    other.start()
    assert entered.wait(20)
    assert poll(channel.pk) == 0
    leave.set()
    other.join()
    assert poll(channel.pk) == 1


@pytest.mark.django_db(transaction=True)
def test_a_watcher_hears_of_a_mail_when_it_arrives(channel, mailbox):
    ended, heard = threading.Event(), threading.Event()
    calls = []

    def announce(channel_id):
        calls.append(channel_id)
        heard.set()

    watcher = threading.Thread(
        target=watching.watch, kwargs={"announce": announce, "ended": ended}, daemon=True
    )
    watcher.start()
    while not heard.wait(0.5):
        put(mailbox, "news")
    ended.set()
    watcher.join(20)
    assert calls[0] == channel.pk
