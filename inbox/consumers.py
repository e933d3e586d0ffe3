"""``/ws/inbox/``: an agent's open screen. Frames are described in ``docs/realtime.md``."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from identity.tenancy import tenant_scope
from inbox.models import Conversation
from inbox.realtime.entry import guest_of, origin_is_ours
from inbox.realtime.hub import hub
from inbox.realtime.outlet import Outlet
from inbox.realtime.reading import in_thread
from inbox.realtime.screen import NOT_HERE, SIGNED_OUT, AgentScreen

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Frames a client may send in a second, on average; a person's screen sends one or two.
PER_SECOND = 20
TOO_MANY = 4429
#: Seconds an "is typing" lasts without another word from the client.
TYPING_LASTS = 8.0
#: Seconds that a closing socket gets for what still waits.
GRACE = 3.0


async def inbox_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one socket until either side closes it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if (await receive())["type"] != "websocket.connect":
        return
    if not origin_is_ours(headers):
        await send({"type": "websocket.close", "code": 4403})
        return
    guest = await in_thread(guest_of, headers)
    await send({"type": "websocket.accept"})
    if guest is None:
        await send({"type": "websocket.close", "code": SIGNED_OUT})
        return
    outlet = Outlet(send)
    screen = AgentScreen(guest, outlet)
    sending = asyncio.create_task(outlet.run())
    try:
        await hub.enter(screen)
        hearing = asyncio.create_task(_hear(receive, screen))
        await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
        hearing.cancel()
    finally:
        await _say_goodbye(screen, outlet, sending)


async def _say_goodbye(screen: AgentScreen, outlet: Outlet, sending: "asyncio.Task[None]") -> None:
    if screen.typing_in is not None:
        await hub.type_in(screen.workspace_id, screen.typing_in, screen.who, False)
    await hub.exit(screen)
    if outlet.closed and not sending.done():
        await asyncio.wait({sending}, timeout=GRACE)
    sending.cancel()


async def _hear(receive: Receive, screen: AgentScreen) -> None:
    """Read frames until the client goes or breaks a rule."""
    allowance, at = float(PER_SECOND), time.monotonic()
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        now = time.monotonic()
        allowance, at = min(allowance + (now - at) * PER_SECOND, PER_SECOND * 2), now
        allowance -= 1
        if allowance < 0:
            screen.close(TOO_MANY)
            return
        if not await _act(_frame(message.get("text")), screen):
            screen.close(NOT_HERE)
            return


def _frame(text: str | None) -> dict[str, Any]:
    """Return the client's frame; what is none counts as an unknown one and is ignored."""
    try:
        frame = json.loads(text or "")
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}


async def _act(frame: dict[str, Any], screen: AgentScreen) -> bool:
    """Do what a frame asks. False when it names something that is not here."""
    kind = frame.get("type")
    if kind not in {"watch", "typing"}:
        return True
    wanted = frame.get("conversation")
    if wanted is None:
        if kind == "watch":
            await hub.watch(screen, None)
        return True
    conversation_id = _as_id(wanted)
    if conversation_id is None:
        return False
    if conversation_id != screen.watching and not await in_thread(
        _is_here, screen.workspace_id, conversation_id
    ):
        return False
    if kind == "watch":
        await hub.watch(screen, conversation_id)
    else:
        await _type(screen, conversation_id, on=frame.get("on") is True)
    return True


async def _type(screen: AgentScreen, conversation_id: UUID, *, on: bool) -> None:
    screen.typing_in = conversation_id if on else None
    await hub.type_in(screen.workspace_id, conversation_id, screen.who, on)
    if on:
        said = screen.typing_said = time.monotonic()
        asyncio.get_running_loop().call_later(TYPING_LASTS, _forget, screen, conversation_id, said)


def _forget(screen: AgentScreen, conversation_id: UUID, said: float) -> None:
    """End an "is typing" that was not renewed: the tab may sleep with its socket open."""
    if screen.typing_in == conversation_id and screen.typing_said == said:
        screen.typing_in = None
        hub.spawn(hub.type_in(screen.workspace_id, conversation_id, screen.who, False))


def _as_id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _is_here(workspace_id: UUID, conversation_id: UUID) -> bool:
    with tenant_scope(workspace_id):
        return Conversation.objects.filter(pk=conversation_id).exists()
