"""Who looks at which conversation, across processes: a set in Redis whose entries expire.

An entry is one socket of one person. A process renews its entries with every tick, so those of a
process that was killed fade within ``LASTS`` seconds.
"""

import json
import time
from typing import Any

import redis.asyncio as aioredis

#: Seconds; two and a half ticks.
LASTS = 40


def _key(conversation: str) -> str:
    return f"hd:live:viewers:{conversation}"


def entry(*, membership: str, name: str, socket: str) -> str:
    """Return the entry of one socket."""
    return json.dumps([membership, name, socket], separators=(",", ":"))


async def look(redis: "aioredis.Redis[str]", conversation: str, *entries: str) -> None:
    """Add or renew entries."""
    until = time.time() + LASTS
    async with redis.pipeline(transaction=False) as pipe:
        pipe.zadd(_key(conversation), dict.fromkeys(entries, until))
        pipe.expire(_key(conversation), LASTS)
        await pipe.execute()


async def look_away(redis: "aioredis.Redis[str]", conversation: str, one: str) -> None:
    """Take an entry out."""
    await redis.zrem(_key(conversation), one)


async def viewers(redis: "aioredis.Redis[str]", conversation: str) -> list[dict[str, Any]]:
    """Return each person once, by name."""
    found: list[str] = await redis.zrangebyscore(_key(conversation), time.time(), "+inf")
    people = {one[0]: one[1] for one in map(json.loads, found)}
    return [
        {"id": person, "name": name}
        for person, name in sorted(people.items(), key=lambda item: (item[1], item[0]))
    ]
