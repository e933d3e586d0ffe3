"""The people of the chat's stories: dana writes to our shop, paul to the other one."""

import pytest

from helpdesk.foundation.redis import client as redis_client
from inbox.models import Channel
from tests.factories.chat import Browser, open_door


@pytest.fixture(autouse=True)
def _fresh_counts(servers):
    """Rate limits live in Valkey and outlast a test's rows."""
    for key in redis_client().scan_iter("hd:chat:*"):
        redis_client().delete(key)


@pytest.fixture
def door(shop) -> Channel:
    return open_door(shop)


@pytest.fixture
def foreign_door(other_shop) -> Channel:
    return open_door(other_shop)


@pytest.fixture
def dana(door) -> Browser:
    """A visitor whose chat is open; nothing is said yet."""
    browser = Browser(door)
    assert browser.open().status_code == 201
    return browser


@pytest.fixture
def paul(foreign_door) -> Browser:
    """A visitor of the other shop, in the middle of a conversation."""
    browser = Browser(foreign_door)
    browser.open(name="Paul", email="paul@customer.test")
    browser.say("Hello Seaside")
    return browser
