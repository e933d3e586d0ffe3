"""One agent's socket, as the hub knows it."""

import secrets
from uuid import UUID

from inbox.realtime import presence
from inbox.realtime.entry import Guest
from inbox.realtime.outlet import Outlet

#: Close codes: no session (any more), and an id that is not of this workspace.
SIGNED_OUT = 4401
NOT_HERE = 4404


class AgentScreen:
    """Who sits there, what they look at, and the way to tell them."""

    def __init__(self, guest: Guest, outlet: Outlet) -> None:
        self.guest = guest
        self.workspace_id = guest.workspace_id
        self.membership_id = guest.membership_id
        self.watching: UUID | None = None
        self.typing_in: UUID | None = None
        self.typing_said = 0.0
        self._outlet = outlet
        self.presence_entry = presence.entry(
            membership=str(guest.membership_id), name=guest.name, socket=secrets.token_hex(4)
        )

    @property
    def who(self) -> dict[str, str]:
        """Return this person as typing frames name them."""
        return {"kind": "agent", "id": str(self.membership_id), "name": self.guest.name}

    def push(self, text: str) -> None:
        """Queue one frame."""
        self._outlet.push(text)

    def close(self, code: int) -> None:
        """End the socket behind what already waits."""
        self._outlet.close(code)
