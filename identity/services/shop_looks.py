"""Asking for a look at the shop behind an open screen: at most one a minute for each contact."""

from uuid import UUID

import structlog

from helpdesk.foundation.redis import client
from identity.tenancy import require_workspace_id

logger = structlog.get_logger(__name__)

#: Seconds between two looks for the same contact; also how long an unstarted one is worth running.
REST = 60


def look_soon(contact_id: UUID) -> bool:
    """Have a worker read this contact's customers and orders anew. Never raises, never waits.

    Whoever leafs through a hundred conversations asks for each once a minute. Returns whether a
    look was asked for.
    """
    from identity.shopify.tasks import look_at_shop  # here: tasks import their services

    workspace_id = require_workspace_id()
    try:
        if not client().set(f"hd:look:{workspace_id}:{contact_id}", "1", nx=True, ex=REST):
            return False
        look_at_shop.apply_async(
            kwargs={"workspace_id": str(workspace_id), "contact_id": str(contact_id)},
            ignore_result=True,
            retry=False,
            expires=REST,
        )
    except Exception as error:  # whatever the broker's client comes up with
        # The screen shows our copy with its age; nobody waits for this.
        logger.warning("shop.look_lost", error=type(error).__name__)
        return False
    return True
