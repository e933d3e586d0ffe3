"""The widget's socket, mounted by ``helpdesk.asgi``."""

from django.urls import path

from channels_app.chat.consumer import widget_socket

websocket_urlpatterns = [path("ws/widget/", widget_socket)]  # type: ignore[arg-type]
