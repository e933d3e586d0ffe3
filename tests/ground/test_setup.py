"""bin/setup.py on a clone of nothing but locks: fresh, repeated, interrupted, changed."""

import json

import pytest

from bin import setup as script


@pytest.fixture
def setup(tmp_path, monkeypatch):
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "installed.json",
        "UNFINISHED": venv / "unfinished",
    }.items():
        monkeypatch.setattr(script, name, value)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("# nothing\n")
    return script


def test_a_set_up_is_done_once_and_begun_again_when_it_was_interrupted(setup, capsys):
    assert setup.main("run") == 0
    assert setup.PYTHON.exists()
    assert ".venv is ready" in capsys.readouterr().out

    assert setup.main("run") == 0
    assert capsys.readouterr().out == ""

    setup.UNFINISHED.touch()
    (setup.VENV / "half-installed").touch()
    assert setup.main("run") == 0
    assert not (setup.VENV / "half-installed").exists()
    assert not setup.UNFINISHED.exists()


def test_everything_for_tests_is_enough_to_run(setup):
    setup.VENV.mkdir()
    (setup.VENV / "bin").mkdir()
    setup.PYTHON.touch()
    setup.STAMP.write_text(json.dumps(setup.wanted("test")))

    assert setup.is_ready("run")
    assert setup.is_ready("test")
    (setup.ROOT / "requirements.lock").write_text("# changed\n")
    assert not setup.is_ready("run")


def test_a_package_that_is_not_to_be_had_is_named(setup, capsys):
    (setup.ROOT / "requirements.lock").write_text(
        "no-such-package-of-ours @ file:///nowhere/package.whl --hash=sha256:" + "0" * 64
    )

    assert setup.main("run") == 1
    assert "requirements.lock could not be installed" in capsys.readouterr().err
