"""Teams: a name and the members who share its work."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from helpdesk.foundation.errors import ConflictError
from identity.models import Membership, Team, TeamMember


def teams_with_members() -> QuerySet[Team]:
    """Return the teams by name, their active members ready to read."""
    active = TeamMember.objects.filter(membership__is_active=True).select_related(
        "membership__user"
    )
    found: QuerySet[Team] = Team.objects.order_by("name").prefetch_related(
        Prefetch("team_members", queryset=active)
    )
    return found


def save_team(*, team: Team | None, name: str, members: Iterable[Membership]) -> Team:
    """Make or change a team. Raises ConflictError when the name is taken."""
    taken = Team.objects.filter(name__iexact=name)
    if team is not None:
        taken = taken.exclude(pk=team.pk)
    if taken.exists():
        message = f"There is a team called {name} already. Choose another name."
        raise ConflictError(message, fields=[("name", message)])
    if team is None:
        team = Team.objects.create(name=name)
    elif team.name != name:
        team.name = name
        team.save(update_fields=["name"])
    wanted = {member.pk for member in members}
    present = set(TeamMember.objects.filter(team=team).values_list("membership_id", flat=True))
    TeamMember.objects.filter(team=team, membership_id__in=present - wanted).delete()
    TeamMember.objects.bulk_create(
        TeamMember(team=team, membership_id=pk) for pk in sorted(wanted - present)
    )
    return team


def delete_team(*, team: Team) -> None:
    """Remove a team; its conversations stay, without a team."""
    team.delete()
