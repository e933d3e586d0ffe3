"""Small mails written in place, and our own sample mails from ``../fixtures``."""

from pathlib import Path

import pytest

from channels_app.contract import InboundMessage
from channels_app.email.parse import parse_mail

OWN = {
    "own_addresses": ["support@acme.test"],
    "own_domains": ["acme.test"],
    "authserv_id": "mx.acme.test",
}
HEADERS = {
    "From": "Dana <dana@customer.test>",
    "To": "support@acme.test",
    "Subject": "Where is my parcel?",
    "Date": "Fri, 20 Nov 2026 10:00:00 +0000",
    "Message-ID": "<m1@customer.test>",
}


def write_mail(body="Hello", **headers):
    """Return a raw mail; a header given as None is left out, ``_`` in a name becomes ``-``."""
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    merged = {name: given.pop(name.lower(), value) for name, value in HEADERS.items()}
    lines = [f"{name}: {value}" for name, value in {**merged, **given}.items() if value is not None]
    raw = body if isinstance(body, bytes) else body.encode()
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


@pytest.fixture
def mail():
    """A function: body and headers → raw mail."""
    return write_mail


@pytest.fixture
def read():
    """A function: raw mail (or body and headers) → the one message in it."""

    def read_one(raw=None, body="Hello", headers=(), **settings) -> InboundMessage:
        raw = write_mail(body, **dict(headers)) if raw is None else raw
        [item] = parse_mail(raw, **{**OWN, **settings})
        assert isinstance(item, InboundMessage), item
        return item

    return read_one


@pytest.fixture
def items():
    """A function: raw mail → everything in it."""
    return lambda raw, **settings: parse_mail(raw, **{**OWN, **settings})


@pytest.fixture
def sample():
    """A function: name → bytes of one of our own sample mails, with the line ends of the wire."""
    folder = Path(__file__).parent.parent / "fixtures"
    return lambda name: (folder / name).read_bytes().replace(b"\n", b"\r\n")
