"""The secrets this installation made for itself: ``<data dir>/secrets.json``, mode 600.

A machine of one's own needs no key ceremony, so what the environment does not name is generated once
and kept. Production refuses generated secrets (see settings.py): a lost disk would then lose the keys.
"""

import base64
import contextlib
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import TypedDict


class Keyring(TypedDict):
    """What is generated; every value is a plain string."""

    secret_key: str
    fernet_key: str
    postgres_password: str
    owner_password: str
    app_password: str


def _generate() -> Keyring:
    return Keyring(
        secret_key=secrets.token_urlsafe(50),
        fernet_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        postgres_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
    )


def read_keyring(data_dir: Path) -> Keyring:
    """Return the installation's secrets, generating them on first use.

    Two processes may arrive together on a first start: each writes a complete file of its own and
    ``os.link`` lets exactly one of them become the keyring.
    """
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=data_dir, prefix=".secrets-")
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(_generate(), file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    kept: Keyring = json.loads(path.read_text())
    return kept
