"""The people of every story: ana (owner) and ben (agent) of one shop, eve (owner) of another."""

import pytest

from identity.models import Membership, Workspace
from identity.tenancy import tenant_scope
from inbox.models import Channel
from tests.factories.identity import make_member, make_user, make_workspace
from tests.factories.inbox import make_chat_channel, make_mail_channel


def _owner(workspace: Workspace) -> Membership:
    with tenant_scope(workspace.pk):
        return Membership.objects.select_related("user").get(role="owner")


@pytest.fixture
def shop(db: None) -> Workspace:
    return make_workspace("Fjellmark", owner=make_user("Ana"))


@pytest.fixture
def other_shop(db: None) -> Workspace:
    return make_workspace("Seaside", owner=make_user("Eve"))


@pytest.fixture
def ana(shop: Workspace) -> Membership:
    return _owner(shop)


@pytest.fixture
def ben(shop: Workspace) -> Membership:
    return make_member(shop, name="Ben")


@pytest.fixture
def eve(other_shop: Workspace) -> Membership:
    return _owner(other_shop)


@pytest.fixture
def mail(shop: Workspace) -> Channel:
    return make_mail_channel(shop)


@pytest.fixture
def chat(shop: Workspace) -> Channel:
    return make_chat_channel(shop)
