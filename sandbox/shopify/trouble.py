"""Trouble on order for calls to the store: what each mode of ``POST /faults`` does here.

``at`` says where: ``data`` (any call), ``read``, ``write``, ``token`` or ``webhook``; ``to`` is a shop's
domain, ``only`` the name of a GraphQL operation.
"""

import asyncio

from sandbox.asgi import Answer, json_answer
from sandbox.faults import Fault, Faults
from sandbox.shopify import oauth
from sandbox.shopify.errors import top_error
from sandbox.shopify.shop import Shop

#: As good as never: a client has given up long before.
FOR_EVER = 120.0
CLOSED = {
    "frozen": (402, "Payment Required: this shop is frozen"), "gone": (404, "Not Found"),
    "locked": (423, "Locked: this shop is not available"),
}  # fmt: skip


def find(faults: Faults, shop: Shop, *, write: bool, operation: str) -> Fault | None:
    """Return the order that strikes this call."""
    for at in ("write" if write else "read", "data"):
        fault = faults.take("shopify", at=at, to=shop.domain, only=operation)
        if fault is not None:
            return fault
    return None


async def before(fault: Fault | None, shop: Shop) -> Answer | None:
    """Strike before anything ran: return the answer instead, or None to go on."""
    if fault is None:
        return None
    if fault.mode == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.mode == "hang":
        await asyncio.sleep(FOR_EVER)
    if fault.mode == "fail":
        return json_answer({"errors": fault.text or "Internal Server Error"}, fault.code or 503)
    if fault.mode == "throttle":
        return _throttled(fault, shop)
    if fault.mode in CLOSED:
        return closed(fault.mode)
    if fault.mode == "expired_token":
        oauth.expire_access(shop)
    return None


def closed(state: str) -> Answer:
    """Return what a frozen, deleted or locked shop answers."""
    status, words = CLOSED[state]
    return json_answer({"errors": words}, status)


def _throttled(fault: Fault, shop: Shop) -> Answer:
    if fault.code == 429:
        answer = json_answer({"errors": "Too Many Requests"}, 429)
        answer.headers["retry-after"] = str(fault.seconds)
        return answer
    shop.bucket.drain()
    cost = {
        "requestedQueryCost": 100,
        "actualQueryCost": None,
        "throttleStatus": shop.bucket.status(),
    }
    return json_answer(
        {"errors": [top_error("Throttled", "THROTTLED").formatted], "extensions": {"cost": cost}}
    )


def left_scopes(fault: Fault | None, scopes: frozenset[str]) -> frozenset[str]:
    """``scope_loss``: the scopes named in ``text`` (none named: all that write) are gone for the call."""
    if fault is None or fault.mode != "scope_loss":
        return scopes
    lost = {name.strip() for name in fault.text.split(",") if name.strip()}
    return frozenset(
        scope for scope in scopes if (scope not in lost if lost else not scope.startswith("write_"))
    )


async def after(fault: Fault | None) -> None:
    """Strike when it is done: the answer never comes."""
    if fault is not None and fault.mode in {"timeout_after_commit", "drop"}:
        await asyncio.sleep(FOR_EVER)
