"""The inbox page and the files it shows."""

from django.urls import path, re_path

from inbox.rest.views import NothingHere
from inbox.views.app import inbox_page
from inbox.views.files import file, remote_image

app_name = "inbox"

urlpatterns = [
    path("", inbox_page, name="home"),
    path("inbox/", inbox_page, name="app"),
    path("inbox/<uuid:conversation_id>/", inbox_page, name="conversation"),
    path("files/remote/<str:token>", remote_image, name="remote_image"),
    path("files/<str:token>", file, name="file"),
    # Last of the API's paths: other rooms mount theirs under the same prefix before this file.
    re_path(r"^api/v1/", NothingHere.as_view()),
]
