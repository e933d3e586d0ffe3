"""The inbox page, the files it shows, and its settings pages."""

from django.urls import path, re_path

from inbox.rest.views import NothingHere
from inbox.views import settings
from inbox.views.app import inbox_page
from inbox.views.files import file, remote_image, shop_picture

app_name = "inbox"

urlpatterns = [
    path("", inbox_page, name="home"),
    path("inbox/", inbox_page, name="app"),
    path("inbox/<uuid:conversation_id>/", inbox_page, name="conversation"),
    path("settings/saved-replies/", settings.saved_reply_list, name="saved_replies"),
    path("settings/saved-replies/new/", settings.saved_reply_new, name="saved_reply_new"),
    path("settings/saved-replies/preview/", settings.saved_reply_preview, name="reply_preview"),
    path("settings/saved-replies/<uuid:pk>/", settings.saved_reply_edit, name="saved_reply"),
    path(
        "settings/saved-replies/<uuid:pk>/deletion/",
        settings.saved_reply_deletion,
        name="saved_reply_deletion",
    ),
    path("files/remote/<str:token>", remote_image, name="remote_image"),
    path("files/shop/<str:token>", shop_picture, name="shop_picture"),
    path("files/<str:token>", file, name="file"),
    # Last of the API's paths: other rooms mount theirs under the same prefix before this file.
    re_path(r"^api/v1/", NothingHere.as_view()),
]
