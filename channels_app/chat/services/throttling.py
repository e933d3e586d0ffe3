"""How often somebody may do something, counted in Valkey. Without Valkey nobody is held up."""

import ipaddress
from typing import Any

import redis
import structlog

from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.redis import client

logger = structlog.get_logger(__name__)

#: channels.md §9: five messages in five seconds for one visitor.
MESSAGES, MESSAGE_SECONDS = 5, 5
#: The same message repeated is one message; this many requests are too many even so.
REQUESTS = 60
SESSIONS, SESSION_SECONDS = 30, 600
#: A loopback address is our own proxy or our own machine and says nothing of the visitor.
LOOPBACK_SESSIONS = 5_000
FORMS, FORM_SECONDS = 10, 600
UPLOADS, UPLOAD_SECONDS = 20, 60
#: Mails to an address that somebody typed.
MAILS, MAIL_SECONDS = 5, 24 * 3600

#: One command for the five that count a message: each is a call of its own for the client.
COUNT_MESSAGE = """
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
local requests = redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[2], 'NX')
return {redis.call('SCARD', KEYS[1]), requests}
"""


class TooOftenError(HelpdeskError):
    """``retry_after`` is in seconds."""

    code = "rate_limited"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, extra={"retry_after": retry_after})
        self.retry_after = retry_after


def allow_message(session_id: object, client_msg_id: str) -> None:
    """Count one message; a repeated one is not counted again. Raises TooOftenError."""
    key = f"hd:chat:say:{session_id}"
    try:
        valkey: Any = client()
        different, requests = valkey.eval(
            COUNT_MESSAGE, 2, key, f"{key}:n", client_msg_id, MESSAGE_SECONDS
        )
    except (redis.RedisError, OSError) as error:
        _not_counted(error)
        return
    if different > MESSAGES or requests > REQUESTS:
        # Trying again must be able to succeed: a refused message is not one of the five.
        _forget_member(key, client_msg_id)
        raise TooOftenError(
            "That was a lot at once. Wait a few seconds, then send it again.",
            retry_after=_left(key, MESSAGE_SECONDS),
        )


def allow_session(address: str) -> None:
    """Count one new session of an address. Raises TooOftenError."""
    most = LOOPBACK_SESSIONS if _is_loopback(address) else SESSIONS
    _count(
        f"hd:chat:new:{address}",
        most,
        SESSION_SECONDS,
        "Many chats were started from your network. Wait some minutes, then try again.",
    )


def allow_form(address: str) -> None:
    """Count one contact form of an address. Raises TooOftenError."""
    most = LOOPBACK_SESSIONS if _is_loopback(address) else FORMS
    _count(
        f"hd:chat:form:{address}",
        most,
        FORM_SECONDS,
        "Many messages came from your network. Wait some minutes, then send yours again.",
    )


def allow_upload(session_id: object) -> None:
    """Count one file of a session. Raises TooOftenError."""
    _count(
        f"hd:chat:file:{session_id}",
        UPLOADS,
        UPLOAD_SECONDS,
        "That were many files. Wait a minute, then add the next one.",
    )


def allow_mail(workspace_id: object, email: str) -> None:
    """Count one mail to an address that a visitor typed. Raises TooOftenError."""
    _count(
        f"hd:chat:mail:{workspace_id}:{email.lower()}",
        MAILS,
        MAIL_SECONDS,
        "This address got several mails of this chat today already.",
    )


def _count(key: str, most: int, seconds: int, sentence: str) -> None:
    try:
        with client().pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, seconds, nx=True)
            number, _ = pipe.execute()
    except (redis.RedisError, OSError) as error:
        _not_counted(error)
        return
    if number > most:
        raise TooOftenError(sentence, retry_after=_left(key, seconds))


def _left(key: str, seconds: int) -> int:
    try:
        return max(1, int(client().ttl(key)))
    except (redis.RedisError, OSError):
        return seconds


def _forget_member(key: str, member: str) -> None:
    try:
        client().srem(key, member)
    except (redis.RedisError, OSError) as error:
        _not_counted(error)


def _not_counted(error: Exception) -> None:
    logger.warning("chat.not_throttled", error=type(error).__name__)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
