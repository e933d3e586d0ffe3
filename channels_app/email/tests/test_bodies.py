"""What is read and what is attached."""

import base64

import pytest

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def multipart(mail, kind, *parts, **headers):
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return mail(body, Content_Type=f"multipart/{kind}; boundary=b", **headers)


def part(content_type, body, **headers):
    lines = [f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    raw = body.encode() if isinstance(body, str) else body
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def test_text_file_text_are_joined_in_order(read, mail):
    raw = multipart(
        mail,
        "mixed",
        part("text/plain", "Above"),
        part("image/png; name=a.png", PNG, Content_Disposition="inline; filename=a.png"),
        part("text/plain", "Below"),
    )
    found = read(raw)
    assert found.text == "Above\n\nBelow"
    [photo] = found.attachments
    assert (photo.filename, photo.content_type, photo.inline) == ("a.png", "image/png", False)
    assert photo.content == PNG


def test_flowed_text_is_joined_and_keeps_its_quotes(read, mail):
    body = "A long \r\nparagraph \r\nends.\r\n> quoted \r\n> words\r\n-- \r\nDana"
    raw = mail(body, Content_Type="text/plain; format=flowed")
    assert read(raw).text == "A long paragraph ends.\n> quoted words\n-- \nDana"
    delsp = mail(
        "Grund \r\nstück", Content_Type="text/plain; charset=utf-8; format=flowed; delsp=yes"
    )
    assert read(delsp).text == "Grundstück"


def test_html_only_mail_has_a_readable_text(read, mail):
    html = (
        "<html><head><style>p{color:red}</style><title>t</title></head><body><p>One &amp; two</p>"
        "<ul><li>three</li><li>four</li></ul>five<br>six<script>alert(1)</script></body></html>"
    )
    found = read(mail(html, Content_Type="text/html"))
    assert found.text == "One & two\n\n- three\n- four\n\nfive\nsix"
    assert "<li>three</li>" in found.html
    assert "alert" not in found.html
    assert "color:red" not in found.html


def test_text_that_only_asks_for_an_html_viewer_is_replaced(read, mail):
    raw = multipart(
        mail,
        "alternative",
        part("text/plain", "Your mail program does not support HTML."),
        part("text/html", "<p>Real words</p>"),
    )
    assert read(raw).text == "Real words"


def test_calendar_in_an_alternative_is_a_file(read, mail):
    raw = multipart(
        mail,
        "alternative",
        part("text/plain", "Meet?"),
        part("text/calendar; method=REQUEST", "BEGIN:VCALENDAR"),
    )
    [invitation] = read(raw).attachments
    assert invitation.filename == "attachment-1.ics"
    assert invitation.content_type == "text/calendar"


def test_picture_shown_by_the_html_is_inline_and_the_other_is_a_file(read, sample):
    found = read(sample("photo_inline.eml"))
    shown, receipt = found.attachments
    assert (shown.inline, shown.content_id, shown.filename) == (True, "photo@ONE", "mug.png")
    assert (receipt.inline, receipt.filename) == (False, "receipt.png")
    assert 'src="cid:Photo%40one"' in found.html
    assert 'data-remote-src="http://tracker.test/p.gif"' in found.html
    assert ' src="http' not in found.html


def test_picture_named_by_its_place_is_inline(read, mail):
    raw = multipart(
        mail,
        "related",
        part("text/html", '<img src="images/logo.png">'),
        part("image/png", PNG, Content_Location="images/logo.png"),
    )
    found = read(raw)
    [logo] = found.attachments
    assert logo.inline
    assert f'src="cid:{logo.content_id}"' in found.html


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\dana\\order.pdf", "order.pdf"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x01b\r\n.txt", "ab .txt"),
        ("..", "attachment-1.bin"),
        ("", "attachment-1.bin"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("ä" * 200 + ".pdf", "ä" * 125 + ".pdf"),
    ],
)
def test_file_names_are_made_safe(name, expected):
    from channels_app.email.names import safe_filename

    assert safe_filename(name, "application/octet-stream", 1) == expected


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (PNG, "text/plain", "image/png"),
        (b"%PDF-1.7", "image/jpeg", "application/pdf"),
        (b"<svg onload=alert(1)>", "image/png", "image/svg+xml"),
        (b"  <!doctype html><script>", "image/jpeg", "text/html"),
        (b"MZ\x90", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"nothing known", "image/png", "application/octet-stream"),
        (b"a,b", "text/csv", "text/csv"),
        (b"a", "nonsense", "application/octet-stream"),
        (b"From: x\r\n\r\n<html>", "message/rfc822", "message/rfc822"),
    ],
)
def test_type_is_decided_by_content(content, declared, expected):
    from channels_app.email.names import content_type_of

    assert content_type_of(content, declared) == expected


def test_uuencoded_file_is_taken_out_of_the_text(read, mail):
    body = "Here it is:\r\n\r\nbegin 644 hello.txt\r\n%2&5L;&\\\r\n`\r\nend\r\nBye"
    found = read(mail(body))
    assert found.text.split() == ["Here", "it", "is:", "Bye"]
    [file] = found.attachments
    assert (file.filename, file.content) == ("hello.txt", b"Hello")


def test_sentence_that_begins_with_begin_stays(read, mail):
    body = "begin 2024 with a plan\r\nand\r\nend"
    assert read(mail(body)).text == "begin 2024 with a plan\nand\nend"


def test_yenc_file_is_taken_out_of_the_text(read, mail):
    encoded = bytes((byte + 42) & 255 for byte in b"Hello")
    body = b"See:\r\n=ybegin line=128 size=5 name=h.txt\r\n" + encoded + b"\r\n=yend size=5\r\n"
    found = read(mail(body))
    [file] = found.attachments
    assert (file.filename, file.content) == ("h.txt", b"Hello")
    assert found.text == "See:"


def test_encrypted_mail_says_so_and_keeps_its_files(read, mail):
    raw = multipart(
        mail,
        "encrypted",
        part("application/pgp-encrypted", "Version: 1"),
        part("application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----"),
    )
    found = read(raw)
    assert "encrypted" in found.warnings[0]
    assert len(found.attachments) == 2


def test_broken_winmail_is_kept_with_a_sentence(read, mail):
    raw = multipart(
        mail,
        "mixed",
        part("text/plain", "see file"),
        part("application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22broken"),
    )
    found = read(raw)
    assert [item.filename for item in found.attachments] == ["winmail.dat"]
    assert "winmail.dat" in found.warnings[0]
