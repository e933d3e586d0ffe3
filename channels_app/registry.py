"""Every channel the product speaks: one line each, no discovery."""

from channels_app.chat.adapter import ChatAdapter
from channels_app.contract import Adapter
from channels_app.email.adapter import EmailAdapter
from helpdesk.foundation.errors import NotFoundError

ADAPTERS: dict[str, Adapter] = {
    "chat": ChatAdapter(),
    "email": EmailAdapter(),
}


def adapter_for(kind: str) -> Adapter:
    """Return the adapter of a channel kind. Raises NotFoundError."""
    try:
        return ADAPTERS[kind]
    except KeyError:
        raise NotFoundError(f"There is no channel of the kind “{kind}”.") from None
