"""Reading a whole shop for the first time: rate, CPU and memory of the worker.

The shop is the sandbox's, in this process; what is measured is the worker and PostgreSQL. Bars: none
were set; the figures are written down so that a later change can be compared.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.place import Place
from bench.shop import open_shop

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "10000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "50000"))
DEADLINE = 1800.0


def measure(place: Place) -> list[dict[str, Any]]:
    """Return one row for each kind of thing, and one for the whole."""
    from sandbox.shopify.app import App
    from sandbox.shopify.big_shop import big_shop, settings
    from sandbox.shopify.shop import Shop
    from sandbox.shopify.store import SandboxStore
    from sandbox.threaded import ThreadedSandbox

    key, secret = "bench-key", "bench-secret-of-thirty-two-letters"
    with ThreadedSandbox(app=App(api_key=key, api_secret=secret, webhook_url="")) as sandbox:
        shop = Shop(place.data_dir / "big", settings())
        big_shop(shop, customers=CUSTOMERS, orders=ORDERS, now=datetime.now(UTC))
        store = SandboxStore(sandbox.platform, sandbox.platform.place(shop))
        store.install()
        place.environment |= {
            "SHOPIFY_BASE_URL": f"{sandbox.url}/shopify/{{shop}}",
            "SHOPIFY_API_KEY": key,
            "SHOPIFY_API_SECRET": secret,
        }
        workspace_id = open_shop("backfill").workspace_id
        with place.worker(1) as worker:
            time.sleep(5)  # its start is not what is measured
            cpu = place.cpu_seconds(worker)
            peak = Peak(worker.pid)
            begin = time.perf_counter()
            _connect(workspace_id, store)
            rows = _watch(workspace_id, begin)
            used = place.cpu_seconds(worker) - cpu
            things = sum(row["things"] for row in rows)
            took = time.perf_counter() - begin
            whole = {
                "kind": "all",
                "things": things,
                "seconds": took,
                "per second": things / took,
                "ms CPU each": used / things * 1000,
                "peak MiB": peak.stop(),
            }
    return [*rows, whole]


def _connect(workspace_id: UUID, store: Any) -> None:
    from identity.commerce.facts import StoreFacts
    from identity.services.stores import Credentials, connect_store
    from identity.shopify.tasks import sweep_stores
    from identity.tenancy import tenant_scope

    tokens = store.tokens()
    with tenant_scope(workspace_id):
        connect_store(
            platform="shopify",
            facts=StoreFacts(
                id=f"gid://shopify/Shop/{store.shop.settings.id}",
                name="Big shop",
                currency="EUR",
                domain=store.domain,
            ),
            credentials=Credentials(
                secrets={
                    "access_token": tokens["access_token"],
                    "refresh_token": tokens["refresh_token"],
                },
                scopes=tuple(store.shop.settings.scopes),
                expires_at=datetime.now(UTC) + timedelta(minutes=55),
            ),
            now=datetime.now(UTC),
        )
    sweep_stores()


def _watch(workspace_id: UUID, begin: float) -> list[dict[str, Any]]:
    """Wait for every back-fill, ringing as beat would."""
    from identity.models import StoreBackfill
    from identity.shopify.tasks import sweep_stores
    from identity.tenancy import tenant_scope

    ended: dict[str, dict[str, Any]] = {}
    while True:
        with tenant_scope(workspace_id):
            found = list(StoreBackfill.objects.all())
        for row in found:
            if row.phase == "failed":
                raise RuntimeError(row.reason)
            if row.phase == "done" and row.subject not in ended:
                seconds = time.perf_counter() - begin
                ended[row.subject] = {
                    "kind": row.subject,
                    "things": row.done,
                    "seconds": seconds,
                    "per second": row.done / seconds,
                }
        if len(ended) == len(found):
            return list(ended.values())
        if time.perf_counter() - begin > DEADLINE:
            raise TimeoutError(f"only {sorted(ended)} were read")
        time.sleep(1)
        sweep_stores()


class Peak:
    """The most memory a process and its children held together, sampled."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in MiB."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            self._most = max(self._most, sum(_rss(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(one) for one in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in below for one in _family(child))]


def _rss(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
