"""The channel kit's part of ``/api/v1/``, mounted by the roof."""

from django.urls import path

from channels_app.api import views

app_name = "channels_api"

urlpatterns = [
    path("inbound-events", views.InboundEvents.as_view()),
    path("inbound-events/<uuid:pk>/replay", views.Replay.as_view()),
]
