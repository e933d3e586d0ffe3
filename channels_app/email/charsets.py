"""Bytes to text for mails whose label may be missing, wrong or unknown.

Order: the declared charset, UTF-8, a detector (longer texts only: on short ones it guesses wildly),
Windows-1252. Nothing in here raises.
"""

import codecs
import re

#: Labels whose everyday meaning is wider than their standard, and spellings Python does not know.
ALIASES = {
    "": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "7bit": "utf-8",
    "8bit": "utf-8",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "x-unknown": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "default": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "tis-620": "cp874",
}
#: Codecs Python offers that are no charsets; a label must never reach them.
_NOT_CHARSETS_WORDS = (
    "base64 bz2 hex quopri rot-13 uu zlib idna punycode undefined raw_unicode_escape "
    "unicode_escape mbcs oem"
)
NOT_CHARSETS = frozenset(_NOT_CHARSETS_WORDS.split())
#: Bytes above 127 from which on the detector is asked.
DETECT_FROM = 24
DETECT_AT_MOST = 20_000
_LABEL_JUNK = re.compile(r"[^\w.:+-]")
_codecs: dict[str, str] = {}


def codec_for(label: str) -> str:
    """Return Python's codec name for a charset label, or "" for one nobody knows."""
    known = _codecs.get(label)
    if known is not None:
        return known
    name = _LABEL_JUNK.sub("", label.strip().lower().split(";")[0].split("*")[0])
    name = ALIASES.get(name, name)
    if name.startswith(("cp-", "windows-")):
        name = "cp" + name.split("-", 1)[1]
    try:
        info = codecs.lookup(name)
        found = "" if info.name in NOT_CHARSETS else info.name
    except (LookupError, ValueError):
        found = ""
    if len(_codecs) < 500:  # labels come from strangers: the table must not grow for ever
        _codecs[label] = found
    return found


def decode_text(data: bytes, label: str = "") -> str:
    """Return ``data`` as text under the declared charset or the best other one."""
    codec = codec_for(label)
    if data.isascii() and codec in {"utf-8", "cp1252", "gb18030", "cp949"}:
        if b"\x1b$" in data or b"\x1b(" in data:  # ISO-2022-JP sent without saying so
            return _try(data, "iso2022_jp_ext") or data.decode("ascii")
        return data.decode("ascii")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        codec = "utf-8-sig"
    if codec == "cp1252":  # what claims Latin-1 and is valid UTF-8 is UTF-8
        text = _try(data, "utf-8")
        if text is not None:
            return text
        return data.decode("cp1252", "replace")
    if codec:
        text = _try(data, codec)
        if text is not None:
            return text
    return decode_unlabelled(data, codec)


def decode_unlabelled(data: bytes, failed: str = "") -> str:
    """Return the most likely text for bytes whose label is missing or did not fit."""
    text = _try(data, "utf-8") if failed != "utf-8" else None
    if text is not None:
        return text
    high = sum(byte > 127 for byte in data[:DETECT_AT_MOST])
    if failed and failed not in {"utf-8", "cp1252"}:
        # A few damaged bytes in an otherwise right charset: keep what reads well.
        text = data.decode(failed, "replace")
        if text.count("\ufffd") * 10 <= max(high, 10) or failed.startswith("iso2022"):
            return text
    if failed == "utf-8" and high >= 10:
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") * 10 <= high:
            return text
    if high >= DETECT_FROM:
        detected = _detect(data[:DETECT_AT_MOST])
        if detected:
            text = _try(data, detected)
            if text is not None:
                return text
    return data.decode("cp1252", "replace")


def _detect(data: bytes) -> str:
    """Ask charset-normalizer; loaded late because most mails never need it."""
    from charset_normalizer import from_bytes

    best = from_bytes(data, steps=5, chunk_size=512, enable_fallback=False).best()
    return best.encoding if best is not None else ""


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None
