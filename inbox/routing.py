"""Sockets of the inbox, mounted by ``helpdesk.asgi``."""

from django.urls import path

from inbox.consumers import inbox_socket

websocket_urlpatterns = [path("ws/inbox/", inbox_socket)]  # type: ignore[arg-type]
