"""One open chat window: its frames in, its news out.

Nothing here is the truth. A frame that is lost, in either direction, is made good when the browser
comes back: it resumes after the last number it has, and repeats what was not acknowledged.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

from channels_app.chat.parse import (
    End,
    Frame,
    FrameError,
    Hello,
    Identify,
    Resume,
    Said,
    Seen,
    Typing,
)
from channels_app.chat.services import visiting
from channels_app.chat.services.doors import ForeignOriginError
from channels_app.chat.services.identifying import AnotherPersonError
from channels_app.chat.services.sessions import DeadTokenError
from channels_app.chat.services.throttling import TooOftenError
from helpdesk.foundation.errors import HelpdeskError, NotFoundError
from inbox.realtime import Outlet, hub

logger = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

#: Each may hold a database connection; the pool of a web process has twelve.
THREADS = ThreadPoolExecutor(max_workers=3, thread_name_prefix="chat")

BAD_FRAME = 4400
DEAD_TOKEN = 4401
FOREIGN_ORIGIN = 4403
NOT_HERE = 4404
TRY_LATER = 1013
#: Seconds a window has to stay open after an answer was written to it, to count as having it.
HANDED_AFTER = 1.0
#: Seconds an "is typing" lasts without another word from the browser.
TYPING_LASTS = 8.0
#: A day at most: clocks and schedules are changed by people.
LONGEST_WAIT = 24 * 3600.0


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work beside the event loop, with a connection of its own."""
    answer: R = await database_sync_to_async(work, thread_sensitive=False, executor=THREADS)(
        *args, **kwargs
    )
    return answer


class Window:
    """A visitor's socket after it was accepted. ``enter`` comes first, then ``act`` for each frame."""

    def __init__(self, outlet: Outlet, *, origin: str | None, host: str) -> None:
        self._outlet = outlet
        self._origin = origin
        self._host = host
        self._token = ""
        self._visit: visiting.Visit | None = None
        self._conversation_id: UUID | None = None
        self._last_seq = 0
        #: News that wait until a catch-up has told what came before them.
        self._held: list[str] | None = None
        self._catching_up = asyncio.Lock()
        self._entered = False
        self._own: deque[str] = deque(maxlen=100)
        #: What was told lately: news may come after a catch-up has told them from the rows.
        self._told: deque[str] = deque(maxlen=100)
        self._handed: dict[UUID, int] = {}
        self._typing_off: asyncio.TimerHandle | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # --- coming and going ------------------------------------------------------------------------

    async def enter(self, frame: Frame) -> bool:
        """Let the window in by its first frame; False when it was told why not and closed."""
        if not isinstance(frame, Hello | Resume):
            return self._refuse(BAD_FRAME, "hello_expected", "Say hello first.")
        if not frame.token:
            return self._refuse(DEAD_TOKEN, "no_session", "Start a chat first.")
        self._token = frame.token
        try:
            page_url = frame.page_url if isinstance(frame, Hello) else ""
            self._visit = await in_thread(
                visiting.enter, frame.token, self._origin, self._host, page_url
            )
            # News from now on are kept until what was missed before has been told.
            self._held = []
            await hub.join(f"chat:{self._visit.session_id}", self._hear, self._on_gap)
            await self._catch_up(frame.after_seq, ready=True)
        except Exception as error:
            return self._refused(error)
        self._entered = True
        if self._visit.agent_read_seq:
            self._tell({"type": "read", "last_seq": self._visit.agent_read_seq})
        await self._tell_hours()
        return True

    def leave(self) -> None:
        """Forget everything of this window."""
        if self._visit is not None:
            hub.leave(f"chat:{self._visit.session_id}", self._hear)
        self._unfollow()
        for timer in self._timers.values():
            timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        if self._typing_off is not None:
            self._typing_off.cancel()
            asyncio.get_running_loop().create_task(self._tell_typing(on=False))

    # --- frames of the browser -------------------------------------------------------------------

    async def act(self, frame: Frame, raw: str) -> bool:
        """Do what a frame asks; False when that ended the window."""
        try:
            match frame:
                case Said():
                    await self._say(frame, raw)
                case Typing(on=on):
                    await self._type(on=on)
                case Seen(last_seq=seq, looked_at=looked_at):
                    await self._seen(seq, looked_at=looked_at)
                case Resume(after_seq=seq):
                    await self._catch_up(seq)
                case Identify():
                    await in_thread(visiting.identify, self._token, frame)
                    self._tell({"type": "identified"})
                case End():
                    await in_thread(visiting.end, self._token)
                    await self._tell_hours(ended=True)
                case Hello():
                    pass  # said already
        except Exception as error:
            about = frame.client_msg_id if isinstance(frame, Said) else ""
            return self._refused(error, client_msg_id=about)
        return True

    def complain(self, error: FrameError) -> None:
        """Say why a frame was not taken."""
        self._tell_error(error.code, str(error), client_msg_id=error.client_msg_id)

    async def _say(self, said: Said, raw: str) -> None:
        # Our own echo would only repeat the acknowledgement; other windows get it.
        self._own.append(said.client_msg_id)
        posted = await in_thread(visiting.say, self._token, said, raw.encode())
        await self._follow(posted.conversation_id)
        self._last_seq = max(self._last_seq, posted.seq or 0)
        self._tell({"type": "ack", **posted.as_json()})

    async def _type(self, *, on: bool) -> None:
        if self._typing_off is not None:
            self._typing_off.cancel()
            self._typing_off = None
        if on:
            self._typing_off = asyncio.get_running_loop().call_later(TYPING_LASTS, self._stopped)
        await self._tell_typing(on=on)

    def _stopped(self) -> None:
        """End an "is typing" that was not renewed: the page may sleep with its socket open."""
        self._typing_off = None
        self._spawn(self._tell_typing(on=False))

    async def _tell_typing(self, *, on: bool) -> None:
        if self._visit is None or self._conversation_id is None:
            return
        who = {
            "kind": "contact",
            "id": str(self._visit.contact_id),
            "name": self._visit.name,
        }
        await hub.type_in(self._visit.workspace_id, self._conversation_id, who, on)

    async def _seen(self, seq: int, *, looked_at: bool) -> None:
        handed = [pk for pk, number in self._handed.items() if number <= seq]
        await in_thread(visiting.seen, self._token, seq, looked_at, handed)

    # --- news for the browser --------------------------------------------------------------------

    async def _catch_up(self, after_seq: int | None, *, ready: bool = False) -> None:
        """Tell what came after a number, then the news that arrived meanwhile, each once."""
        async with self._catching_up:
            if self._held is None:
                self._held = []
            missed = await in_thread(visiting.missed, self._token, after_seq)
            await self._follow(missed.conversation_id)
            if ready:
                self._tell({"type": "ready", "seq": missed.seq})
            self._last_seq = max(self._last_seq, missed.seq)
            for frame in missed.frames:
                self._tell_message(frame)
            held, self._held = self._held, None
            for text in held:
                self._hear(text)

    def _hear(self, text: str) -> None:
        """Pass on one frame of the hub, in the form the browser knows."""
        if self._held is not None:
            self._held.append(text)
            return
        frame = json.loads(text)
        if frame["type"] != "message":
            self._outlet.push(text)
        elif frame["id"] not in self._told and frame.get("client_msg_id") not in self._own:
            self._tell_message(frame)
            if frame["author"]["kind"] == "contact":
                # Said over HTTP or in another window, and perhaps the first word of a conversation.
                self._spawn(self._follow_now())

    def _hear_typing(self, text: str) -> None:
        frame = json.loads(text)
        if frame["who"]["kind"] == "agent":
            self._tell({"type": "typing", "on": frame["on"], "name": frame["who"]["name"]})

    def _on_gap(self) -> None:
        """Redis was away: whatever was told meanwhile is read from the rows."""
        if self._entered:
            self._spawn(self._mend_gap())

    async def _mend_gap(self) -> None:
        try:
            await self._catch_up(self._last_seq)
        except Exception as error:
            self._refused(error)

    def _tell_message(self, frame: dict[str, Any]) -> None:
        self._last_seq = max(self._last_seq, frame["seq"])
        self._told.append(frame["id"])
        self._tell(frame)
        if frame["author"]["kind"] != "contact":
            self._handed[UUID(frame["id"])] = frame["seq"]
            self._later("handed", HANDED_AFTER, self._note_handed)

    async def _note_handed(self) -> None:
        """Count as delivered what was written to a window that is still open."""
        handed, self._handed = self._handed, {}
        if handed and not self._outlet.closed:
            await in_thread(visiting.handed_over, self._token, list(handed))

    async def _tell_hours(self, **more: Any) -> None:
        if self._visit is None:
            return
        hours = await in_thread(visiting.hours, self._visit.workspace_id, self._visit.channel_id)
        self._tell({"type": "status", "online": hours.online, "back_at": hours.back_at, **more})
        if hours.changes_in is not None:
            wait = min(hours.changes_in + 1.0, LONGEST_WAIT)
            self._later("hours", wait, self._tell_hours)

    async def _follow(self, conversation_id: UUID | None) -> None:
        """Hear who types in the conversation, once there is one."""
        if conversation_id is None or conversation_id == self._conversation_id:
            return
        self._unfollow()
        self._conversation_id = conversation_id
        await hub.join(f"typing:{conversation_id}", self._hear_typing)

    async def _follow_now(self) -> None:
        await self._follow(await in_thread(visiting.conversation_of, self._token))

    def _unfollow(self) -> None:
        if self._conversation_id is not None:
            hub.leave(f"typing:{self._conversation_id}", self._hear_typing)

    # --- small steps -------------------------------------------------------------------------------

    def _tell(self, frame: dict[str, Any]) -> None:
        self._outlet.push(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    def _tell_error(self, code: str, text: str, *, client_msg_id: str = "", **more: Any) -> None:
        """``client_msg_id`` is "" when the error is about no message."""
        frame = {"type": "error", "code": code, "text": text, "client_msg_id": client_msg_id}
        self._tell({**frame, **more})

    def _refuse(self, close: int, code: str, text: str) -> bool:
        self._tell_error(code, text)
        self._outlet.close(close)
        return False

    def _refused(self, error: Exception, *, client_msg_id: str = "") -> bool:
        """Answer a failure; True when the window may stay."""
        if isinstance(error, TooOftenError):
            self._tell_error(
                error.code,
                error.message,
                client_msg_id=client_msg_id,
                retry_after=error.retry_after,
            )
            return True
        for kind, close in _CLOSES:
            if isinstance(error, kind):
                return self._refuse(close, error.code, error.message)
        if isinstance(error, HelpdeskError):
            self._tell_error(error.code, error.message, client_msg_id=client_msg_id)
            return True
        # Our own trouble: the browser takes the other way and repeats what was not acknowledged.
        if isinstance(error, OperationalError | InterfaceError):
            logger.warning("chat.database_away", error=type(error).__name__)
        else:
            logger.error("chat.window_failed", exc_info=error)
        self._outlet.close(TRY_LATER)
        return False

    def _later(
        self, name: str, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Plan work once; a plan of the same name that still waits is kept."""
        if name in self._timers:
            return

        def begin() -> None:
            del self._timers[name]
            self._spawn(work())

        self._timers[name] = asyncio.get_running_loop().call_later(seconds, begin)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except DeadTokenError:
            self._outlet.close(DEAD_TOKEN)
        except Exception:
            logger.exception("chat.side_work_failed")


_CLOSES: tuple[tuple[type[HelpdeskError], int], ...] = (
    (DeadTokenError, DEAD_TOKEN),
    (AnotherPersonError, DEAD_TOKEN),
    (ForeignOriginError, FOREIGN_ORIGIN),
    (NotFoundError, NOT_HERE),
)
