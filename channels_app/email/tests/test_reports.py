"""Bounces, read notices and complaints are receipts; what only looks like one is a message."""

import pytest

from channels_app.contract import DeliveryReceipt, Ignored, InboundMessage


def test_bounce_gives_one_receipt_per_recipient(items, sample):
    gone, full, slow = items(sample("bounce_postfix.eml"))
    assert (gone.outcome, gone.permanent, gone.code) == ("failed", True, "5.1.1")
    assert gone.recipient == "gone@customer.test"
    assert gone.message_ids == ("<c018f.23.abcdef@acme.test>",)
    assert gone.bounce_token == "b0unce77"
    assert gone.text == "550 5.1.1 no such user"
    assert (full.outcome, full.permanent) == ("failed", False)
    assert (slow.outcome, slow.permanent) == ("accepted", False)
    assert len({gone.dedupe_key, full.dedupe_key, slow.dedupe_key}) == 3


def test_bounce_attached_to_a_mail_is_a_mail(read, mail, sample):
    raw = mail(
        b"--b\r\n\r\nWhat does this mean?\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + sample("bounce_postfix.eml")
        + b"\r\n--b--",
        Content_Type="multipart/mixed; boundary=b",
    )
    found = read(raw)
    assert found.text == "What does this mean?"
    assert found.machine == "human"


def test_read_notice_says_read_and_a_deletion_says_nothing(items, sample):
    [read] = items(sample("read_notice.eml"))
    assert (read.outcome, read.message_ids) == ("read", ("<c018f.24.abcdef@acme.test>",))
    [deleted] = items(
        sample("read_notice.eml").replace(b"displayed\r\n--mdn--", b"deleted\r\n--mdn--")
    )
    assert isinstance(deleted, Ignored)


def test_complaint_names_the_person_and_the_mail(items, sample):
    [found] = items(sample("complaint.eml"))
    assert isinstance(found, DeliveryReceipt)
    assert found.complaint
    assert found.recipient == "dana@customer.test"
    assert found.message_ids == ("<c018f.25.abcdef@acme.test>",)
    assert found.bounce_token == "b0unce88"


def test_not_spam_report_asks_nothing_of_us(items, sample):
    [found] = items(sample("complaint.eml").replace(b": abuse", b": not-spam"))
    assert isinstance(found, Ignored)


@pytest.mark.parametrize(
    ("body", "permanent", "code"),
    [
        ("<gone@customer.test>:\r\nSorry, no mailbox here by that name. (#5.1.1)", True, "5.1.1"),
        ("gone@customer.test\r\n552 5.2.2 mailbox full", False, "5.2.2"),
        ("To: gone@customer.test\r\n421 try again later", False, "421"),
        ("gone@customer.test: user unknown", True, ""),
    ],
)
def test_bounce_without_a_standard_is_read_from_its_words(items, mail, body, permanent, code):
    text = f"Hi. This is the mail program.\r\n{body}\r\n\r\n--- Below this line is a copy of the message."
    raw = mail(
        f"{text}\r\n\r\nMessage-ID: <c1.2.abcdefgh@acme.test>\r\nTo: gone@customer.test\r\n",
        From="MAILER-DAEMON@mx.test",
        Subject="failure notice",
        To="support+bounce-tok@acme.test",
    )
    [found] = items(raw)
    assert isinstance(found, DeliveryReceipt)
    assert (found.outcome, found.permanent, found.code) == ("failed", permanent, code)
    assert found.recipient == "gone@customer.test"
    assert found.message_ids == ("<c1.2.abcdefgh@acme.test>",)
    assert found.bounce_token == "tok"


def test_person_asking_about_undelivered_mail_is_a_person(items, mail):
    [found] = items(mail("Why did this come back?", Subject="Undelivered Mail Returned to Sender"))
    assert isinstance(found, InboundMessage)


def test_delay_warning_is_no_failure(items, mail):
    raw = mail(
        "gone@customer.test\r\n451 4.4.1 still being retried",
        From="postmaster@mx.test",
        Subject="Delayed mail (still being retried)",
    )
    [found] = items(raw)
    assert found.outcome == "accepted"
