"""The adapter shows what every adapter must, and answers in threads as in workers."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from channels_app.contract import Account, InboundMessage, RawRequest
from channels_app.email import adapter as adapter_module
from channels_app.email.adapter import EmailAdapter
from channels_app.testing import AdapterContract
from helpdesk.foundation.limits import TimeLimitError
from helpdesk.foundation.signing import hmac_sha256_hex
from tests.factories.inbox import make_mail_channel

MAIL = b"From: dana@customer.test\r\nTo: support@acme.test\r\nMessage-ID: <c1@customer.test>\r\n\r\nHello"
DELETED = (
    b"From: dana@customer.test\r\nContent-Type: multipart/report; boundary=b;"
    b" report-type=disposition-notification\r\n\r\n--b\r\nContent-Type: message/disposition-notification"
    b"\r\n\r\nDisposition: manual-action/MDN-sent-manually; deleted\r\n--b--\r\n"
)


class TestEmailAdapter(AdapterContract):
    kind = "email"
    variant = "raw"

    def make_channel(self, workspace):
        return make_mail_channel(workspace)

    def _signed(self, account, body):
        signature = f"sha256={hmac_sha256_hex(account.secrets['hook_secret'], body)}"
        headers = {"x-signature-256": signature, "content-type": "message/rfc822"}
        return RawRequest("POST", "https://desk.test/hooks", headers, {}, body, "raw")

    def signed_request(self, account):
        return self._signed(account, MAIL)

    def unknown_request(self, account):
        return self._signed(account, DELETED)


@pytest.fixture
def acme():
    return Account("c", "w", "support@acme.test", "Acme")


@pytest.mark.parametrize("variant", ["raw", "imap", "mailgun", "postmark", "sendgrid", "ses", "?"])
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b"--b\r\n", b"[[[[", b'{"a":{"b":[]}}'])
def test_keys_never_raise(variant, body):
    assert EmailAdapter().keys(body, {}, variant).dedupe


def test_a_parser_that_hangs_is_stopped(acme, monkeypatch):
    def hang(*_args):
        while True:
            pass

    monkeypatch.setattr(adapter_module, "parse_event", hang)
    monkeypatch.setattr(adapter_module, "PARSE_SECONDS", 0.05)
    with pytest.raises(TimeLimitError):
        EmailAdapter().parse(MAIL, {}, "raw", acme)


def test_parsing_in_a_thread_gives_the_same_as_in_a_worker(acme):
    adapter = EmailAdapter()
    with ThreadPoolExecutor(1) as pool:
        apart = pool.submit(adapter.parse, MAIL, {}, "raw", acme).result()
    assert apart == adapter.parse(MAIL, {}, "raw", acme)


def test_own_domain_is_taken_from_the_address_but_never_a_public_one(acme):
    raw = b"Authentication-Results: mx; dmarc=pass\r\nFrom: ben@%b\r\n\r\nx"
    settings = {"authserv_id": "mx"}
    adapter = EmailAdapter()
    own = Account("c", "w", "support@acme.test", "Acme", settings)
    [colleague] = adapter.parse(raw % b"acme.test", {}, "raw", own)
    assert isinstance(colleague, InboundMessage)
    assert colleague.author_kind == "agent"
    shared = Account("c", "w", "acme.shop@gmail.com", "Acme", settings)
    [stranger] = adapter.parse(raw % b"gmail.com", {}, "raw", shared)
    assert isinstance(stranger, InboundMessage)
    assert stranger.author_kind == "contact"
