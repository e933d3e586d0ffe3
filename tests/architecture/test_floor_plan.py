"""What the documents and the tooling say of the house is true of the house."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from channels_app.registry import ADAPTERS

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("helpdesk", "identity", "inbox", "channels_app", "ai_agent", "analytics")


@pytest.mark.parametrize("name", PACKAGES)
def test_our_packages_are_ours(name):
    """Others on the package index carry the same names."""
    assert Path(importlib.import_module(name).__file__ or "").parent == ROOT / name


def channel_folders():
    return {path.parent.name for path in (ROOT / "channels_app").glob("*/adapter.py")}


def test_every_channel_folder_is_registered_under_its_own_name():
    assert channel_folders() == set(ADAPTERS)
    assert all(adapter.kind == kind for kind, adapter in ADAPTERS.items())


def test_every_channel_keeps_out_of_its_siblings():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [independence] = [one for one in tool["contracts"] if one["type"] == "independence"]
    assert set(independence["modules"]) == {f"channels_app.{name}" for name in channel_folders()}


def test_every_channel_is_in_the_documented_table_and_has_its_own_notes():
    table = (ROOT / "docs/adding-a-channel.md").read_text()
    for name in channel_folders():
        assert f"| {name} | `channels_app/{name}/` |" in table
        assert (ROOT / "channels_app" / name / "README.md").exists()


@pytest.mark.parametrize("folder", PACKAGES)
def test_no_file_is_a_drawer(folder):
    drawers = {"utils.py", "helpers.py", "common.py"}
    assert [path for path in (ROOT / folder).rglob("*.py") if path.name in drawers] == []


def test_the_documents_link_to_files_that_exist():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_floor_plan_names_every_top_folder():
    plan = (ROOT / "ARCHITECTURE.md").read_text()
    for path in ROOT.iterdir():
        if path.is_dir() and not path.name.startswith(".") and path.name not in {"var", "shared"}:
            assert f"`{path.name}/" in plan, path.name
