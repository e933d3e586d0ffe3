"""Chromium for the browser tests, and a real web process (and worker) for it to talk to.

Browser tests are marked ``browser`` and ask for ``site``; those whose story needs tasks to run ask for
``site_worker`` too. Both work on the database of this test process.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.conf import settings

from helpdesk.embedded import ROOT
from tests.ground.installation import eventually


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium that bin/test found; Playwright's own download is not used."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Browser tests need Chromium: run them with bin/test, or put it on the PATH."
    return {**browser_type_launch_args, "executable_path": path}


@dataclass(frozen=True)
class Site:
    """Where the web process of this test process answers."""

    url: str
    pid: int


@contextmanager
def _process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of our processes with the settings and the database of the tests."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings_test",
            "HELPDESK_TEST_BROKER": "embedded",
            **environment,
        },
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def _site(django_db_setup: None) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    with _process(
        *("-m", "uvicorn", "helpdesk.asgi:application", "--host", "127.0.0.1"),
        *("--port", str(port), "--lifespan", "off", "--ws", "websockets-sansio"),
        *("--log-level", "warning"),
        BASE_URL=url,
    ) as web:

        def answers() -> bool:
            assert web.poll() is None, "the web process ended"
            try:
                return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
            except httpx.HTTPError:
                return False

        eventually(answers, within=60, why="the web process answers")
        yield Site(url=url, pid=web.pid)


@pytest.fixture
def site(_site: Site, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A web process; what the test commits, it sees."""
    # Playwright's loop runs in this thread, and Django would refuse to touch the database beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setattr(settings, "BASE_URL", _site.url)
    return _site


@pytest.fixture(scope="session")
def _worker(django_db_setup: None) -> Iterator[None]:
    with _process(
        *("-m", "celery", "--quiet", "-A", "helpdesk.celery", "worker", "--pool", "threads"),
        *("-c", "2", "-Q", "inbound,outbound,ai,default", "--without-gossip", "--without-mingle"),
    ):
        yield


@pytest.fixture
def site_worker(site: Site, _worker: None) -> Site:
    """The web process with a worker that runs the tasks it publishes."""
    return site
