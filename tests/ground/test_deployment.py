"""Dockerfile, compose file and documents say what the code says."""

import re
from pathlib import Path

import pytest
import yaml

from helpdesk.embedded import ROOT
from helpdesk.up.commands import QUEUES

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SETTINGS = (ROOT / "helpdesk" / "settings.py").read_text()
DOCUMENT = (ROOT / "docs" / "settings.md").read_text()
PACKAGES = ("helpdesk", "identity", "inbox", "channels_app", "ai_agent", "analytics")


def variables_in_settings():
    return set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', SETTINGS))


def documented():
    return set(re.findall(r"^\| `([A-Z_]+)`", DOCUMENT, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(variables_in_settings()))
def test_every_variable_is_documented(name):
    assert name in documented()


def test_the_document_names_no_variable_that_nobody_reads():
    elsewhere = {"HELPDESK_DATA_DIR", "HELPDESK_PROCESS", "DATABASE_ADMIN_URL"}
    assert documented() <= variables_in_settings() | elsewhere


def test_compose_sets_only_variables_that_are_documented():
    ours = [each for each in COMPOSE["services"].values() if each.get("image") == "helpdesk"]
    assert len(ours) == 6
    for service in ours:
        assert set(service["environment"]) <= documented()


def test_compose_has_every_process():
    assert {"web", "sockets", "worker", "beat", "postgres", "valkey"} <= set(COMPOSE["services"])
    assert COMPOSE["services"]["postgres"]["image"] == "pgvector/pgvector:pg18"
    assert QUEUES in COMPOSE["services"]["worker"]["command"]


def test_compose_names_only_what_it_defines():
    services = COMPOSE["services"]
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[needed]
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"]


def test_only_preparation_knows_the_owner_and_the_superuser():
    for name, service in COMPOSE["services"].items():
        if name not in {"prepare", "postgres"}:
            assert not {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "POSTGRES_PASSWORD"} & set(
                service.get("environment", {})
            )


def test_every_variable_compose_asks_for_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "deploy.env.example").read_text()
    assert asked == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def test_the_image_holds_the_product_and_nothing_else():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY")}
    assert copied == {*PACKAGES, "templates", "static", "manage.py", "requirements.lock"}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


@pytest.mark.parametrize("package", PACKAGES)
def test_our_packages_are_ours(package):
    """An installed package of the same name (there are some) would be imported instead."""
    assert Path(str(__import__(package).__file__)).is_relative_to(ROOT)
