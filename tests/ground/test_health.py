"""What a load balancer and a monitoring system are told."""

import pytest

from helpdesk import health


def test_alive_needs_nothing(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_when_database_valkey_and_migrations_are_there(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "redis": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_not_ready_without_valkey(client, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["redis"] == "unreachable"


@pytest.mark.django_db
def test_not_ready_before_a_migration_is_applied(client, monkeypatch):
    health.missing_migrations("default")
    monkeypatch.setattr(health, "_known", {*health._known, ("identity", "9999_to_come")})

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 not applied"


def test_numbers_come_in_prometheus_form(client):
    answer = client.get("/metrics")

    assert answer["Content-Type"].startswith("text/plain")
    assert b"python_info" in answer.content
