"""The page that carries the island, with everything its first screen shows."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from identity.models import Membership
from identity.services.api_tokens import SCOPES
from inbox.api.asking import one
from inbox.api.counting import counts_for
from inbox.api.listing import ListQuery, conversation_page
from inbox.api.shapes import people
from inbox.api.thread import thread_page
from inbox.api.views.conversations import detail_of, look_behind
from inbox.querysets import conversations_visible_to
from inbox.realtime import current_sequence

#: The views of the rail by their name in the address: what the list shows first.
VIEWS: dict[str, dict[str, Any]] = {
    "mine": {"status": ("open",), "assignee": "me"},
    "unassigned": {"status": ("open",), "assignee": "none"},
    "all": {"status": ("open",)},
    "waiting": {"status": ("waiting",)},
    "snoozed": {"status": ("snoozed",)},
    "approvals": {"q": "is:approval"},
    "closed": {"status": ("closed",)},
    "spam": {"status": ("spam",)},
    "trash": {"status": ("trash",)},
}


@require_safe
@never_cache
@login_required
def inbox_page(request: HttpRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """Draw the page; the island takes over from the embedded rows."""
    me = cast("Membership | None", getattr(request, "membership", None))
    if me is None:
        return render(request, "inbox/no_workspace.html", status=403)
    view = request.GET.get("view", "mine")
    return render(
        request, "inbox/app.html", {"boot": boot(request, me, view, conversation_id), "me": me}
    )


def boot(
    request: HttpRequest, me: Membership, view: str, conversation_id: UUID | None
) -> dict[str, Any]:
    """Return what the island starts from, in the API's own shapes."""
    # Before the rows: a change after this number is told by the socket.
    seq = current_sequence(me.workspace_id)
    shown = None
    if conversation_id is not None:
        shown = one(conversations_visible_to(me), conversation_id, "conversation")
    return {
        "me": people.me_shape(me, scopes=SCOPES),
        "counts": counts_for(me),
        "conversations": conversation_page(me, _list_of(view)),
        "conversation": look_behind(detail_of(shown.pk, me)) if shown else None,
        "messages": thread_page(shown, me) if shown else None,
        "channels": people.channels(),
        "members": people.members(),
        "teams": people.teams(),
        "saved_replies": people.saved_replies(),
        "urls": _urls(),
        "csrf": get_token(request),
        "seq": seq,
    }


def _list_of(view: str) -> ListQuery:
    if view.startswith("channel:"):
        return ListQuery(status=("open",), channel=(view.removeprefix("channel:"),))
    return ListQuery(**VIEWS.get(view, VIEWS["mine"]))


def _urls() -> dict[str, str]:
    named = {
        "settings": "settings",
        "shops": "shopify:shops",
        "logout": "account_logout",
        "account": "mfa_index",
    }
    found = {"api": "/api/v1", "socket": "/ws/inbox/", "home": reverse("inbox:home")}
    for key, name in named.items():
        try:
            found[key] = reverse(name)
        except NoReverseMatch:
            continue  # that room is not mounted here
    return found
