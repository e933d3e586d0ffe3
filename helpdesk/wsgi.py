"""HTTP: static files answered before Django, everything else by its WSGI handler.

The middleware form of servestatic is asynchronous: under WSGI every request would cross between
threads for it several times. Round the application it costs a dictionary look-up.
"""

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")


def with_static_files(pages: Callable[..., Any]) -> ServeStatic:
    """Return the application that also serves the files of ``static/`` and of our libraries."""
    served = ServeStatic(
        pages,
        max_age=60,
        immutable_file_test=settings.STATIC_IMMUTABLE,
        add_headers_function=_no_guessing,
    )
    for finder in get_finders():
        for path, storage in finder.list([]):
            served.add_file_to_dictionary(f"{settings.STATIC_URL}{path}", storage.path(path))
    return served


def _no_guessing(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


application = with_static_files(get_wsgi_application())
