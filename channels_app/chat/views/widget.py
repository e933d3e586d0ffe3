"""``/widget/v1/…``: the script, what it has to know, and the conversation over HTTP."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.csrf import csrf_exempt

from channels_app.chat.parse import FrameError, read_identify, read_said, read_seq
from channels_app.chat.services import by_email, identifying
from channels_app.chat.services.appearance import widget_config
from channels_app.chat.services.doors import Door, door_of, open_account
from channels_app.chat.services.ending import end_chat
from channels_app.chat.services.files import MAX_FILE_BYTES, take_upload
from channels_app.chat.services.frames import attachment_json
from channels_app.chat.services.marks import confirm, confirm_messages
from channels_app.chat.services.opening import read_form
from channels_app.chat.services.posting import post_message
from channels_app.chat.services.reading import read_page, state_of
from channels_app.chat.services.sessions import (
    create_session,
    note_presence,
    session_of,
    workspace_in_token,
)
from channels_app.chat.services.throttling import allow_message, allow_session, allow_upload
from channels_app.chat.views.answers import (
    allow_origin,
    allow_origin_of,
    as_json,
    bearer_of,
    body_of,
    origin_of,
    widget_endpoint,
)
from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.signing import fingerprint
from identity.middleware import opens_own_scope
from identity.models import Workspace
from identity.tenancy import tenant_scope

LOADER_SECONDS = 3600
CONFIG_SECONDS = 10
#: A form's wrapping round the file.
MULTIPART_ROOM = 64 * 1024


@opens_own_scope
@csrf_exempt
def loader(request: HttpRequest) -> HttpResponse | FileResponse:
    """Answer with the script that shops embed; it finds the rest through ``config``."""
    path = settings.BASE_DIR / "static" / "dist" / "widget" / "loader.js"
    if not path.exists():
        raise Http404
    changed = int(path.stat().st_mtime)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and since >= changed:
        response: HttpResponse | FileResponse = HttpResponse(status=304)
    else:
        response = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = f"public, max-age={LOADER_SECONDS}"
    # Shops may isolate their pages; this script is for them all.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@widget_endpoint("GET")
def config(request: HttpRequest, public_key: str) -> HttpResponse:
    """``GET /widget/v1/<public_key>/config``"""
    door = door_of(public_key)
    with tenant_scope(door.workspace_id):
        account = open_account(door)
        allow_origin(request, account)
        workspace = Workspace.objects.get(pk=door.workspace_id)
        response = as_json(
            widget_config(channel=account.channel, chosen=account.settings, workspace=workspace)
        )
    response["Cache-Control"] = f"public, max-age={CONFIG_SECONDS}"
    return response


@widget_endpoint("POST")
def sessions(request: HttpRequest, public_key: str) -> HttpResponse:
    """``POST /widget/v1/<public_key>/sessions``: a conversation exists from the first message."""
    door = door_of(public_key)
    with tenant_scope(door.workspace_id):
        account = open_account(door)
        allow_origin(request, account)
        visitor = read_form(body_of(request), chosen=account.settings)
        allow_session(address_of(request))
        session, token = create_session(channel=account.channel, visitor=visitor)
    return as_json({"token": token, "session_id": str(session.pk)}, status=201)


@widget_endpoint("GET", "POST")
def messages(request: HttpRequest) -> HttpResponse:
    """``GET /widget/v1/messages?after_seq=`` and ``POST /widget/v1/messages``"""
    return _post(request) if request.method == "POST" else _page(request)


@widget_endpoint("POST")
def attachments(request: HttpRequest) -> HttpResponse:
    """``POST /widget/v1/attachments``, multipart, field ``file``"""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + MULTIPART_ROOM:
        raise _too_large()
    token = bearer_of(request)
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        allow_upload(session.pk)
        upload = request.FILES.get("file")
        if upload is None:
            raise FrameError("invalid", "There is no file in this request.", field="file")
        stored = take_upload(session=session, upload=upload)
        answer = attachment_json(stored)
    return as_json(answer, status=201)


@widget_endpoint("POST")
def read(request: HttpRequest) -> HttpResponse:
    """``POST /widget/v1/read {last_seq}``"""
    token = bearer_of(request)
    last_seq = read_seq(body_of(request), "last_seq")
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        confirm(session, upto_seq=last_seq, read=True)
        return as_json({"last_seq": session.visitor_read_seq})


@widget_endpoint("POST")
def continue_by_email(request: HttpRequest) -> HttpResponse:
    """``POST /widget/v1/continue-by-email {email?}``"""
    token = bearer_of(request)
    given = body_of(request).get("email")
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        by_email.continue_by_email(session, email=given if isinstance(given, str) else "")
        return as_json({"continued_by_email": True, "email": session.email})


@widget_endpoint("POST")
def end(request: HttpRequest) -> HttpResponse:
    """``POST /widget/v1/end``"""
    token = bearer_of(request)
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        end_chat(session)
        return as_json({"ended": True})


@widget_endpoint("POST")
def identify(request: HttpRequest) -> HttpResponse:
    """``POST /widget/v1/identify``: the same claims as the socket's ``identify``"""
    token = bearer_of(request)
    claim = read_identify(body_of(request))
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        door = Door(workspace_id=session.workspace_id, channel_id=session.channel_id)
        secret = open_account(door).secrets.get("widget_secret", "")
        identifying.identify(session, identifying.read_claim(claim, secret=secret))
    return as_json({"identified": True})


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address: what our own proxy noted last, where there is one."""
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def _page(request: HttpRequest) -> HttpResponse:
    token = bearer_of(request)
    after = request.GET.get("after_seq") or "0"
    if not after.isascii() or not after.isdigit() or len(after) > 9:
        raise FrameError("invalid", "after_seq is a number.", field="after_seq")
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        allow_origin_of(request, session)
        page = read_page(session, after_seq=int(after))
        confirm_messages(session, page.messages)
        note_presence(session)
        answer = {"results": page.results, "next": page.next, "state": state_of(session)}
    return as_json(answer)


def _post(request: HttpRequest) -> HttpResponse:
    token = bearer_of(request)
    workspace_id = workspace_in_token(token)
    said = read_said(body_of(request))
    if origin_of(request) is not None:
        with tenant_scope(workspace_id):
            allow_origin_of(request, session_of(token))
    allow_message(fingerprint(token), said.client_msg_id)
    posted = post_message(token=token, said=said, raw=request.body)
    return as_json(posted.as_json(), status=201 if posted.id else 202)


def _too_large() -> HelpdeskError:
    sentence = (
        f"A file has at most {MAX_FILE_BYTES // (1024 * 1024)} MB. Send a link to it instead."
    )
    return HelpdeskError(sentence, code="file_too_large", status=413, fields=[("file", sentence)])
