"""Saved replies: everybody reads them, supervisors change them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from identity.form_errors import beside_fields
from identity.permissions import Permission, member_required, requires
from identity.requests import MemberRequest
from inbox.forms import SavedReplyForm
from inbox.models import SavedReply
from inbox.services.saved_replies import VARIABLES, delete_reply, preview, save_reply


@member_required
def saved_reply_list(request: MemberRequest) -> HttpResponse:
    """Show all saved replies."""
    facts = {"section": "saved-replies", "replies": list(SavedReply.objects.all())}
    return render(request, "settings/saved_replies.html", facts)


@requires(Permission.MANAGE_SAVED_REPLIES)
def saved_reply_new(request: MemberRequest) -> HttpResponse:
    """Write one."""
    return _edit(request, None)


@requires(Permission.MANAGE_SAVED_REPLIES)
def saved_reply_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change one."""
    return _edit(request, get_object_or_404(SavedReply.objects.all(), pk=pk))


@requires(Permission.MANAGE_SAVED_REPLIES)
@require_POST
def saved_reply_preview(request: MemberRequest) -> HttpResponse:
    """Show the text as a customer would read it."""
    facts = {"text": preview(request.POST.get("body", ""))}
    return render(request, "settings/_saved_reply_preview.html", facts)


@requires(Permission.MANAGE_SAVED_REPLIES)
@require_POST
def saved_reply_deletion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Forget one."""
    reply = get_object_or_404(SavedReply.objects.all(), pk=pk)
    delete_reply(reply=reply)
    messages.success(request, f"{reply.name} is deleted. What was sent with it stays.")
    return redirect("inbox:saved_replies")


def _edit(request: MemberRequest, reply: SavedReply | None) -> HttpResponse:
    form = SavedReplyForm.of(request.POST or None, reply)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            saved = save_reply(reply=reply, **form.cleaned_data)
            messages.success(request, f"{saved.name} is saved.")
        if form.is_valid():
            return redirect("inbox:saved_replies")
    return render(
        request,
        "settings/saved_reply.html",
        {
            "section": "saved-replies",
            "form": form,
            "reply": reply,
            "variables": [("{{" + name + "}}", example) for name, example in VARIABLES.items()],
            "text": preview(str(form["body"].value() or "")),
        },
    )
