"""Storing files: checked, named by us, kept outside the web root, served by signed links."""

import hashlib
import re
import time
import unicodedata
from pathlib import PurePosixPath
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner, b62_encode
from django.urls import reverse

from helpdesk.foundation.ids import uuid7
from identity.models import Membership
from identity.tenancy import require_workspace_id
from inbox.errors import CannotSendError
from inbox.models import Attachment, Message

logger = structlog.get_logger(__name__)

#: One day: long enough for an open tab, short enough for a link that got out.
LINK_SECONDS = 24 * 3600
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
#: Shown in the page; everything else is offered as a download.
INLINE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def safe_name(name: str) -> str:
    """Return the last path part without control or direction characters, at most 255 bytes."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .") or "file"
    return kept.encode()[:255].decode(errors="ignore")


def real_type(content: bytes, declared: str) -> str:
    """Return the type the bytes show; a declared image that is none becomes a plain download."""
    for start, kind in _SIGNATURES:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    cleaned = declared.split(";")[0].strip().lower()
    if cleaned in INLINE_TYPES or not re.fullmatch(r"[\w.+-]+/[\w.+-]+", cleaned):
        return "application/octet-stream"
    return cleaned[:127]


def store_file(
    *,
    name: str,
    content: bytes,
    content_type: str,
    message: Message | None = None,
    content_id: str = "",
    inline: bool = False,
    uploaded_by: Membership | None = None,
    upload_session: UUID | None = None,
) -> Attachment:
    """Keep a file. When the disk refuses, the row is kept with an empty key: shown, not lost."""
    attachment = Attachment(
        id=uuid7(),
        message=message,
        name=safe_name(name),
        content_type=real_type(content, content_type),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_id=content_id[:255],
        inline=inline,
        uploaded_by=uploaded_by,
        upload_session=upload_session,
    )
    key = f"{require_workspace_id()}/{attachment.pk}"
    try:
        attachment.key = default_storage.save(key, ContentFile(content))
    except OSError as error:
        logger.exception("attachment.not_stored", size=len(content), error=type(error).__name__)
    attachment.save(force_insert=True)
    return attachment


def store_upload(
    *,
    name: str,
    content: bytes,
    content_type: str,
    limit: int = MAX_UPLOAD_BYTES,
    uploaded_by: Membership | None = None,
    upload_session: UUID | None = None,
) -> Attachment:
    """Keep a file somebody uploads. Raises CannotSendError with a sentence."""
    if not content:
        raise CannotSendError("The file is empty.", code="empty_file")
    if len(content) > limit:
        raise CannotSendError(
            f"The file is larger than {limit // (1024 * 1024)} MB. Send a link to it instead.",
            code="file_too_large",
            status=413,
        )
    attachment = store_file(
        name=name,
        content=content,
        content_type=content_type,
        uploaded_by=uploaded_by,
        upload_session=upload_session,
    )
    if not attachment.key:
        raise CannotSendError(
            "The file could not be stored: the disk is full or not writable. "
            "Tell your administrator; your text is safe.",
            code="storage_failed",
            status=507,
        )
    return attachment


def read_file(attachment: Attachment) -> bytes:
    """Return the bytes. Raises OSError when the store lost them."""
    with default_storage.open(attachment.key) as stored:
        content: bytes = stored.read()
    return content


def signed_path(attachment: Attachment) -> str:
    """Return a link path that works for a day for whoever holds it, and shows only this file."""
    token = _signer().sign(f"{require_workspace_id()}:{attachment.pk}")
    return reverse("inbox:file", args=[token])


def open_signed(token: str) -> tuple[UUID, UUID] | None:
    """Return (workspace id, attachment id) of a link, or None when it is wrong or too old."""
    try:
        value = _signer().unsign(token, max_age=LINK_SECONDS)
        workspace, attachment = value.split(":")
        return UUID(workspace), UUID(attachment)
    except (BadSignature, ValueError):
        return None


class _HourlySigner(TimestampSigner):
    """Signs with the hour: a file's link stays the same meanwhile, so browsers keep the file."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) // 3600 * 3600)


def _signer() -> TimestampSigner:
    return _HourlySigner(salt="inbox.file")
