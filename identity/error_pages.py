"""Turns a refusal into a page, a fragment or a notice on the page one came from."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from helpdesk.foundation.errors import HelpdeskError

TITLES = {
    403: "That is not open to you",
    404: "Nothing here",
    409: "That can't be done now",
    410: "This link is used up",
}


def error_page(request: HttpRequest, error: HelpdeskError) -> HttpResponse:
    """Draw the error for a person.

    A refused form sends its browser back to the form's page with the sentence on top; a page
    fragment gets the sentence in its place; everything else is a page of its own.
    """
    facts = {
        "title": TITLES.get(error.status, "That did not work"),
        "message": error.message,
        "code": error.code,
    }
    if request.headers.get("HX-Request"):
        return render(request, "_notice_bad.html", facts)
    back = _page_of_the_form(request)
    if back and error.status in {400, 409, 422}:
        messages.error(request, error.message)
        return HttpResponseRedirect(back)
    return render(request, "error.html", facts, status=error.status)


def _page_of_the_form(request: HttpRequest) -> str:
    """Return the path of our own page a POST came from, or ""."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if request.method != "POST" or came_from.netloc != request.get_host():
        return ""
    return came_from.path
