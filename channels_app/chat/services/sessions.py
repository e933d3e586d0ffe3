"""Visitors' sessions: one browser, one token; only the token's fingerprint is kept.

A token is ``wc_<workspace>_<secret>``: it names its workspace, so finding the session crosses no wall,
and a token with another workspace's name in it is simply not found there.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.utils import timezone

from channels_app.models import ChatSession
from helpdesk.foundation import rows
from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.ids import uuid7
from helpdesk.foundation.signing import fingerprint, new_secret
from identity.models import Contact
from identity.services.resolution import create_visitor
from identity.tenancy import require_workspace_id
from inbox.models import Channel

#: A browser that has not been seen for this long starts anew.
TOKEN_LIFE = timedelta(days=180)
#: How exact ``last_seen_at`` is; a write for every frame would buy nothing.
SEEN_EVERY = timedelta(minutes=1)


class DeadTokenError(HelpdeskError):
    """No session by this token: never made here, revoked, or forgotten long ago."""

    code = "dead_token"
    status = 401


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the form before the chat asked, checked."""

    name: str
    email: str
    consent_text: str
    locale: str = ""
    attributes: Mapping[str, str] | None = None


def create_session(
    *, channel: Channel, visitor: Visitor, session_id: UUID | None = None, by_form: bool = False
) -> tuple[ChatSession, str]:
    """Return a new session and its token, which is told once. There is no conversation yet.

    Behind the plain form no window stays open, so its answers go by mail from the start.
    """
    session_id = session_id or uuid7()
    workspace = base64.b32encode(require_workspace_id().bytes).decode().rstrip("=").lower()
    token = f"wc_{workspace}_{new_secret()}"
    contact = create_visitor(session_id=str(session_id), name=visitor.name, email=visitor.email)
    session = ChatSession(
        id=session_id,
        channel=channel,
        contact=contact,
        token_hash=fingerprint(token),
        name=visitor.name,
        email=visitor.email,
        attributes={**(visitor.attributes or {}), **({"form": True} if by_form else {})},
        continued_by_email=by_form,
        consent_text=visitor.consent_text,
        consent_at=timezone.now(),
        locale=visitor.locale,
    )
    session.save(force_insert=True)
    return session, token


def workspace_in_token(token: str) -> UUID:
    """Return the workspace a token names. Raises DeadTokenError when it is not of our form."""
    parts = token.split("_", 2)
    if len(parts) == 3 and parts[0] == "wc" and len(parts[1]) == 26:
        try:
            return UUID(bytes=base64.b32decode(parts[1].upper() + "======"))
        except ValueError:
            pass
    raise _dead()


def session_of(token: str) -> ChatSession:
    """Return the session of a token, inside the scope its token names. Raises DeadTokenError."""
    found = rows.run(_find_sql(), [require_workspace_id(), fingerprint(token)]).fetchone()
    if found is None:
        raise _dead()
    channel_at = rows.width(ChatSession)
    contact_at = channel_at + rows.width(Channel)
    session = rows.build(ChatSession, found[:channel_at])
    session.channel = rows.build(Channel, found[channel_at:contact_at])
    session.contact = rows.build(Contact, found[contact_at:])
    if not session.channel.is_active or timezone.now() - session.last_seen_at >= TOKEN_LIFE:
        raise _dead()
    return session


@cache
def _find_sql() -> str:
    return (
        f"SELECT {rows.columns(ChatSession, 's')}, {rows.columns(Channel, 'c')}, "  # noqa: S608
        f"{rows.columns(Contact, 'p')} FROM channels_app_chatsession s "
        "JOIN inbox_channel c ON c.workspace_id = s.workspace_id AND c.id = s.channel_id "
        "JOIN identity_contact p ON p.workspace_id = s.workspace_id AND p.id = s.contact_id "
        "WHERE s.workspace_id = %s AND s.token_hash = %s"
    )


def note_presence(session: ChatSession) -> None:
    """Remember, to the minute, that the visitor was here."""
    now = timezone.now()
    if now - session.last_seen_at > SEEN_EVERY:
        session.last_seen_at = now
        rows.update(session, ("last_seen_at",))


def lock_session(session: ChatSession) -> None:
    """Lock the session until the transaction ends and bring it up to date.

    Always before any lock of the inbox: that order keeps two windows of one visitor from waiting for
    each other.
    """
    session.refresh_from_db(
        fields=["conversation_id", "contact_id", "attributes", "identified", "ended_at"],
        from_queryset=ChatSession.objects.select_for_update(of=("self",)),
    )


def seq_base(session: ChatSession) -> int:
    """Return what is added to a message's number so that the visitor's numbers only rise.

    It is not 0 once an old chat was followed by a new conversation, whose numbers start again.
    """
    return int(session.attributes.get("seq_base", 0))


def _dead() -> DeadTokenError:
    return DeadTokenError("This chat is over here. Reload the page to start a new one.")
