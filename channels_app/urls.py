"""The providers' doors, the widget, and the channels' settings pages."""

from django.urls import include, path

from channels_app.webhook import email_hook

app_name = "channels"

urlpatterns = [
    path("", include("channels_app.chat.urls")),
    path("", include("channels_app.views.urls")),
    path("hooks/email/<slug:esp>/<uuid:channel_id>/<str:key>", email_hook, name="email_hook"),
    # Mailgun sends the raw mail only to addresses that end like this.
    path(
        "hooks/email/<slug:esp>/<uuid:channel_id>/<str:key>/mime",
        email_hook,
        name="email_hook_mime",
    ),
]
