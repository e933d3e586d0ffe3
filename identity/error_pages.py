"""Turns a refusal into a page or a fragment with its sentence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helpdesk.foundation.errors import HelpdeskError

TITLES = {
    403: "That is not open to you",
    404: "Nothing here",
    409: "That can't be done now",
    410: "This link is used up",
}


def error_page(request: HttpRequest, error: HelpdeskError) -> HttpResponse:
    """Draw the error for a person: in place for a fragment, as a page otherwise."""
    facts = {
        "title": TITLES.get(error.status, "That did not work"),
        "message": error.message,
        "code": error.code,
    }
    if request.headers.get("HX-Request"):
        response = render(request, "_notice_bad.html", facts, status=200)
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "error.html", facts, status=error.status)
