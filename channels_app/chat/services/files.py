"""Files a visitor adds: which may come, and a door for a scanner."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.module_loading import import_string

from channels_app.models import ChatSession
from inbox.errors import CannotSendError
from inbox.models import Attachment
from inbox.services.files import real_type, safe_name, store_upload

MAX_FILE_BYTES = 20 * 1024 * 1024
#: What customers send a shop: pictures of goods, papers, short films. No archives, nothing that runs.
FILE_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "text/plain",
    "video/mp4",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp4",
)
#: The names that go with the types which can't be told by their first bytes.
_NAMES = {
    "image/heic": (".heic", ".heif"),
    "text/plain": (".txt", ".text", ".log"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
}
#: Takes name and content; returns why the file is refused, or "".
Scanner = Callable[[str, bytes], str]


def take_upload(*, session: ChatSession, upload: UploadedFile) -> Attachment:
    """Keep a file until a message of this session takes it. Raises CannotSendError."""
    if upload.size is not None and upload.size > MAX_FILE_BYTES:
        raise _too_large()
    content = upload.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise _too_large()
    name = safe_name(upload.name or "file")
    kind = real_type(content, upload.content_type or "")
    if content and not _is_allowed(name, kind, content):
        raise CannotSendError(
            "Files of this kind can't be sent here. Pictures, PDF, text, film and sound can.",
            code="file_type",
            status=415,
            fields=[("file", "This kind of file is not taken.")],
        )
    refusal = _scan(name, content)
    if refusal:
        raise CannotSendError(refusal, code="file_refused", fields=[("file", refusal)])
    return store_upload(
        name=name,
        content=content,
        content_type=kind,
        limit=MAX_FILE_BYTES,
        upload_session=session.pk,
    )


def files_of(session: ChatSession, wanted: Sequence[str]) -> list[UUID]:
    """Return the named files that this session uploaded. Raises CannotSendError for any other."""
    ids = [one for one in map(_as_uuid, wanted) if one is not None]
    found = set(
        Attachment.objects.filter(pk__in=ids, upload_session=session.pk).values_list(
            "pk", flat=True
        )
    )
    if len(found) != len(wanted):
        raise CannotSendError(
            "A file of this message is not here any more. Add it again, then send.",
            code="unknown_attachment",
            status=404,
            fields=[("attachments", "Unknown file.")],
        )
    return ids


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_allowed(name: str, kind: str, content: bytes) -> bool:
    if kind not in FILE_TYPES:
        return False
    if kind == "text/plain" and b"\0" in content[:8192]:
        return False
    names = _NAMES.get(kind)
    return names is None or name.lower().endswith(names)


def _scan(name: str, content: bytes) -> str:
    path: str = settings.CHAT_FILE_SCANNER
    if not path:
        return ""
    scanner: Scanner = import_string(path)
    return scanner(name, content)


def _too_large() -> CannotSendError:
    sentence = (
        f"A file has at most {MAX_FILE_BYTES // (1024 * 1024)} MB. Send a link to it instead."
    )
    return CannotSendError(sentence, code="file_too_large", status=413, fields=[("file", sentence)])
