"""A mail as it is built, before anybody carries it."""

from email import message_from_bytes, policy

import pytest

from channels_app.contract import Account, DeliveryError, OutboundAttachment, Recipient
from channels_app.email.marker import HTML_CLASS, TEXT_MARKER_PATTERN
from channels_app.email.out.compose import envelope_sender
from channels_app.email.send import build_mail

SHOP = Account("c1", "w1", "support@shop.example", "Acme Shop")
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def built(outbound, account=SHOP):
    """Return the mail as a receiver parses it."""
    return message_from_bytes(raw(outbound, account), policy=policy.default)


def raw(outbound, account=SHOP):
    return build_mail(outbound, account).message().as_bytes(linesep="\r\n")


def test_mail_has_text_and_html_and_names_its_people(make_outbound):
    mail = built(make_outbound())
    assert mail.get_content_type() == "multipart/alternative"
    assert "It left today." in mail.get_body(("plain",)).get_content()
    assert "<p>It left today.</p>" in mail.get_body(("html",)).get_content()
    assert mail["From"] == '"Ana (Acme Shop)" <support@shop.example>'
    assert mail["To"] == "Jane Doe <jane@customer.example>"


def test_own_message_id_is_set_and_kept_on_a_second_build(make_outbound):
    ids = [built(make_outbound())["Message-ID"] for _ in range(2)]
    assert ids == ["<c42.1.x@shop.example>"] * 2


def test_answers_come_back_to_the_signed_plus_address(make_outbound):
    assert built(make_outbound())["Reply-To"] == "Acme Shop <support+tok123@shop.example>"


def test_bounces_come_back_to_the_bounce_address(make_outbound):
    assert envelope_sender(make_outbound(), SHOP) == "support+bounce-bnc456@shop.example"


def test_mailbox_without_plus_addresses_gets_none(make_outbound):
    plain = Account("c1", "w1", "support@shop.example", "Acme", {"plus_addressing": False})
    assert built(make_outbound(), plain)["Reply-To"] is None
    assert envelope_sender(make_outbound(), plain) == "support@shop.example"


def test_plus_address_that_servers_would_refuse_is_left_out(make_outbound):
    long = Account("c1", "w1", f"{'customer-service' * 3}@shop.example", "Acme")
    mail = make_outbound(reply_token="t" * 42, bounce_token="b" * 42)
    assert built(mail, long)["Reply-To"] is None
    assert envelope_sender(mail, long) == long.address


def test_answer_threads_by_in_reply_to_and_references(make_outbound):
    mail = built(
        make_outbound(in_reply_to="<b@x>", references=("<a@x>", "<b@x>", "not an id", "<a@x>"))
    )
    assert mail["In-Reply-To"] == "<b@x>"
    assert mail["References"] == "<a@x> <b@x>"


def test_long_history_keeps_the_first_and_the_last_references(make_outbound):
    ids = tuple(f"<{number:03}.{'x' * 200}@customer.example>" for number in range(200))
    mail = built(make_outbound(in_reply_to=ids[-1], references=ids))
    kept = mail["References"].split()
    assert kept == [ids[0], *ids[-20:]]


def test_no_line_is_longer_than_servers_take(make_outbound):
    ids = tuple(f"<{number:03}.{'x' * 900}@customer.example>" for number in range(30))
    mail = raw(
        make_outbound(
            references=ids,
            in_reply_to=ids[-1],
            subject="Ünïcode " * 200,
            text="x" * 5000,
            to=tuple(Recipient(f"j{number}@customer.example", "Jäne") for number in range(90)),
        )
    )
    assert max(len(line) for line in mail.split(b"\r\n")) <= 998


def test_bcc_recipients_stand_in_no_header(make_outbound):
    message = build_mail(make_outbound(bcc=(Recipient("boss@shop.example"),)), SHOP)
    assert "boss@shop.example" in message.recipients()[-1]
    assert b"boss" not in message.message().as_bytes()


def test_cc_recipients_are_named(make_outbound):
    assert built(make_outbound(cc=(Recipient("kim@x.example", "Kim"),)))["Cc"] == (
        "Kim <kim@x.example>"
    )


def test_nobody_gets_the_mail_twice(make_outbound):
    message = build_mail(
        make_outbound(cc=(Recipient("JANE@customer.example"),), bcc=(Recipient("kim@x.example"),)),
        SHOP,
    )
    assert len(message.recipients()) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "Hello\r\nBcc: victim@x.example"},
        {"subject": "Hello\u2028Bcc: victim@x.example"},
        {"author_name": "Ana\nBcc: victim@x.example"},
        {"message_id": "<a@b>\r\nBcc: victim@x.example"},
        {"delivery_id": "d\r\n\r\nBcc: victim@x.example"},
        {"in_reply_to": "<a@b>\r\nBcc: victim@x.example"},
        {"references": ("<a@b>\r\nBcc: victim@x.example",)},
        {"to": (Recipient("jane@customer.example", "Jane\r\nBcc: victim@x.example"),)},
    ],
    ids=lambda given: next(iter(given)),
)
def test_no_field_can_begin_another_header(make_outbound, given):
    mail = built(make_outbound(**given))
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == "jane@customer.example"


def test_attachment_fields_cannot_begin_another_header(make_outbound):
    file = OutboundAttachment(
        "a\r\nX-Evil: 1.txt", "text/plain\r\nX-Evil: 1", b"hi", "c\r\nX-Evil: 1"
    )
    assert b"\nX-Evil" not in raw(make_outbound(attachments=(file,)))


@pytest.mark.parametrize(
    "address",
    ["", "jane", "jane@", "@x.example", "a@b@c", "a b@c.example", "jane@x.example\r\nBcc: y"],
)
def test_address_that_is_none_is_refused_with_a_sentence(make_outbound, address):
    with pytest.raises(DeliveryError, match="Correct it and send again") as caught:
        build_mail(make_outbound(to=(Recipient(address),)), SHOP)
    assert (caught.value.code, caught.value.permanent) == ("recipient.invalid", True)


def test_international_domain_is_written_in_ascii(make_outbound):
    mail = built(make_outbound(to=(Recipient("jane@bücher.example"),)))
    assert mail["To"] == "jane@xn--bcher-kva.example"


def test_mail_without_recipient_is_refused(make_outbound):
    with pytest.raises(DeliveryError, match="no recipient"):
        build_mail(make_outbound(to=()), SHOP)


def test_automatic_mail_says_so_to_other_machines(make_outbound):
    mail = built(make_outbound(automatic=True, in_reply_to="<a@x>"))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "auto_reply"
    assert built(make_outbound(automatic=True))["Auto-Submitted"] == "auto-generated"


def test_a_persons_mail_does_not_look_automatic(make_outbound):
    mail = built(make_outbound())
    assert mail["Auto-Submitted"] is None
    assert mail["Precedence"] is None


def test_inline_image_sits_beside_the_html_and_files_outside(make_outbound):
    mail = built(
        make_outbound(
            html='<p>See <img src="cid:logo%40shop"></p>',
            attachments=(
                OutboundAttachment("logo.png", "image/png", PIXEL, "logo@shop"),
                OutboundAttachment("invoice.pdf", "application/pdf", b"%PDF-1.4"),
                OutboundAttachment("unused.png", "image/png", PIXEL, "nobody-shows-me"),
            ),
        )
    )
    assert mail.get_content_type() == "multipart/mixed"
    related = mail.get_body(("related",))
    [image] = [part for part in related.walk() if part.get_content_type() == "image/png"]
    assert image["Content-ID"] == "<logo@shop>"
    assert image.get_content() == PIXEL
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["invoice.pdf", "unused.png"]


def test_files_arrive_byte_for_byte(make_outbound):
    csv = b"name;price\r\nT\xe4sse;1\n\rodd\n.\n"
    mail = built(make_outbound(attachments=(OutboundAttachment("a.csv", "text/csv", csv),)))
    [part] = mail.iter_attachments()
    assert part.get_payload(decode=True) == csv


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\Rechnung März.pdf", "Rechnung März.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("", "file"),
    ],
)
def test_file_names_are_harmless(make_outbound, given, shown):
    file = OutboundAttachment(given, "application/pdf", b"x")
    [part] = built(make_outbound(attachments=(file,))).iter_attachments()
    assert part.get_filename() == shown


def test_attached_mail_travels_as_a_file(make_outbound):
    file = OutboundAttachment("old.eml", "message/rfc822", b"\xff\xfe not a mail")
    [part] = built(make_outbound(attachments=(file,))).iter_attachments()
    assert part.get_payload(decode=True) == b"\xff\xfe not a mail"


def test_text_alone_becomes_html_with_links_and_nothing_executable(make_outbound):
    text = 'Track: https://x.example/t?a=1&b=2.\n<script>alert("1")</script>'
    body = built(make_outbound(text=text)).get_body(("html",)).get_content()
    assert '<a href="https://x.example/t?a=1&amp;b=2">' in body
    assert "<script>" not in body


def test_html_alone_becomes_text(make_outbound):
    body = built(make_outbound(text="", html="<p>Hello <b>Jane</b></p>")).get_body(("plain",))
    assert "Hello Jane" in body.get_content()


def test_styles_are_moved_onto_the_elements(make_outbound):
    html = "<style>p{color:red}</style><p>Hello</p>"
    body = built(make_outbound(html=html)).get_body(("html",)).get_content()
    assert '<p style="color: red;">Hello</p>' in body


def test_our_mark_is_found_in_text_and_html(make_outbound):
    mail = built(make_outbound())
    assert TEXT_MARKER_PATTERN.search(mail.get_body(("plain",)).get_content())
    assert f'class="{HTML_CLASS}"' in mail.get_body(("html",)).get_content()
    assert TEXT_MARKER_PATTERN.search("> ##- Bitte antworten Sie oberhalb dieser Zeile -##")


def test_nul_and_lone_carriage_returns_do_not_leave(make_outbound):
    sent = raw(make_outbound(text="a\x00b\rc"))
    assert b"\x00" not in sent
    assert b"ab\r\nc" in sent


def test_mail_is_seven_bit_whatever_the_language(make_outbound):
    assert raw(make_outbound(text="Grüße 東京 😀", subject="日本語")).isascii()
