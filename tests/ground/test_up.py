"""The parts of the supervisor that need no processes, and single services."""

import os
import socket
import subprocess
import sys
import time

import pytest

from helpdesk.up.__main__ import StartRefusedError, forget, listen, take_lock
from helpdesk.up.commands import names_of, sandbox_ports
from helpdesk.up.service import BACK_OFF, Service, describe_exit
from helpdesk.up.supervisor import DEAF_AFTER, is_deaf
from tests.ground.installation import alive, eventually


def service(code):
    return Service(
        "part",
        lambda: subprocess.Popen([sys.executable, "-c", code], start_new_session=True),
    )


def die(part):
    part.launch().wait()
    return part.collect()


def test_a_service_that_keeps_dying_is_started_ever_more_slowly():
    part = service("raise SystemExit(3)")
    pauses = []
    for _ in range(4):
        assert die(part) == 3
        pauses.append(round(part.due_at - time.monotonic(), 1))

    assert pauses == list(BACK_OFF[:4])


def test_the_pause_never_grows_beyond_half_a_minute():
    part = service("")
    part.failures = 100
    assert part.pause == 30


def test_a_service_that_ran_well_starts_again_at_once():
    part = service("")
    part.failures = 5
    part.launch().wait()
    part.started_at -= 60

    part.collect()

    assert part.due_at - time.monotonic() <= BACK_OFF[0]


def test_what_a_dead_service_left_behind_is_ended():
    reader, writer = os.pipe()
    code = "import subprocess as s; print(s.Popen(['sleep', '300']).pid, flush=True)"
    part = Service(
        "part",
        lambda: subprocess.Popen(
            [sys.executable, "-c", code], stdout=writer, start_new_session=True
        ),
    )
    part.launch().wait()
    child = int(os.read(reader, 20))
    assert alive(child)

    part.collect()

    eventually(lambda: not alive(child), within=5, why="the child ended")
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize(
    ("code", "words"),
    [(-9, "was killed by SIGKILL"), (-11, "was killed by SIGSEGV"), (1, "ended with code 1")],
)
def test_an_exit_is_told_in_words(code, words):
    assert describe_exit(code) == words


def test_a_worker_is_deaf_when_no_task_passed_for_long(tmp_path):
    mark = tmp_path / "heartbeat"
    assert is_deaf(mark, runs_for=DEAF_AFTER + 1)
    mark.touch()
    assert not is_deaf(mark, runs_for=DEAF_AFTER + 1)
    os.utime(mark, (time.time() - DEAF_AFTER - 1,) * 2)
    assert is_deaf(mark, runs_for=DEAF_AFTER + 1)
    assert not is_deaf(mark, runs_for=10)  # one that has just started has had no time


def test_a_busy_port_gets_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StartRefusedError, match=f"^Port {port} is busy"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_gets_a_sentence():
    with pytest.raises(StartRefusedError, match=r"is no address|can't be used"):
        listen("192.0.2.1", 8000)


def test_one_start_for_each_data_folder(tmp_path):
    with (
        take_lock(tmp_path),
        pytest.raises(StartRefusedError, match="already runs with the data in"),
    ):
        take_lock(tmp_path)
    take_lock(tmp_path).close()


def test_fresh_forgets_data_and_keeps_keys_and_what_is_not_ours(tmp_path):
    for name in ("secrets.json", "holiday.jpg", "state.json", "beat-schedule.dat"):
        (tmp_path / name).touch()
    (tmp_path / "postgres").mkdir()

    forget(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"secrets.json", "holiday.jpg"}


def test_the_sandbox_keeps_its_ports_while_they_are_free():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
    free = {"http": taken, "smtp": taken}
    assert sandbox_ports({"sandbox": free}) == free

    with socket.socket() as other:
        other.bind(("127.0.0.1", taken))
        other.listen()
        assert taken not in sandbox_ports({"sandbox": free}).values()


@pytest.mark.allow_hosts(["192.0.2.1"])  # asked for a route; nothing is sent
def test_a_server_for_everybody_answers_to_its_own_names():
    assert names_of("localhost") == ["localhost", "127.0.0.1", "[::1]"]
    assert names_of("10.0.0.7")[-1] == "10.0.0.7"
    assert socket.gethostname() in names_of("0.0.0.0")
    assert "*" not in names_of("0.0.0.0")
