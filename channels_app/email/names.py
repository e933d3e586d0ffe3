"""Names that strangers chose (people, files), made safe to show and to store."""

import re
from pathlib import PurePosixPath

MAX_FILENAME_BYTES = 255
#: Controls, zero-width and bidirectional marks: ``invoice\u202egnp.exe`` must not read as a picture.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
_SPACES = re.compile(r"\s{2,}")

EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/rfc822-headers": ".txt",
}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
)
#: Declared types that a browser might run; shown as what they are, never as these.
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,300}?-->\s*)?"
    rb"<\s*(!doctype\s+(?:html|svg)|html|script|svg|body|head|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")


def safe_name(name: str, limit: int = 200) -> str:
    """Return a person's name on one line, without marks that change how its neighbours read."""
    if not name.isprintable() or not name.isascii():
        name = _UNSAFE.sub("", name.replace("\t", " ").replace("\r", " ").replace("\n", " "))
    return _SPACES.sub(" ", name).strip()[:limit]


def safe_filename(name: str, content_type: str, position: int) -> str:
    """Return the last path part without unsafe characters, at most 255 bytes, never empty."""
    clean = safe_name(name, limit=1_000).replace("\\", "/")
    clean = PurePosixPath(clean).name.strip(" .") if clean.strip("/. ") else ""
    clean = clean.replace("/", "_").replace(":", "_") if clean else ""
    if not clean:
        return f"attachment-{position}{EXTENSIONS.get(content_type, '.bin')}"
    if len(clean.encode()) <= MAX_FILENAME_BYTES:
        return clean
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = clean, "", ""
    room = MAX_FILENAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension


def content_type_of(content: bytes, declared: str, filename: str = "") -> str:
    """Return the type the first bytes show; the declared one only where they show none."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return "image/heic"
    markup = _MARKUP.match(content[:1000])
    if markup:
        return "image/svg+xml" if b"svg" in markup.group(1).lower() else "text/html"
    kind = declared.strip().lower()
    if not _TYPE.fullmatch(kind):
        return "application/octet-stream"
    if kind.startswith("image/") and kind not in {"image/heic", "image/heif", "image/x-icon"}:
        # Says picture, is none we know: not shown as one.
        return "image/bmp" if content.startswith(b"BM") else "application/octet-stream"
    if kind == "application/octet-stream" and filename.lower().endswith(".pdf"):
        return "application/octet-stream"
    return kind
