"""The widget's addresses."""

from django.urls import path

from channels_app.chat.views.demo_shop import demo_shop
from channels_app.chat.views.form import contact_form
from channels_app.chat.views.widget import (
    attachments,
    config,
    continue_by_email,
    end,
    identify,
    loader,
    messages,
    read,
    sessions,
)

# The session's addresses come first: a public key never has one of their names.
urlpatterns = [
    path("widget/v1/loader.js", loader, name="widget_loader"),
    path("widget/v1/messages", messages, name="widget_messages"),
    path("widget/v1/attachments", attachments, name="widget_attachments"),
    path("widget/v1/read", read, name="widget_read"),
    path("widget/v1/continue-by-email", continue_by_email, name="widget_continue_by_email"),
    path("widget/v1/end", end, name="widget_end"),
    path("widget/v1/identify", identify, name="widget_identify"),
    path("widget/v1/<str:public_key>/config", config, name="widget_config"),
    path("widget/v1/<str:public_key>/sessions", sessions, name="widget_sessions"),
    path("widget/v1/<str:public_key>/form", contact_form, name="widget_form"),
    path("demo-shop/", demo_shop, name="demo_shop"),
]
