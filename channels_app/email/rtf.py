"""Outlook's compressed RTF (MS-OXRTFCP) and the bare words of RTF."""

import re
import struct

MAX_OUTPUT = 5_000_000
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_HEADER = 16
_GROUP = re.compile(
    r"\{\\(?:\*|fonttbl|colortbl|stylesheet|info|pict)[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}"
)
_BREAK = re.compile(r"\\(?:par|line)\b ?")
_TAB = re.compile(r"\\tab\b ?")
_HEX = re.compile(r"\\'([0-9a-fA-F]{2})")
_UNICODE = re.compile(r"\\u(-?\d{1,6}) ?\??")
_CONTROL = re.compile(r"\\[a-zA-Z]+-?\d* ?|\\[*~_|:-]|[{}]|\r?\n")


def decompress(data: bytes) -> bytes:
    """Return RTF from its compressed form; what is not compressed comes back as it is."""
    if data[8:12] == b"MELA":
        return data[_HEADER:]
    if data[8:12] != b"LZFu":
        return data
    size = min(struct.unpack_from("<I", data, 4)[0], MAX_OUTPUT)
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write = len(_START)
    out = bytearray()
    position = _HEADER
    while position < len(data) and len(out) < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data) or len(out) >= size:
                break
            if not flags >> bit & 1:
                chunk = data[position : position + 1]
                position += 1
            else:
                pair = data[position : position + 2]
                position += 2
                if len(pair) < 2:
                    return bytes(out)
                offset, length = (pair[0] << 4) | (pair[1] >> 4), (pair[1] & 15) + 2
                if offset == write % _WINDOW:
                    return bytes(out)
                chunk = b""
                for step in range(length):
                    byte = window[(offset + step) % _WINDOW]
                    window[(write + step) % _WINDOW] = byte
                    chunk += bytes((byte,))
                write += length
                out += chunk
                continue
            window[write % _WINDOW] = chunk[0]
            write += 1
            out += chunk
    return bytes(out)


def rtf_to_text(rtf: str) -> str:
    """Return the bare words: tables, control words and escapes taken out."""
    if not rtf.startswith("{\\rtf"):
        return ""
    rtf = _GROUP.sub("", rtf[:MAX_OUTPUT])
    rtf = _CONTROL.sub("", _TAB.sub("\t", _BREAK.sub("\0", _letters(rtf))))
    lines = (line.strip() for line in rtf.replace("\\\\", "\\").split("\0"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _letters(rtf: str) -> str:
    rtf = _HEX.sub(lambda found: bytes([int(found[1], 16)]).decode("cp1252", "replace"), rtf)
    return _UNICODE.sub(lambda found: chr(int(found[1]) % 0x10000), rtf)
