"""Telling the screens: one Redis script that numbers the news of a workspace and publishes it.

Nothing here may fail its caller: the rows are committed, and a screen that missed something finds
out by the number. While Redis is away the workspaces with untold news are remembered; once it
answers again each gets a number without content, which every screen understands as a gap.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import redis
import structlog

from helpdesk.foundation.redis import client

logger = structlog.get_logger(__name__)

#: The one channel that every web process listens to.
CHANNEL = "hd:live"
#: After a failure nobody waits for Redis again for this long (seconds).
PAUSE = 1.0

# Numbers start at the clock's milliseconds, so that they still rise after Redis lost its memory.
START = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  local now = redis.call('TIME')
  redis.call('SET', KEYS[1], string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)))
end
"""
READ = START + "return redis.call('GET', KEYS[1])"
ANNOUNCE = (
    START
    + """
local number = redis.call('INCRBY', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[1], string.format('{"seq":%.0f,', number) .. ARGV[2])
return string.format('%.0f', number)
"""
)

#: How far the number moves: by one for news, by two to say that something was left out.
NEXT = 1
GAP = 2

_untold: set[UUID] = set()
_untold_lock = threading.Lock()
_silent_until = 0.0


def sequence_key(workspace_id: UUID) -> str:
    """Return the key that holds the number of a workspace's last news."""
    return f"hd:live:seq:{workspace_id}"


def news_body(
    workspace_id: UUID,
    *,
    conversations: Iterable[UUID] = (),
    messages: Iterable[UUID] = (),
    gone: Iterable[tuple[UUID, UUID]] = (),
) -> str:
    """Return the published text without its opening brace and number, which Redis adds."""
    body = {
        "workspace": str(workspace_id),
        "conversations": [str(pk) for pk in conversations],
        "messages": [str(pk) for pk in messages],
        "gone": [[str(conversation), str(message)] for conversation, message in gone],
    }
    return json.dumps(body, separators=(",", ":"))[1:]


def announce(
    workspace_id: UUID,
    conversations: Iterable[UUID] = (),
    messages: Iterable[UUID] = (),
    gone: Iterable[tuple[UUID, UUID]] = (),
) -> None:
    """Tell every open screen of the workspace what changed. Call after commit; never raises.

    ``gone`` are (conversation id, message id) of messages that are no longer there.
    """
    body = news_body(workspace_id, conversations=conversations, messages=messages, gone=gone)
    if not _tell(workspace_id, body):
        _remember(workspace_id)


def announce_typing(
    workspace_id: UUID, conversation_id: UUID, who: Mapping[str, Any], on: bool
) -> None:
    """Tell who watches a conversation that somebody types there; ``who`` is {kind, id, name}."""
    publish({"typing": typing_news(workspace_id, conversation_id, who, on)})


def announce_people(workspace_id: UUID) -> None:
    """Have every open screen of the workspace looked at: who may not stay is closed at once."""
    publish({"people": str(workspace_id)})


def typing_news(
    workspace_id: UUID, conversation_id: UUID, who: Mapping[str, Any], on: bool
) -> dict[str, Any]:
    """Return what is published about somebody typing."""
    return {
        "workspace": str(workspace_id),
        "conversation": str(conversation_id),
        "who": dict(who),
        "on": on,
    }


def hub_publish(group: str, frame: Mapping[str, Any]) -> None:
    """Send one frame to every socket that joined the group, in every process. Never raises."""
    publish({"group": group, "frame": dict(frame)})


def publish_to_chat(session_id: UUID, frame: Mapping[str, Any]) -> None:
    """Send one frame to every open window of a visitor's chat session. Never raises."""
    hub_publish(f"chat:{session_id}", frame)


def publish(message: Mapping[str, Any]) -> None:
    """Publish something that may be lost: typing, presence, a chat frame that HTTP will repeat."""
    if time.monotonic() < _silent_until:
        return
    try:
        client().publish(CHANNEL, json.dumps(message, separators=(",", ":")))
    except (redis.RedisError, OSError) as error:
        _pause(error)


def current_sequence(workspace_id: UUID) -> int:
    """Return the number of the last news; 0 when Redis does not answer.

    Read it before the rows a screen starts from: news after it then tell of any later change.
    """
    if time.monotonic() < _silent_until:
        return 0
    try:
        redis_client: Any = client()
        return int(redis_client.eval(READ, 1, sequence_key(workspace_id)))
    except (redis.RedisError, OSError) as error:
        _pause(error)
        return 0


def _tell(workspace_id: UUID, body: str, step: int = NEXT) -> bool:
    if time.monotonic() < _silent_until:
        return False
    try:
        redis_client: Any = client()
        redis_client.eval(ANNOUNCE, 1, sequence_key(workspace_id), CHANNEL, body, step)
    except (redis.RedisError, OSError) as error:
        _pause(error)
        return False
    return True


def _pause(error: Exception) -> None:
    global _silent_until
    _silent_until = time.monotonic() + PAUSE
    logger.warning("news.lost", error=type(error).__name__)


def _remember(workspace_id: UUID) -> None:
    """Owe the workspace a number; one thread pays all debts once Redis answers."""
    with _untold_lock:
        first = not _untold
        _untold.add(workspace_id)
    if first:
        threading.Thread(target=_catch_up, name="news-catch-up", daemon=True).start()


def _catch_up() -> None:
    while True:
        time.sleep(PAUSE)
        with _untold_lock:
            owed = list(_untold)
        for workspace_id in owed:
            if not _tell(workspace_id, news_body(workspace_id), GAP):
                break
            with _untold_lock:
                _untold.discard(workspace_id)
                if not _untold:
                    return
