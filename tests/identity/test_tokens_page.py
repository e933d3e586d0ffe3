import re

from identity.models import ApiToken
from identity.services.api_tokens import create_api_token, holder_of
from identity.tenancy import tenant_scope


def test_key_is_shown_once_and_works(sign_in, ana):
    browser = sign_in(ana)
    given = {"name": "Nightly export", "scope": "write"}
    page = browser.post("/settings/api-keys/", given).content.decode()
    (key,) = re.findall(r'id="new-key"[^>]*>([^<]+)<', page)
    holder = holder_of(key)
    assert holder is not None
    assert holder.membership.pk == ana.pk
    assert holder.token.scopes == ["read", "write"]
    assert key not in browser.get("/settings/api-keys/").content.decode()


def test_revoked_key_stops_at_once(sign_in, ana, shop):
    with tenant_scope(shop.pk):
        token, key = create_api_token(membership=ana, name="Old", scopes=["read"])
    assert sign_in(ana).post(f"/settings/api-keys/{token.pk}/revocation/").status_code == 302
    assert holder_of(key) is None


def test_key_of_another_shop_does_not_exist_here(sign_in, ana, eve, other_shop):
    with tenant_scope(other_shop.pk):
        token, key = create_api_token(membership=eve, name="Eve's", scopes=["read"])
    assert sign_in(ana).post(f"/settings/api-keys/{token.pk}/revocation/").status_code == 404
    assert holder_of(key) is not None


def test_page_answers_are_never_kept_by_a_browser(sign_in, ana):
    answer = sign_in(ana).post("/settings/api-keys/", {"name": "x", "scope": "read"})
    assert "no-store" in answer["Cache-Control"]


def test_only_fingerprints_are_kept(ana, shop):
    with tenant_scope(shop.pk):
        _, key = create_api_token(membership=ana, name="Old", scopes=["read"])
        assert key not in str(ApiToken.objects.values())
