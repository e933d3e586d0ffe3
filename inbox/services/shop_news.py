"""Telling open screens that what the shops know of somebody has changed."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from identity.tenancy import require_workspace_id
from inbox.realtime.news import publish
from inbox.services.contacts import conversations_shown_of


def tell_shop_changed(contact_ids: Iterable[UUID]) -> None:
    """Have screens that look at these contacts fetch the shops' part again, after the commit."""
    workspace_id = require_workspace_id()
    contacts = list(contact_ids)
    watched = [str(pk) for pk in conversations_shown_of(*contacts)] if contacts else []
    if watched:
        news = {"workspace": str(workspace_id), "conversations": watched}
        transaction.on_commit(lambda: publish({"shop": news}))
