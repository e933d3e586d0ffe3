"""Webhooks (shopify.md §5): signed, at least once, in no order, eight retries in four hours.

What is to be posted lies in the shop's own database, written in the transaction of the act itself, so
neither a crash nor a restart loses it. All deliveries of one act share ``X-Shopify-Event-Id``.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import sqlite3
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.faults import Faults
from sandbox.shopify.app import App
from sandbox.shopify.schema import VERSION
from sandbox.shopify.shop import Shop

logger = logging.getLogger("sandbox.shopify")
#: Growing gaps between tries, in seconds: eight of them make four hours.
GAPS = (60, 120, 300, 600, 1200, 2400, 3600, 6120)
#: "1 s to connect, 5 s in all".
TIMEOUT = httpx.Timeout(5.0, connect=1.0)
REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Sent:
    """One try, as tests and the admin page look at it."""

    domain: str
    topic: str
    headers: dict[str, str]
    body: bytes
    status: int

    def json(self) -> Any:
        return json.loads(self.body)


class Sender:
    """Hears what happens in the shops and posts it. ``pace`` shrinks the gaps (tests)."""

    def __init__(self, app: App, faults: Faults, shops: Callable[[], list[Shop]]) -> None:
        self.app, self._faults, self._shops = app, faults, shops
        self.pace = 1.0
        self.sent: deque[Sent] = deque(maxlen=REMEMBERED)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event | None = None
        self._changed = threading.Condition()

    # Hearing -------------------------------------------------------------------------------

    def hear(self, shop: Shop, topic: str, body: dict[str, Any], event: str) -> None:
        """Note a delivery for everyone who subscribed. Called inside the act's transaction."""
        event = event or str(uuid.uuid4())
        if topic in self.app.topics and shop.settings.installed_at:
            self._note(shop, topic, body, event, uri=self.app.webhook_url)
        elif topic in {"shop/redact", "customers/redact", "customers/data_request"}:
            self._note(shop, topic, body, event, uri=self.app.webhook_url)  # also after uninstall
        wanted = topic.replace("/", "_").replace(".", "_").upper()
        for one in shop.db.all("webhook"):
            if one["topic"] == wanted:
                self._note(shop, topic, body, event, uri=one["uri"], subscription=one)
        self.wake()

    def _note(
        self, shop: Shop, topic: str, body: dict[str, Any], event: str, *, uri: str,
        subscription: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        if subscription and subscription["includeFields"]:
            body = {name: body[name] for name in subscription["includeFields"] if name in body}
        text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        headers = {
            "Content-Type": "application/json", "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": shop.domain, "X-Shopify-API-Version": VERSION,
            "X-Shopify-Webhook-Id": str(uuid.uuid4()), "X-Shopify-Event-Id": event,
            "X-Shopify-Triggered-At": shop.now().isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        if subscription and subscription["name"]:
            headers["X-Shopify-Name"] = subscription["name"]
        fault = self._faults.take("shopify", at="webhook", to=shop.domain)
        again = 2 if fault and fault.mode == "duplicate" else 1
        if fault and fault.mode in {"drop", "hang"}:
            return  # Shopify lost it: reconciliation has to find out
        wait = fault.seconds if fault and fault.mode == "delay" else 0.0
        delivery = {"topic": topic, "uri": uri, "headers": headers, "body": text, "tries": 0,
                    "subscription": subscription["id"] if subscription else None}  # fmt: skip
        for _ in range(again):
            shop.db.add_delivery(time.time() + wait, delivery)

    def wake(self) -> None:
        if self._loop is not None and self._news is not None:
            with suppress(RuntimeError):  # the loop may be closing
                self._loop.call_soon_threadsafe(self._news.set)

    # Sending -------------------------------------------------------------------------------

    async def run(self) -> None:
        """Post what is due, for ever."""
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            while True:
                self._news.clear()
                # A shop may be closed under our hands (the end of a test).
                with suppress(sqlite3.ProgrammingError):
                    if not await self._post_due(client):
                        with suppress(TimeoutError):
                            # wait_for of Python 3.11 may swallow the cancelling.
                            async with asyncio.timeout(self._patience()):
                                await self._news.wait()

    async def _post_due(self, client: httpx.AsyncClient) -> bool:
        """Post what is due now and tell whether there was anything."""
        work = [
            self._post(client, shop, number, delivery)
            for shop in self._shops()
            for number, delivery in shop.db.due_deliveries(time.time())
        ]
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(
                outcome, sqlite3.ProgrammingError
            ):
                logger.error("sandbox.shopify.webhook_broken", exc_info=outcome)
        return bool(work)

    def _patience(self) -> float:
        due = [when for shop in self._shops() if (when := shop.db.next_due()) is not None]
        return min(30.0, max(0.01, min(due) - time.time())) if due else 30.0

    async def _post(
        self, client: httpx.AsyncClient, shop: Shop, number: int, delivery: dict[str, Any]
    ) -> None:
        raw = delivery["body"].encode()
        headers = delivery["headers"] | {
            "X-Shopify-Hmac-Sha256": signature(self.app.api_secret, raw)
        }
        status = 200
        if delivery["uri"]:
            try:
                answer = await client.post(delivery["uri"], content=raw, headers=headers)
                status = answer.status_code
            except httpx.HTTPError as error:
                logger.info("sandbox.shopify.webhook_failed: %s", type(error).__name__)
                status = 0
        self._settle(shop, number, delivery, taken=200 <= status < 300)
        with self._changed:
            self.sent.append(Sent(shop.domain, delivery["topic"], headers, raw, status))
            self._changed.notify_all()

    def _settle(self, shop: Shop, number: int, delivery: dict[str, Any], *, taken: bool) -> None:
        """Strike what was taken; put the rest off; after eight retries give up."""
        tries = delivery["tries"]
        if taken or tries >= len(GAPS):
            shop.db.move_delivery(number, None)
            if not taken and delivery["subscription"]:
                shop.db.delete("webhook", delivery["subscription"])
            return
        gap = GAPS[tries] * self.pace
        shop.db.move_delivery(number, time.time() + gap, delivery | {"tries": tries + 1})

    # For tests -----------------------------------------------------------------------------

    def wait_for(self, fits: Callable[[Sent], bool], timeout: float = 10.0) -> Sent:
        """Return the first try that fits, waiting for it. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for each in self.sent:
                    if fits(each):
                        return each
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("No such webhook was sent.")

    def idle(self, timeout: float = 10.0) -> None:
        """Wait until nothing is due."""
        deadline = time.monotonic() + timeout
        while any(shop.db.due_deliveries(time.time()) for shop in self._shops()):
            with self._changed:
                if not self._changed.wait(max(0.0, min(0.1, deadline - time.monotonic()))) and (
                    time.monotonic() > deadline
                ):
                    raise TimeoutError("Webhooks are still waiting.")


def signature(secret: str, raw: bytes) -> str:
    """Return base64(HMAC-SHA256(client secret, raw body))."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
