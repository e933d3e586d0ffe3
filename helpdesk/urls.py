"""Mounting only, one line for each app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from helpdesk.health import healthz, metrics, readyz


def _mount(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    package = module.rpartition(".")[0]
    if find_spec(package) is None or find_spec(module) is None:
        return []
    return [path(prefix, include(module))]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    *_mount("api/v1/", "inbox.api.urls"),
    *_mount("api/v1/", "channels_app.api.urls"),
    *_mount("", "channels_app.urls"),
    *_mount("", "identity.urls"),
    *_mount("", "inbox.urls"),
]
