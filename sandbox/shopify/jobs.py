"""Jobs: what Shopify does a moment later (cancel, merge). They are rows, so a restart finds them."""

import time
from collections.abc import Callable
from typing import Any

from sandbox.shopify.shop import Shop

Work = Callable[[Shop, dict[str, Any]], None]
#: What a job of this kind does when its time has come.
WORK: dict[str, Work] = {}


def works(kind: str) -> Callable[[Work], Work]:
    def keep(function: Work) -> Work:
        WORK[kind] = function
        return function

    return keep


def start(shop: Shop, kind: str, **given: Any) -> dict[str, Any]:
    """Note a job; it runs with the first call after its time."""
    due = time.time() + shop.settings.job_seconds
    made = {"id": shop.db.next_id("job"), "done": False, "kind": kind, "given": given, "due": due}
    shop.db.put("job", made)
    shop.jobs_waiting = True
    return made


def waiting(shop: Shop, kind: str, **given: Any) -> bool:
    """Tell whether such a job has not run yet."""
    return any(
        not one["done"] and one["kind"] == kind and given.items() <= one["given"].items()
        for one in shop.db.all("job")
    )


def run_due(shop: Shop, *, all_of_them: bool = False) -> None:
    """Run the jobs whose time has come."""
    if not shop.jobs_waiting:
        return
    with shop.db.transaction():
        left = False
        for one in list(shop.db.all("job")):
            if one["done"]:
                continue
            if one["due"] > time.time() and not all_of_them:
                left = True
                continue
            WORK[one["kind"]](shop, one["given"])
            shop.db.put("job", one | {"done": True})
        shop.jobs_waiting = left
