"""``bin/test``: every check, one line each with its seconds; what failed is shown and counted."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bin.chromium import find_chromium
from bin.node import FRONTEND, Node, ToolMissingError, find_node, install_packages

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "static" / "dist"
PYTHON = sys.executable
TEST_PROCESSES = "2"


class CheckFailedError(RuntimeError):
    """A check found something; the text is what it printed."""


def run(*command: str | Path, **variables: str) -> None:
    """Run a tool from the environment. Raises CheckFailedError with its output."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise CheckFailedError(done.stdout.strip())


# --- Python ------------------------------------------------------------------------------------


def check_format() -> None:
    """The formatter would change nothing."""
    run(PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")


def check_lint() -> None:
    """The linter finds nothing."""
    run(PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise", ".")


def check_templates() -> None:
    """The template formatter would change nothing."""
    templates = [
        path
        for pattern in ("templates/**/*.html", "*/templates/**/*.html")
        for path in sorted(ROOT.glob(pattern))
    ]
    if templates:
        run(Path(PYTHON).with_name("djade"), "--check", "--target-version", "5.2", *templates)


def check_types() -> None:
    """Mypy, strict."""
    run(PYTHON, "-m", "mypy", ".")


def check_imports() -> None:
    """The floor plan holds."""
    run(Path(PYTHON).with_name("lint-imports"), "--no-cache", PYTHONPATH=str(ROOT))


def check_migrations() -> None:
    """Models and migrations say the same."""
    run(
        *(PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"),
        *("makemigrations", "--check", "--dry-run"),
        DJANGO_SETTINGS_MODULE="helpdesk.settings_test",
        DATABASE_POOL_SIZE="0",  # no server runs, and a pool would wait for one
    )


# --- Browser sources ---------------------------------------------------------------------------


def npm(node: Node, *arguments: str) -> None:
    """Run an npm script. Raises CheckFailedError with its output."""
    done = node.npm(*arguments)
    if done.returncode != 0:
        raise CheckFailedError(done.stdout.strip())


def check_packages(node: Node) -> None:
    """The packages of package-lock.json are installed."""
    complaint = install_packages(node)
    if complaint is not None:
        raise CheckFailedError(complaint)


def snapshot(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def check_build(node: Node) -> None:
    """What is committed in static/dist is what the sources give."""
    committed = snapshot(DIST)
    npm(node, "run", "--silent", "build")
    built = snapshot(DIST)
    changed = [
        name for name in sorted({*committed, *built}) if committed.get(name) != built.get(name)
    ]
    if changed:
        raise CheckFailedError(
            f"static/dist was not what the sources give: {', '.join(changed)}. It is rebuilt now; "
            "commit it."
        )


def check_api_types(node: Node) -> None:
    """The TypeScript types are those of the OpenAPI schema."""
    generated = FRONTEND / "shared" / "api.d.ts"
    committed = generated.read_bytes() if generated.exists() else b""
    npm(node, "run", "--silent", "types")
    if generated.read_bytes() != committed:
        raise CheckFailedError(
            "frontend/shared/api.d.ts was not what the API says. It is generated again; commit it."
        )


def browser_checks() -> dict[str, Callable[[], None]]:
    """Return the checks of frontend/, or the one that says why there are none."""
    if not (FRONTEND / "package.json").exists():
        return {}
    try:
        node = find_node()
    except ToolMissingError as error:
        sentence = str(error)

        def missing() -> None:
            raise CheckFailedError(sentence)

        return {"node": missing}
    return {
        "npm ci": lambda: check_packages(node),
        "build": lambda: check_build(node),
        "api types": lambda: check_api_types(node),
        "tsc": lambda: npm(node, "run", "--silent", "check"),
        "vitest": lambda: npm(node, "run", "--silent", "test"),
    }


# --- Tests -------------------------------------------------------------------------------------


def check_tests(arguments: list[str]) -> None:
    """Run pytest with its output as it comes."""
    try:
        chromium = find_chromium()
    except ToolMissingError as error:
        raise CheckFailedError(str(error)) from None
    parallel = [] if "-n" in arguments else ["-n", TEST_PROCESSES, "--dist", "loadfile"]
    done = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", *parallel, *arguments],
        cwd=ROOT,
        env={**os.environ, "CHROMIUM": chromium},
    )
    if done.returncode != 0:
        raise CheckFailedError("The failures are above.")


# --- All ---------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Run every check; a failed one does not hide the next."""
    checks: dict[str, Callable[[], None]] = {
        "format": check_format,
        "lint": check_lint,
        "templates": check_templates,
        "types": check_types,
        "imports": check_imports,
        "migrations": check_migrations,
        **browser_checks(),
        "tests": lambda: check_tests(arguments),
    }
    begun = time.monotonic()
    failed = []
    for name, check in checks.items():
        started = time.monotonic()
        try:
            check()
            verdict = "ok"
        except CheckFailedError as error:
            print(error)
            failed.append(name)
            verdict = "FAILED"
        print(f"{name:12}{verdict:8}{time.monotonic() - started:6.1f} s", flush=True)
    print(f"{'all':12}{'FAILED' if failed else 'ok':8}{time.monotonic() - begun:6.1f} s", end="")
    print(f"   ({', '.join(failed)})" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
