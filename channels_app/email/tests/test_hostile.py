"""Whatever strangers send: no exception, bounded time."""

import contextlib
import dataclasses
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.contract import Account, UnsupportedEventError
from channels_app.email import quotes
from channels_app.email.html import sanitise
from channels_app.email.html_text import html_to_text
from channels_app.email.intake import keys_of, parse_event
from channels_app.email.parse import parse_mail

ACME = Account("c", "w", "support@acme.test", "Acme", {"authserv_id": "mx.acme.test"}, {})
#: Pieces that make parsers go into their corners.
PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html",
        b"multipart/report; report-type=delivery-status; boundary=b", b"message/rfc822",
        b"message/delivery-status", b"Content-Transfer-Encoding: base64", b"--b", b"--b--", b"\r\n",
        b"\r\n\r\n", b"\n", b"\r", b"\x00", b"\xff", b"=?utf-8?q?", b"?=", b"=?", b"<", b">", b'"',
        b"(", b")", b";", b",", b"@", b"+", b"a@b.test", b"<p>", b"<img src=", b"cid:", b"begin 644 x",
        b"end", b"=ybegin name=x", b"charset=utf-7", b"+2AA-", b"format=flowed; delsp=yes",
        b"filename*0*=utf-8''%", b"On 1.1.2026 a@b wrote:", b"> ", b"References: ", b"To: ",
        b"Date: ", b"Return-Path: <>", b"mailer-daemon@x", b"failure notice", b"winmail.dat",
        b"application/ms-tnef", b"Authentication-Results: mx.acme.test; dmarc=pass", b"=\r\n", b"====",
    ]
)  # fmt: skip
RAW = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=40).map(b"".join),
)
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(value):
    """Yield every text inside an item."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.items()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def check(items):
    for item in items:
        for text in texts(dataclasses.asdict(item)):
            assert "\x00" not in text
            text.encode()


@SLOW
@given(RAW)
def test_any_bytes_are_a_mail(raw):
    found = parse_mail(raw, own_addresses=["support@acme.test"], authserv_id="mx.acme.test")
    assert found
    check(found)


@SLOW
@given(RAW, st.sampled_from(["raw", "mailgun", "postmark", "sendgrid", "ses"]))
def test_any_bytes_may_be_posted_by_a_service(raw, variant):
    assert keys_of(raw, {}, variant).dedupe
    with contextlib.suppress(UnsupportedEventError):
        check(parse_event(raw, {"content-type": "multipart/form-data; boundary=b"}, variant, ACME))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda children: st.lists(children, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["Type", "Message", "event", "event-data", "signature", "RecordType", "Headers", "mail",
             "receipt", "content", "bounce", "bouncedRecipients", "Attachments", "FromFull", "ToFull",
             "RawEmail", "message", "headers", "timestamp", "email", "id", "Records", "Sns", "ses"]
        ),
        children | st.sampled_from(["Notification", "Bounce", "Received", "delivered", "failed"]),
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@SLOW
@given(JSON, st.sampled_from(["mailgun", "postmark", "sendgrid", "ses"]))
def test_any_json_may_be_posted_by_a_service(payload, variant):
    import json

    raw = json.dumps(payload).encode()
    assert keys_of(raw, {}, variant).dedupe
    with contextlib.suppress(UnsupportedEventError):
        check(parse_event(raw, {}, variant, ACME))


@SLOW
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_damaged_samples_are_still_mails(sample_seed, cuts):
    from pathlib import Path

    chance = random.Random(sample_seed)
    folder = Path(__file__).parent.parent / "fixtures"
    raw = bytearray(chance.choice(sorted(folder.glob("*.eml"))).read_bytes())
    for _ in range(cuts):
        at = chance.randrange(len(raw))
        what = chance.randrange(4)
        if what == 0:
            raw[at] = chance.randrange(256)
        elif what == 1:
            del raw[at : at + chance.randrange(1, 200)]
        elif what == 2:
            raw[at:at] = raw[chance.randrange(len(raw) or 1) :][: chance.randrange(200)]
        else:
            raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(30)))
        raw = raw or bytearray(b"x")
    check(parse_mail(bytes(raw), own_addresses=["support@acme.test"], authserv_id="mx.acme.test"))


@SLOW
@given(st.text(max_size=400))
def test_any_text_can_be_folded_and_any_html_cleaned(text):
    assert len(quotes.fold(text)) <= len(text)
    html_to_text(text)
    safe, _ = sanitise(text)
    assert "<script" not in safe.lower()


LONG = 100_000
HOSTILE_TEXTS = {
    "introductions": "On wrote: " * (LONG // 10),
    "dated lines": "On Mon, Jan 1, 2026 at 10:00 someone <a@b>\n" * (LONG // 43),
    "quote marks": "> \n" * (LONG // 3),
    "one long quote": ">" * LONG,
    "header lines": "From: x\nTo: y\n" * (LONG // 14),
    "dashes": "-- \n" * (LONG // 4),
    "blanks": " " * LONG,
    "hard blanks": "\u00a0" * LONG,
    "open brackets": ("On " + "x" * 90 + " 12:30 <\n") * (LONG // 103),
    "verbs": "wrote schrieb écrit " * (LONG // 20),
    "devices": "Sent from my " * (LONG // 13),
}


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_folding_hostile_text_ends_soon(text):
    """The libraries needed more than 15 s for such texts."""
    started = time.process_time()
    quotes.fold(text)
    assert time.process_time() - started < 3


HOSTILE_MAILS = {
    "boundaries": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * LONG,
    "references": b"References: " + b"<a@b> " * LONG + b"\n\nx",
    "brackets": b"From: " + b"<" * LONG + b"\n\nx",
    "quotes": b"From: " + b'"' * LONG + b"\n\nx",
    "comments": b"To: " + b"(" * LONG + b"\n\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 30_000 + b"\n\nx",
    "half words": b"Subject: " + b"=?" * LONG + b"\n\nx",
    "parameters": b"Content-Type: text/plain; " + b"a" * LONG + b"\n\nx",
    "pieces": b"Content-Type: text/plain; " + b'a*0="x";' * 30_000 + b"\n\nx",
    "headers": b"A: b\n" * LONG,
    "flowed": b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * LONG,
    "uuencode": b"\n\n" + b"begin 644 a\n" * 30_000,
    "carriage returns": b"\r" * LONG,
    "divs": b"Content-Type: text/html\n\n" + b"<div>" * LONG,
    "tags": b"Content-Type: text/html\n\n" + b"<" * LONG,
    "scripts": b"Content-Type: text/html\n\n" + b"<script>" * 30_000,
    "comments in html": b"Content-Type: text/html\n\n" + b"<!--" * LONG,
    "ampersands": b"Content-Type: text/html\n\n" + b"&" * 300_000,
    "classes": b'Content-Type: text/html\nSubject: Re: x\n\n<div class="' + b"a " * LONG + b'">',
    "quote boxes": b"Subject: Re: x\nContent-Type: text/html\n\n"
    + b'<div class="gmail_quote"><blockquote>' * 5_000,
}


@pytest.mark.parametrize("raw", HOSTILE_MAILS.values(), ids=HOSTILE_MAILS)
def test_hostile_mail_ends_soon(raw):
    started = time.process_time()
    assert parse_mail(raw, own_addresses=["a@b.test"], authserv_id="mx.acme.test")
    assert time.process_time() - started < 3
