"""The smallest valid people and workspaces."""

import itertools

from identity.models import Membership, Role, User, Workspace
from identity.services.workspaces import create_workspace
from identity.tenancy import tenant_scope

_count = itertools.count(1)


def make_user(name: str = "Somebody", email: str = "", password: str = "pass-phrase-1") -> User:
    return User.objects.create_user(
        email or f"{name.lower()}{next(_count)}@staff.test", password, name=name
    )


def make_workspace(name: str = "Fjellmark", owner: User | None = None) -> Workspace:
    return create_workspace(
        name=name, slug=f"{name.lower()}-{next(_count)}", owner=owner or make_user("Owner")
    )


def make_member(workspace: Workspace, *, name: str, role: str = Role.AGENT) -> Membership:
    with tenant_scope(workspace.pk):
        return Membership.objects.create(user=make_user(name), role=role)
