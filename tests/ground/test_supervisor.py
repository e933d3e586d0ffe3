"""``bin/up`` is hurt in every way a machine can hurt it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from helpdesk.embedded import ROOT
from helpdesk.unprivileged import server_user
from tests.ground.installation import Installation, alive, eventually

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("up") / "data")
    yield made
    made.stop()


@pytest.fixture
def running(installation):
    installation.ensure_running()
    return installation


@pytest.mark.parametrize("name", ["postgres", "valkey", "worker", "beat", "web"])
def test_a_killed_process_is_named_and_comes_back(running, name):
    running.kill(name)

    eventually(running.is_ready, within=30, why="ready again")
    assert running.task_passed()
    assert f"{name} was killed by SIGKILL; starting it again" in running.log()


def test_a_second_start_says_that_it_runs(running):
    refused = running.attempt("--port", str(running.port + 1))

    assert refused.returncode == 1
    assert f"already runs with the data in {running.data_dir}" in refused.stderr
    assert f"http://localhost:{running.port}" in refused.stderr


def test_manage_py_up_is_the_same_command(running):
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "up", "--no-demo"],
        cwd="/",
        env=running.environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "already runs" in done.stderr


def test_a_busy_port_is_named(running, tmp_path):
    other = Installation(tmp_path / "other")

    refused = other.attempt("--port", str(running.port))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {running.port} is busy")


def test_ctrl_c_ends_everything_within_ten_seconds(running):
    pids = running.pids()
    begun = time.monotonic()

    running.supervisor.send_signal(signal.SIGINT)

    assert running.supervisor.wait(timeout=10) == 0
    assert time.monotonic() - begun < 10
    assert not [name for name, pid in pids.items() if alive(pid)]
    assert set(pids) == {"postgres", "valkey", "web", "worker", "beat"}


def test_nothing_outlives_a_killed_supervisor(running):
    pids = running.pids()

    running.supervisor.kill()
    running.supervisor.wait()

    eventually(
        lambda: not [name for name, pid in pids.items() if alive(pid)],
        within=10,
        why="all processes ended",
    )


def test_it_starts_again_after_everything_was_killed(running):
    running.kill_everything()
    assert (running.data_dir / "postgres" / "postmaster.pid").exists()

    running.start()

    assert running.task_passed()


def test_stale_pid_files_and_sockets_of_a_power_loss_do_not_matter(running):
    """After a reboot another process may have the number in the pid file."""
    running.kill_everything()
    user = server_user()
    bystander = subprocess.Popen(["sleep", "300"], user=user.pw_uid if user else None)
    pid_file = running.data_dir / "postgres" / "postmaster.pid"
    pid_file.write_text("\n".join([str(bystander.pid), *pid_file.read_text().splitlines()[1:]]))
    try:
        running.start()
        assert alive(bystander.pid)
    finally:
        bystander.kill()
        bystander.wait()
    assert running.task_passed()


def test_named_servers_are_used_instead_of_embedded_ones(running, tmp_path):
    keys = json.loads((running.data_dir / "secrets.json").read_text())
    sockets = running.data_dir / "run"
    other = Installation(
        tmp_path / "other",
        DATABASE_URL=f"postgres://helpdesk_app:{keys['app_password']}@/helpdesk?host={sockets}",
        DATABASE_OWNER_URL=f"postgres://helpdesk_owner:{keys['owner_password']}@/helpdesk?host={sockets}",
        REDIS_URL=f"unix://{sockets}/valkey.sock?db=1",
    )
    try:
        other.start()
        assert set(other.pids()) == {"web", "worker", "beat"}
        assert other.task_passed()
    finally:
        other.stop()


def test_a_role_that_passes_the_wall_is_refused(running, tmp_path):
    keys = json.loads((running.data_dir / "secrets.json").read_text())
    owner = f"postgres://helpdesk_owner:{keys['owner_password']}@/helpdesk?host={running.data_dir / 'run'}"
    other = Installation(
        tmp_path / "other",
        DATABASE_URL=owner,
        DATABASE_OWNER_URL=owner,
        REDIS_URL=f"unix://{running.data_dir}/run/valkey.sock?db=1",
    )

    refused = other.attempt("--port", str(other.port))

    assert refused.returncode == 1
    assert "helpdesk_owner owns tables, so it could read every workspace." in refused.stdout
