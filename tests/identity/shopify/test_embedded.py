"""The page inside the admin: tokens instead of cookies, one shop's frame, install on first sight."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from identity.models import Membership, Store, StoreStatus, StoreUser, User, Workspace
from identity.services.stores import route_of_shop
from identity.shopify.session import (
    SessionTokenError,
    missing_scopes,
    query_is_signed,
    read_session_token,
    shop_domain,
)
from identity.tenancy import tenant_scope
from sandbox.shopify import oauth
from tests.factories.identity import make_user
from tests.factories.stores import make_store

OWNER = "support@fjellmark.example"


def open_page(client, store, **query):
    return client.get("/shopify/", {"shop": store.domain, "host": "abc", "embedded": "1", **query})


def stores():
    found = []
    for workspace in Workspace.objects.all():
        with tenant_scope(workspace.pk):
            found += list(Store.objects.all())
    return found


def test_the_first_visit_makes_a_workspace_for_the_shops_owner(client, db, store):
    answer = open_page(client, store, id_token=store.id_token())
    assert answer.status_code == 200
    [connected] = stores()
    assert connected.domain == store.domain
    with tenant_scope(connected.workspace_id):
        owner = Membership.objects.get()
        mapped = StoreUser.objects.get()
    assert (owner.role, owner.user.email, mapped.remote_id) == ("owner", OWNER, "1")
    assert mapped.membership_id == owner.pk
    assert b"Open my inbox" in answer.content


def test_the_page_may_be_framed_by_this_shop_and_sets_no_cookie(client, db, store, settings):
    answer = open_page(client, store, id_token=store.id_token())
    policy = answer["Content-Security-Policy"]
    [ancestors] = re.findall(r"frame-ancestors ([^;]+)", policy)
    assert "*" not in ancestors
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    settings.SHOPIFY_BASE_URL = "https://{shop}"
    again = open_page(client, store, id_token=store.id_token())
    assert again["Content-Security-Policy"].endswith(
        f"frame-ancestors https://{store.domain} https://admin.shopify.com"
    )


@pytest.mark.parametrize(
    "shop", ["evil.com", "x.myshopify.com; script-src *", "x.myshopify.com.evil.com", "a b", "-"]
)
def test_a_look_alike_never_enters_the_header(client, db, shop):
    answer = client.get("/shopify/", {"shop": shop})
    assert answer["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert shop_domain(shop) in {"", "-.myshopify.com"} or shop_domain(shop).count(".") == 2


def test_without_a_token_the_page_goes_by_the_bounce_and_comes_back(client, db, store):
    answer = open_page(client, store)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/shopify/bounce/?")
    assert "shopify-reload=%2Fshopify%2F" in answer["Location"]
    bounce = client.get(answer["Location"])
    assert settings_bridge() in bounce.content.decode()
    assert not bounce.cookies


def settings_bridge():
    from django.conf import settings

    return settings.SHOPIFY_APP_BRIDGE_URL


def test_a_fetch_with_a_bad_token_is_told_to_try_again(client, db, store):
    answer = client.get("/shopify/progress/", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert answer["X-Shopify-Retry-Invalid-Session-Request"] == "1"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-app"},
        {"exp": 1},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"dest": "https://evil.example"},
        {"dest": "https://other.myshopify.com"},
        {"iss": "https://evil.example/admin"},
    ],
)
def test_a_token_that_is_not_ours_or_not_now_opens_nothing(store, changes):
    claims = dict(changes.items())
    with pytest.raises(SessionTokenError):
        read_session_token(store.id_token(**claims))


def test_the_old_secret_still_opens_the_page_while_it_is_rotated(store, settings):
    token = store.id_token()
    settings.SHOPIFY_OLD_API_SECRET, settings.SHOPIFY_API_SECRET = (
        settings.SHOPIFY_API_SECRET,
        "another-secret-of-thirty-two-letters-x",
    )
    assert read_session_token(token).shop == store.domain


def test_a_second_visit_changes_nothing(client, db, store):
    for _ in range(2):
        open_page(client, store, id_token=store.id_token())
    assert len(stores()) == User.objects.count() == 1


def test_only_the_person_who_was_mapped_gets_a_link_in(client, db, store):
    open_page(client, store, id_token=store.id_token())
    headers = {"Authorization": f"Bearer {store.id_token()}"}
    link = client.post("/shopify/entrance/", headers=headers).json()["url"]
    assert "/sign-in/" in link
    stranger = {"Authorization": f"Bearer {store.id_token(sub='99')}"}
    assert "/sign-in/" not in client.post("/shopify/entrance/", headers=stranger).json()["url"]


def test_progress_is_told_to_the_shops_own_page_only(client, db, store, other_store):
    open_page(client, store, id_token=store.id_token())
    mine = client.get("/shopify/progress/", headers={"Authorization": f"Bearer {store.id_token()}"})
    assert b"Orders" in mine.content
    theirs = client.get(
        "/shopify/progress/", headers={"Authorization": f"Bearer {other_store.id_token()}"}
    )
    assert theirs.status_code == 404


def test_an_owner_somebody_knows_is_asked_and_never_signed_in_by_the_shop(client, db, store, shop):
    """Whoever runs a shop could give it any address: that must not open anybody's account."""
    make_user("Ida", email=OWNER)
    answer = open_page(client, store, id_token=store.id_token())
    assert stores() == []
    [link] = re.findall(r'href="([^"]*/shopify/claims/[^"]+)"', answer.content.decode())
    path = "/shopify/claims/" + link.partition("/shopify/claims/")[2]
    assert client.get(path).status_code == 302
    assert "sign-in" not in answer.content.decode()


def test_an_admin_takes_a_waiting_shop_into_their_own_workspace_and_no_other(
    client, store, ana, other_shop
):
    make_user("Ida", email=OWNER)
    answer = open_page(client, store, id_token=store.id_token())
    [link] = re.findall(r'href="([^"]*/shopify/claims/[^"]+)"', answer.content.decode())
    path = "/shopify/claims/" + link.partition("/shopify/claims/")[2]
    client.force_login(ana.user)
    assert client.post(path, {"workspace": str(other_shop.pk)}).status_code == 404
    assert client.post(path, {"workspace": str(ana.workspace_id)}).status_code == 302
    [connected] = stores()
    assert connected.workspace_id == ana.workspace_id
    assert client.get(path).status_code == 404


def test_a_shop_that_was_uninstalled_comes_back_to_its_workspace(client, db, store):
    open_page(client, store, id_token=store.id_token())
    [connected] = stores()
    with tenant_scope(connected.workspace_id):
        Store.objects.update(status=StoreStatus.UNINSTALLED, secrets={})
    open_page(client, store, id_token=store.id_token())
    [back] = stores()
    assert (back.pk, back.status) == (connected.pk, StoreStatus.INSTALLED)
    assert back.secrets["access_token"]


def test_a_page_without_the_app_configured_says_so(client, db, settings):
    settings.SHOPIFY_API_SECRET = ""
    assert client.get("/shopify/").status_code == 503


# From the settings ---------------------------------------------------------------------------


def signed(store, **params):
    given = {"shop": store.domain, "timestamp": str(int(datetime.now(UTC).timestamp())), **params}
    given["hmac"] = oauth.query_hmac(store.app, given)
    return given


def test_an_admin_connects_a_further_shop_from_the_settings(client, ana, store):
    client.force_login(ana.user)
    begun = client.post("/settings/shops/connection/", {"shop": store.domain})
    assert f"{store.base_url}/admin/oauth/authorize?" in begun.content.decode()
    state = client.session["shopify_state"]["state"]
    code = oauth.issue_code(store.shop)
    back = client.get("/shopify/callback/", signed(store, code=code, state=state))
    assert back["Location"] == "/settings/shops/"
    route = route_of_shop(platform="shopify", domain=store.domain)
    assert route is not None
    assert route.workspace_id == ana.workspace_id
    page = client.get("/settings/shops/")
    assert b"Fjellmark" in page.content
    assert b"shpat_" not in page.content


@pytest.mark.parametrize("broken", ["state", "hmac", "shop", "nothing begun"])
def test_a_callback_that_was_not_begun_here_is_refused(client, ana, store, broken):
    client.force_login(ana.user)
    if broken != "nothing begun":
        client.post("/settings/shops/connection/", {"shop": store.domain})
    state = client.session.get("shopify_state", {}).get("state", "x")
    params = signed(store, code=oauth.issue_code(store.shop), state=state)
    if broken == "state":
        params = signed(store, code="c", state="another")
    if broken == "hmac":
        params["hmac"] = "0" * 64
    if broken == "shop":
        params = signed(store, code="c", state=state, shop="other.myshopify.com")
    assert client.get("/shopify/callback/", params).status_code == 400
    assert stores() == []


def test_a_shop_of_another_workspace_is_not_taken_away(client, ana, store, other_shop):
    make_store(other_shop, domain=store.domain, gid=f"gid://shopify/Shop/{store.shop.settings.id}")
    client.force_login(ana.user)
    client.post("/settings/shops/connection/", {"shop": store.domain})
    state = client.session["shopify_state"]["state"]
    params = signed(store, code=oauth.issue_code(store.shop), state=state)
    answer = client.get("/shopify/callback/", params)
    assert answer.status_code == 409
    route = route_of_shop(platform="shopify", domain=store.domain)
    assert route is not None
    assert route.workspace_id == other_shop.pk


def test_an_agent_without_the_role_connects_nothing(client, ben, store):
    client.force_login(ben.user)
    assert client.get("/settings/shops/").status_code == 403
    assert client.post("/settings/shops/connection/", {"shop": store.domain}).status_code == 403


def test_shops_of_others_are_not_on_the_page_and_not_to_be_disconnected(client, ana, other_shop):
    theirs = make_store(other_shop)
    client.force_login(ana.user)
    assert b"Nordlys" not in client.get("/settings/shops/").content
    assert client.post(f"/settings/shops/{theirs.pk}/disconnection/").status_code == 404
    assert client.post(f"/settings/shops/{theirs.pk}/reading/").status_code == 404


def test_disconnecting_forgets_the_keys(client, ana, store, settings):
    mine = make_store(ana.workspace)
    settings.SHOPIFY_BASE_URL = "http://127.0.0.1:9/shopify/{shop}"
    client.force_login(ana.user)
    client.post(f"/settings/shops/{mine.pk}/disconnection/")
    with tenant_scope(ana.workspace_id):
        mine.refresh_from_db()
    assert (mine.status, mine.secrets) == (StoreStatus.UNINSTALLED, {})


def test_a_query_string_is_believed_for_a_day_and_with_either_secret(store, settings):
    params = signed(store, code="c")
    assert query_is_signed(params)
    old = {**params, "timestamp": str(int((datetime.now(UTC) - timedelta(days=2)).timestamp()))}
    old["hmac"] = oauth.query_hmac(store.app, old)
    assert not query_is_signed(old)
    assert not query_is_signed({**params, "code": "other"})
    assert not query_is_signed({"shop": "x"})
    settings.SHOPIFY_OLD_API_SECRET, settings.SHOPIFY_API_SECRET = (
        settings.SHOPIFY_API_SECRET,
        "new",
    )
    assert query_is_signed(params)


def test_write_implies_read_when_scopes_are_compared():
    assert missing_scopes(["write_orders"], ["read_orders", "write_returns"]) == ["write_returns"]
