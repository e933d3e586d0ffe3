"""Texts that agents use often, and the variables they may hold."""

import re

from helpdesk.foundation.errors import HelpdeskError
from inbox.models import SavedReply

#: What the composer fills in, and an example of each.
VARIABLES = {
    "contact.name": "Dana Miller",
    "contact.first_name": "Dana",
    "agent.name": "Ida Krogh",
}
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class InvalidReplyError(HelpdeskError):
    """A saved reply that would not work; ``fields`` says where."""

    code = "invalid"
    status = 422


def unknown_variables(body: str) -> list[str]:
    """Return the names between double braces that nothing would fill in."""
    return sorted({name for name in _PLACE.findall(body) if name not in VARIABLES})


def preview(body: str) -> str:
    """Return the text with the examples filled in."""
    return _PLACE.sub(lambda found: VARIABLES.get(found[1], found[0]), body)


def save_reply(*, reply: SavedReply | None, name: str, shortcut: str, body: str) -> SavedReply:
    """Make or change a saved reply. Raises InvalidReplyError."""
    others = SavedReply.objects.all() if reply is None else SavedReply.objects.exclude(pk=reply.pk)
    if others.filter(name__iexact=name).exists():
        raise _invalid("name", f"There is a saved reply called {name} already.")
    if shortcut and others.filter(shortcut__iexact=shortcut).exists():
        raise _invalid("shortcut", f"The shortcut {shortcut} belongs to another saved reply.")
    unknown = unknown_variables(body)
    if unknown:
        known = ", ".join("{{" + one + "}}" for one in VARIABLES)
        raise _invalid("body", f"Nothing fills in {{{{{unknown[0]}}}}}. Use one of {known}.")
    saved: SavedReply = reply or SavedReply()
    saved.name, saved.shortcut, saved.body = name, shortcut, body
    saved.save()
    return saved


def delete_reply(*, reply: SavedReply) -> None:
    """Forget a saved reply. What was sent with it stays."""
    reply.delete()


def _invalid(field: str, sentence: str) -> InvalidReplyError:
    return InvalidReplyError(sentence, fields=[(field, sentence)])
