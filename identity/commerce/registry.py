"""Which platform serves a store. Platforms enter themselves when the app starts."""

from collections.abc import Callable
from typing import Any

from identity.commerce.seam import Commerce, GoneError

Opener = Callable[[Any], Commerce]

_platforms: dict[str, Opener] = {}


def register_platform(name: str, opener: Opener) -> None:
    """Say how stores of a platform are opened; ``opener`` takes the Store row."""
    _platforms[name] = opener


def commerce_of(store: Any) -> Commerce:
    """Return the door to this store. Raises GoneError when it is not connected."""
    opener = _platforms.get(store.platform)
    if opener is None or not store.is_connected:
        raise GoneError(
            store.trouble or f"{store} is not connected right now. An admin can connect it again."
        )
    return opener(store)
