"""Browsers of the cast: Django's client, signed in. Imported by the conftest of page tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from identity.models import Membership

SignIn = Callable[[Membership], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser of this member, in their workspace."""

    def enter(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        session = client.session
        session["workspace_id"] = str(member.workspace_id)
        session.save()
        return client

    return enter
