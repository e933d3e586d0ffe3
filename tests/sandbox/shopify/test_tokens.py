"""shopify.md §4: token exchange, rotation, session tokens; §2: versions; §3: kinds of errors."""

import time

import httpx
import pytest

from sandbox.shopify import oauth
from sandbox.shopify.store import SandboxStore


def exchange(store: SandboxStore, **changes):
    given = {
        "client_id": store.app.api_key, "client_secret": store.app.api_secret, "grant_type": oauth.EXCHANGE,
        "subject_token": store.id_token(), "subject_token_type": oauth.ID_TOKEN,
        "requested_token_type": oauth.OFFLINE, "expiring": 1,
    }  # fmt: skip
    return httpx.post(f"{store.base_url}/admin/oauth/access_token", json=given | changes)


def refresh(store: SandboxStore, token: str):
    return httpx.post(f"{store.base_url}/admin/oauth/access_token", json={
        "client_id": store.app.api_key, "client_secret": store.app.api_secret,
        "grant_type": "refresh_token", "refresh_token": token})  # fmt: skip


def call(store: SandboxStore, access: str, version: str = "2026-10"):
    return httpx.post(
        f"{store.base_url}/admin/api/{version}/graphql.json",
        json={"query": "{ shop { name } }"},
        headers={"X-Shopify-Access-Token": access},
    )


def test_an_id_token_is_exchanged_for_an_hour_and_ninety_days(store: SandboxStore):
    found = exchange(store).json()

    assert found["expires_in"] == 3600
    assert found["refresh_token_expires_in"] == 90 * 24 * 3600
    assert set(found["scope"].split(",")) == set(store.shop.settings.scopes)
    assert call(store, found["access_token"]).json()["data"]["shop"]["name"] == "Fjellmark"


def test_offline_tokens_must_expire(store: SandboxStore):
    """§1.2: binding for public apps created since 2026-04-01."""
    assert exchange(store, expiring=0).json()["error"] == "invalid_request"


@pytest.mark.parametrize("claims", [
    {"exp": int(time.time()) - 60}, {"aud": "somebody-else"}, {"dest": "https://other.myshopify.com"},
])  # fmt: skip
def test_a_stale_or_foreign_id_token_is_refused(store: SandboxStore, claims):
    found = exchange(store, subject_token=store.id_token(**claims))

    assert (found.status_code, found.json()["error"]) == (400, "invalid_subject_token")


def test_a_wrong_secret_and_a_shop_without_the_app_are_invalid_clients(store: SandboxStore):
    """§4: "invalid_client: wrong secret or uninstalled"."""
    wrong = exchange(store, client_secret="guess")
    token = store.id_token()
    store.act.uninstalls()
    gone = exchange(store, subject_token=token)

    assert wrong.json()["error"] == gone.json()["error"] == "invalid_client"


def test_both_tokens_change_and_the_old_refresh_token_dies_with_the_first_use_of_the_new(
    store: SandboxStore,
):
    """§4: "the old refresh token keeps working until the new one is first used"."""
    first = exchange(store).json()
    second = refresh(store, first["refresh_token"]).json()
    repeated = refresh(store, first["refresh_token"]).json()  # the answer was lost
    third = refresh(store, repeated["refresh_token"]).json()
    late = refresh(store, first["refresh_token"])

    assert len({one["access_token"] for one in (first, second, repeated, third)}) == 4
    assert call(store, third["access_token"]).status_code == 200
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


def test_an_expired_token_answers_401(store: SandboxStore):
    access = exchange(store).json()["access_token"]
    oauth.expire_access(store.shop)

    assert call(store, access).status_code == 401


def test_a_token_of_one_shop_does_not_open_another(store: SandboxStore, other_store: SandboxStore):
    access = exchange(store).json()["access_token"]

    assert call(other_store, access).status_code == 401


def test_an_old_version_falls_forward_silently(store: SandboxStore):
    """§2: "falls forward to the oldest supported one, silently" — the header tells."""
    access = exchange(store).json()["access_token"]

    assert call(store, access, "2024-10").headers["X-Shopify-API-Version"] == "2026-01"
    assert call(store, access).headers["X-Request-Id"]


@pytest.mark.parametrize(("state", "status"), [("frozen", 402), ("gone", 404), ("locked", 423)])
def test_closed_shops_answer_in_their_way(store: SandboxStore, state: str, status: int):
    access = exchange(store).json()["access_token"]
    store.close_shop(state)

    assert call(store, access).status_code == status


def test_an_unknown_shop_is_not_found(store: SandboxStore):
    url = store.graphql_url.replace(store.domain, "nobody.myshopify.com")

    assert httpx.post(url, json={"query": "{ shop { name } }"}).status_code == 404
