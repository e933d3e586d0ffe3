"""All shops of the sandbox, our app in them, and the trouble that was ordered."""

import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sandbox.faults import Faults
from sandbox.shopify import bulk_run, clock, reads, writes
from sandbox.shopify.app import App
from sandbox.shopify.demo_shop import (
    DEMO_SHOPS,
    FJELLMARK,
    build_demo_shop,
    build_small_shop,
    demo_settings,
)
from sandbox.shopify.keeping import keep_product
from sandbox.shopify.shop import Settings, Shop
from sandbox.shopify.webhooks import Sender

#: Imported so that every field and mutation is registered with the engine.
ROOMS = (reads, writes)


class Platform:
    """Shops by domain. With a folder they survive a restart; demo shops are made when asked for."""

    def __init__(
        self, folder: Path | None = None, app: App | None = None, faults: Faults | None = None
    ) -> None:
        self.folder = folder / "shopify" if folder else None
        self.app = app or App()
        self.faults = faults or Faults()
        self.base_url = ""
        self.now: Callable[[], datetime] = clock.now
        self.sender = Sender(self.app, self.faults, self.shops)
        self._shops: dict[str, Shop] = {}
        self._lock = threading.Lock()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def shops(self) -> list[Shop]:
        return list(self._shops.values())

    def shop(self, domain: str) -> Shop | None:
        """Return a shop, opening its file or building a demo shop on first use."""
        with self._lock:
            found = self._shops.get(domain)
            if found is None:
                found = self._open(domain)
            return found

    def _open(self, domain: str) -> Shop | None:
        folder = self.folder / domain if self.folder else None
        if folder is not None and (folder / "shop.sqlite").exists():
            shop = self._take(Shop(folder))
            bulk_run.resume(shop)
            return shop
        if domain not in DEMO_SHOPS:
            return None
        shop = Shop(folder, demo_settings(domain))
        build = build_demo_shop if domain == FJELLMARK else build_small_shop
        build(shop, self.now())
        return self._take(shop)

    def add(self, settings: Settings, fill: Callable[[Shop], None] | None = None) -> Shop:
        """Open a new shop of one's own."""
        with self._lock:
            folder = self.folder / settings.domain if self.folder else None
            shop = Shop(folder, settings)
            if fill is not None:
                fill(shop)
            return self._take(shop)

    def place(self, shop: Shop) -> Shop:
        """Take a shop that was made elsewhere."""
        with self._lock:
            return self._take(shop)

    def reset(self, app: App | None = None) -> None:
        """Forget all shops, troubles and webhooks (between two tests); ``app`` replaces our app."""
        with self._lock:
            for shop in self._shops.values():
                shop.close()
            self._shops.clear()
        self.faults.clear()
        self.sender.sent.clear()
        if app is not None:
            self.app = self.sender.app = app

    def _take(self, shop: Shop) -> Shop:
        shop.base_url, shop.now = self.base_url, self.now
        shop.results, shop.faults = lambda: self.results(shop), self.faults
        shop.listeners.append(self.sender.hear)
        shop.db.stock_moved = partial(keep_product, shop)  # fires on every sale (§5)
        self._shops[shop.domain] = shop
        return shop

    def answers_at(self, url: str) -> None:
        """Remember under which address the sandbox is reached (links to files)."""
        self.base_url = url
        for shop in self.shops():
            shop.base_url = url

    def results(self, shop: Shop) -> Path:
        """Return the folder that keeps the results of the shop's bulk operations."""
        if self.folder is None and self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="sandbox-shopify-")
        root = self.folder or Path(self._scratch.name if self._scratch else "")
        folder = root / "results" / str(shop.settings.id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def rename(self, shop: Shop, domain: str) -> None:
        """The shop moves to another domain; its number stays (key the shop by GID)."""
        with self._lock:
            self._shops.pop(shop.domain, None)
            shop.settings.domain = domain
            shop.save_settings()
            self._shops[domain] = shop

    def close(self) -> None:
        for shop in self.shops():
            shop.close()
        if self._scratch is not None:
            self._scratch.cleanup()


def template_copy(template: Shop, settings: Settings) -> Shop:
    """Return a shop in memory with everything the template holds (tests: building takes longer)."""
    shop = Shop(None, settings)
    template.db.copy_to(shop.db)
    shop.save_settings()
    return shop
