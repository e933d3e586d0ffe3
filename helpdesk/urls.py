"""Mounting only, one line for each app."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from helpdesk.health import healthz, metrics, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("inbox.api.urls")),
    path("api/v1/", include("channels_app.api.urls")),
    path("", include("channels_app.urls")),
    path("", include("identity.shopify.urls")),
    path("", include("identity.urls")),
    path("", include("inbox.urls")),
]
