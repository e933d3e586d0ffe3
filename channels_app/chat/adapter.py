"""The chat channel as the kit sees it. Its doors are the widget's own: no provider calls us."""

from collections.abc import Mapping
from uuid import UUID

from channels_app.chat.parse import MAX_ATTACHMENTS, MAX_TEXT, event_keys, parse_event
from channels_app.chat.services.files import FILE_TYPES, MAX_FILE_BYTES
from channels_app.chat.services.posting import take_kept
from channels_app.chat.services.sessions import DeadTokenError, session_of
from channels_app.contract import Account, InboundItem, Keys, Outbound, RawRequest, SendResult
from identity.tenancy import tenant_scope
from inbox.capabilities import Capabilities
from inbox.services.receiving import Incoming, Received

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    max_attachment_bytes=MAX_FILE_BYTES,
    max_attachments=MAX_ATTACHMENTS,
    typing=True,
    read_receipts=True,
    instant=True,
    attachment_types=FILE_TYPES,
)


class ChatAdapter:
    kind = "chat"
    capabilities = CAPABILITIES

    def verify(self, request: RawRequest, account: Account) -> bool:
        """Say whether the bearer token is a live session's of this chat."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        try:
            with tenant_scope(UUID(account.workspace_id)):
                return str(session_of(token).channel_id) == account.channel_id
        except DeadTokenError:
            return False

    def keys(self, raw: bytes, headers: Mapping[str, str], variant: str) -> Keys:
        """Return the keys of a visitor's message; ``session`` is among the headers."""
        return event_keys(raw, headers)

    def parse(
        self, raw: bytes, headers: Mapping[str, str], variant: str, account: Account
    ) -> list[InboundItem]:
        """Return the one message of an event."""
        return list(parse_event(raw, headers))

    def send(self, outbound: Outbound, account: Account) -> SendResult:
        """Accept: a scheduled answer is there the moment its delivery says so (see pushing.py)."""
        return SendResult(outcome="accepted")

    def take(self, incoming: Incoming) -> Received:
        """Receive a kept message the way an instant one is: the session says where it belongs."""
        return take_kept(UUID(incoming.sender_value), incoming)
