"""The stand-ins for mail providers: what they record, the trouble they make, how they call us."""

import hashlib
import hmac
import json
import smtplib
import subprocess
import sys
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from sandbox.threaded import ThreadedSandbox

SECRET = "raw-secret"
JANE = "jane@customer.example"


@pytest.fixture(scope="module")
def running():
    with ThreadedSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    return running


@pytest.fixture
def web(sandbox):
    with httpx.Client(base_url=sandbox.url, timeout=10) as client:
        yield client


class Hook:
    """A stand-in for the product's door: keeps what was posted, answers as told."""

    def __init__(self):
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.arrived = threading.Condition()
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = hook.answers.pop(0) if hook.answers else 200
                with hook.arrived:
                    hook.posts.append((dict(self.headers), body))
                    hook.arrived.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/email/raw/c1/key"

    def wait_for(self, count):
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.posts) >= count, 10)
        return self.posts

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def hook():
    door = Hook()
    yield door
    door.stop()


@pytest.fixture
def mailbox(web, hook):
    """The shop's mailbox, whose mail the sandbox carries to the hook."""
    web.post(
        "/mailboxes",
        json={"address": "support@shop.example", "to_url": hook.url, "secret": SECRET,
              "channel_id": "c1", "authserv_id": "mx.shop.example"},
    ).raise_for_status()  # fmt: skip
    return hook


def send(sandbox, *, to=JANE, subject="Re: My order", sender="support+bounce-b1@shop.example"):
    """Send a mail as the product does."""
    mail = EmailMessage()
    mail["From"] = "Ana (Acme) <support@shop.example>"
    mail["To"] = to
    mail["Reply-To"] = "support+tok1@shop.example"
    mail["Message-ID"] = "<c1.2.r@shop.example>"
    mail["References"] = "<first@customer.example>"
    mail["Subject"] = subject
    mail.set_content("It left today.\n")
    mail.add_alternative(
        '<div class="helpdesk-message"><p>It left today.</p></div>', subtype="html"
    )
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as smtp:
        smtp.send_message(mail, from_addr=sender, to_addrs=[to])


def body_of(mail, kind):
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_outbox_tells_who_got_what(sandbox, web):
    send(sandbox)
    [entry] = web.get("/outbox", params={"channel": "email", "to": JANE}).json()
    assert entry["channel"] == "email"
    assert entry["to"] == JANE
    assert entry["body"] == "It left today.\n"
    assert entry["headers"]["Reply-To"] == "support+tok1@shop.example"
    assert entry["at"].startswith("20")


def test_outbox_is_filtered_and_emptied(sandbox, web):
    send(sandbox)
    assert web.get("/outbox", params={"to": "kim@x.example"}).json() == []
    assert web.get("/outbox", params={"channel": "sms"}).json() == []
    assert web.delete("/outbox").status_code == 204
    assert web.get("/outbox").json() == []


def test_outbox_by_our_channel_id_is_the_mail_outbox(sandbox, web, mailbox):
    send(sandbox)
    assert len(web.get("/outbox", params={"channel": "c1"}).json()) == 1


def test_raw_mail_can_be_had(sandbox, web):
    send(sandbox)
    [entry] = web.get("/outbox?raw=1").json()
    assert "Message-ID: <c1.2.r@shop.example>" in entry["raw"]
    raw = web.get(f"/outbox/{entry['id']}.eml")
    assert raw.headers["content-type"] == "message/rfc822"
    assert message_from_bytes(raw.content)["Subject"] == "Re: My order"


def test_fault_strikes_as_often_as_ordered(sandbox, web):
    order = {"provider": "email", "mode": "throttle", "times": 2}
    assert web.post("/faults", json=order).status_code == 201
    for _ in range(2):
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(sandbox)
    send(sandbox)
    assert len(web.get("/outbox").json()) == 1


def test_doubled_mail_lies_twice_in_the_mailbox(sandbox, web):
    web.post("/faults", json={"provider": "smtp", "mode": "duplicate"})
    send(sandbox)
    assert len(web.get("/outbox").json()) == 2


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"provider": "smtp"},
        {"mode": "fail"},
        {"provider": "smtp", "mode": "fail", "times": "x"},
    ],
)
def test_senseless_order_is_refused_with_a_reason(web, order):
    answer = web.post("/faults", json=order)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_orders_can_be_seen_and_cleared(web):
    web.post("/faults", json={"provider": "ses", "mode": "hang", "times": 0})
    assert [fault["provider"] for fault in web.get("/faults").json()] == ["ses"]
    web.delete("/faults")
    assert web.get("/faults").json() == []


def test_shopper_answers_the_way_a_mail_client_does(sandbox, web, mailbox):
    send(sandbox)
    answer = web.post("/shopper-reply", json={"to": JANE, "text": "Thank you!"}).json()
    [(headers, body)] = mailbox.wait_for(1)
    mail = message_from_bytes(body, policy=policy.default)
    assert mail["To"] == "support+tok1@shop.example"
    assert mail["In-Reply-To"] == "<c1.2.r@shop.example>"
    assert mail["References"] == "<first@customer.example> <c1.2.r@shop.example>"
    assert mail["Subject"] == "Re: My order"
    assert mail["From"].addresses[0].addr_spec == JANE
    assert mail["Message-ID"] == answer["message_id"]
    assert "dmarc=pass header.from=customer.example" in mail["Authentication-Results"]
    text = body_of(mail, "plain")
    assert text.startswith("Thank you!")
    assert "> It left today." in text
    assert "gmail_quote" in body_of(mail, "html")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Signature-256"] == f"sha256={expected}"


def test_shopper_answers_a_mail_by_its_message_id(sandbox, web, hook):
    send(sandbox)
    given = {"message_id": "<c1.2.r@shop.example>", "text": "Hi", "to_url": hook.url, "secret": "s"}
    assert web.post("/shopper-reply", json=given).json()["responses"][0]["status"] == 200


@pytest.mark.parametrize(
    "given",
    [
        {"to": "nobody@x.example", "text": "Hi"},
        {"message_id": "<no@x>", "text": "Hi"},
        {"to": JANE},
    ],
)
def test_reply_to_nothing_is_refused_with_a_reason(sandbox, web, mailbox, given):
    send(sandbox)
    assert web.post("/shopper-reply", json=given).status_code == 400


def test_shopper_writes_a_first_mail(web, mailbox):
    given = {"from": JANE, "to": "support@shop.example", "subject": "Where?", "text": "Hello"}
    assert web.post("/shopper-mail", json=given).json()["responses"][0]["status"] == 200
    mail = message_from_bytes(mailbox.posts[0][1], policy=policy.default)
    assert (mail["Subject"], mail.get_content().strip()) == ("Where?", "Hello")


def test_hook_that_fails_is_called_again(web, mailbox):
    mailbox.answers = [503, 500]
    given = {"from": JANE, "to": "support@shop.example", "subject": "x", "text": "Hello"}
    answer = web.post("/shopper-mail", json=given).json()
    assert [item["status"] for item in answer["responses"]] == [503, 500, 200]
    assert len({body for _, body in mailbox.posts}) == 1


def test_hook_that_says_stop_is_not_called_again(web, hook):
    hook.answers = [406]
    given = {"to_url": hook.url, "esp": "raw", "raw_mime": "From: a@b\r\n\r\nx", "attempts": 5}
    assert len(web.post("/deliver-mail", json=given).json()["responses"]) == 1


def test_duplicates_are_the_same_bytes(web, hook):
    given = {"to_url": hook.url, "raw_mime": "From: a@b\r\n\r\nGrüße", "duplicates": 2}
    web.post("/deliver-mail", json=given | {"esp": "mailgun", "secret": "k"})
    assert len(hook.posts) == 3
    assert len({body for _, body in hook.posts}) == 1


def test_fault_on_the_hooks_doubles_a_delivery(web, mailbox):
    web.post("/faults", json={"provider": "hooks", "mode": "duplicate"})
    web.post("/shopper-mail", json={"from": JANE, "to": "support@shop.example", "text": "Hello"})
    assert len(mailbox.posts) == 2


def test_mail_to_a_known_mailbox_is_carried_to_its_hook(sandbox, mailbox):
    send(sandbox, to="support+tok9@shop.example", subject="Test of the mailbox")
    [(_, body)] = mailbox.wait_for(1)
    mail = message_from_bytes(body, policy=policy.default)
    assert mail["Subject"] == "Test of the mailbox"
    assert mail["Delivered-To"] == "support+tok9@shop.example"


def test_bounce_comes_back_to_the_envelope_sender(sandbox, web, mailbox):
    web.post("/faults", json={"provider": "smtp", "mode": "bounce"})
    send(sandbox)
    [(_, body)] = mailbox.wait_for(1)
    mail = message_from_bytes(body, policy=policy.default)
    assert mail.get_content_type() == "multipart/report"
    assert mail["Delivered-To"] == "support+bounce-b1@shop.example"
    _, status, original = mail.iter_parts()
    assert f"Final-Recipient: rfc822; {JANE}" in status.as_string()
    assert "Message-ID: <c1.2.r@shop.example>" in original.get_content()


def test_pages_show_the_mailbox_and_one_mail(sandbox, web, mailbox):
    send(sandbox, subject="<b>My</b> order")
    front = web.get("/")
    assert "&lt;b&gt;My&lt;/b&gt; order" in front.text
    assert "default-src 'none'" in front.headers["content-security-policy"]
    [entry] = web.get("/outbox").json()
    page = web.get(f"/mail/{entry['id']}").text
    assert "<iframe sandbox" in page
    assert "Answer as the shopper" in page


def test_form_on_the_page_answers_and_leads_back(sandbox, web, mailbox):
    send(sandbox)
    [entry] = web.get("/outbox").json()
    answer = web.post(
        "/shopper-reply",
        data={"id": entry["id"], "text": "Thanks"},
        headers={"Accept": "text/html"},
    )
    assert answer.status_code == 303
    assert "Your reply is on its way" in web.get(answer.headers["location"]).text
    assert len(mailbox.posts) == 1


def test_unknown_paths_and_methods_are_refused(web):
    assert web.get("/nothing").status_code == 404
    assert web.put("/outbox").status_code == 405
    assert web.get("/mail/abc").status_code == 404
    assert web.post("/deliver-mail", content=b"{").status_code == 400


def test_outbox_and_mailboxes_survive_a_restart(tmp_path, hook):
    with ThreadedSandbox(folder=tmp_path) as first:
        send(first)
        httpx.post(
            f"{first.url}/mailboxes",
            json={"address": "support@shop.example", "to_url": hook.url, "secret": SECRET},
        )
    with ThreadedSandbox(folder=tmp_path) as second:
        [entry] = second.outbox.find()
        assert entry.raw.startswith(b"From: ")
        given = {"id": entry.id, "text": "Still here"}
        assert httpx.post(f"{second.url}/shopper-reply", json=given).status_code == 200
    assert len(hook.posts) == 1


def test_process_serves_until_it_is_told_to_stop(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--http-port", "0", "--smtp-port", "0",
         "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert b"sandbox: http://" in process.stdout.readline()
        ports = json.loads((tmp_path / "ports.json").read_text())
        assert httpx.get(f"http://127.0.0.1:{ports['http']}/healthz").json() == {"ok": True}
        busy = subprocess.run(
            [
                sys.executable,
                "-m",
                "sandbox",
                "--http-port",
                str(ports["http"]),
                "--smtp-port",
                "0",
            ],
            capture_output=True,
            timeout=20,
            check=False,
        )
        assert busy.returncode == 1
        assert b"cannot start: Address already in use" in busy.stderr
    finally:
        process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()
