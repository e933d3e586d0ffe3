"""Bytes to parts: damaged structure, transfer encodings, headers and their parameters."""

import base64

import pytest

from channels_app.email.headers import decode_words, parse_parameters
from channels_app.email.mime import decode_base64, decode_transfer, parse_mime


def leaves(part):
    return [leaf for child in part.parts for leaf in leaves(child)] if part.parts else [part]


def bodies(raw):
    return [leaf.content() for leaf in leaves(parse_mime(raw))]


def test_parts_are_cut_at_their_own_boundary_only():
    raw = (
        b"Content-Type: multipart/mixed; boundary=ab\r\n\r\npreamble\r\n--ab\r\n"
        b"Content-Type: multipart/alternative; boundary=abc\r\n\r\n--abc\r\n\r\none\r\n--abc--\r\n"
        b"--ab\r\n\r\n--abx is no boundary\r\n--ab--\r\nepilogue"
    )
    assert bodies(raw) == [b"one", b"--abx is no boundary"]


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo",
        b"Content-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b\r\rtwo\r--b--",
        b'Content-Type: multipart/mixed;\n boundary="b"\n\n--b  \n\none\n--b\t\n\ntwo\n--b-->',
        b"Content-Type: multipart/mixed\n\n--guessed\nX-A: 1\n\none\n--guessed\nX-A: 1\n\ntwo\n--guessed--",
        b"Content-Type: multipart/mixed; boundary=wrong\n\n--right\nX-A: 1\n\none\n--right\nX-A: 1\n\ntwo\n--right--",
        b"Content-Type: multipart/mixed; boundary=b\nno blank line\n--b\n\none\n--b\n\ntwo\n--b--",
    ],
    ids=[
        "no end",
        "old Mac line ends",
        "stray blanks",
        "no boundary",
        "wrong boundary",
        "no blank line",
    ],
)
def test_damaged_structure_still_gives_both_parts(raw):
    assert bodies(raw) == [b"one", b"two"]


def test_header_that_lost_its_fold_keeps_the_rest_of_the_headers():
    root = parse_mime(b"Subject: a long\nsubject\nTo: x@y.test\n\nbody")
    assert root.headers.text("subject") == "a long subject"
    assert root.headers.get("to") == "x@y.test"
    assert root.body == b"body"


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (b"SGVsbG8=", "base64", b"Hello"),
        (b"SGVs bG8", "base64", b"Hello"),
        (b"SGVsbG8=\r\nSGVsbG8=", "base64", b"HelloHello"),
        (b"SGVsbG8!*", "base64", b"Hello"),
        (b"This is no code at all, only words", "base64", b"This is no code at all, only words"),
        (b"a=C3=A4=\r\nb", "quoted-printable", b"a\xc3\xa4b"),
        (b"a= \r\nb=ZZ=", "quoted-printable", b"ab=ZZ"),
        (b"begin 644 x\n%2&5L;&\\\n`\nend\n", "x-uuencode", b"Hello"),
        (b"as it is", "8bit", b"as it is"),
        (b"as it is", "nonsense", b"as it is"),
    ],
)
def test_transfer_encodings_are_undone_as_far_as_possible(body, encoding, expected):
    assert decode_transfer(body, encoding) == expected


def test_base64_of_any_length_round_trips():
    for length in range(60):
        data = bytes(range(length))
        assert decode_base64(base64.encodebytes(data)) == data


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?b?w6Q=?=", "ä"),
        ("=?utf-8?q?=E2=9C?= =?utf-8?q?=93?=", "✓"),
        ("=?iso-8859-1?q?caf=E9_au_lait?=", "café au lait"),
        ("=?nonsense?q?caf=C3=A9?=", "café"),
        ("=?utf-8*en?q?hi?=", "hi"),
        ("=?utf-8?q?un finished", "=?utf-8?q?un finished"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
    ],
)
def test_encoded_words_are_joined_before_they_are_decoded(header, expected):
    assert decode_words(header) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('attachment; filename="a;b.txt"', "a;b.txt"),
        ("attachment; filename*=utf-8''%e2%82%ac%20rates.txt", "€ rates.txt"),
        ("attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac; filename*2=.txt", "€.txt"),
        ("attachment; filename*1=b.txt; filename*0=a", "ab.txt"),
        ('attachment; filename="=?utf-8?q?=C3=A4.txt?="', "ä.txt"),
        ("attachment; filename=plain name.txt", "plain name.txt"),
        ('attachment; filename="unfinished.txt', "unfinished.txt"),
        ('attachment; filename="C:\\TEMP\\a.png"', "C:\\TEMP\\a.png"),
        ("attachment; filename=first.txt; filename=second.txt", "first.txt"),
        ("attachment", None),
    ],
)
def test_file_names_are_read_in_every_spelling(header, expected):
    assert parse_parameters(header).get("filename") == expected
