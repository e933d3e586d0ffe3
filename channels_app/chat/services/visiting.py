"""What an open window asks of the database; each function opens its scope and closes it again."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels_app.chat.parse import Identify, Said
from channels_app.chat.services import identifying
from channels_app.chat.services.appearance import presence, seconds_to_change
from channels_app.chat.services.doors import Door, check_origin, open_account
from channels_app.chat.services.ending import end_chat
from channels_app.chat.services.marks import confirm, confirm_ids
from channels_app.chat.services.opening import web_address
from channels_app.chat.services.posting import Posted, post_message
from channels_app.chat.services.reading import Page, last_seq, read_page
from channels_app.chat.services.sessions import (
    lock_session,
    note_presence,
    session_of,
    workspace_in_token,
)
from channels_app.chat.services.throttling import allow_message
from channels_app.models import ChatSession
from helpdesk.foundation.signing import fingerprint
from identity.models import Workspace
from identity.tenancy import tenant_scope

#: After this many messages a window is better off asking over HTTP.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came in, and how things are."""

    workspace_id: UUID
    session_id: UUID
    channel_id: UUID
    contact_id: UUID
    name: str
    agent_read_seq: int


@dataclass(frozen=True, slots=True)
class Missed:
    """``seq`` is the newest message's number; ``frames`` are what came after the asked one."""

    seq: int
    frames: list[dict[str, Any]]
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Hours:
    """``changes_in`` is in seconds; None if never."""

    online: bool
    back_at: str | None
    changes_in: float | None


def enter(token: str, origin: str | None, own_host: str, page_url: str = "") -> Visit:
    """Let a window in. Raises DeadTokenError, NotFoundError, ForeignOriginError."""
    workspace_id = workspace_in_token(token)
    with tenant_scope(workspace_id):
        session = session_of(token)
        if origin is not None:
            account = open_account(Door(workspace_id, session.channel_id))
            check_origin(origin, own_host=own_host, chosen=account.settings)
        note_presence(session)
        _note_page(session, page_url)
        return Visit(
            workspace_id=workspace_id,
            session_id=session.pk,
            channel_id=session.channel_id,
            contact_id=session.contact_id,
            name=session.name,
            agent_read_seq=session.agent_read_seq,
        )


def _note_page(session: ChatSession, page_url: str) -> None:
    """Keep where the visitor is; their first message tells it to the agent."""
    url = web_address(page_url)
    if url and session.conversation_id is None and session.attributes.get("page_url") != url:
        lock_session(session)
        session.attributes = {**session.attributes, "page_url": url}
        session.save(update_fields=["attributes"])


def missed(token: str, after_seq: int | None) -> Missed:
    """Return what came after a number; asking for it says that everything before it is there."""
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        if after_seq is None:
            return Missed(last_seq(session), [], session.conversation_id)
        confirm(session, upto_seq=after_seq, read=False)
        frames: list[dict[str, Any]] = []
        after: int | None = after_seq
        for _ in range(MOST_PAGES):
            page: Page = read_page(session, after_seq=after or 0)
            frames += [{"type": "message", **one} for one in page.results]
            after = page.next
            if after is None:
                break
        return Missed(last_seq(session), frames, session.conversation_id)


def conversation_of(token: str) -> UUID | None:
    """Return the conversation the visitor's words go to now; None before the first."""
    with tenant_scope(workspace_in_token(token)):
        return session_of(token).conversation_id


def say(token: str, said: Said, raw: bytes) -> Posted:
    """Take a message in. Raises TooOftenError, DeadTokenError, CannotSendError."""
    allow_message(fingerprint(token), said.client_msg_id)
    return post_message(token=token, said=said, raw=raw)


def seen(token: str, upto_seq: int, read: bool, handed: Collection[UUID]) -> None:
    """Record what the browser has or the visitor has read."""
    with tenant_scope(workspace_in_token(token)):
        confirm(session_of(token), upto_seq=upto_seq, read=read, handed=handed)


def handed_over(token: str, ids: Collection[UUID]) -> None:
    """Record that answers were written to a window that stayed open."""
    with tenant_scope(workspace_in_token(token)):
        confirm_ids(session_of(token), ids)


def identify(token: str, claim: Identify) -> None:
    """Believe the shop's signature, or raise ForgedIdentityError, AnotherPersonError."""
    with tenant_scope(workspace_in_token(token)):
        session = session_of(token)
        identifying.identify(session, identifying.read_claim(claim, secret=secret_of(session)))


def secret_of(session: ChatSession) -> str:
    """Return what the shop signs its shoppers with; "" if it has no secret."""
    account = open_account(Door(session.workspace_id, session.channel_id))
    return str(account.secrets.get("widget_secret", ""))


def end(token: str) -> None:
    """Note the good-bye."""
    with tenant_scope(workspace_in_token(token)):
        end_chat(session_of(token))


def hours(workspace_id: UUID, channel_id: UUID) -> Hours:
    """Return whether somebody is there, and when that changes."""
    with tenant_scope(workspace_id):
        chosen = open_account(Door(workspace_id, channel_id)).settings
    workspace = Workspace.objects.get(pk=workspace_id)
    return Hours(**presence(workspace, chosen), changes_in=seconds_to_change(workspace, chosen))
