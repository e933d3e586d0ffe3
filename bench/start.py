"""A start from nothing, a second start, what the product holds in memory at rest, and its first page."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.place import Place
from helpdesk.embedded import ROOT

#: After this many seconds at rest memory is read.
REST = 20
PATIENCE = 120


def measure(place: Place) -> list[dict[str, Any]]:
    """Return the figures of ``bin/up --no-demo`` in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-start-"))
    try:
        first, _ = _up(folder, rest=0)
        second, memory = _up(folder, rest=REST)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        {"what": "bin/up on an empty folder, seconds", "value": first},
        {"what": "bin/up again, seconds", "value": second},
        {"what": f"memory at rest (PSS after {REST} s), MiB", "value": memory},
        *_first_page(place),
    ]


def _up(folder: Path, *, rest: float) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    keep = {"HELPDESK_DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"}
    ours = ("DJANGO_", "HELPDESK_", "DATABASE_", "REDIS_", "BASE_URL", "SECRET", "FERNET")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)} | keep
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(ROOT / "bin" / "up"), "--no-demo", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _ready(port):
            if time.perf_counter() - begin > PATIENCE or process.poll() is not None:
                raise TimeoutError("bin/up did not come up.")
            time.sleep(0.05)
        took = time.perf_counter() - begin
        time.sleep(rest)
        return took, _memory(process.pid) if rest else 0.0
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _memory(root: int) -> float:
    """Return the proportional set size of a process and all below it, in MiB."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    total = 0
    for pid in family:
        with suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    return total / 1024


def _first_page(place: Place) -> list[dict[str, Any]]:
    """Ask for the inbox and all it names, as a browser with an empty cache does."""
    import httpx

    from bench.shop import cookie_of, open_shop

    cookie = cookie_of(open_shop("page"))
    with (
        place.web(),
        httpx.Client(base_url=f"http://127.0.0.1:{place.port}", headers={"Cookie": cookie}) as http,
    ):
        http.get("/inbox/").raise_for_status()
        begin = time.perf_counter()
        sizes = {"/inbox/": _size(http, "/inbox/")}
        page = http.get("/inbox/").text
        named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        for path in dict.fromkeys(named):
            sizes[path] = _size(http, path)
        took = time.perf_counter() - begin
    scripts = sum(size for path, size in sizes.items() if path.endswith(".js"))
    return [
        {"what": "inbox from cold cache: requests named by the page", "value": len(sizes)},
        {"what": "… kB in all, packed", "value": sum(sizes.values()) / 1000},
        {"what": "… kB of scripts, packed", "value": scripts / 1000},
        {"what": "… ms one after the other", "value": took * 1000},
    ]


def _size(http: Any, path: str) -> int:
    with http.stream("GET", path, headers={"Accept-Encoding": "br, gzip"}) as answer:
        answer.raise_for_status()
        return sum(len(part) for part in answer.iter_raw())
