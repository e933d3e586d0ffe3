"""The shared bucket in a real Valkey."""

import uuid

import pytest
import redis

from identity.shopify import pacing
from identity.shopify.pacing import SharedPace, Throttle

STATUS = Throttle(requested=10, actual=10, maximum=100, available=100, rate=10)


@pytest.fixture
def shop(servers):
    return f"{uuid.uuid4()}.myshopify.com"


def test_points_are_shared_and_run_out(shop):
    one, other = SharedPace(), SharedPace()
    one.settle(shop, STATUS)
    assert one.take(shop, 60, background=False) == 0
    wait = other.take(shop, 60, background=False)
    assert 1.5 < wait <= 2.0


def test_background_work_leaves_points_to_agents(shop):
    pace = SharedPace()
    pace.settle(shop, STATUS)
    assert pace.take(shop, 50, background=True) == 0
    assert pace.take(shop, 20, background=True) > 0
    assert pace.take(shop, 20, background=False) == 0


def test_a_query_dearer_than_the_bucket_waits_for_a_full_one_only(shop):
    pace = SharedPace()
    pace.settle(shop, STATUS)
    assert pace.take(shop, 5000, background=True) == 0


def test_what_a_query_did_not_use_is_given_back(shop):
    pace = SharedPace()
    pace.settle(shop, STATUS)
    pace.take(shop, 90, background=False)
    pace.settle(shop, Throttle(requested=90, actual=10, maximum=100, available=90, rate=10))
    assert pace.take(shop, 80, background=False) == 0


def test_shops_do_not_share(shop):
    pace = SharedPace()
    pace.settle(shop, STATUS)
    assert pace.take(shop, 100, background=False) == 0
    assert pace.take(f"other-{shop}", 100, background=False) == 0


def test_nobody_waits_while_valkey_is_away(shop, monkeypatch):
    def away():
        raise redis.ConnectionError("away")

    monkeypatch.setattr(pacing, "client", away)
    pace = SharedPace()
    assert pace.take(shop, 10_000, background=True) == 0
    pace.settle(shop, STATUS)
