import pytest

from identity.errors import AboveYourRoleError, LastOwnerError
from identity.events import MembershipChanged
from identity.models import Role
from identity.services.members import change_role, deactivate_member, reactivate_member
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member


@pytest.fixture(autouse=True)
def _in_the_shop(shop):
    with tenant_scope(shop.pk):
        yield


def test_last_owner_can_not_give_up_the_role(ana):
    with pytest.raises(LastOwnerError, match="only owner"):
        change_role(member=ana, role=Role.ADMIN, by=ana)


def test_last_owner_can_not_be_switched_off(ana):
    with pytest.raises(LastOwnerError):
        deactivate_member(member=ana, by=ana)


def test_owner_may_go_once_another_active_owner_is_there(shop, ana):
    olga = make_member(shop, name="Olga", role=Role.OWNER)
    deactivate_member(member=ana, by=olga)
    ana.refresh_from_db()
    assert not ana.is_active
    with pytest.raises(LastOwnerError):
        change_role(member=olga, role=Role.AGENT, by=olga)


def test_admin_touches_no_owner_and_makes_none(shop, ana, ben):
    adam = make_member(shop, name="Adam", role=Role.ADMIN)
    with pytest.raises(AboveYourRoleError, match="Ask an owner"):
        change_role(member=ana, role=Role.AGENT, by=adam)
    with pytest.raises(AboveYourRoleError):
        deactivate_member(member=ana, by=adam)
    with pytest.raises(AboveYourRoleError):
        change_role(member=ben, role=Role.OWNER, by=adam)
    assert change_role(member=ben, role=Role.ADMIN, by=adam).role == Role.ADMIN


def test_switching_off_is_told_so_that_open_sockets_close(
    ana, ben, monkeypatch, django_capture_on_commit_callbacks
):
    told: list[MembershipChanged] = []
    monkeypatch.setattr("helpdesk.foundation.events._listeners", {MembershipChanged: [told.append]})
    with django_capture_on_commit_callbacks(execute=True):
        deactivate_member(member=ben, by=ana)
    assert [(fact.membership_id, fact.active) for fact in told] == [(ben.pk, False)]


def test_switched_off_member_is_shut_out_of_an_open_session_at_once(sign_in, shop, ana, ben):
    browser = sign_in(ben)
    assert browser.get("/settings/profile/").status_code == 200
    deactivate_member(member=ben, by=ana)
    answer = browser.get("/settings/profile/")
    assert answer.status_code == 403
    assert "you belong to no workspace now" in answer.content.decode()
    reactivate_member(member=ben, by=ana)
    assert browser.get("/settings/profile/").status_code == 200


def test_changing_the_last_owner_on_the_page_goes_back_there_with_the_sentence(sign_in, ana):
    answer = sign_in(ana).post(
        f"/settings/members/{ana.pk}/role/",
        {"role": "agent"},
        headers={"referer": "http://testserver/settings/members/"},
        follow=True,
    )
    assert answer.redirect_chain == [("/settings/members/", 302)]
    assert "Make somebody else an owner first." in answer.content.decode()


def test_profile_keeps_name_signature_and_preferences(sign_in, ben):
    given = {"name": "Ben Ortega", "signature": "Ben, Fjellmark", "notifications": "on"}
    assert sign_in(ben).post("/settings/profile/", given).status_code == 302
    ben.refresh_from_db()
    ben.user.refresh_from_db()
    assert ben.user.name == "Ben Ortega"
    assert ben.signature == "Ben, Fjellmark"
    assert ben.preferences == {"sound": False, "notifications": True}
