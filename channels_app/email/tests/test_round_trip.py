"""What we write comes back as ours: through mail clients, bounces and every service's post."""

import json

import pytest

from channels_app.contract import Account, DeliveryReceipt, Ignored, Outbound, RawRequest, Recipient
from channels_app.email import adapter as adapter_module
from channels_app.email.adapter import EmailAdapter
from channels_app.email.out.compose import envelope_sender
from channels_app.email.send import build_mail
from sandbox import esp, shopper, signing
from sandbox.outbox import mail_entries

JANE = "jane@customer.example"
TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2n3o4p5q6r7s2t3u4"
SNS_KEY, SNS_CERTIFICATE = signing.make_sns_certificate()
SENDGRID_KEY, SENDGRID_PUBLIC = signing.make_sendgrid_key()

SHOP = Account(
    "c1",
    "w1",
    "support@shop.example",
    "Acme Shop",
    {"authserv_id": "mx.shop.example", "sns_topics": [esp.TOPIC]},
    {
        "hook_secret": "raw-secret",
        "mailgun_signing_key": "mg-key",
        "postmark_user": "pm",
        "postmark_password": "pm-pass",
        "sendgrid_public_key": SENDGRID_PUBLIC,
    },
)
ANSWER = Outbound(
    delivery_id="d1",
    conversation_id="42",
    message_id="<c42.1.x@shop.example>",
    to=(Recipient(JANE, "Jane"),),
    subject="Re: Where is it?",
    text="It left today.\n\nSee https://x.example/track",
    in_reply_to="<q1@customer.example>",
    references=("<q1@customer.example>",),
    reply_token=TOKEN,
    bounce_token="b" * 26,
    author_name="Ana",
)


@pytest.fixture
def entry():
    """Our answer as it lies in the shopper's mailbox."""
    raw = build_mail(ANSWER, SHOP).message().as_bytes(linesep="\r\n")
    [copy] = mail_entries(
        raw, provider="smtp", sender=envelope_sender(ANSWER, SHOP), recipients=[JANE]
    )
    return copy


def parsed(raw, *, headers=None, variant="raw"):
    [item] = EmailAdapter().parse(raw, headers or {}, variant, SHOP)
    return item


def lowered(post):
    return {name.lower(): value for name, value in post.headers.items()}


def test_shopper_s_reply_names_its_conversation_and_only_the_new_words(entry):
    item = parsed(shopper.reply_to(entry, "Thank you!\nAnd where is the other one?"))
    assert item.sender.value == JANE
    assert item.thread.reply_tokens == (TOKEN,)
    assert item.thread.in_reply_to == ("<c42.1.x@shop.example>",)
    assert item.thread.references[0] == "<c42.1.x@shop.example>"
    assert item.new_text.strip() == "Thank you!\nAnd where is the other one?"
    assert item.machine == "human"


def test_reply_is_folded_by_our_mark_when_nothing_else_tells(entry):
    quoted = "\r\n".join(f"> {line}" for line in entry.body.splitlines())
    raw = (
        f"From: {JANE}\r\nTo: support+{TOKEN}@shop.example\r\nSubject: Re: x\r\n"
        "In-Reply-To: <c42.1.x@shop.example>\r\nMessage-ID: <r1@customer.example>\r\n\r\n"
        f"Merci beaucoup.\r\n\r\nŽádný klient takto necituje:\r\n{quoted}\r\n"
    ).encode()
    assert parsed(raw).new_text.startswith("Merci beaucoup.")
    assert "It left today" not in parsed(raw).new_text


def test_bounce_names_the_mail_it_is_about(entry):
    item = parsed(shopper.bounce(entry.raw, recipient=JANE, envelope_sender=entry.sender))
    assert isinstance(item, DeliveryReceipt)
    assert (item.outcome, item.permanent, item.recipient) == ("failed", True, JANE)
    assert "<c42.1.x@shop.example>" in item.message_ids


def test_bounce_without_our_id_is_found_by_its_address(entry):
    raw = shopper.bounce(b"Subject: x\r\n\r\n", recipient=JANE, envelope_sender=entry.sender)
    assert parsed(raw).bounce_token == "b" * 26


POSTS = {
    "raw": lambda raw: esp.sign_raw(raw, "raw-secret"),
    "mailgun": lambda raw: esp.sign_mailgun(raw, "mg-key"),
    "postmark": lambda raw: esp.sign_postmark(raw, "pm", "pm-pass"),
    "sendgrid": lambda raw: esp.sign_sendgrid(raw, private_key=SENDGRID_KEY),
    "ses": lambda raw: esp.sign_ses(raw, SNS_KEY),
}
FORGED = {
    "raw": lambda raw: esp.sign_raw(raw, "other"),
    "mailgun": lambda raw: esp.sign_mailgun(raw, "other"),
    "postmark": lambda raw: esp.sign_postmark(raw, "pm", "other"),
    "sendgrid": lambda raw: esp.sign_sendgrid(raw, private_key=signing.make_sendgrid_key()[0]),
    "ses": lambda raw: esp.sign_ses(raw, signing.make_sns_certificate()[0]),
}


@pytest.fixture
def verify(monkeypatch):
    """Return the adapter's verification of a post, with Amazon's certificate at hand."""
    monkeypatch.setattr(
        adapter_module, "fetch_sns_certificate", lambda _url: SNS_CERTIFICATE.encode()
    )

    def run(post, service):
        request = RawRequest("POST", f"/hooks/email/{service}/c1/k", lowered(post), {}, post.body,
                             variant=service)  # fmt: skip
        return EmailAdapter().verify(request, SHOP)

    return run


@pytest.mark.parametrize("service", sorted(POSTS))
def test_post_of_each_service_is_believed_and_read(entry, verify, service):
    post = POSTS[service](shopper.reply_to(entry, "Thank you!"))
    assert verify(post, service)
    item = parsed(post.body, headers=lowered(post), variant=service)
    assert item.new_text.strip() == "Thank you!"
    assert item.thread.reply_tokens == (TOKEN,)


@pytest.mark.parametrize("service", sorted(FORGED))
def test_post_signed_by_somebody_else_is_refused(entry, verify, service):
    assert not verify(FORGED[service](shopper.reply_to(entry, "Thank you!")), service)


def test_mail_that_lies_in_s3_is_refused_with_a_sentence(entry):
    post = esp.sign_ses(entry.raw, SNS_KEY, in_s3=True)
    [item] = EmailAdapter().parse(post.body, lowered(post), "ses", SHOP)
    assert isinstance(item, Ignored)
    assert "S3" in item.reason


def test_one_mail_has_one_key_however_often_it_is_posted(entry):
    raw = shopper.reply_to(entry, "Thank you!")
    keys = {EmailAdapter().keys(raw, {}, "raw").dedupe for _ in range(2)}
    assert len(keys) == 1
    assert json.dumps([*keys])
