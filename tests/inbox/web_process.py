"""A real web process on the database of this test process: what a test commits, it sees."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from helpdesk.embedded import ROOT
from tests.ground.installation import eventually


@dataclass(frozen=True)
class Site:
    """Where it answers."""

    url: str


@contextmanager
def web_process() -> Iterator[Site]:
    """Serve pages and sockets as the product does, until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        listener.set_inheritable(True)
        url = f"http://localhost:{listener.getsockname()[1]}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings_test",
            "BASE_URL": url,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "helpdesk.web", str(listener.fileno())],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
        ) as process:
            try:
                eventually(lambda: _answers(url, process), within=60, why="the web process answers")
                yield Site(url)
            finally:
                process.terminate()
                try:
                    process.wait(timeout=8)
                except subprocess.TimeoutExpired:
                    process.kill()


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the web process ended"
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
