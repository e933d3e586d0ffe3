import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from identity.errors import AboveYourRoleError, AlreadyMemberError, InvitationUnusableError
from identity.models import Invitation, Membership, Role, User
from identity.services.invitations import (
    accept_invitation,
    find_invitation,
    invite,
    join_as_new_person,
    renew_invitation,
    revoke_invitation,
)
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member, make_user

PASSWORD = "a quiet harbour at night"


def key_of(link):
    return link.rstrip("/").rpartition("/")[2]


@pytest.fixture
def invited(shop, ana):
    with tenant_scope(shop.pk):
        return invite(email="Mara@Staff.test", role=Role.AGENT, by=ana)


def test_link_goes_out_by_mail_when_mail_is_set_up(invited):
    assert invited.mailed
    assert mail.outbox[0].to == ["mara@staff.test"]
    assert invited.link in mail.outbox[0].body
    assert "Ana invites you to Fjellmark" in mail.outbox[0].subject


def test_link_is_shown_to_the_owner_while_mail_is_not_set_up(sign_in, ana, monkeypatch):
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
    given = {"email": "mara@staff.test", "role": "agent"}
    page = sign_in(ana).post("/settings/members/", given).content.decode()
    (link,) = re.findall(r'id="invitation-link"[^>]*>([^<]+)<', page)
    assert find_invitation(key_of(link)).invitation.email == "mara@staff.test"
    assert not mail.outbox


def test_only_a_fingerprint_of_the_link_is_kept(invited):
    with tenant_scope(invited.invitation.workspace_id):
        assert key_of(invited.link)[26:] not in str(Invitation.objects.values())


def test_new_person_joins_signs_in_and_lands_in_the_workspace(invited, shop):
    browser = Client()
    path = "/invitations/" + key_of(invited.link) + "/"
    assert "Join Fjellmark" in browser.get(path).content.decode()
    answer = browser.post(path, {"name": "Mara Lund", "password": PASSWORD})
    assert answer.status_code == 302
    assert browser.session["workspace_id"] == str(shop.pk)
    assert "agent" in browser.get("/settings/profile/").content.decode()
    with tenant_scope(shop.pk):
        assert Membership.objects.get(user__email="mara@staff.test").role == Role.AGENT


def test_weak_password_is_refused_beside_the_field_and_makes_nobody(invited):
    path = "/invitations/" + key_of(invited.link) + "/"
    page = Client().post(path, {"name": "Mara", "password": "short"}).content.decode()
    assert "id_password_error" in page
    assert not User.objects.filter(email="mara@staff.test").exists()


def test_person_with_an_account_signs_in_first_and_keeps_both_workspaces(shop, ana, eve, sign_in):
    with tenant_scope(shop.pk):
        invited = invite(email=eve.user.email, role=Role.SUPERVISOR, by=ana)
    path = "/invitations/" + key_of(invited.link) + "/"
    assert "sign in with it to join" in Client().get(path).content.decode()
    browser = sign_in(eve)
    assert browser.post(path).status_code == 302
    page = browser.get("/settings/profile/").content.decode()
    assert "In Fjellmark you are supervisor" in page
    assert "Seaside" in page


def test_link_is_worth_nothing_to_somebody_else(invited, ben, sign_in, shop):
    path = "/invitations/" + key_of(invited.link) + "/"
    page = sign_in(ben).post(path).content.decode()
    assert "This invitation is somebody else" in page
    with tenant_scope(shop.pk), pytest.raises(InvitationUnusableError):
        accept_invitation(key_of(invited.link), user=ben.user)


def test_link_works_once(invited):
    accept_invitation(key_of(invited.link), user=make_user("Mara", "mara@staff.test"))
    with pytest.raises(InvitationUnusableError):
        find_invitation(key_of(invited.link))


def test_link_ends_after_seven_days(invited):
    with (
        time_machine.travel(invited.invitation.expires_at),
        pytest.raises(InvitationUnusableError, match="7 days"),
    ):
        find_invitation(key_of(invited.link))


def test_revoked_and_renewed_links_stop_working(invited, ana, shop):
    with tenant_scope(shop.pk):
        renewed = renew_invitation(invitation=invited.invitation, by=ana)
    with pytest.raises(InvitationUnusableError):
        find_invitation(key_of(invited.link))
    with tenant_scope(shop.pk):
        revoke_invitation(invitation=renewed.invitation)
    with pytest.raises(InvitationUnusableError):
        find_invitation(key_of(renewed.link))


@pytest.mark.parametrize("key", ["x", "a" * 26, "ä" * 40, "0" * 60])
def test_invented_links_are_answered_with_a_sentence(db, key):
    answer = Client().get(f"/invitations/{key}/")
    assert answer.status_code == 410
    assert "Ask whoever invited you for a new link" in answer.content.decode()


def test_member_is_not_invited_again(shop, ana, ben):
    with tenant_scope(shop.pk), pytest.raises(AlreadyMemberError):
        invite(email=ben.user.email.upper(), role=Role.AGENT, by=ana)


def test_admin_invites_no_owner(shop):
    adam = make_member(shop, name="Adam", role=Role.ADMIN)
    with tenant_scope(shop.pk), pytest.raises(AboveYourRoleError):
        invite(email="x@staff.test", role=Role.OWNER, by=adam)


def test_former_member_comes_back_with_the_invited_role(shop, ana, ben):
    with tenant_scope(shop.pk):
        ben.is_active = False
        ben.save()
        invited = invite(email=ben.user.email, role=Role.VIEWER, by=ana)
        accept_invitation(key_of(invited.link), user=ben.user)
        ben.refresh_from_db()
    assert (ben.role, ben.is_active) == (Role.VIEWER, True)


def test_refused_joining_leaves_no_account_behind(invited, ana, shop):
    with tenant_scope(shop.pk):
        revoke_invitation(invitation=invited.invitation)
    with pytest.raises(InvitationUnusableError):
        join_as_new_person(key_of(invited.link), name="Mara", password=PASSWORD)
    assert not User.objects.filter(email="mara@staff.test").exists()
