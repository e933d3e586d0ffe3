"""How the API's tests speak to it: as somebody with a session, or as a program with a key."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from identity.middleware import SESSION_KEY
from identity.models import Membership
from identity.services.api_tokens import create_api_token
from identity.tenancy import tenant_scope
from tests.inbox.web_process import Site, web_process


class Speaker:
    """A client of the API; answers are responses whose ``json()`` is the document."""

    def __init__(self, client: Client, headers: dict[str, str] | None = None) -> None:
        self.client = client
        self.headers = headers or {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers={**self.headers, **named},
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)


def signed_in(member: Membership) -> Client:
    """A browser of somebody who signed in and works in this workspace."""
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = str(member.workspace_id)
    session.save()
    return client


def key_of(member: Membership, *scopes: str) -> str:
    """A program's key in somebody's name."""
    with tenant_scope(member.workspace_id):
        return create_api_token(membership=member, name="test", scopes=list(scopes))[1]


@pytest.fixture(scope="session")
def running_site(django_db_setup: None) -> Iterator[Site]:
    with web_process() as site:
        yield site


@pytest.fixture
def site(running_site: Site, transactional_db: None) -> Site:
    """The web process; what the test commits, it sees."""
    return running_site


@pytest.fixture
def as_person() -> Callable[[Membership], Speaker]:
    return lambda member: Speaker(signed_in(member))


@pytest.fixture
def as_program() -> Callable[..., Speaker]:
    def make(member: Membership, *scopes: str) -> Speaker:
        key = key_of(member, *(scopes or ("admin",)))
        return Speaker(Client(), {"Authorization": f"Bearer {key}"})

    return make
