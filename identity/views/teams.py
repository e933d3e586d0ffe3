"""Teams: see them, make them, change who is in them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from identity.form_errors import beside_fields
from identity.forms import TeamForm
from identity.models import Team
from identity.permissions import Permission, member_required, requires
from identity.requests import MemberRequest
from identity.services.teams import delete_team, save_team, teams_with_members


@member_required
def team_list(request: MemberRequest) -> HttpResponse:
    """Show the teams to everybody."""
    facts = {"section": "teams", "teams": list(teams_with_members())}
    return render(request, "identity/teams.html", facts)


@requires(Permission.MANAGE_TEAMS)
def team_new(request: MemberRequest) -> HttpResponse:
    """Make a team."""
    return _edit(request, None)


@requires(Permission.MANAGE_TEAMS)
def team_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Rename a team or change its members."""
    return _edit(request, _team(pk))


@requires(Permission.MANAGE_TEAMS)
@require_POST
def team_deletion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Remove a team."""
    team = _team(pk)
    delete_team(team=team)
    messages.success(request, f"The team {team.name} is gone. Its conversations stay.")
    return redirect("identity:teams")


def _team(pk: UUID) -> Team:
    return get_object_or_404(teams_with_members(), pk=pk)


def _edit(request: MemberRequest, team: Team | None) -> HttpResponse:
    form = TeamForm(request.POST or None, team=team)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            saved = save_team(
                team=team, name=form.cleaned_data["name"], members=form.cleaned_data["members"]
            )
            messages.success(request, f"The team {saved.name} is saved.")
        if form.is_valid():
            return redirect("identity:teams")
    return render(request, "identity/team.html", {"section": "teams", "form": form, "team": team})
