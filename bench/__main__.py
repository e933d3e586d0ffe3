"""``bin/bench [name …] [--json]``: measure on private servers, print a table or JSON."""

import argparse
import json
import platform
import subprocess
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from bench.place import Place

#: Modules with a ``measure(place)``; imported once Django is set up for the private servers.
BENCHMARKS = {
    "hooks": "bench.hooks",
    "intake": "bench.intake",
    "backfill": "bench.backfill",
    "inbox": "bench.inbox",
    "sockets": "bench.sockets",
    "start": "bench.start",
}


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    results: dict[str, Any] = {"machine": machine(), "at": datetime.now(UTC).isoformat()}
    with Place() as place:
        for name in given.names or BENCHMARKS:
            results[name] = import_module(BENCHMARKS[name]).measure(place)
            if not given.json:
                print(f"\n{name}\n{table(results[name])}", flush=True)
    if given.json:
        print(json.dumps(results, indent=2))


def machine() -> str:
    """Return what ran this, in a line."""
    model = subprocess.run(
        ["sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2; nproc"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return f"{model[0].strip()} × {model[1]}, Python {platform.python_version()}"


def table(rows: list[dict[str, Any]]) -> str:
    """Return rows as text in columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *[[_cell(row.get(name, "")) for name in names] for row in rows]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cell(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
