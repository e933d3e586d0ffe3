"""Tests marked ``corpus`` read ../shared/fixtures; without that folder they are left out, and said."""

from collections.abc import Sequence
from typing import Any

import pytest

from helpdesk.embedded import ROOT

FIXTURES = ROOT.parent / "shared" / "fixtures"
LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what has nothing to read."""
    if FIXTURES.is_dir():
        return
    without = [item for item in items if item.get_closest_marker("corpus")]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if not item.get_closest_marker("corpus")]
    config.stash[LEFT_OUT] = len(without)
    # Under xdist the processes that collect are not the one that reports.
    if hasattr(config, "workeroutput"):
        config.workeroutput["corpus_left_out"] = len(without)


class Controller:
    """Collects the number from xdist's processes (each collected the same tests)."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Remember what one process left out."""
        self.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("corpus_left_out", 0)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to xdist where it is installed."""
    config.pluginmanager.register(Controller(config))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say in the closing lines how many were left out."""
    left_out = config.stash.get(LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} corpus tests were left out: there is no ../shared/fixtures beside this clone."
        )


def corpus_files(folder: str, pattern: str = "*") -> Sequence[Any]:
    """Return the files of one corpus folder as parameters, each named by its path in it."""
    root = FIXTURES / folder
    found = sorted(path for path in root.rglob(pattern) if path.is_file())
    return [pytest.param(path, id=str(path.relative_to(root))) for path in found]
