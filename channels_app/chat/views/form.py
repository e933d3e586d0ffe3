"""``/widget/v1/<public_key>/form``: the way to write for a browser without JavaScript.

No window stays open, so the answer goes to the address in the form.
"""

import json
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from channels_app.chat.parse import FrameError, Said, read_said
from channels_app.chat.services.appearance import hours_text, topics, widget_config
from channels_app.chat.services.consent import consent_line
from channels_app.chat.services.doors import check_origin, door_of, open_account
from channels_app.chat.services.opening import InvalidFormError, read_form
from channels_app.chat.services.posting import post_message
from channels_app.chat.services.sessions import create_session
from channels_app.chat.services.throttling import TooOftenError, allow_form
from channels_app.chat.views.widget import address_of
from channels_app.models import ChannelAccount
from helpdesk.foundation.errors import HelpdeskError
from identity.middleware import opens_own_scope
from identity.models import Workspace
from identity.tenancy import tenant_scope

TEMPLATE = "channels/chat/form.html"
FIELDS = ("name", "email", "order_number", "topic", "message", "website")


@opens_own_scope
@csrf_exempt  # nobody is signed in here, and the page needs no cookie
def contact_form(request: HttpRequest, public_key: str) -> HttpResponse:
    """Show the form; take it in."""
    door = door_of(public_key)
    with tenant_scope(door.workspace_id):
        account = open_account(door)
        workspace = Workspace.objects.get(pk=door.workspace_id)
    context: dict[str, Any] = {
        "config": widget_config(
            channel=account.channel, chosen=account.settings, workspace=workspace
        ),
        "consent": consent_line(account.settings),
        "topics": topics(account.settings),
        "hours": hours_text(workspace, account.settings),
        "once": str(uuid4()),
        "given": {},
        "faults": {},
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    context["given"] = {name: request.POST.get(name, "") for name in (*FIELDS, "consent")}
    context["once"] = _once(request)
    try:
        take_form(request, account, once=context["once"])
    except (HelpdeskError, FrameError) as error:
        status, faults = _faults(error)
        return render(request, TEMPLATE, {**context, "faults": faults}, status=status)
    return render(request, TEMPLATE, {**context, "sent": True})


def take_form(request: HttpRequest, account: ChannelAccount, *, once: str) -> None:
    """Store the form's message. The same page sent twice is one message. Raises HelpdeskError."""
    check_origin(
        request.headers.get("Origin"), own_host=request.get_host(), chosen=account.settings
    )
    data = {name: request.POST.get(name, "") for name in FIELDS}
    visitor = read_form(
        {**data, "consent": bool(request.POST.get("consent"))}, chosen=account.settings
    )
    said = read_said({"client_msg_id": once, "text": data["message"]})
    allow_form(address_of(request))
    try:
        with tenant_scope(account.workspace_id):
            _, token = create_session(
                channel=account.channel, visitor=visitor, session_id=UUID(once), by_form=True
            )
    except IntegrityError:
        return  # sent before
    post_message(token=token, said=said, raw=_as_frame(said))


def _as_frame(said: Said) -> bytes:
    """Return the form's message as the widget would have sent it: that is what the ledger keeps."""
    frame = {"type": "message", "client_msg_id": said.client_msg_id, "text": said.text}
    return json.dumps(frame, ensure_ascii=False).encode()


def _once(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("once", "")))
    except ValueError:
        return str(uuid4())


def _faults(error: HelpdeskError | FrameError) -> tuple[int, dict[str, str]]:
    if isinstance(error, FrameError):
        return 400, {"message": str(error)}
    if isinstance(error, InvalidFormError):
        return 400, dict(error.fields)
    assert isinstance(error, HelpdeskError)
    return 429 if isinstance(error, TooOftenError) else error.status, {"form": error.message}
