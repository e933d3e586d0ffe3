"""News for open screens: who tells it, and the hub that carries it to this process's sockets.

Telling (any process, synchronous, never raises, called after commit):

- ``announce(workspace_id, conversations=…, messages=…, gone=…)``: these rows changed.
- ``announce_people(workspace_id)``: somebody was let in or shut out; sockets look again at once.
- ``announce_typing(workspace_id, conversation_id, who, on)``: somebody types.
- ``hub_publish(group, frame)``: one JSON frame to every socket of a group, in every process.
- ``publish_to_chat(session_id, frame)``: the same for the group ``chat:<session id>``.

Hearing (sockets, inside the event loop; one Redis subscription for each process serves all):

- ``await hub.join(group, push, on_gap=None)``: ``push(text)`` is called with each frame's JSON and
  must not wait (``Outlet.push`` fits). ``on_gap()`` is called when frames may have been missed
  because Redis was away. ``hub.leave(group, push)`` ends it.
- ``await hub.publish(group, frame)`` and ``await hub.type_in(…)``: telling from inside the loop.
- Everybody in the group ``typing:<conversation id>`` hears the typing frames of that conversation:
  ``{"type": "typing", "conversation": id, "who": {"kind": "agent"|"contact", "id", "name"}, "on"}``.
- ``Outlet(send)``: a bounded queue in front of one socket; a slow reader is closed with 4408.
"""

from inbox.realtime.hub import Hub, hub
from inbox.realtime.news import (
    announce,
    announce_people,
    announce_typing,
    current_sequence,
    hub_publish,
    publish_to_chat,
)
from inbox.realtime.outlet import Outlet

__all__ = [
    "Hub",
    "Outlet",
    "announce",
    "announce_people",
    "announce_typing",
    "current_sequence",
    "hub",
    "hub_publish",
    "publish_to_chat",
]
