"""The sandbox inside a test process: its loop in a thread, its ports on loopback."""

import asyncio
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.server import Running, Sandbox
from sandbox.shopify.app import App


class ThreadedSandbox:
    """``with ThreadedSandbox() as sandbox:`` gives open ports and the sandbox's own objects."""

    running: Running

    def __init__(self, folder: Path | None = None, app: App | None = None, **ports: Any) -> None:
        self.sandbox = Sandbox(folder=folder, app=app)
        self.platform = self.sandbox.platform
        self.outbox = self.sandbox.outbox
        self.faults = self.sandbox.faults
        self._ports = ports
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "ThreadedSandbox":
        self._thread.start()
        self.running = self._do(self.sandbox.start(**self._ports))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.running.http_port}"

    @property
    def smtp_port(self) -> int:
        return self.running.smtp_port

    def reset(self) -> None:
        """Forget mails and faults."""
        self.outbox.clear()
        self.faults.clear()

    async def _stop(self) -> None:
        await self.running.stop()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_asyncgens()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return a TLS context for a server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
