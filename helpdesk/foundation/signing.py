"""Constant-time comparison and keyed hashes."""

import base64
import hashlib
import hmac
import secrets


def constant_time_equal(left: str | bytes, right: str | bytes) -> bool:
    """Compare without telling by timing where the first difference is."""
    left_bytes = left.encode() if isinstance(left, str) else left
    right_bytes = right.encode() if isinstance(right, str) else right
    return hmac.compare_digest(left_bytes, right_bytes)


def hmac_sha256_hex(key: str | bytes, body: bytes) -> str:
    """Return the lower-case hex HMAC-SHA256 of ``body``."""
    key_bytes = key.encode() if isinstance(key, str) else key
    return hmac.new(key_bytes, body, hashlib.sha256).hexdigest()


def new_secret(length: int = 32) -> str:
    """Return ``length`` random bytes as URL-safe text."""
    return secrets.token_urlsafe(length)


def new_lowercase_token(length: int = 16) -> str:
    """Return ``length`` random bytes in lower case: mail addresses are compared without case."""
    return base64.b32encode(secrets.token_bytes(length)).decode().rstrip("=").lower()


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a random secret, to find it again without keeping it."""
    return hashlib.sha256(secret.encode()).hexdigest()
