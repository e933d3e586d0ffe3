"""HTTP: static files answered before Django, everything else by its WSGI handler.

The middleware form of servestatic is asynchronous: under WSGI every request would cross between
threads for it several times. Round the application it costs a dictionary look-up.
"""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic
from servestatic.responders import StaticFile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

#: Files worth packing; fonts and pictures are packed already.
PACKED = (".js", ".css", ".svg", ".json")


class PackedFiles(ServeStatic):  # type: ignore[misc]  # it brings no types
    """Static files, with a packed copy beside the data of each of ours that is text.

    Packed once for each version of a file, when the first process that serves it starts: the scripts are
    a third of their size on the wire, and neither the clone nor a CDN has to be prepared for it.
    """

    def get_static_file(
        self, path: str, url: str, stat_cache: dict[str, os.stat_result] | None = None
    ) -> StaticFile:
        """Return what answers for the file; a client that can't unpack gets it as it is."""
        plain = super().get_static_file(path, url, stat_cache=stat_cache)
        file = Path(path)
        if file.suffix not in PACKED or not file.is_relative_to(settings.BASE_DIR / "static"):
            return plain
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        _no_guessing(headers, path, url)
        return StaticFile(path, headers.items(), encodings={"gzip": str(packed(file))})


def packed(file: Path) -> Path:
    """Return the packed copy of a file, made when there is none of its present content."""
    state = file.stat()
    folder = settings.DATA_DIR / "packed"
    copy = folder / f"{file.name}.{state.st_mtime_ns:x}.{state.st_size:x}.gz"
    if not copy.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Another process may do the same: whoever renames last wins, with the same bytes.
        unfinished = copy.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
        unfinished.replace(copy)
    return copy


def with_static_files(pages: Callable[..., Any]) -> ServeStatic:
    """Return the application that also serves the files of ``static/`` and of our libraries."""
    served = PackedFiles(
        pages,
        max_age=60,
        immutable_file_test=settings.STATIC_IMMUTABLE,
        add_headers_function=_no_guessing,
    )
    for finder in get_finders():
        for path, storage in finder.list([]):
            served.add_file_to_dictionary(f"{settings.STATIC_URL}{path}", storage.path(path))
    return served


def _no_guessing(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


application = with_static_files(get_wsgi_application())
