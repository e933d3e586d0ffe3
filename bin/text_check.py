"""Whitespace at line ends, missing last line ends, conflict marks and private keys, in any text file."""

import re
import sys
from pathlib import Path

#: Written in two parts, so that this file does not find itself.
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE " + rb"KEY-----")
#: Keys made for tests only; their folders say so.
TEST_KEYS = re.compile(r"(^|/)(tests|fixtures|sandbox)/")
CHECKS = {
    "white space at the end of a line": re.compile(rb"[ \t]+\r?$", re.MULTILINE),
    "a conflict mark": re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE),
}


def complaints(path: Path) -> list[str]:
    """Return what is wrong with one file."""
    data = path.read_bytes()
    if b"\0" in data:
        return []
    found = [name for name, pattern in CHECKS.items() if pattern.search(data)]
    if data and not data.endswith(b"\n"):
        found.append("no line end at the end")
    if PRIVATE_KEY.search(data) and not TEST_KEYS.search(path.as_posix()):
        found.append("a private key")
    return found


def main(names: list[str]) -> int:
    """Print each complaint; fail if there is one."""
    failed = False
    for path in map(Path, names):
        for complaint in complaints(path):
            print(f"{path}: {complaint}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
