"""One shop in the hands of a test: look inside, order trouble, act as the merchant or the customer."""

import json
import time
from dataclasses import dataclass
from typing import Any

from sandbox.shopify import engine, install, jobs, oauth
from sandbox.shopify.app import App
from sandbox.shopify.merchant import Merchant
from sandbox.shopify.platform import Platform
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import Sent


@dataclass
class SandboxStore:
    """``base_url`` is what SHOPIFY_BASE_URL resolves to for this shop."""

    platform: Platform
    shop: Shop

    @property
    def domain(self) -> str:
        return self.shop.domain

    @property
    def app(self) -> App:
        """Key and secret of our app."""
        return self.platform.app

    @property
    def base_url(self) -> str:
        return f"{self.platform.base_url}/shopify/{self.domain}"

    @property
    def graphql_url(self) -> str:
        return f"{self.base_url}/admin/api/2026-10/graphql.json"

    @property
    def act(self) -> Merchant:
        """What the merchant and the buyers do without us."""
        return Merchant(self.shop)

    # Tokens ------------------------------------------------------------------------------

    def install(self, *optional: str) -> None:
        install.install(self.app, self.shop, optional or self.app.optional)

    def id_token(self, **claims: Any) -> str:
        """Return a session token as the admin gives it to the app's page."""
        return oauth.session_token(self.app, self.shop, **claims)

    def tokens(self) -> dict[str, Any]:
        """Return a fresh token answer, as the exchange would."""
        return oauth.answer(self.app, self.shop, {
            "client_id": self.app.api_key, "client_secret": self.app.api_secret,
            "grant_type": oauth.EXCHANGE, "subject_token": self.id_token(),
            "subject_token_type": oauth.ID_TOKEN, "requested_token_type": oauth.OFFLINE, "expiring": 1,
        })  # fmt: skip

    def run(
        self, query: str, variables: dict[str, Any] | None = None, *scopes: str
    ) -> dict[str, Any]:
        """Execute a document past HTTP, with the granted scopes or the ones named."""
        jobs.run_due(self.shop)
        granted = frozenset(scopes or self.shop.settings.scopes)
        return engine.run(self.shop, granted, {"query": query, "variables": variables or {}})

    # Looking inside ----------------------------------------------------------------------

    def orders(self, name: str = "") -> list[dict[str, Any]]:
        """Return the stored orders, of this name if one is given."""
        return [one for one in self.shop.db.all("order") if name in {"", one["name"]}]

    def order(self, name: str) -> dict[str, Any]:
        [found] = self.orders(name)
        return found

    def customer(self, email: str) -> dict[str, Any]:
        found = self.shop.db.find("customer", "email", email.lower())
        if found is None:
            raise LookupError(email)
        return found

    def product(self, title: str) -> dict[str, Any]:
        return next(one for one in self.shop.db.all("product") if one["title"] == title)

    def finish_jobs(self) -> None:
        """Let every job be done now."""
        jobs.run_due(self.shop, all_of_them=True)

    # Webhooks ----------------------------------------------------------------------------

    def webhooks(self, topic: str = "") -> list[Sent]:
        """Return the tries that were made for this shop, oldest first."""
        return [
            each for each in list(self.platform.sender.sent)
            if each.domain == self.domain and topic in {"", each.topic}
        ]  # fmt: skip

    def wait_for_webhook(self, topic: str, timeout: float = 10.0) -> Sent:
        """Return the first try for a topic, waiting for it."""
        return self.platform.sender.wait_for(
            lambda each: each.domain == self.domain and each.topic == topic, timeout
        )

    def waiting_webhooks(self) -> list[dict[str, Any]]:
        """Return what is still to be posted, tries put off included."""
        found = self.shop.db.due_deliveries(time.time() + 10**6, 10_000)
        return [body | {"json": json.loads(body["body"])} for _number, body in found]

    def forget_webhooks(self) -> None:
        self.platform.sender.sent.clear()

    # Trouble -----------------------------------------------------------------------------

    def fault(self, mode: str, times: int = 1, **more: Any) -> None:
        """Order trouble for this shop: see ``sandbox/shopify/trouble.py``."""
        self.platform.faults.order(
            {"provider": "shopify", "mode": mode, "times": times, "to": self.domain, **more}
        )

    def close_shop(self, state: str) -> None:
        """Set the shop to ``active``, ``frozen``, ``gone`` or ``locked`` until told otherwise."""
        self.shop.settings.state = state
        self.shop.save_settings()

    def protect(self, *approved: str) -> None:
        """Approve protected customer data: of ``name``, ``email``, ``phone``, ``address``."""
        self.shop.settings.protected = list(approved)
        self.shop.save_settings()
