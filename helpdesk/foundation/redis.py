"""One Redis client per process, short time-outs: Redis is for wake-ups and news, never for truth."""

from functools import lru_cache
from typing import Any

import redis
from django.conf import settings


@lru_cache(maxsize=1)
def client() -> "redis.Redis[Any]":
    """Return the shared client. Callers treat a connection error as "not now"."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2.0, socket_connect_timeout=1.0, decode_responses=True
    )
