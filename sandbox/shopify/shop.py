"""One shop: its records, what it has granted, its bucket, and who must hear of a change."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.faults import Faults
from sandbox.shopify import clock
from sandbox.shopify.cost import Bucket
from sandbox.shopify.database import Database, Record
from sandbox.shopify.keys import KEYS

PROTECTED = ("name", "email", "phone", "address")


@dataclass
class Settings:
    """What is true of a shop beyond its goods and people. Kept as one record."""

    id: int
    domain: str
    name: str
    currency: str = "EUR"
    timezone: str = "Europe/Oslo"
    owner: str = "Shop Owner"
    email: str = "owner@shop.example"
    taxes_included: bool = True
    presentment: list[str] = field(default_factory=list)
    prefix: str = "#"
    #: ``active``, ``frozen`` (402), ``gone`` (404) or ``locked`` (423).
    state: str = "active"
    installed_at: str = ""
    scopes: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=lambda: list(PROTECTED))
    #: Refund transactions stay PENDING until somebody settles them.
    pending_refunds: bool = False
    #: Seconds a job takes.
    job_seconds: float = 0.05
    plan: str = "Basic"
    #: What is known to happen next to a data request and the like.
    facts: dict[str, Any] = field(default_factory=dict)


Heard = Callable[["Shop", str, Record, str], None]


class Shop:
    """A shop with its database. ``tell(topic, body)`` reaches whoever listens (webhooks)."""

    def __init__(self, folder: Path | None, settings: Settings | None = None) -> None:
        self.db = Database(folder / "shop.sqlite" if folder else None, KEYS)
        self.folder = folder
        self.now: Callable[[], datetime] = clock.now
        kept = self.db.get("settings", 1)
        if settings is None and kept is None:
            raise LookupError("There is no shop in this folder.")
        self.settings = Settings(**kept["body"]) if kept else settings or _impossible()
        self.bucket = Bucket(time.monotonic)
        self.listeners: list[Heard] = []
        self.base_url = ""
        #: Where results of bulk operations go; the platform says.
        self.results: Callable[[], Path] = Path
        self.faults: Faults | None = None
        #: Whether there may be jobs to run; looked at before every call, so it is kept at hand.
        self.jobs_waiting = True
        if not kept:
            self.save_settings()

    def save_settings(self) -> None:
        self.db.put("settings", {"id": 1, "body": asdict(self.settings)})

    @property
    def domain(self) -> str:
        return self.settings.domain

    @property
    def stamp(self) -> str:
        """Return this moment as records hold it."""
        return clock.written(self.now())

    def tell(self, topic: str, body: Record, event: str = "") -> None:
        """Tell the listeners of an act; deliveries of one act share its event id."""
        for listener in self.listeners:
            listener(self, topic, body, event)

    def file_url(self, name: str) -> str:
        """Return where a file of the shop (picture, bulk result) is served."""
        return f"{self.base_url}/shopify/{self.domain}/files/{name}"

    def require(self, kind: str, number: int) -> Record:
        """Return a record. Raises LookupError."""
        found = self.db.get(kind, number)
        if found is None:
            raise LookupError(f"{kind} {number}")
        return found

    def close(self) -> None:
        self.db.close()


def _impossible() -> Settings:
    raise LookupError("There is no shop in this folder.")
