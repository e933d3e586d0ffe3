"""Settings as another process would read them, with other variables."""

import json
import os
import subprocess
import sys

import pytest

from helpdesk.embedded import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, ROOT, Embedded
from helpdesk.keyring import read_keyring
from helpdesk.running import broker_url
from tests.ground.installation import OURS

PRINT = "import json, helpdesk.settings as s; print(json.dumps({n: getattr(s, n) for n in %r}))"


def read(tmp_path, *names, **variables):
    """Read these settings in a process of their own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.run(
        [sys.executable, "-c", PRINT % (names,)],
        cwd=ROOT,
        env={**inherited, "HELPDESK_DATA_DIR": str(tmp_path / "data"), **variables},
        capture_output=True,
        text=True,
    )


def test_production_refuses_generated_secrets(tmp_path):
    refused = read(tmp_path, "DEBUG", HELPDESK_ENV="production")

    assert refused.returncode != 0
    assert (
        refused.stderr.strip()
        .splitlines()[-1]
        .endswith(
            "HELPDESK_ENV is production: set SECRET_KEY and FERNET_KEYS, generated ones are refused."
        )
    )


def test_one_machine_works_without_any_variable(tmp_path):
    answer = json.loads(read(tmp_path, "DEBUG", "SECRET_KEY", "DATABASES", "BASE_URL").stdout)

    assert answer["DEBUG"] is False
    assert len(answer["SECRET_KEY"]) > 50
    assert answer["DATABASES"]["default"]["USER"] == "helpdesk_app"
    assert answer["DATABASES"]["owner"]["USER"] == "helpdesk_owner"
    assert answer["BASE_URL"] == "http://localhost:8000"


def test_secrets_stay_the_same_and_are_closed_to_others(tmp_path):
    first = json.loads(read(tmp_path, "SECRET_KEY", "FERNET_KEYS").stdout)

    assert json.loads(read(tmp_path, "SECRET_KEY", "FERNET_KEYS").stdout) == first
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_named_servers_need_no_secrets_of_ours(tmp_path):
    answer = read(
        tmp_path,
        "DATABASES",
        "CELERY_BROKER_URL",
        HELPDESK_ENV="production",
        SECRET_KEY="key",
        FERNET_KEYS="first,second",
        DATABASE_URL="postgres://app:pw@db/helpdesk",
        REDIS_URL="redis://cache:6379/0",
    )

    settings = json.loads(answer.stdout)
    assert set(settings["DATABASES"]) == {"default"}
    assert settings["CELERY_BROKER_URL"] == "redis://cache:6379/0"
    assert not (tmp_path / "data").exists()


def test_https_switches_on_what_it_allows(tmp_path):
    answer = read(
        tmp_path,
        *("SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"),
        BASE_URL="https://help.example.com/",
    )
    assert list(json.loads(answer.stdout).values()) == [True, 31_536_000, False]


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://cache:6379/2", "redis://cache:6379/2"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("unix://:secret@/run/v.sock", "redis+socket://:secret@/run/v.sock?virtual_host=0"),
    ],
)
def test_celery_gets_the_form_it_takes(redis_url, expected):
    assert broker_url(redis_url) == expected


def test_a_long_folder_gets_its_sockets_elsewhere_and_keeps_them_there(tmp_path, monkeypatch):
    servers = Embedded(tmp_path / ("long" * 30))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")

    far = servers.socket_dir
    assert len(str(far / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH
    servers.data_dir.mkdir()
    (servers.data_dir / "socket-dir").write_text("/run/elsewhere")
    assert str(servers.socket_dir) == "/run/elsewhere"


def test_two_processes_that_arrive_together_read_the_same_secrets(tmp_path):
    code = "import sys, pathlib, helpdesk.keyring as k; print(k.read_keyring(pathlib.Path(sys.argv[1])))"
    together = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        for _ in range(6)
    ]
    answers = {process.communicate()[0] for process in together}

    assert answers == {f"{dict(read_keyring(tmp_path))}\n".encode()}
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
