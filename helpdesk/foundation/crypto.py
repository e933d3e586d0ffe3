"""Secrets at rest: a JSON field encrypted with rotating Fernet keys.

``settings.FERNET_KEYS`` lists the keys, newest first: the first encrypts, all decrypt.
``manage.py rotate_secrets`` writes every row again with the newest key.
"""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from helpdesk.foundation.errors import HelpdeskError

if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class SecretUnreadableError(HelpdeskError):
    """None of the configured keys opens this secret."""

    code = "secret_unreadable"
    status = 500


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return ``text`` sealed with the newest key."""
    return _box(tuple(settings.FERNET_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Open a sealed text. Raises SecretUnreadableError when no key fits."""
    try:
        return _box(tuple(settings.FERNET_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadableError(
            "A stored secret cannot be opened with the configured keys. "
            "Add the old key to FERNET_KEYS, or enter the secret again."
        ) from error


class EncryptedJSONField(_TextField):
    """A dict kept as one sealed text. Not searchable, on purpose."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if not value:
            return {}
        return json.loads(decrypt(value))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            return json.loads(value) if value else {}
        return value

    def get_prep_value(self, value: Any) -> str:
        return encrypt(json.dumps(value or {}, sort_keys=True))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
