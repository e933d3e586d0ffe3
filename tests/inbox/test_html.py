"""A message's HTML on its way to a reader: inline pictures get links, remote ones wait."""

from contextlib import closing

import pytest

from channels_app.email.html import sanitise
from inbox.html import ready_html
from inbox.services.receiving import IncomingFile
from tests.factories.inbox import receive_mail

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
LINKS = {"pole@x": "/files/abc"}


@pytest.mark.parametrize(
    ("html", "ready"),
    [
        ("<p>plain</p>", "<p>plain</p>"),
        ('<img src="cid:pole@x" alt="Pole">', '<img src="/files/abc" alt="Pole">'),
        ('<img alt="a > b" src="cid:Pole%40x">', '<img alt="a > b" src="/files/abc">'),
        ('<img src="cid:&lt;pole@x&gt;">', '<img src="/files/abc">'),
        ('<img src="cid:other" alt="x">', '<img alt="x">'),
        ('<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'),
        ('&lt;img src="cid:pole@x">', '&lt;img src="cid:pole@x">'),
        (
            '<img data-remote-src="https://x.test/a.png">',
            '<img data-remote-src="https://x.test/a.png">',
        ),
    ],
)
def test_pictures_that_came_along_are_linked(html, ready):
    assert ready_html(html, inline=LINKS) == ready


def test_remote_pictures_load_through_us_when_asked():
    html = '<img data-remote-src="https://x.test/a.png?b=1&amp;c=2" alt="A"><p data-remote-src="https://x.test/b.png">b</p>'
    asked = []

    def sign(url):
        asked.append(url)
        return "/files/remote/signed"

    ready = ready_html(html, inline={}, remote_link=sign)
    assert asked == ["https://x.test/a.png?b=1&c=2"]
    assert (
        '<img data-remote-src="https://x.test/a.png?b=1&amp;c=2" src="/files/remote/signed"'
        in ready
    )
    assert '<p data-remote-src="https://x.test/b.png">b</p>' in ready


def test_a_content_id_cannot_break_out_of_its_attribute():
    html = ready_html('<img src="cid:x">', inline={"x": '"><script>'})
    assert "<script>" not in html


def test_the_api_shows_what_the_sanitiser_stored_with_working_pictures(ben, mail, as_person):
    stored, _ = sanitise(
        '<p onclick="x()">Look</p><img src=cid:pole@x width=20>'
        "<img src='https://track.test/a.gif'><script>alert(1)</script>"
    )
    file = IncomingFile("pole.png", "image/png", PNG, content_id="<pole@x>", inline=True)
    pk = receive_mail(mail, html=stored, files=[file]).conversation.pk
    person = as_person(ben)
    (message,) = person.get(f"conversations/{pk}/messages").json()["results"]
    html, link = message["body_html"], message["attachments"][0]["url"]
    assert f'src="{link}"' in html
    assert "onclick" not in html
    assert "script" not in html
    assert 'data-remote-src="https://track.test/a.gif"' in html
    assert html.count(" src=") == 1
    (asked,) = person.get(f"conversations/{pk}/messages", images="1").json()["results"]
    assert 'src="/files/remote/' in asked["body_html"]
    with closing(person.client.get(link)) as picture:
        assert b"".join(picture) == PNG
