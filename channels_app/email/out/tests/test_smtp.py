"""Real SMTP conversations with the sandbox: who has the mail at each break, and what is said."""

import ipaddress
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels_app.contract import (
    DeliveryError,
    OutboundAttachment,
    Recipient,
    UnconfirmedDeliveryError,
)
from channels_app.email.send import ACCOUNT_CODES, send_mail
from sandbox.threaded import ThreadedSandbox, server_context

KIM = Recipient("kim@x.example")


def failed(outbound, account):
    """Send, and return the error that comes back."""
    with pytest.raises(DeliveryError) as caught:
        send_mail(outbound, account)
    return caught.value


def test_mail_arrives_once_with_our_message_id(sandbox, make_account, make_outbound):
    result = send_mail(make_outbound(), make_account())
    [copy] = sandbox.outbox.find(to="jane@customer.example")
    assert copy.header("Message-ID") == "<c42.1.x@shop.example>"
    assert copy.sender == "support+bounce-bnc456@shop.example"
    assert result.outcome == "accepted"
    assert result.provider_id == copy.id[:12]


def test_every_recipient_gets_a_copy_and_nobody_sees_bcc(sandbox, make_account, make_outbound):
    send_mail(make_outbound(cc=(KIM,), bcc=(Recipient("boss@x.example"),)), make_account())
    assert [copy.to for copy in sandbox.outbox.find()] == [
        "jane@customer.example", "kim@x.example", "boss@x.example",
    ]  # fmt: skip
    assert all(b"boss@" not in copy.raw for copy in sandbox.outbox.find())


def test_lines_that_begin_with_a_dot_arrive_as_written(sandbox, make_account, make_outbound):
    text = ".\n..\n.hidden\nend"
    send_mail(make_outbound(text=text), make_account())
    [copy] = sandbox.outbox.find()
    assert text in copy.body


@pytest.mark.parametrize(
    ("code", "text", "at", "error_code", "permanent"),
    [
        (421, "4.3.2 Shutting down", "mail", "server.busy", False),
        (450, "4.2.0 Greylisted", "rcpt", "server.busy", False),
        (451, "4.7.1 Greylisted, come back", "rcpt", "server.busy", False),
        (452, "4.3.1 Disk full", "data", "server.busy", False),
        (452, "4.2.2 Mailbox full", "rcpt", "recipient.full", False),
        (552, "5.2.2 Mailbox full", "rcpt", "recipient.full", True),
        (550, "5.1.1 User unknown", "rcpt", "recipient.unknown", True),
        (550, "No such user", "rcpt", "recipient.unknown", True),
        (550, "5.7.1 Relaying denied", "rcpt", "account.policy", True),
        (550, "5.7.26 Unauthenticated mail", "data", "account.policy", True),
        (553, "Sender address rejected", "mail", "account.policy", True),
        (530, "5.7.0 Must issue a STARTTLS command first", "mail", "account.login", True),
        (552, "Message size exceeds limit", "data", "message.too_large", True),
        (554, "5.3.4 Message too big", "data", "message.too_large", True),
        (554, "5.6.0 Content rejected", "data", "message.refused", True),
    ],
)
def test_each_refusal_is_read_for_what_it_means(
    sandbox, make_account, make_outbound, code, text, at, error_code, permanent
):
    sandbox.faults.order({"provider": "smtp", "mode": "fail", "code": code, "text": text, "at": at})
    error = failed(make_outbound(), make_account())
    assert (error.code, error.permanent) == (error_code, permanent)
    assert not isinstance(error, UnconfirmedDeliveryError)
    assert str(code) in str(error)
    assert sandbox.outbox.find() == []


def test_greylisting_is_answered_with_a_pause_of_minutes(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "throttle", "times": 1})
    error = failed(make_outbound(), make_account())
    assert error.retry_after >= 300
    assert send_mail(make_outbound(), make_account()).outcome == "accepted"


def test_lost_while_the_mail_is_on_its_way_may_be_tried_again(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "drop", "at": "body"})
    # Larger than every buffer between us, so that the break comes before the final dot.
    large = OutboundAttachment("film.mp4", "video/mp4", b"\x00" * 12_000_000)
    error = failed(make_outbound(attachments=(large,)), make_account())
    assert not isinstance(error, UnconfirmedDeliveryError)
    assert (error.code, error.permanent) == ("server.lost", False)
    assert error.retry_after > 0


def test_lost_before_the_mail_was_named_may_be_tried_again(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "drop", "at": "mail"})
    error = failed(make_outbound(), make_account())
    assert (error.code, error.permanent) == ("server.lost", False)


def test_lost_after_the_final_dot_is_unconfirmed(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "drop"})
    error = failed(make_outbound(), make_account())
    assert isinstance(error, UnconfirmedDeliveryError)
    assert "may already have it" in str(error)
    assert len(sandbox.outbox.find()) == 1  # the customer has it indeed


def test_server_that_never_confirms_is_unconfirmed(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "hang"})
    error = failed(make_outbound(), make_account(smtp_final_timeout=0.3))
    assert isinstance(error, UnconfirmedDeliveryError)


def test_server_that_hangs_before_the_mail_may_be_tried_again(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "hang", "at": "mail"})
    error = failed(make_outbound(), make_account(smtp_timeout=1.5))
    assert (error.code, error.permanent) == ("server.lost", False)


def test_slow_server_is_waited_for(sandbox, make_account, make_outbound):
    sandbox.faults.order({"provider": "smtp", "mode": "delay", "seconds": 0.1})
    assert send_mail(make_outbound(), make_account()).outcome == "accepted"


def test_copy_that_is_refused_is_reported_and_the_rest_is_sent(
    sandbox, make_account, make_outbound
):
    sandbox.faults.order(
        {"provider": "smtp", "mode": "fail", "code": 550, "text": "5.1.1 Unknown", "at": "rcpt",
         "to": "kim@x.example"}
    )  # fmt: skip
    result = send_mail(make_outbound(cc=(KIM,)), make_account())
    [receipt] = result.refused
    assert (receipt.recipient, receipt.code) == ("kim@x.example", "recipient.unknown")
    assert (receipt.outcome, receipt.permanent) == ("failed", True)
    assert [copy.to for copy in sandbox.outbox.find()] == ["jane@customer.example"]


def test_refused_customer_means_no_copies_either(sandbox, make_account, make_outbound):
    sandbox.faults.order(
        {"provider": "smtp", "mode": "fail", "code": 450, "text": "4.2.0 Later", "at": "rcpt",
         "to": "jane@customer.example"}
    )  # fmt: skip
    error = failed(make_outbound(cc=(KIM,)), make_account())
    assert not error.permanent
    assert sandbox.outbox.find() == []


def test_wrong_password_asks_for_an_administrator(make_account, make_outbound):
    account = make_account(smtp_user="support", secrets={"smtp_password": "wrong"})
    error = failed(make_outbound(), account)
    assert (error.code, error.permanent) == ("account.login", True)
    assert error.code in ACCOUNT_CODES
    assert "wrong" not in str(error)


def test_right_password_sends(sandbox, make_account, make_outbound):
    account = make_account(smtp_user="support", secrets={"smtp_password": "right"})
    send_mail(make_outbound(), account)
    assert len(sandbox.outbox.find()) == 1


def test_password_outside_ascii_is_refused_with_a_sentence(make_account, make_outbound):
    account = make_account(smtp_user="support", secrets={"smtp_password": "pässwort"})
    assert failed(make_outbound(), account).code == "account.login"


def test_closed_port_is_tried_again(make_account, make_outbound):
    error = failed(make_outbound(), make_account(smtp_port=_closed_port()))
    assert (error.code, error.permanent) == ("server.unreachable", False)


def test_unknown_server_name_is_tried_again(make_account, make_outbound):
    error = failed(make_outbound(), make_account(smtp_host="mail.invalid"))
    assert (error.code, error.permanent) == ("server.unreachable", False)


@pytest.mark.parametrize("given", [{"smtp_host": ""}, {"smtp_port": "x"}, {"smtp_security": "no"}])
def test_account_without_a_server_says_what_to_enter(make_account, make_outbound, given):
    error = failed(make_outbound(), make_account(**given))
    assert (error.code, error.permanent) == ("account.settings", True)


def test_unknown_transport_says_so(make_account, make_outbound):
    assert failed(make_outbound(), make_account(transport="pigeon")).code == "account.settings"


def test_server_without_starttls_gets_nothing(sandbox, make_account, make_outbound):
    error = failed(make_outbound(), make_account(smtp_security="starttls"))
    assert (error.code, error.permanent) == ("account.tls", True)
    assert sandbox.outbox.find() == []


def test_tls_to_a_plain_port_says_so(make_account, make_outbound):
    error = failed(make_outbound(), make_account(smtp_security="tls", smtp_timeout=1))
    assert error.code in {"account.tls", "server.unreachable"}


def test_starttls_with_a_stranger_s_certificate_gets_nothing(
    tls_sandbox, make_account, make_outbound
):
    port = tls_sandbox.smtp_port
    error = failed(make_outbound(), make_account(smtp_security="starttls", smtp_port=port))
    assert (error.code, error.permanent) == ("account.tls", True)
    assert tls_sandbox.outbox.find() == []


def test_starttls_with_a_trusted_certificate_sends(
    tls_sandbox, certificate, make_account, make_outbound, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    port = tls_sandbox.smtp_port
    send_mail(make_outbound(), make_account(smtp_security="starttls", smtp_port=port))
    assert len(tls_sandbox.outbox.find()) == 1


@pytest.mark.parametrize(("at", "unconfirmed"), [("mail", False), ("data", True)])
def test_line_lost_under_tls_is_read_the_same_way(
    tls_sandbox, certificate, make_account, make_outbound, monkeypatch, at, unconfirmed
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls_sandbox.faults.order({"provider": "smtp", "mode": "drop", "at": at})
    account = make_account(smtp_security="starttls", smtp_port=tls_sandbox.smtp_port)
    error = failed(make_outbound(), account)
    assert isinstance(error, UnconfirmedDeliveryError) is unconfirmed
    assert not error.permanent


def test_mail_over_our_limit_is_refused_before_the_call(sandbox, make_account, make_outbound):
    large = OutboundAttachment("film.mp4", "video/mp4", b"\x00" * 1_000_000)
    error = failed(make_outbound(attachments=(large,)), make_account(max_message_bytes=1_000_000))
    assert (error.code, error.permanent) == ("message.too_large", True)
    assert "1.4 MB" in str(error)
    assert "share it as a link" in str(error)


def test_mail_over_the_server_s_announced_limit_is_refused(make_account, make_outbound):
    with ThreadedSandbox(size_limit=50_000) as small:
        large = OutboundAttachment("film.mp4", "video/mp4", b"\x00" * 60_000)
        account = make_account(smtp_port=small.smtp_port)
        error = failed(make_outbound(attachments=(large,)), account)
    assert error.code == "message.too_large"


def test_server_that_is_no_mail_server_is_tried_again(make_account, make_outbound):
    with _babbler(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = failed(make_outbound(), make_account(smtp_port=port, smtp_timeout=1))
    assert not error.permanent


def test_server_that_turns_our_address_away_at_the_door(make_account, make_outbound):
    with _babbler(b"554 5.7.1 Your address is blocked\r\n") as port:
        error = failed(make_outbound(), make_account(smtp_port=port))
    assert (error.code, error.permanent) == ("account.policy", True)


class _babbler:  # noqa: N801 - reads like a function
    """A server that says one thing to each caller and hangs up."""

    def __init__(self, words):
        self._words = words

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self._listener.getsockname()[1]

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.sendall(self._words)

    def __exit__(self, *_):
        self._thread.join(5)
        self._listener.close()


def _closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Return (certificate, key) files for 127.0.0.1, signed by themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(tz=UTC)

    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_sandbox(certificate):
    with ThreadedSandbox(tls_context=server_context(*certificate)) as sandbox:
        yield sandbox
