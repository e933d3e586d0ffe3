"""What one mail says: ids, keys, people, times, limits."""

from datetime import UTC, datetime

import pytest

from channels_app.contract import Ignored, InboundMessage, Recipient
from channels_app.email.threading_clues import mail_key


def test_a_reply_from_webmail_is_read_whole(read, sample):
    found = read(sample("gmail_reply.eml"))
    assert found.provider_id == "<CAJ+reply1@mail.mailservice.example>"
    assert (found.sender.value, found.sender.name) == ("dana@customer.test", "Dana Müller")
    assert found.sender.verified
    assert found.sender.evidence == "dmarc=pass from mx.acme.test"
    assert found.subject == "Re: Order #1042 [#77]"
    assert found.thread.reply_tokens == ("k3tok.en",)
    assert found.thread.in_reply_to == ("<c018f.22.abcdef@acme.test>",)
    assert found.thread.subject_number == 77
    assert found.new_text == "Thank you, the blue one in M please.\n\nDana"
    assert "Which colour and size" in found.text
    assert "<b>blue</b>" in found.html
    assert found.to == (Recipient("support+k3tok.en@acme.test", "Acme Support"),)
    assert found.cc == (Recipient("ben@warehouse.test", "Ben, Warehouse"),)
    assert found.provider_time == datetime(2026, 11, 20, 9, 13, 50, tzinfo=UTC)
    assert found.machine == "human"
    assert not found.spam


def test_message_ids_survive_comments_case_and_garbage(read, mail):
    raw = mail(
        Message_ID="(made by x) <MixedCase.1@Host>",
        In_Reply_To="your mail <A@b> of today (<not.this@one>)",
        References="<1@a> garbage <2@a>\r\n <3@a> <2@a>",
    )
    found = read(raw)
    assert found.provider_id == "<MixedCase.1@Host>"
    assert found.thread.in_reply_to == ("<A@b>",)
    assert found.thread.references == ("<2@a>", "<3@a>", "<1@a>")


def test_only_the_last_hundred_references_count(read, mail):
    raw = mail(References=" ".join(f"<{number}@a>" for number in range(3000)))
    references = read(raw).thread.references
    assert len(references) == 100
    assert references[0] == "<2999@a>"


def test_ids_inside_an_attached_mail_do_not_thread(read, mail):
    raw = mail(
        "--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--b\r\nContent-Type: message/rfc822"
        "\r\n\r\nMessage-ID: <inner@x>\r\nReferences: <c1.2.abcdefgh@acme.test>\r\n"
        "To: support+token@acme.test\r\n\r\nx\r\n--b--",
        Content_Type="multipart/mixed; boundary=b",
    )
    found = read(raw)
    assert found.thread.references == ()
    assert found.thread.reply_tokens == ()
    assert [item.content_type for item in found.attachments] == ["message/rfc822"]


@pytest.mark.parametrize(
    "header", ["To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To"]
)
def test_reply_token_is_found_in_every_recipient_header(read, mail, header):
    raw = mail(**{"To": "x@y.test", header: '"Acme" <SUPPORT+AbC.def@Acme.Test>'})
    assert read(raw).thread.reply_tokens == ("abc.def",)


def test_reply_token_is_found_in_the_envelope(read, mail):
    found = read(mail(), envelope_recipients=["support+env@acme.test"])
    assert found.thread.reply_tokens == ("env",)


def test_plus_address_of_somebody_else_is_no_token(read, mail):
    assert read(mail(To="support+x@other.test, sales+x@acme.test")).thread.reply_tokens == ()


def test_key_is_equal_for_another_route_and_differs_for_another_mail(mail):
    raw = mail("Hello\r\nDana")
    rerouted = b"Received: by elsewhere\r\nDelivered-To: support@acme.test\r\n" + raw
    unix = raw.replace(b"\r\n", b"\n")
    assert mail_key(raw) == mail_key(rerouted) == mail_key(unix)
    same_id_other_mail = mail("Something else")
    assert mail_key(raw) != mail_key(same_id_other_mail)


def test_mail_without_message_id_gets_a_name_of_its_own(read, mail):
    one = read(mail("one", Message_ID=None))
    other = read(mail("other", Message_ID=None))
    assert one.provider_id.startswith("<")
    assert one.provider_id.endswith("@missing.invalid>")
    assert one.provider_id != other.provider_id


def test_two_mails_without_sender_do_not_share_a_contact(read, mail):
    one = read(mail("one", From=None))
    other = read(mail("other", From=None))
    assert one.sender.value != other.sender.value
    assert one.sender.value.endswith("@missing.invalid")
    assert one.warnings == ("The mail names no sender, so it can't be answered.",)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0200", datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 -0000", datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
        ("20 Nov 26 10:00 EST", datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        ("Mon, 99 Foo 2026", None),
        ("Mon, 1 Jan 99999 10:00:00 +0000", None),
        ("", None),
    ],
)
def test_date_is_in_utc_or_missing(read, mail, header, expected):
    assert read(mail(Date=header)).provider_time == expected


def test_too_many_recipients_are_cut_with_a_sentence(read, mail):
    found = read(mail(To=", ".join(f"p{number}@x.test" for number in range(300))))
    assert len(found.to) == 100
    assert found.warnings == ("The mail has 300 recipients; the first 100 are shown.",)


def test_oversized_mail_becomes_a_visible_stub(read, mail):
    found = read(mail("x" * 5000, Subject="Big files"), max_bytes=2000)
    assert found.sender.value == "dana@customer.test"
    assert found.subject == "Big files"
    assert found.text
    assert "at most 0 MB are taken in" in found.warnings[0]
    assert found.attachments == ()


def test_nesting_and_parts_are_limited_with_a_sentence(read, mail):
    deep = b"end"
    for level in range(120):
        deep = (
            f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode()
            + deep
            + f"\r\n--b{level}--\r\n".encode()
        )
    found = read(b"From: dana@customer.test\r\nTo: support@acme.test\r\n" + deep)
    assert any("nests more than 50" in sentence for sentence in found.warnings)
    wide = mail("--b\r\n\r\npart\r\n" * 1000 + "--b--", Content_Type="multipart/mixed; boundary=b")
    assert any("more than 200 parts" in sentence for sentence in read(wide).warnings)


def test_nul_and_lone_surrogates_never_reach_the_database(read, mail):
    found = read(
        mail(b"a\x00b +2AA- c", Subject="x\x00y", Content_Type="text/plain; charset=utf-7")
    )
    for text in (found.text, found.subject, found.html):
        assert "\x00" not in text
        text.encode()


def test_empty_body_is_ignored_with_a_reason(items):
    assert items(b"\r\n\r\n") == [Ignored("The mail is empty.")]


def test_number_in_the_subject_is_only_a_clue(read, mail):
    assert read(mail(Subject="Re: [#1234] Hello")).thread.subject_number == 1234
    assert read(mail(Subject="Order #1234")).thread.subject_number is None


def test_forward_by_a_proven_colleague_names_the_original_author(read, sample):
    found = read(sample("forward_by_agent.eml"))
    assert found.author_kind == "agent"
    assert found.sender.verified
    assert found.forwarded_from is not None
    assert (found.forwarded_from.value, found.forwarded_from.name) == (
        "zoe@customer.test",
        "Zoë Young",
    )
    assert found.new_text == ""


def test_forward_by_an_unproven_sender_names_nobody(read, sample):
    raw = sample("forward_by_agent.eml").replace(b"dmarc=pass", b"dmarc=fail")
    found = read(raw)
    assert found.author_kind == "contact"
    assert found.forwarded_from is None
    assert "could not be verified" in found.warnings[0]


def test_first_mail_is_never_folded(read, mail):
    body = "Question\r\n\r\n> quoted by hand\r\n\r\n-- \r\nDana"
    assert read(mail(body)).new_text == ""
    assert read(mail(body, In_Reply_To="<a@b>")).new_text == "Question"


def test_parsing_works_outside_the_main_thread(mail):
    from concurrent.futures import ThreadPoolExecutor

    from channels_app.email.parse import parse_mail

    raw = mail(
        "Yes\r\n\r\nOn Mon, 1 Jan 2026 at 10:00 Ben <b@c.test> wrote:\r\n> Ok?", Subject="Re: x"
    )
    with ThreadPoolExecutor(1) as pool:
        [found] = pool.submit(parse_mail, raw).result()
    assert isinstance(found, InboundMessage)
    assert found.new_text == "Yes"
