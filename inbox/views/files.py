"""Attachments and remote pictures: opened by a signed link alone, and harmless when opened."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from helpdesk.foundation import http
from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from identity.middleware import opens_own_scope
from identity.tenancy import tenant_scope
from inbox.models import Attachment
from inbox.remote_images import open_remote
from inbox.services.files import open_signed, real_type
from inbox.shop_pictures import is_of_the_operator, open_picture

#: Shown in the page. A PDF is not among them: no browser draws one inside the sandbox.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: What shops may keep of their products besides: in an ``<img>`` and under our sandbox nothing of it runs.
DRAWING = "image/svg+xml"
#: Nothing in a file may run, load or be framed as a page of ours.
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
LARGEST_PICTURE = 8 * 1024 * 1024
#: Seconds; a picture that takes longer is not worth a thread of ours.
PATIENCE = httpx.Timeout(6.0, connect=3.0)
#: Remote pictures fetched at once: the other threads keep answering agents.
AT_ONCE = threading.BoundedSemaphore(3)


class RemoteImageError(HelpdeskError):
    """The other side did not give us a picture."""

    code = "no_picture"
    status = 502


@opens_own_scope
@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Serve one attachment; whoever holds the link may have it, for a day."""
    named = open_signed(token)
    if named is None:
        raise NotFoundError("This link is wrong or too old. Open the file from its message again.")
    workspace_id, attachment_id = named
    with tenant_scope(workspace_id):
        found = Attachment.objects.filter(pk=attachment_id).exclude(key="").first()
    if found is None:
        raise NotFoundError("This file is no longer there.")
    try:
        content = default_storage.open(found.key)
    except OSError as error:
        raise NotFoundError("The file store has lost this file.") from error
    response = FileResponse(content, content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    disposition = content_disposition_header(found.content_type not in PICTURES, found.name)
    response["Content-Disposition"] = disposition or "attachment"
    return _harmless(response)


@opens_own_scope
@require_safe
def remote_image(request: HttpRequest, token: str) -> HttpResponseBase:
    """Fetch a picture of a mail for the reader, so that its sender does not see who reads."""
    url = open_remote(token)
    if url is None:
        raise NotFoundError("This link is wrong or too old. Open the message again.")
    return _picture(url, guarded=True)


@opens_own_scope
@require_safe
def shop_picture(request: HttpRequest, token: str) -> HttpResponseBase:
    """Fetch the picture of a product from the place its shop keeps it."""
    url = open_picture(token)
    if url is None:
        raise NotFoundError("This link is wrong or too old. Open the conversation again.")
    return _picture(url, guarded=not is_of_the_operator(url), drawings=True)


def _picture(url: str, *, guarded: bool, drawings: bool = False) -> HttpResponseBase:
    with _place():
        content, declared = _fetch(url, guarded=guarded)
    kind = real_type(content, declared)
    if (
        drawings
        and declared.startswith(DRAWING)
        and content.lstrip().startswith((b"<svg", b"<?xml"))
    ):
        kind = DRAWING
    elif kind not in PICTURES:
        raise RemoteImageError("What is there is no picture that can be shown safely.")
    return _harmless(HttpResponse(content, content_type=kind))


def _harmless(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    # The link names one file for ever, and is itself the permission.
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@contextmanager
def _place() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE.connect or 1):
        raise RemoteImageError("Too many pictures are being fetched. Try again.", status=503)
    try:
        yield
    finally:
        AT_ONCE.release()


def _fetch(url: str, *, guarded: bool) -> tuple[bytes, str]:
    with http.client(
        purpose="inbox.remote_image",
        timeout=PATIENCE,
        guarded=guarded,
        schemes=("https", "http"),
        follow_redirects=True,
    ) as client:
        try:
            with client.stream("GET", url, headers={"Accept": "image/*"}) as response:
                response.raise_for_status()
                content = http.read_capped(response, limit=LARGEST_PICTURE)
                return content, response.headers.get("content-type", "")
        except (httpx.HTTPError, httpx.InvalidURL, http.ResponseTooLargeError) as error:
            raise RemoteImageError("The picture could not be fetched.") from error
