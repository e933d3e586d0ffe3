"""Tokens and their life (shopify.md §4): exchange, refresh with rotation, authorization code."""

import hashlib
import hmac
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import jwt

from sandbox.shopify.app import App
from sandbox.shopify.shop import Shop

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name, not a secret
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ACCESS_SECONDS = 3600
REFRESH_SECONDS = 90 * 24 * 3600
#: How long an old refresh token may still be used when its answer was lost.
GRACE_SECONDS = 30 * 24 * 3600
SESSION_SECONDS = 60
LEEWAY = 10


class OAuthError(Exception):
    """Refused; ``code`` is the ``error`` of the answer."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.status = code, status


def session_token(
    app: App, shop: Shop, *, user: int = 1, now: float | None = None, **changes: Any
) -> str:
    """Return the JWT that the admin gives to the app's page; it lives one minute."""
    at = int(now if now is not None else time.time())
    claims = {
        "iss": f"https://{shop.domain}/admin", "dest": f"https://{shop.domain}", "aud": app.api_key,
        "sub": str(user), "exp": at + SESSION_SECONDS, "nbf": at, "iat": at,
        "jti": secrets.token_hex(16), "sid": secrets.token_hex(16),
    }  # fmt: skip
    return jwt.encode(claims | changes, app.api_secret, algorithm="HS256")


def query_hmac(app: App, given: dict[str, str]) -> str:
    """Sign a query string as Shopify signs the ones it sends people with (hex, sorted)."""
    text = urlencode(
        sorted((name, value) for name, value in given.items() if name != "hmac"), safe=":/"
    )
    return hmac.new(app.api_secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def answer(app: App, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    """Answer ``POST /admin/oauth/access_token``. Raises OAuthError."""
    secret_fits = hmac.compare_digest(str(given.get("client_secret")), app.api_secret)
    if given.get("client_id") != app.api_key or not secret_fits:
        raise OAuthError("invalid_client", "The client id or secret is wrong.", 401)
    with shop.db.transaction():
        if given.get("grant_type") == EXCHANGE:
            return _exchange(app, shop, given)
        if given.get("grant_type") == "refresh_token":
            return _refresh(shop, str(given.get("refresh_token") or ""))
        if given.get("code"):
            return _redeem(shop, given)
    raise OAuthError("invalid_request", "grant_type is not known.")


def _exchange(app: App, shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("requested_token_type") != OFFLINE or given.get("subject_token_type") != ID_TOKEN:
        raise OAuthError(
            "invalid_request", "The sandbox exchanges id tokens for offline tokens only."
        )
    _must_expire(given)
    try:
        claims = jwt.decode(
            str(given.get("subject_token")), app.api_secret, algorithms=["HS256"], audience=app.api_key,
            leeway=LEEWAY, options={"require": ["exp", "nbf", "iss", "dest", "sub"]},
        )  # fmt: skip
    except jwt.InvalidTokenError as error:
        raise OAuthError(
            "invalid_subject_token", f"The subject token is not valid: {error}"
        ) from error
    if claims["dest"] != f"https://{shop.domain}":
        raise OAuthError("invalid_subject_token", "The subject token is of another shop.")
    if not shop.settings.installed_at:
        raise OAuthError("invalid_client", "The app is not installed in this shop.", 401)
    return _grant(shop)


def _must_expire(given: dict[str, Any]) -> None:
    """Non-expiring tokens are no longer given to new public apps (§1.2)."""
    if str(given.get("expiring", "")) not in {"1", "true", "True"}:
        raise OAuthError("invalid_request", "Offline tokens must expire: send expiring=1.")


def _redeem(shop: Shop, given: dict[str, Any]) -> dict[str, Any]:
    """Authorization code: once, and soon."""
    _must_expire(given)
    found = shop.db.find("grant", "code", str(given["code"]))
    if found is None or found["dies"] < time.time():
        raise OAuthError(
            "invalid_request", "The authorization code was not found or was already used."
        )
    shop.db.delete("grant", found["id"])
    return _grant(shop)


def _refresh(shop: Shop, shown: str) -> dict[str, Any]:
    """Both tokens change. The old refresh token works until the new one is first used (§4)."""
    found = shop.db.find("grant", "refresh", shown)
    now = time.time()
    if found is None or not shop.settings.installed_at or found["refresh_dies"] < now:
        raise OAuthError("invalid_grant", "The refresh token is invalid or has expired.")
    if found["replaced_at"] and found["replaced_at"] + GRACE_SECONDS < now:
        raise OAuthError("invalid_grant", "The refresh token has been replaced.")
    before = found.get("before")
    if before and (old := shop.db.get("grant", before)):
        shop.db.put("grant", old | {"refresh": None})  # the new one is used: the old one dies
    for later in shop.db.all("grant"):
        if later.get("before") == found["id"]:
            shop.db.put("grant", later | {"refresh": None, "before": None})  # its answer was lost
    shop.db.put("grant", found | {"replaced_at": found["replaced_at"] or now})
    return _grant(shop, before=found["id"])


def _grant(shop: Shop, before: int | None = None) -> dict[str, Any]:
    now = time.time()
    made = {
        "id": shop.db.next_id("grant"), "access": f"shpat_{secrets.token_hex(16)}",
        "refresh": f"shprt_{secrets.token_hex(16)}", "access_dies": now + ACCESS_SECONDS,
        "refresh_dies": now + REFRESH_SECONDS, "replaced_at": None, "before": before,
    }  # fmt: skip
    shop.db.put("grant", made)
    return {
        "access_token": made["access"], "scope": ",".join(sorted(shop.settings.scopes)),
        "expires_in": ACCESS_SECONDS, "refresh_token": made["refresh"],
        "refresh_token_expires_in": REFRESH_SECONDS,
    }  # fmt: skip


def issue_code(shop: Shop) -> str:
    """Return an authorization code."""
    code = secrets.token_hex(16)
    shop.db.put("grant", {"id": shop.db.next_id("grant"), "code": code, "dies": time.time() + 60})
    return code


def is_good(shop: Shop, access: str) -> bool:
    """Tell whether an access token opens the shop."""
    found = shop.db.find("grant", "access", access) if access else None
    return bool(found and found["access_dies"] > time.time() and shop.settings.installed_at)


def expire_access(shop: Shop) -> None:
    """Let every access token of the shop end now."""
    for found in list(shop.db.all("grant")):
        if found.get("access"):
            shop.db.put("grant", found | {"access_dies": 0})


def revoke_all(shop: Shop) -> None:
    """Uninstalled: the tokens are dead at once."""
    for found in list(shop.db.all("grant")):
        shop.db.delete("grant", found["id"])
