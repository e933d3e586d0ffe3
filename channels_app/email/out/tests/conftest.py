"""One sandbox for the mail tests, emptied before each."""

import pytest

from channels_app.contract import Account, Outbound, Recipient
from sandbox.threaded import ThreadedSandbox


@pytest.fixture(scope="session")
def running_sandbox():
    with ThreadedSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox):
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def make_account(sandbox):
    """Return a maker of accounts that send through the sandbox."""

    def make(**given):
        settings = {
            "transport": "smtp",
            "smtp_host": "127.0.0.1",
            "smtp_port": sandbox.smtp_port,
            "smtp_security": "none",
            "smtp_timeout": 20,
            "smtp_final_timeout": 20,
        }
        return Account(
            channel_id="c1",
            workspace_id="w1",
            address=given.pop("address", "support@shop.example"),
            name=given.pop("name", "Acme Shop"),
            secrets=given.pop("secrets", {}),
            settings=settings | given,
        )

    return make


@pytest.fixture
def make_outbound():
    """Return a maker of answers an agent would send."""

    def make(**given):
        fields = {
            "delivery_id": "d-1",
            "conversation_id": "42",
            "message_id": "<c42.1.x@shop.example>",
            "to": (Recipient("jane@customer.example", "Jane Doe"),),
            "subject": "Re: My order",
            "text": "It left today.",
            "reply_token": "tok123",
            "bounce_token": "bnc456",
            "author_name": "Ana",
        }
        return Outbound(**fields | given)

    return make
