from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from identity.models import Membership, Role, Workspace
from identity.services.signin_links import LIFETIME, make_signin_link, redeem
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member, make_user, make_workspace

PASSWORD = "pass-phrase-1"


@pytest.fixture
def counted(settings):
    """Attempts are counted, from none."""
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()


def attempt(browser, member, password=PASSWORD):
    return browser.post("/accounts/login/", {"login": member.user.email, "password": password})


def test_right_password_signs_in_and_wrong_one_says_what_to_do(ana):
    browser = Client()
    assert "reset the password" in attempt(browser, ana, "wrong").content.decode()
    assert attempt(browser, ana).status_code == 302
    assert browser.get("/settings/members/").status_code == 200


def test_sixth_attempt_at_one_address_is_throttled_even_with_the_right_password(ana, counted):
    browser = Client()
    for _ in range(5):
        attempt(browser, ana, "wrong")
    answer = attempt(browser, ana)
    assert answer.status_code == 200
    assert "Wait five minutes" in answer.content.decode()


def test_nobody_signs_up_without_an_invitation(shop):
    answer = Client().post(
        "/accounts/signup/",
        {"email": "x@staff.test", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "By invitation only" in answer.content.decode()


def test_empty_installation_asks_for_its_first_owner_once(db):
    browser = Client()
    assert browser.get("/accounts/login/")["Location"] == "/welcome/"
    given = {
        "workspace": "Fjellmark",
        "name": "Ana",
        "email": "ana@staff.test",
        "password": "a quiet harbour at night",
        "timezone": "Europe/Oslo",
    }
    assert browser.post("/welcome/", given).status_code == 302
    assert browser.get("/settings/members/").status_code == 200
    workspace = Workspace.objects.get()
    with tenant_scope(workspace.pk):
        assert Membership.objects.get().role == Role.OWNER
    second = Client().post("/welcome/", {**given, "email": "eve@staff.test"})
    assert second["Location"] == "/accounts/login/"
    assert Workspace.objects.count() == 1


def test_sign_in_link_works_once(ana):
    link = make_signin_link(ana.user)
    first, second = Client(), Client()
    assert first.get(link).status_code == 302
    assert first.get("/settings/members/").status_code == 200
    assert second.get(link).status_code == 410


def test_sign_in_link_is_not_used_up_by_a_preview(ana):
    link = make_signin_link(ana.user)
    preview = Client().get(link, headers={"sec-purpose": "prefetch;prerender"})
    assert preview.status_code == 204
    assert Client().get(link).status_code == 302


def test_sign_in_link_ends_after_two_hours(ana):
    token = make_signin_link(ana.user).rstrip("/").rpartition("/")[2]
    with time_machine.travel(timezone.now() + LIFETIME):
        assert redeem(token) is None


def test_sign_in_link_row_is_no_session_of_anybody(ana):
    make_signin_link(ana.user)
    browser = Client()
    browser.cookies["sessionid"] = Session.objects.get().session_key
    assert browser.get("/settings/profile/").status_code == 302


def test_sign_in_link_still_asks_for_the_second_factor(ana):
    TOTP.activate(ana.user, generate_totp_secret())
    answer = Client().get(make_signin_link(ana.user))
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")


def test_authenticator_keys_are_sealed_in_the_database(ana):
    secret = generate_totp_secret()
    TOTP.activate(ana.user, secret)
    RecoveryCodes.activate(ana.user)
    kept = str(list(Authenticator.objects.values("data")))
    assert secret not in kept
    assert TOTP(Authenticator.objects.get(type="totp")).instance.wrap().validate_code("000000") in {
        True,
        False,
    }


def test_security_settings_ask_for_the_password_again_after_a_while(ana):
    browser = Client()
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        attempt(browser, ana)
    answer = browser.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_wrong_second_factor_is_refused_in_words(ana):
    TOTP.activate(ana.user, generate_totp_secret())
    browser = Client()
    attempt(browser, ana)
    answer = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is not right" in answer.content.decode()


def test_sign_in_works_while_valkey_is_away(ana, counted, settings):
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "unix:///nowhere/valkey.sock?db=0",
        }
    }
    assert attempt(Client(), ana).status_code == 302


def test_person_in_two_workspaces_switches_and_sees_only_the_chosen_one(shop, ana):
    second = make_workspace("Seaside", owner=ana.user)
    make_member(second, name="Zoe")
    browser = Client()
    browser.force_login(ana.user)
    assert "Zoe" not in browser.get("/settings/members/").content.decode()
    browser.post(f"/workspaces/{second.pk}/switch/", {"next": "/settings/members/"})
    assert "Zoe" in browser.get("/settings/members/").content.decode()


def test_workspace_of_others_can_not_be_switched_to(ana, other_shop, sign_in):
    browser = sign_in(ana)
    assert browser.post(f"/workspaces/{other_shop.pk}/switch/").status_code == 404
    assert browser.session["workspace_id"] == str(ana.workspace_id)


def test_switching_never_leads_to_another_site(ana, shop, sign_in):
    answer = sign_in(ana).post(
        f"/workspaces/{shop.pk}/switch/", {"next": "https://evil.test/settings/"}
    )
    assert answer["Location"] == "/"


def test_signing_out_everywhere_else_ends_the_other_browser(ana):
    here, there = Client(), Client()
    attempt(here, ana)
    attempt(there, ana)
    assert "this one" in here.get("/accounts/sessions/").content.decode()
    here.post("/accounts/sessions/")
    assert there.get("/settings/profile/").status_code == 302
    assert here.get("/settings/profile/").status_code == 200


def test_every_sign_in_page_carries_no_inline_script(client, shop):
    for page in ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"):
        answer = client.get(page)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "<script>" not in answer.content.decode()


def test_person_without_any_workspace_reads_what_to_do(db, client):
    client.force_login(make_user("Nobody"))
    answer = client.get("/settings/profile/")
    assert answer.status_code == 403
    assert "Ask an owner for an invitation" in answer.content.decode()
