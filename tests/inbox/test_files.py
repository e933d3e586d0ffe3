"""Attachments and remote pictures by signed link: harmless whatever is in them."""

from contextlib import closing
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from helpdesk.foundation import http
from identity.tenancy import tenant_scope
from inbox.models import Attachment
from inbox.remote_images import open_remote, remote_path
from inbox.services.files import signed_path, store_file

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def link_to(shop, name, content, content_type):
    with tenant_scope(shop.pk):
        return signed_path(store_file(name=name, content=content, content_type=content_type))


def fetched(client, link):
    """The answer and its bytes; the file behind it is closed."""
    with closing(client.get(link)) as answer:
        return answer, b"".join(answer)


@pytest.mark.parametrize(
    ("name", "content", "declared", "served", "shown"),
    [
        ("a.png", PNG, "image/png", "image/png", True),
        ("a.png", b"<script>", "image/png", "application/octet-stream", False),
        ("a.svg", SVG, "image/svg+xml", "image/svg+xml", False),
        ("a.html", b"<script>alert(1)</script>", "text/html", "text/html", False),
        ("a.pdf", b"%PDF-1.4", "application/pdf", "application/pdf", False),
        ("a\r\nSet-Cookie: x=1.txt", b"x", "text/plain", "text/plain", False),
        ("räuber.txt", b"x", "text/plain\r\nX: y", "application/octet-stream", False),
    ],
)
def test_a_file_is_served_so_that_nothing_in_it_runs(
    client, shop, name, content, declared, served, shown
):
    answer, body = fetched(client, link_to(shop, name, content, declared))
    assert (answer.status_code, body) == (200, content)
    assert answer["Content-Type"] == served
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Length"] == str(len(content))


def test_a_link_works_without_a_session_and_only_as_it_was_made(client, shop):
    link = link_to(shop, "a.txt", b"x", "text/plain")
    assert fetched(client, link)[0].status_code == 200
    assert client.get(link[:-3] + "abc").status_code == 404
    assert client.get("/files/nonsense").status_code == 404


def test_a_link_dies_after_a_day_and_stays_the_same_for_an_hour(client, shop):
    with time_machine.travel("2026-11-21T10:05:00Z", tick=False):
        link = link_to(shop, "a.txt", b"x", "text/plain")
        with tenant_scope(shop.pk):
            file = Attachment.objects.get()
    with time_machine.travel("2026-11-21T10:55:00Z", tick=False), tenant_scope(shop.pk):
        assert signed_path(file) == link
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert client.get(link).status_code == 404


def test_a_file_that_is_gone_says_so(client, shop):
    link = link_to(shop, "a.txt", b"x", "text/plain")
    with tenant_scope(shop.pk):
        default_storage.delete(Attachment.objects.get().key)
    answer = client.get(link)
    assert answer.status_code == 404
    assert "lost" in answer.content.decode()


# --- remote pictures ------------------------------------------------------------------------------


@pytest.fixture
def far_away(monkeypatch):
    """Foreign servers: answers by host; private addresses are resolved as such."""
    answers: dict[str, httpx.Response] = {}

    def respond(request: httpx.Request) -> httpx.Response:
        return answers[request.headers["host"]]

    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.7"] if host.startswith("inside") else ["93.184.216.34"]

    class Guarded(http.GuardedTransport):
        def __init__(self, inner, **rest):
            super().__init__(httpx.MockTransport(respond), resolve=resolve, **rest)

    monkeypatch.setattr(http, "GuardedTransport", Guarded)
    return answers


def picture(content=PNG, **headers):
    return httpx.Response(200, content=content, headers=headers)


def test_a_remote_picture_is_fetched_for_the_reader(client, far_away):
    far_away["cdn.test"] = picture(**{"content-type": "image/png"})
    answer = client.get(remote_path("https://cdn.test/a.png"))
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("host", "given"),
    [
        ("inside.test", picture()),
        ("svg.test", picture(SVG, **{"content-type": "image/svg+xml"})),
        ("html.test", picture(b"<script>", **{"content-type": "image/png"})),
        ("huge.test", picture(PNG, **{"content-length": str(50 * 1024 * 1024)})),
        ("gone.test", httpx.Response(404)),
        ("turn.test", httpx.Response(302, headers={"location": "http://inside.test/"})),
        ("ftp.test", httpx.Response(302, headers={"location": "ftp://cdn.test/"})),
    ],
)
def test_what_is_no_picture_or_leads_inside_is_refused(client, far_away, host, given):
    far_away[host] = given
    far_away.setdefault("inside.test", picture())
    answer = client.get(remote_path(f"https://{host}/a.png"))
    assert answer.status_code == 502
    assert PNG not in answer.content


def test_only_links_we_made_are_followed(client, far_away):
    assert client.get("/files/remote/aHR0cHM6Ly9jZG4udGVzdA:x").status_code == 404
    token = remote_path("https://cdn.test/a.png").rsplit("/", 1)[1]
    assert client.get(reverse("inbox:remote_image", args=[token + "x"])).status_code == 404


def test_a_link_to_a_remote_picture_lives_until_the_next_day():
    with time_machine.travel("2026-11-21T00:10:00Z", tick=False):
        link = remote_path("https://cdn.test/a.png")
    with time_machine.travel("2026-11-21T23:50:00Z", tick=False):
        assert remote_path("https://cdn.test/a.png") == link
    token = link.rsplit("/", 1)[1]
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        assert open_remote(token) == "https://cdn.test/a.png"
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False):
        assert open_remote(token) is None
