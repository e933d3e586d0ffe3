"""Raw events: what came in, what could not be read, and reading it again."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from channels_app.models import InboundEvent
from channels_app.replaying import (
    RESTING,
    events,
    replay_events,
    replay_matching,
    unread_count,
)
from helpdesk.foundation.ledger import WorkState
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from inbox.models import Conversation

PAGE = 50
PREVIEW_BYTES = 20_000
MANAGE = Permission.MANAGE_EVENTS
PATH = "/settings/inbound-events/"

STATES = (
    (WorkState.QUARANTINED, "Needs a look"),
    (WorkState.IGNORED, "Nothing for us"),
    (WorkState.NEW, "Waiting"),
    (WorkState.DONE, "Done"),
)


@requires(MANAGE)
def event_list(request: MemberRequest) -> HttpResponse:
    """Show events of one state, newest first."""
    state, source = _asked(request.GET.get("state"), request.GET.get("source"))
    found = _before(events(state=state, source=source), request)[: PAGE + 1]
    rows = list(found)
    return render(
        request,
        "channels/events.html",
        {
            "section": "events",
            "rows": rows[:PAGE],
            "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
            "state": state,
            "source": source,
            "states": STATES,
            "sources": _sources(),
            "can_replay": state in RESTING,
            "unread": unread_count() if "replaying" in request.GET else 0,
            "replaying": "replaying" in request.GET,
        },
    )


@requires(MANAGE)
def event_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one event as it came, as text."""
    event = get_object_or_404(events(), pk=pk)
    body = bytes(event.body)
    return render(
        request,
        "channels/event.html",
        {
            "section": "events",
            "event": event,
            "body": body[:PREVIEW_BYTES]
            .decode("utf-8", "replace")
            .replace("\x00", "\N{REPLACEMENT CHARACTER}"),
            "cut": len(body) > PREVIEW_BYTES,
            "size": len(body),
            "conversations": Conversation.objects.filter(
                messages__pk__in=event.message_ids
            ).distinct(),
            "can_replay": event.work_state in RESTING,
        },
    )


@requires(MANAGE)
@require_POST
def event_replay(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Read one event again."""
    event = get_object_or_404(events(), pk=pk)
    if replay_events([event.pk]):
        messages.success(request, "The event is read again.")
    else:
        messages.warning(request, "The event is waiting or being read already.")
    return redirect("channels:event", pk)


@requires(MANAGE)
@require_POST
def replay(request: MemberRequest) -> HttpResponse:
    """Read the chosen events again, or all that match."""
    state, source = _asked(request.POST.get("state"), request.POST.get("source"))
    if request.POST.get("all"):
        moved = replay_matching(events(state=state, source=source))
    else:
        moved = replay_events(_chosen(request))
    if not moved:
        messages.warning(request, "Choose at least one event first.")
        return redirect(f"{PATH}?state={state}&source={source}")
    messages.success(request, f"{moved} event{'s are' if moved != 1 else ' is'} read again.")
    return redirect(f"{PATH}?state={state}&source={source}&replaying=1")


@requires(MANAGE)
def replay_progress(request: MemberRequest) -> HttpResponse:
    """Say how many events are still to be read."""
    return render(request, "channels/_replay_progress.html", {"unread": unread_count()})


def _asked(state: str | None, source: str | None) -> tuple[str, str]:
    known = {value for value, _ in STATES}
    chosen = state if state in known else str(WorkState.QUARANTINED)
    return chosen, source if source in _sources() else ""


def _sources() -> list[str]:
    """Return the doors events can come through."""
    return [
        "chat",
        *(f"email/{way}" for way in ("imap", "mailgun", "postmark", "raw", "sendgrid", "ses")),
    ]


def _before(found: "QuerySet[InboundEvent]", request: HttpRequest) -> "QuerySet[InboundEvent]":
    try:
        return found.filter(pk__lt=UUID(request.GET["before"]))
    except (KeyError, ValueError):
        return found


def _chosen(request: HttpRequest) -> list[UUID]:
    chosen = []
    for given in request.POST.getlist("event")[:PAGE]:
        try:
            chosen.append(UUID(given))
        except ValueError:
            continue
    return chosen
