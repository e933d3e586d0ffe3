"""``python -m sandbox --http-port P --smtp-port S [--host H] [--data DIR]``: run until stopped.

Unset, the ports come from ``HELPDESK_SANDBOX_PORT`` and ``HELPDESK_SANDBOX_SMTP_PORT`` and the
folder from ``HELPDESK_DATA_DIR``. The open ports stand in ``ports.json`` in that folder.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from sandbox.server import Sandbox


async def run(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    sandbox = Sandbox(folder=arguments.data)
    running = await sandbox.start(
        host=arguments.host, http_port=arguments.http_port, smtp_port=arguments.smtp_port
    )
    if arguments.data:
        arguments.data.mkdir(parents=True, exist_ok=True)
        ports = {"http": running.http_port, "smtp": running.smtp_port, "pid": os.getpid()}
        (arguments.data / "ports.json").write_text(json.dumps(ports), encoding="utf-8")
    print(  # noqa: T201 - one line for the supervisor and whoever looks
        f"sandbox: http://{arguments.host}:{running.http_port}/ "
        f"smtp {arguments.host}:{running.smtp_port}",
        flush=True,
    )
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await running.stop()


def main() -> int:
    """Read the command line; a busy port ends with one sentence."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--http-port", type=int, default=_port("HELPDESK_SANDBOX_PORT", 8025))
    parser.add_argument("--smtp-port", type=int, default=_port("HELPDESK_SANDBOX_SMTP_PORT", 1025))
    parser.add_argument("--data", type=Path, default=_folder(), help="folder that keeps the outbox")
    arguments = parser.parse_args()
    try:
        asyncio.run(run(arguments))
    except OSError as error:
        print(f"sandbox: cannot start: {error.strerror or error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _port(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def _folder() -> Path | None:
    data = os.environ.get("HELPDESK_DATA_DIR")
    return Path(data) / "sandbox" if data else None


if __name__ == "__main__":
    sys.exit(main())
