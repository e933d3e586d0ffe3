"""Whose mail it is: From, Reply-To, forms, groups, ourselves, and what may be believed."""

import pytest

PASS = "mx.acme.test; dmarc=pass header.from=customer.test"
OWN_PASS = "mx.acme.test; dmarc=pass header.from=acme.test"


def test_from_is_the_requester_and_reply_to_is_noted(read, mail):
    found = read(mail(Reply_To="Other <other@customer.test>"))
    assert found.sender.value == "dana@customer.test"
    assert found.attributes == {"reply_to": "other@customer.test"}


@pytest.mark.parametrize(
    "form", ["no-reply@acme.test", "contact-form@acme.test", "mailer@shopify.com"]
)
def test_reply_to_is_the_requester_of_a_form_mail_and_stays_unproven(read, mail, form):
    raw = mail(From=f"Acme <{form}>", Reply_To="Dana <dana@customer.test>")
    raw = b"Authentication-Results: mx.acme.test; dmarc=pass\r\n" + raw
    found = read(raw)
    assert (found.sender.value, found.sender.name) == ("dana@customer.test", "Dana")
    assert not found.sender.verified
    assert found.author_kind == "contact"


def test_no_reply_address_of_a_stranger_stays_the_requester(read, mail):
    found = read(mail(From="no-reply@bank.test", Reply_To="victim@customer.test"))
    assert found.sender.value == "no-reply@bank.test"


def test_display_name_is_no_identity(read, mail):
    found = read(mail(From='"support@acme.test" <evil@evil.test>'))
    assert found.sender.value == "evil@evil.test"
    assert found.author_kind == "contact"


def test_reply_to_that_names_ourselves_is_ignored(read, mail):
    found = read(mail(Reply_To="support+x@acme.test"))
    assert found.sender.value == "dana@customer.test"
    assert found.attributes == {}


def test_own_copy_coming_back_is_ignored(read, mail):
    by_id = mail(From="support@acme.test", Message_ID="<cab12.cd34.ef567890@acme.test>")
    by_header = mail(
        From="support@acme.test", X_Helpdesk_Delivery="d1", Message_ID="<rewritten@ses>"
    )
    for raw in (by_id, by_header):
        assert read(raw).ignore_reason == "A copy of a message we sent ourselves came back."


def test_stranger_with_our_kind_of_message_id_is_not_ignored(read, mail):
    assert read(mail(Message_ID="<cab12.cd34.ef567890@acme.test>")).ignore_reason == ""


def test_forged_own_mailbox_is_shown_as_spam_with_a_warning(read, mail):
    found = read(mail(From="support@acme.test", To="support@acme.test"))
    assert found.spam
    assert found.author_kind == "contact"
    assert not found.sender.verified
    assert "your own mailbox" in found.warnings[0]


def test_group_names_the_person_behind_it(read, mail):
    raw = mail(
        From="'Dana Miller' via Support <support@acme.test>",
        X_Original_From="Dana Miller <dana@customer.test>",
    )
    found = read(raw)
    assert (found.sender.value, found.sender.name) == ("dana@customer.test", "Dana Miller")
    by_reply_to = mail(
        From="'Dana Miller' via Support <support@acme.test>", Reply_To="dana@customer.test"
    )
    assert (read(by_reply_to).sender.value, read(by_reply_to).sender.name) == (
        "dana@customer.test",
        "Dana Miller",
    )


def test_colleague_with_proof_writes_as_agent_and_without_as_contact(read, mail):
    raw = mail(From="ben@acme.test")
    proven = read(f"Authentication-Results: {OWN_PASS}\r\n".encode() + raw)
    assert (proven.author_kind, proven.sender.verified) == ("agent", True)
    unproven = read(raw)
    assert (unproven.author_kind, unproven.sender.verified) == ("contact", False)
    assert "your own domain" in unproven.warnings[0]


def test_our_own_client_s_answer_counts_as_ours(read, mail):
    raw = mail(From="support@acme.test", To="dana@customer.test", Cc="support@acme.test")
    found = read(f"Authentication-Results: {OWN_PASS}\r\n".encode() + raw)
    assert found.author_kind == "agent"
    assert found.ignore_reason == ""


def test_several_from_addresses_are_never_proof(read, mail):
    raw = mail(From="dana@customer.test, eve@evil.test")
    found = read(f"Authentication-Results: {PASS}\r\n".encode() + raw)
    assert found.sender.value == "dana@customer.test"
    assert not found.sender.verified
    twice = f"Authentication-Results: {PASS}\r\nFrom: eve@evil.test\r\n".encode() + mail()
    assert not read(twice).sender.verified


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        ('"Miller, Dana" <dana@customer.test>', "dana@customer.test", "Miller, Dana"),
        ("dana@customer.test (Dana Miller)", "dana@customer.test", "Dana Miller"),
        ("=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_Ott?= <j@o.test>", "j@o.test", "Jürgen Ott"),
        ("DANA@Customer.Test", "dana@customer.test", ""),
        ("Dana <mailto:dana@customer.test>", "dana@customer.test", "Dana"),
        ("Dana\u202egnp.exe <dana@customer.test>", "dana@customer.test", "Danagnp.exe"),
        ("<dana@customer.test> Dana", "dana@customer.test", "Dana"),
        ('"Dana \\"D\\" Miller" <dana@customer.test>', "dana@customer.test", 'Dana "D" Miller'),
    ],
)
def test_from_is_read_in_every_spelling(read, mail, header, address, name):
    found = read(mail(From=header))
    assert (found.sender.value, found.sender.name) == (address, name)
