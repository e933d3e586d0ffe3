"""The app in a shop: consent, scopes, uninstall, and what follows (shopify.md §4)."""

from collections.abc import Iterable

from sandbox.shopify import oauth
from sandbox.shopify.app import App
from sandbox.shopify.permission import has
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhook_bodies import shop_body


def install(app: App, shop: Shop, optional: Iterable[str] = ()) -> None:
    """The merchant consents: Shopify installs without calling us."""
    chosen = set(optional) & set(app.optional)
    shop.settings.scopes = sorted(set(app.scopes) | chosen)
    shop.settings.installed_at = shop.stamp
    shop.save_settings()


def uninstall(shop: Shop) -> None:
    """The token is dead at once, shop-specific webhooks go, the app is told."""
    shop.tell("app/uninstalled", shop_body(shop))
    with shop.db.transaction():
        oauth.revoke_all(shop)
        for one in list(shop.db.all("webhook")):
            shop.db.delete("webhook", one["id"])
        shop.settings.installed_at = ""
        shop.settings.scopes = []
        shop.save_settings()


def set_scopes(shop: Shop, scopes: Iterable[str]) -> None:
    """Optional scopes were granted or revoked; ``app/scopes_update`` tells."""
    before = sorted(shop.settings.scopes)
    shop.settings.scopes = sorted(set(scopes))
    shop.save_settings()
    shop.tell(
        "app/scopes_update",
        {
            "id": shop.settings.id,
            "previous": before,
            "current": shop.settings.scopes,
            "updated_at": shop.stamp,
        },
    )


def holds(shop: Shop, scope: str) -> bool:
    return has(shop.settings.scopes, scope)
