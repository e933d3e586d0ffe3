"""One bucket of query points for each shop, shared by all our processes through Valkey.

Shopify takes the requested cost before it runs a query and gives the difference back. We do the same
beforehand, so that a burst waits here and is not refused there. Work in the background leaves a part
of the bucket to agents. While Valkey is away nobody waits: Shopify's own THROTTLED is the net.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import redis
import structlog

from helpdesk.foundation.redis import client

logger = structlog.get_logger(__name__)

#: The smallest plan's bucket, until an answer tells the shop's own.
DEFAULT_MAXIMUM, DEFAULT_RATE = 2000.0, 100.0
#: The part of the bucket that background work never touches.
RESERVE = 0.4
#: A bucket nobody used for this long is full again anyway.
FORGET_SECONDS = 600

_TAKE = """
local now = redis.call('TIME')
local at = now[1] + now[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'available', 'at', 'maximum', 'rate')
local maximum = tonumber(kept[3]) or tonumber(ARGV[3])
local rate = tonumber(kept[4]) or tonumber(ARGV[4])
local available = tonumber(kept[1]) or maximum
local before = tonumber(kept[2]) or at
available = math.min(maximum, available + (at - before) * rate)
local cost = math.min(tonumber(ARGV[1]), maximum)
local floor = math.min(maximum * tonumber(ARGV[2]), maximum - cost)
local missing = cost + floor - available
if missing > 0 then
  return tostring(missing / rate)
end
redis.call('HSET', KEYS[1], 'available', available - cost, 'at', at, 'maximum', maximum, 'rate', rate)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return '0'
"""

_SETTLE = """
local now = redis.call('TIME')
local at = now[1] + now[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'available', 'at')
local maximum = tonumber(ARGV[2])
local rate = tonumber(ARGV[3])
local told = tonumber(ARGV[1])
local available = tonumber(kept[1])
if available then
  available = math.min(maximum, available + (at - tonumber(kept[2])) * rate + tonumber(ARGV[4]))
  -- Others may have taken from the bucket since this answer was made: the lower number is safe.
  available = math.min(available, told)
else
  available = told
end
redis.call('HSET', KEYS[1], 'available', available, 'at', at, 'maximum', maximum, 'rate', rate)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return '1'
"""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What an answer says of the bucket: ``extensions.cost``."""

    requested: float
    actual: float
    maximum: float
    available: float
    rate: float


class Pace(Protocol):
    """Says how long to wait before a call of this cost."""

    def take(self, shop: str, cost: float, *, background: bool) -> float:
        """Take the points and return 0, or take nothing and return the seconds to wait."""

    def settle(self, shop: str, throttle: Throttle) -> None:
        """Learn from an answer."""


class SharedPace:
    """The bucket in Valkey."""

    def take(self, shop: str, cost: float, *, background: bool) -> float:
        """See ``Pace``."""
        reserve = RESERVE if background else 0.0
        numbers = (cost, reserve, DEFAULT_MAXIMUM, DEFAULT_RATE, FORGET_SECONDS)
        answer = _run(_TAKE, shop, numbers)
        return float(answer) if answer is not None else 0.0

    def settle(self, shop: str, throttle: Throttle) -> None:
        """See ``Pace``."""
        given_back = max(throttle.requested - throttle.actual, 0.0)
        numbers = (throttle.available, throttle.maximum, throttle.rate, given_back, FORGET_SECONDS)
        _run(_SETTLE, shop, numbers)


def _run(script: str, shop: str, numbers: tuple[float, ...]) -> Any:
    try:
        # redis-py leaves this method without types.
        return client().eval(  # type: ignore[no-untyped-call]
            script, 1, f"hd:shop-pace:{shop}", *(str(one) for one in numbers)
        )
    except redis.RedisError as error:
        logger.warning("shopify.pace_unknown", error=type(error).__name__)
        return None


def read_throttle(extensions: Any) -> Throttle | None:
    """Return what ``extensions.cost`` says, or None where it is missing or not numbers."""
    cost = extensions.get("cost") if isinstance(extensions, dict) else None
    status = cost.get("throttleStatus") if isinstance(cost, dict) else None
    if not isinstance(cost, dict) or not isinstance(status, dict):
        return None
    try:
        return Throttle(
            requested=float(cost.get("requestedQueryCost") or 0),
            actual=float(cost.get("actualQueryCost") or 0),
            maximum=float(status["maximumAvailable"]),
            available=float(status["currentlyAvailable"]),
            rate=max(float(status["restoreRate"]), 1.0),
        )
    except (KeyError, TypeError, ValueError):
        return None
