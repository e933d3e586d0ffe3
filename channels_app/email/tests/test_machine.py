"""Person, machine or mass mailing."""

import pytest

ANSWER = "In-Reply-To: <a@b>\r\n"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (a person)",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "Precedence: normal",
        "Subject: Automatic reply: away",
        "X-Loop: no",
    ],
)
def test_these_are_people(read, mail, header):
    assert read(header.encode() + b"\r\n" + mail()).machine == "human"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=1",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond: 1",
        "X-Loop: dana@customer.test",
        "Return-Path: <>",
        ANSWER + "Subject: Abwesenheitsnotiz: Bestellung",
        ANSWER + "Subject: Réponse automatique : absent",
        ANSWER + "Subject: =?utf-8?b?6Ieq5YuV5b+c562U?= :",
        ANSWER + "Subject: Out of Office",
    ],
)
def test_these_are_machines(read, mail, header):
    assert read(header.encode() + b"\r\n" + mail()).machine == "auto"


@pytest.mark.parametrize(
    "header",
    [
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <news.shop.test>",
        "List-Unsubscribe: <mailto:x@y>",
        "Feedback-ID: 1:2",
    ],
)
def test_these_are_mass_mailings(read, mail, header):
    assert read(header.encode() + b"\r\n" + mail()).machine == "bulk"
