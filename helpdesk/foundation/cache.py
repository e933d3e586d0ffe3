"""The cache of rate limits, which may forget but never shut people out."""

from typing import Any

from django_redis.cache import RedisCache


class ForgivingCache(RedisCache):  # type: ignore[misc]
    """A Redis cache whose locks are free while Redis is away.

    allauth takes a lock by ``add`` before it counts an attempt. Unanswered, that would refuse
    every sign-in for as long as Valkey restarts; uncounted attempts for a minute are the lesser harm.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Return False only when somebody really holds the key."""
        added = super().add(*args, **kwargs)
        return True if added is None else bool(added)
