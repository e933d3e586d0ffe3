"""The web process under the supervisor: uvicorn on sockets that the supervisor holds.

The supervisor listens, so a restart of this process refuses no connection: they wait in the socket.
"""

import socket
import sys

import uvicorn
from django.urls import get_resolver

from helpdesk.settled import settle


def main(numbers: str) -> None:
    """Serve on the listening sockets of these file numbers."""
    listeners = [socket.socket(fileno=int(number)) for number in numbers.split(",")]
    config = uvicorn.Config(
        "helpdesk.asgi:application",
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=1024 * 1024,
        ws_ping_interval=20,
        ws_per_message_deflate=False,  # frames are small; packing them costs half the time of a fan-out
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    config.load()
    _ = get_resolver().url_patterns  # views load with the first request otherwise
    settle()
    uvicorn.Server(config).run(sockets=listeners)


if __name__ == "__main__":
    main(sys.argv[1])
