"""Settings pages of channels and raw events, mounted by ``channels_app.urls``."""

from django.urls import path

from channels_app.views import chat, events, listing, mailbox

urlpatterns = [
    path("settings/channels/", listing.channel_list, name="list"),
    path("settings/channels/new/chat/", listing.new_chat, name="new_chat"),
    path("settings/channels/new/email/", listing.new_mailbox, name="new_mailbox"),
    path("settings/channels/<uuid:pk>/", listing.channel_page, name="channel"),
    path("settings/channels/<uuid:pk>/deactivation/", listing.deactivation, name="deactivation"),
    path("settings/channels/<uuid:pk>/activation/", listing.activation, name="activation"),
    path("settings/channels/<uuid:pk>/look/", chat.chat_preview, name="chat_preview"),
    path("settings/channels/<uuid:pk>/widget-secret/", chat.widget_secret, name="widget_secret"),
    path("settings/channels/<uuid:pk>/try/", chat.try_page, name="try"),
    path("settings/channels/<uuid:pk>/chat-test/", chat.chat_test, name="chat_test"),
    path(
        "settings/channels/<uuid:pk>/chat-test/<str:token>/",
        chat.chat_test_state,
        name="chat_test_state",
    ),
    path(
        "settings/channels/<uuid:pk>/chat-test/<str:token>/end/",
        chat.chat_test_end,
        name="chat_test_end",
    ),
    path("settings/channels/<uuid:pk>/hook-secret/", mailbox.hook_secret, name="hook_secret"),
    path("settings/channels/<uuid:pk>/dns/", mailbox.dns_findings, name="dns"),
    path("settings/channels/<uuid:pk>/test-out/", mailbox.mail_test_out, name="mail_test_out"),
    path("settings/channels/<uuid:pk>/test-in/", mailbox.mail_test_in, name="mail_test_in"),
    path(
        "settings/channels/<uuid:pk>/test-in/<str:token>/",
        mailbox.mail_test_state,
        name="mail_test_state",
    ),
    path("settings/inbound-events/", events.event_list, name="events"),
    path("settings/inbound-events/replay/", events.replay, name="replay"),
    path("settings/inbound-events/progress/", events.replay_progress, name="replay_progress"),
    path("settings/inbound-events/<uuid:pk>/", events.event_detail, name="event"),
    path("settings/inbound-events/<uuid:pk>/replay/", events.event_replay, name="event_replay"),
]
