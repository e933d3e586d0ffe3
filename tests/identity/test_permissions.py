from itertools import pairwise

import pytest

from identity.models import Role
from identity.permissions import Permission, may, permissions_of
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member

EVERYONE = {"/settings/profile/", "/settings/teams/", "/accounts/2fa/", "/accounts/sessions/"}
ADMINS_ONLY = {
    "/settings/members/",
    "/settings/workspace/",
    "/settings/api-keys/",
}


@pytest.mark.parametrize("address", sorted(EVERYONE | ADMINS_ONLY))
def test_owner_opens_every_page(sign_in, ana, address):
    assert sign_in(ana).get(address).status_code == 200


@pytest.mark.parametrize("address", sorted(ADMINS_ONLY))
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.VIEWER])
def test_lesser_roles_read_why_an_admin_page_is_closed(sign_in, shop, address, role):
    answer = sign_in(make_member(shop, name="Gus", role=role)).get(address)
    assert answer.status_code == 403
    assert "you need the role admin" in answer.content.decode()


@pytest.mark.parametrize("address", sorted(EVERYONE))
@pytest.mark.parametrize("role", list(Role))
def test_everybody_opens_their_own_pages(sign_in, shop, address, role):
    assert sign_in(make_member(shop, name="Gus", role=role)).get(address).status_code == 200


@pytest.mark.parametrize("address", sorted(EVERYONE | ADMINS_ONLY))
def test_strangers_are_sent_to_sign_in_and_back(client, shop, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert address in answer["Location"]


def test_supervisor_makes_teams_and_agent_does_not(sign_in, shop, ben):
    sue = make_member(shop, name="Sue", role=Role.SUPERVISOR)
    assert sign_in(sue).post("/settings/teams/new/", {"name": "Returns"}).status_code == 302
    assert sign_in(ben).post("/settings/teams/new/", {"name": "Payments"}).status_code == 403


def test_viewer_reads_and_does_not_answer(shop):
    viewer = make_member(shop, name="Vic", role=Role.VIEWER)
    assert may(viewer, Permission.READ_CONVERSATIONS)
    assert not may(viewer, Permission.REPLY)


def test_each_role_may_all_that_the_next_one_may(shop):
    held = [
        set(permissions_of(make_member(shop, name=role.label, role=role)))
        for role in [Role.OWNER, Role.ADMIN, Role.SUPERVISOR, Role.AGENT, Role.VIEWER]
    ]
    assert all(more > less for more, less in pairwise(held))
    assert held[0] == {permission.value for permission in Permission}


def test_switched_off_member_may_nothing(ben):
    ben.is_active = False
    assert permissions_of(ben) == []


def test_settings_of_one_shop_never_show_the_people_of_another(sign_in, ana, eve):
    page = sign_in(ana).get("/settings/members/").content.decode()
    assert "Ana" in page
    assert eve.user.email not in page


@pytest.mark.parametrize(
    "path",
    [
        "/settings/members/{member}/role/",
        "/settings/members/{member}/deactivation/",
        "/settings/members/{member}/reactivation/",
    ],
)
def test_member_of_another_shop_does_not_exist_here(sign_in, ana, eve, path):
    answer = sign_in(ana).post(path.format(member=eve.pk), {"role": "viewer"})
    assert answer.status_code == 404
    with tenant_scope(eve.workspace_id):
        eve.refresh_from_db()
        assert (eve.role, eve.is_active) == (Role.OWNER, True)


def test_settings_begin_where_there_is_something_to_set_up(sign_in, ana, ben):
    assert sign_in(ana).get("/settings/")["Location"] == "/settings/channels/"
    assert sign_in(ben).get("/settings/")["Location"] == "/settings/profile/"


def test_list_of_members_asks_the_database_as_often_for_many_as_for_few(
    sign_in, shop, ana, django_assert_max_num_queries
):
    for number in range(12):
        make_member(shop, name=f"Agent {number}")
    browser = sign_in(ana)
    with django_assert_max_num_queries(15):
        browser.get("/settings/members/")
