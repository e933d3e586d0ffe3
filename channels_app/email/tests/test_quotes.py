"""The folded view: what is new stays, nothing of it is ever lost."""

import pytest

# ruff: noqa: RUF001 - introductions in other alphabets
from channels_app.email.marker import HTML_CLASS, TEXT_MARKER
from channels_app.email.parse import fold_bodies
from channels_app.email.quotes import fold
from channels_app.email.quotes_html import fold_html


@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, 2 Jan 2026 at 10:00, Ben <ben@acme.test> wrote:",
        "On Mon, 2 Jan 2026 at 10:00, Ben Someone With A Long Name <\nben@acme.test> wrote:",
        "Am Mo., 2. Jan. 2026 um 10:00\u00a0Uhr schrieb Ben <ben@acme.test>:",
        "Le lun. 2 janv. 2026 à 10:00, Ben <ben@acme.test> a écrit\u00a0:",
        "El lun, 2 ene 2026 a las 10:00, Ben (<ben@acme.test>) escribió:",
        "Il giorno lun 2 gen 2026 alle ore 10:00 Ben <ben@acme.test> ha scritto:",
        "Em seg., 2 de jan. de 2026 às 10:00, Ben <ben@acme.test> escreveu:",
        "Op ma 2 jan 2026 om 10:00 schreef Ben <ben@acme.test>:",
        "Den mån 2 jan. 2026 kl 10:00 skrev Ben <ben@acme.test>:",
        "Den man. 2. jan. 2026 kl. 10.00 skrev Ben <ben@acme.test>:",
        "man. 2. jan. 2026 kl. 10:00 skrev Ben <ben@acme.test>:",
        "ma 2. tammik. 2026 klo 10.00 Ben (ben@acme.test) kirjoitti:",
        "pon., 2 sty 2026 o 10:00 Ben <ben@acme.test> napisał(a):",
        "пн, 2 янв. 2026 г. в 10:00, Ben <ben@acme.test>:",
        "2026年1月2日(月) 10:00 Ben <ben@acme.test>:",
        "在 2026年1月2日，上午10:00，Ben <ben@acme.test> 写道：",
        "2026-01-02 10:00 GMT+01:00 Ben <ben@acme.test>:",
        "---- On Mon, 02 Jan 2026 10:00:00 +0100 Ben <ben@acme.test> wrote ----",
        "Ben <ben@acme.test> wrote:",
        "On Monday Ben wrote:",
    ],
)
def test_introductions_of_many_programs_and_languages_are_known(introduction):
    assert fold(f"New words.\n\n{introduction}\n\n> Old words.\n> More.\n") == "New words."


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----\nFrom: Ben\nSent: Monday",
        "-----Ursprüngliche Nachricht-----\nVon: Ben",
        "-------- Message d'origine --------\nDe : Ben",
        "From: Ben <ben@acme.test>\nSent: Monday, 2 January 2026 10:00\nTo: Dana\nSubject: Order",
        "*Von:* Ben <ben@acme.test>\n*Gesendet:* Montag, 2. Januar 2026 10:00\n*An:* Dana\n*Betreff:* X",
        "________________________________\nDe: Ben <ben@acme.test>\nEnviado: lunes\nPara: Dana",
        "差出人: Ben <ben@acme.test>\n送信日時: 2026年1月2日\n宛先: Dana\n件名: X",
        TEXT_MARKER,
        f"> {TEXT_MARKER}",
    ],
)
def test_separators_and_header_blocks_end_the_new_text(separator):
    assert fold(f"New words.\n\n{separator}\n\nOld words without any mark.\n") == "New words."


def test_answers_between_quotes_all_stay_with_their_questions():
    text = (
        "Hello,\n\nOn Mon, 2 Jan 2026, Ben <b@a.test> wrote:\n> Colour?\n\nBlue.\n\n> Size?\n\nM.\n\n"
        "> Thanks,\n> Ben\n"
    )
    new = fold(text)
    assert [line for line in new.split("\n") if line] == [
        "Hello,",
        "> Colour?",
        "Blue.",
        "> Size?",
        "M.",
    ]


def test_answer_below_the_quote_is_found():
    assert fold("On Mon, 2 Jan 2026, Ben <b@a.test> wrote:\n> Colour?\n\nBlue.") == "Blue."


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday I wrote to you and nobody answered.",
        "I ordered:\nFrom: Berlin\nTo: Munich\nDate: 2 May\n",
        "Item one\n---------\nItem two, quite important\n",
        "Sent from the shop in Berlin, it never arrived here.\nPlease check.",
        "Subject: nothing\n\nI just like colons: really.",
        "-- first point\n-- second point",
        "> only a quote",
        "",
    ],
)
def test_ordinary_words_are_never_folded(text):
    assert fold(text) == ""


def test_signatures_and_telephone_lines_are_folded():
    assert fold("Thanks!\n\n-- \nDana\nShop 12\n") == "Thanks!"
    assert fold("Thanks!\n\nSent from my iPhone\n") == "Thanks!"
    assert fold("Danke!\n\nVon meinem iPhone gesendet\n") == "Danke!"


def test_folding_never_empties_a_mail():
    assert fold("> quoted\n> quoted\n\nSent from my iPhone") == ""


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Monday wrote:</div><blockquote>Old</blockquote></div>',
        '<blockquote type="cite">Old</blockquote>',
        '<div id="appendonsend"></div><hr><div>Old</div>',
        '<div id="divRplyFwdMsg">From: Ben<br>Old</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p>From: Ben &lt;b@a.test&gt;<br>Subject: x</p></div><p>Old</p>',
        '<div class="yahoo_quoted" id="y1">Old</div>',
        '<div class="protonmail_quote">Old</div>',
        '<div class="moz-cite-prefix">On 2.1.2026 Ben wrote:</div><blockquote type="cite">Old</blockquote>',
        '<div class="zmail_extra">Old</div>',
        '<div id="mail-editor-reference-message-container">Old</div>',
        f'<div class="m_-12{HTML_CLASS}" dir="auto">Old</div>',
        f"<p>{TEXT_MARKER}</p><p>Old</p>",
    ],
)
def test_markup_of_mail_programs_ends_the_new_text(quoted):
    assert fold_html(f"<html><body><div>New words.</div><br>{quoted}</body></html>") == "New words."


def test_words_below_a_quoted_container_are_kept():
    html = (
        '<p>Above</p><div class="gmail_quote">On Mon wrote:<blockquote>Old</blockquote><div>Between</div>'
        "<blockquote>Older</blockquote></div><p>Below</p>"
    )
    new = fold_html(html)
    for word in ("Above", "Between", "Below"):
        assert word in new
    assert "Old" not in new


def test_html_without_known_marks_leaves_it_to_the_text():
    assert fold_bodies("New\n\n-----Original Message-----\nOld", "<p>New</p><p>Old</p>") == "New"
