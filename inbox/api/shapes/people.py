"""The caller, members, teams, saved replies and channels."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from identity.models import Membership, Role, Team, TeamMember
from identity.services.workspaces import workspaces_of
from inbox.models import Channel, SavedReply


def me_shape(me: Membership, *, scopes: Collection[str]) -> dict[str, Any]:
    """Return the caller; ``can`` is what both role and key reach to."""
    places = workspaces_of(me.user_id)
    here = next(place for place in places if place.pk == me.workspace_id)
    return {
        "user": {
            "id": str(me.pk),
            "name": me.name,
            "email": me.user.email,
            "signature": me.signature,
        },
        "workspace": _workspace(here),
        "workspaces": [_workspace(place) for place in places],
        "role": me.role,
        "can": abilities(me, scopes),
    }


def abilities(me: Membership, scopes: Collection[str]) -> list[str]:
    """Return what a screen may offer: read, reply, manage (settings), and so on upwards."""
    found = ["read"]
    if "write" in scopes and me.may(Role.AGENT):
        found += ["reply", "change", "upload"]
    if "admin" in scopes and me.may(Role.ADMIN):
        found += ["manage", "replay"]
    if "admin" in scopes and me.may(Role.OWNER):
        found.append("own")
    return found


def members() -> list[dict[str, Any]]:
    """Return everybody who is or was a member, by name."""
    rows = [
        {
            "id": str(row.pk),
            "name": row.name,
            "email": row.user.email,
            "role": row.role,
            "active": row.is_active,
        }
        for row in Membership.objects.select_related("user")
    ]
    return sorted(rows, key=lambda row: (str(row["name"]).casefold(), str(row["id"])))


def teams() -> list[dict[str, Any]]:
    """Return the teams by name, each with the ids of its members."""
    people: dict[UUID, list[str]] = defaultdict(list)
    for team_id, member_id in TeamMember.objects.order_by("pk").values_list(
        "team_id", "membership_id"
    ):
        people[team_id].append(str(member_id))
    return [
        {"id": str(team.pk), "name": team.name, "members": people[team.pk]}
        for team in Team.objects.all()
    ]


def saved_replies() -> list[dict[str, Any]]:
    """Return the saved replies by name."""
    return [
        {"id": str(row.pk), "name": row.name, "shortcut": row.shortcut, "body": row.body}
        for row in SavedReply.objects.all()
    ]


def channels() -> list[dict[str, Any]]:
    """Return the channels, oldest first."""
    return [
        {
            "id": str(row.pk),
            "kind": row.kind,
            "name": row.name,
            "address": row.address,
            "public_key": row.public_key,
            "is_active": row.is_active,
            "capabilities": row.capabilities,
        }
        for row in Channel.objects.all()
    ]


def _workspace(place: Any) -> dict[str, Any]:
    return {"id": str(place.pk), "name": place.name, "slug": place.slug}
