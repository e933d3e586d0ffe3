"""Opaque tokens that name a conversation in a reply address: ``support+<token>@shop.example``.

A token is the conversation's id and a keyed hash over it and the workspace, in lower-case base32,
because mail addresses are compared without case. Nobody can make one who does not hold our key,
and one of another workspace is not valid here.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from identity.tenancy import require_workspace_id

_HASH_BYTES = 10
_TOKEN_LENGTH = 42  # base32 of 26 bytes without padding


def make_reply_token(conversation_id: UUID) -> str:
    """Return the token of a conversation of the open scope."""
    raw = conversation_id.bytes + _hash(conversation_id, settings.SECRET_KEY)
    return base64.b32encode(raw).decode().rstrip("=").lower()


def read_reply_token(token: str) -> UUID | None:
    """Return the conversation a token names, or None if it was not made here for this workspace."""
    if len(token) != _TOKEN_LENGTH:
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-_TOKEN_LENGTH % 8))
    except ValueError:
        return None
    conversation_id = UUID(bytes=raw[:16])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    known = any(hmac.compare_digest(_hash(conversation_id, key), raw[16:]) for key in keys)
    return conversation_id if known else None


def _hash(conversation_id: UUID, key: str) -> bytes:
    text = b"reply:" + require_workspace_id().bytes + conversation_id.bytes
    return hmac.new(key.encode(), text, hashlib.sha256).digest()[:_HASH_BYTES]
