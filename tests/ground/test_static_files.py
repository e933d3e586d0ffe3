"""Static files travel packed, and arrive as they are in the clone."""

import gzip
import io
from typing import Any

import pytest
from django.conf import settings

from helpdesk.wsgi import application

DIST = settings.BASE_DIR / "static" / "dist"


def fetch(path, **headers):
    told: dict[str, Any] = {}

    def start(status, given, exc_info=None):
        told.update(dict(given), status=status)

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **headers,
    }
    answer = application(environ, start)
    try:
        return told, b"".join(answer)
    finally:
        answer.close()


@pytest.mark.parametrize("pattern", ["inbox-*.js", "inbox-*.css", "icons.svg"])
def test_text_goes_packed_to_who_can_unpack_it(pattern):
    file = next(DIST.glob(pattern))
    told, body = fetch(f"/static/dist/{file.name}", HTTP_ACCEPT_ENCODING="gzip, br")
    assert (told["status"], told["Content-Encoding"]) == ("200 OK", "gzip")
    assert told["Vary"] == "Accept-Encoding"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert len(body) < file.stat().st_size / 2
    assert gzip.decompress(body) == file.read_bytes()


def test_who_can_not_unpack_gets_the_file_itself():
    file = next(DIST.glob("inbox-*.js"))
    told, body = fetch(f"/static/dist/{file.name}")
    assert "Content-Encoding" not in told
    assert body == file.read_bytes()
    assert "immutable" in told["Cache-Control"]


def test_fonts_are_not_packed_twice():
    file = next(DIST.glob("*.woff2"))
    told, _ = fetch(f"/static/dist/{file.name}", HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Encoding" not in told
