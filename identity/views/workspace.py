"""The workspace itself: name, zone, language, hours."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity.forms import WorkspaceForm
from identity.hours_in_words import examples, open_parts
from identity.models import Workspace
from identity.permissions import Permission, requires
from identity.requests import MemberRequest
from identity.services.workspaces import save_workspace


@requires(Permission.MANAGE_WORKSPACE)
def workspace_page(request: MemberRequest) -> HttpResponse:
    """Change the workspace."""
    workspace = request.membership.workspace
    form = WorkspaceForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        save_workspace(
            workspace=workspace,
            name=facts["name"],
            timezone=facts["timezone"],
            locale=facts["locale"],
            hours=facts["hours"],
            continuation_hours=facts["continuation_hours"],
        )
        messages.success(request, "Saved. New chats follow these hours from now on.")
        return redirect("identity:workspace")
    return render(
        request,
        "identity/workspace.html",
        {"section": "workspace", "form": form, **_preview(workspace, form)},
    )


@requires(Permission.MANAGE_WORKSPACE)
@require_POST
def hours_preview(request: MemberRequest) -> HttpResponse:
    """Say what the hours in the form would mean, before they are saved."""
    workspace = request.membership.workspace
    form = WorkspaceForm(request.POST, workspace=workspace)
    form.is_valid()
    return render(request, "identity/_hours_preview.html", _preview(workspace, form))


def _preview(workspace: Workspace, form: WorkspaceForm) -> dict[str, object]:
    week = workspace.hours
    zone = workspace.timezone
    if form.is_bound:
        week = form.cleaned_data.get("hours", {})
        zone = form.cleaned_data.get("timezone") or zone
    return {
        "sentences": examples(week=week, timezone=zone, now=timezone.now()),
        "days": open_parts(week),
    }
