"""Make ``.venv`` from a hashed lock: ``setup.py run`` for the product, ``setup.py test`` for all.

Run by the machine's own Python (3.11 or newer), with nothing but its standard library. Done before,
it reads one file and returns, so the second start needs no network. An interrupted set-up is begun
again from an empty folder.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
#: Which locks are installed, as {name: hash}; written last.
STAMP = VENV / "installed.json"
#: There while an installation runs.
UNFINISHED = VENV / "unfinished"
LOCKS = {"run": ["requirements.lock"], "test": ["requirements-dev.lock", "requirements.lock"]}


class SetupError(RuntimeError):
    """Something is missing; the text is the sentence that says what."""


def wanted(kind: str) -> dict[str, str]:
    """Return the locks this kind of work needs, with their hashes."""
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LOCKS[kind]}


def installed() -> dict[str, str]:
    """Return what a finished installation noted."""
    try:
        noted: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return noted


def is_ready(kind: str) -> bool:
    """Tell whether nothing is left to do."""
    return wanted(kind).items() <= installed().items() and PYTHON.exists()


def create() -> None:
    """Make an empty environment with pip in it."""
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode == 0:
        return
    # Debian splits ensurepip off; its pip can install into another environment.
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=False)
    borrowed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", "pip"],
        capture_output=True,
        text=True,
    )
    if borrowed.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            "This Python can't make virtual environments: install its venv package "
            "(on Debian and Ubuntu: apt-get install python3-venv)."
        )


def install(kind: str) -> None:
    """Install exactly what the lock says, by hash."""
    lock = LOCKS[kind][0]
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-input",
        "--require-hashes",
    ]
    done = subprocess.run(
        [*command, "-r", ROOT / lock], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = (errors or done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(f"The packages of {lock} could not be installed: {reason}")


def set_up(kind: str) -> None:
    """Bring ``.venv`` to what the lock says."""
    begun = time.monotonic()
    fresh = UNFINISHED.exists() or not PYTHON.exists()
    doing = "making" if fresh else "updating"
    sys.stdout.write(f"{doing} .venv from {LOCKS[kind][0]} (once, a minute or two) …\n")
    sys.stdout.flush()
    if fresh:
        create()
    UNFINISHED.touch()
    install(kind)
    STAMP.write_text(json.dumps({**installed(), **wanted(kind)}))
    UNFINISHED.unlink()
    sys.stdout.write(f".venv is ready ({time.monotonic() - begun:.0f} s)\n")


def main(kind: str) -> int:
    """Set up, one process at a time."""
    if is_ready(kind) and not UNFINISHED.exists():
        return 0
    try:
        with (ROOT / ".venv.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_ready(kind) or UNFINISHED.exists():
                set_up(kind)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(f"{error.filename} may not be written by this user.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
