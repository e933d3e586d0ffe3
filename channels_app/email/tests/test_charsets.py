"""Labels that are missing, wrong, unknown or dangerous."""

import pytest

from channels_app.email.charsets import codec_for, decode_text


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        ("naïve".encode(), "us-ascii", "naïve"),
        ("naïve".encode("cp1252"), "us-ascii", "naïve"),
        (b"it\x92s", "iso-8859-1", "it’s"),
        ("naïve".encode(), "iso-8859-1", "naïve"),
        ("漢字".encode("gb18030"), "gb2312", "漢字"),
        ("똠방".encode("cp949"), "ks_c_5601-1987", "똠방"),
        ("①髙".encode("cp932"), "shift_jis", "①髙"),
        ("שלום".encode("iso-8859-8"), "iso-8859-8-i", "שלום"),
        ("香港㗎".encode("big5hkscs"), "big5", "香港㗎"),
        (b"Hi +AOk-", "unicode-1-1-utf-7", "Hi é"),
        ("日本".encode("iso2022_jp"), "", "日本"),
        ("日本".encode("iso2022_jp"), "us-ascii", "日本"),
        ("grüße".encode(), "x-unknown", "grüße"),
        ("grüße".encode("cp1252"), "no-such-charset", "grüße"),
        ("grüße".encode("utf-16"), "utf-8", "grüße"),
        (b"\xef\xbb\xbfhello", "utf-8", "hello"),
        ("grüße".encode(), '"utf-8"', "grüße"),
        ("grüße".encode(), "utf-8; format=flowed", "grüße"),
        (
            "Привет, как дела? Посылка не пришла.".encode("koi8-r"),
            "koi8-r",
            "Привет, как дела? Посылка не пришла.",
        ),
    ],
)
def test_text_is_decoded_under_its_real_charset(data, label, expected):
    assert decode_text(data, label) == expected


def test_a_few_damaged_bytes_do_not_spoil_the_rest():
    text = "Grüße aus Köln, äöü ÄÖÜ ß " * 5
    damaged = text.encode().replace(b"K\xc3\xb6ln", b"K\xc3ln", 1)
    assert decode_text(damaged, "utf-8").count("Grüße") == 5


def test_unlabelled_long_text_is_detected():
    text = "Здравствуйте! Мой заказ до сих пор не пришёл, подскажите, пожалуйста, где он. " * 4
    assert "заказ" in decode_text(text.encode("cp1251"), "")


@pytest.mark.parametrize(
    "label",
    ["hex", "zlib", "base64", "rot13", "idna", "punycode", "undefined", "a\x00b", "x" * 5000],
)
def test_label_never_reaches_a_codec_that_is_no_charset(label):
    assert codec_for(label) in {"", "utf-8"}
    assert decode_text("grüße".encode(), label) == "grüße"
