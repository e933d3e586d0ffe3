import re

import pytest
from django.db import connection

from channels_app.models import ChannelAccount
from channels_app.services import account_of
from identity.tenancy import tenant_scope
from inbox.models import Channel
from tests.factories.inbox import make_mail_channel

SECRETS = {
    "imap_password": "imap-s3cret-word",
    "smtp_password": "smtp-s3cret-word",
}
BY_IMAP_AND_SMTP = {
    "name": "Fjellmark",
    "receive": "imap",
    "imap_host": "imap.shop.test",
    "imap_security": "tls",
    "imap_first_days": "7",
    "transport": "smtp",
    "smtp_host": "smtp.shop.test",
    "smtp_security": "starttls",
    "smtp_user": "support",
    "plus_addressing": "on",
    **SECRETS,
}


@pytest.fixture
def path(mail):
    return f"/settings/channels/{mail.pk}/"


def stored(channel):
    with tenant_scope(channel.workspace_id):
        return account_of(Channel.objects.get(pk=channel.pk))


def form_of(channel, **changes):
    return {**BY_IMAP_AND_SMTP, "address": channel.address, **changes}


def test_owner_adds_a_mailbox_in_two_steps(sign_in, ana, shop):
    browser = sign_in(ana)
    given = {"name": "Fjellmark", "address": "Help@Shop.test", "receive": "postmark"}
    answer = browser.post("/settings/channels/new/email/", given)
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    with tenant_scope(shop.pk):
        channel = Channel.objects.get(address="help@shop.test")
        account = ChannelAccount.objects.get(channel=channel)
    assert f"/hooks/email/postmark/{channel.pk}/{account.hook_key}" in page
    assert account.secrets["postmark_password"] not in page


def test_saved_settings_are_what_the_adapter_reads(sign_in, ana, mail, path):
    assert sign_in(ana).post(path, form_of(mail)).status_code == 302
    account = stored(mail)
    assert account.settings["imap_host"] == "imap.shop.test"
    assert account.settings["imap_first_days"] == 7
    assert account.settings["transport"] == "smtp"
    assert account.secrets["imap_password"] == SECRETS["imap_password"]


def test_secrets_are_never_shown_again_on_any_page(sign_in, ana, shop):
    mail = make_mail_channel(shop, secrets={"hook_secret": "hook-s3cret-word"})
    path = f"/settings/channels/{mail.pk}/"
    browser = sign_in(ana)
    browser.post(path, form_of(mail))
    pages = [path, "/settings/channels/", "/settings/inbound-events/"]
    shown = "".join(browser.get(one).content.decode() for one in pages)
    # A form that comes back with an error must not carry what was typed either.
    shown += browser.post(path, form_of(mail, smtp_host="")).content.decode()
    for secret in [*SECRETS.values(), *stored(mail).secrets.values()]:
        assert secret not in shown
    assert "Set. Type to replace it." in shown


def test_secrets_are_sealed_in_the_database(sign_in, ana, mail, path):
    sign_in(ana).post(path, form_of(mail))
    with tenant_scope(mail.workspace_id), connection.cursor() as cursor:
        cursor.execute("SELECT secrets, settings::text FROM channels_app_channelaccount")
        rows = str(cursor.fetchall())
    for secret in SECRETS.values():
        assert secret not in rows


def test_empty_secret_keeps_the_stored_one(sign_in, ana, mail, path):
    browser = sign_in(ana)
    browser.post(path, form_of(mail))
    browser.post(path, form_of(mail, imap_password="", smtp_password="a new one"))
    assert stored(mail).secrets["imap_password"] == SECRETS["imap_password"]
    assert stored(mail).secrets["smtp_password"] == "a new one"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"imap_host": ""}, "Enter the name of the IMAP server."),
        ({"imap_password": ""}, "Enter the mailbox&#x27;s password."),
        ({"smtp_host": ""}, "Enter the name of the SMTP server."),
        ({"smtp_port": "99999"}, "less than or equal to 65535"),
        ({"address": "nobody"}, "Enter a valid email address."),
        ({"own_addresses": "a@shop.test\nnonsense"}, "“nonsense” is not an e-mail address."),
        ({"receive": "ses", "sns_topics": "topic"}, "“topic” is no topic."),
        ({"receive": "mailgun"}, "Enter Mailgun&#x27;s signing key."),
        ({"transport": "postmark"}, "Enter the API key."),
        ({"transport": "ses"}, "Enter the region, for example eu-west-1."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(
    sign_in, ana, mail, path, changes, sentence
):
    shown = sign_in(ana).post(path, form_of(mail, **changes)).content.decode()
    assert sentence in shown
    assert "imap_host" not in stored(mail).settings


def test_two_channels_do_not_share_a_mailbox(sign_in, ana, shop, mail, path):
    second = make_mail_channel(shop)
    shown = sign_in(ana).post(path, form_of(mail, address=second.address)).content.decode()
    assert "Another channel has the address" in shown
    assert stored(mail).address == mail.address


def test_mailbox_is_no_longer_looked_into_once_mail_comes_by_a_service(sign_in, ana, mail, path):
    browser = sign_in(ana)
    browser.post(path, form_of(mail))
    browser.post(path, form_of(mail, receive="raw"))
    assert stored(mail).settings["imap_host"] == ""
    # Coming back, nothing has to be typed again.
    assert 'value="imap.shop.test"' in browser.get(path).content.decode()


def test_new_hook_secret_is_shown_once_and_replaces_the_old(sign_in, ana, mail, path):
    before = stored(mail).secrets["hook_secret"]
    browser = sign_in(ana)
    answer = browser.post(f"{path}hook-secret/")
    (shown,) = re.findall(r'id="new-secret"[^>]*>([^<]+)<', answer.content.decode())
    assert shown == stored(mail).secrets["hook_secret"] != before
    assert "no-store" in answer["Cache-Control"]
    assert shown not in browser.get(path).content.decode()


def test_new_password_for_a_service_is_shown_with_its_user(sign_in, ana, shop):
    mail = make_mail_channel(shop, settings={"esp": "postmark"})
    answer = sign_in(ana).post(f"/settings/channels/{mail.pk}/hook-secret/")
    (shown,) = re.findall(r'id="new-secret"[^>]*>([^<]+)<', answer.content.decode())
    user, _, password = shown.partition(":")
    assert stored(mail).secrets["postmark_user"] == user
    assert stored(mail).secrets["postmark_password"] == password


def test_trouble_is_shown_and_cleared_by_saving(sign_in, ana, mail, path):
    with tenant_scope(mail.workspace_id):
        ChannelAccount.objects.update(trouble="The mail server refused the password.")
    browser = sign_in(ana)
    assert "refused the password" in browser.get("/settings/channels/").content.decode()
    browser.post(path, form_of(mail))
    assert "refused the password" not in browser.get("/settings/channels/").content.decode()


def test_channel_is_switched_off_and_on(sign_in, ana, mail, path):
    browser = sign_in(ana)
    browser.post(f"{path}deactivation/")
    assert "Switched off" in browser.get(path).content.decode()
    browser.post(f"{path}activation/")
    assert "Switched off" not in browser.get(path).content.decode()


def test_address_shown_for_mailgun_is_one_that_answers(sign_in, ana, mail, path, client):
    page = sign_in(ana).get(path).content.decode()
    (url,) = re.findall(r'id="hook-mailgun">([^<]+)<', page)
    assert url.endswith("/mime")
    # Known door, unsigned post: refused, not missing.
    assert client.post(url.removeprefix("http://localhost:8000"), {}).status_code == 403
