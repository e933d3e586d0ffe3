"""What visitors add: which kinds, how large, and whose."""

import pytest

from channels_app.chat.services.files import MAX_FILE_BYTES
from identity.tenancy import tenant_scope
from inbox.models import Attachment
from tests.factories.chat import Browser

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def refuse_eicar(name: str, content: bytes) -> str:
    """A scanner as an operator would name in CHAT_FILE_SCANNER."""
    return "This file carries a virus." if b"EICAR" in content else ""


def test_a_picture_goes_with_a_message_and_has_a_link(dana):
    answer = dana.upload("tent.png", PNG, "image/png")
    assert answer.status_code == 201
    stored = answer.json()
    assert (stored["name"], stored["type"], stored["size"]) == ("tent.png", "image/png", len(PNG))
    assert dana.say("", attachments=[stored["id"]]).status_code == 201
    [file] = dana.thread()[0]["attachments"]
    assert file["id"] == stored["id"]
    link = file["url"].removeprefix("http://localhost:8000")
    shown = dana.http.get(link)
    assert shown.status_code == 200
    assert b"".join(shown) == PNG


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("run.exe", b"MZ\x90", "application/x-msdownload"),
        ("page.html", b"<script>", "text/html"),
        ("tent.png", b"<script>alert(1)</script>", "image/png"),
        ("tent.svg", b"<svg onload='x'>", "image/svg+xml"),
        ("data.zip", b"PK\x03\x04", "application/zip"),
        ("run.exe", b"MZ\x90", "text/plain"),
        ("text.txt", b"MZ\x00\x00", "text/plain"),
        ("film.exe", b"\0\0\0\x18ftypmp42", "video/mp4"),
    ],
)
def test_other_kinds_are_refused_whatever_they_call_themselves(dana, name, content, kind):
    answer = dana.upload(name, content, kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "file_type")


def test_an_empty_file_and_a_missing_one_are_told(dana):
    assert dana.upload("a.txt", b"", "text/plain").json()["code"] == "empty_file"
    answer = dana.http.post(
        "/widget/v1/attachments", {}, headers={"Authorization": f"Bearer {dana.token}"}
    )
    assert answer.json()["errors"][0]["field"] == "file"


def test_a_file_over_the_limit_is_413(dana, door):
    answer = dana.upload("long.txt", b"x" * (MAX_FILE_BYTES + 1), "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    with tenant_scope(door.workspace_id):
        assert not Attachment.objects.exists()


def test_the_operators_scanner_has_the_last_word(dana, settings):
    settings.CHAT_FILE_SCANNER = f"{__name__}.refuse_eicar"
    assert dana.upload("a.txt", b"harmless", "text/plain").status_code == 201
    answer = dana.upload("a.txt", b"X5O!EICAR", "text/plain")
    assert answer.json()["detail"] == "This file carries a virus."


def test_a_stranger_uploads_nothing(door):
    assert Browser(door).upload("a.txt", b"x", "text/plain").status_code == 401


def test_many_files_in_a_minute_have_to_wait(dana):
    answers = [dana.upload("a.txt", b"x", "text/plain").status_code for _ in range(21)]
    assert answers == [201] * 20 + [429]
