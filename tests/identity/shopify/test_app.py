"""The app's file says what the code needs."""

import tomllib

from django.conf import settings

from helpdesk.embedded import ROOT
from identity.shopify.hints import TOPICS, Subject
from identity.shopify.scopes import REQUIRED

APP = tomllib.loads((ROOT / "shopify.app.toml").read_text())


def test_scopes_are_the_same_in_file_and_code():
    assert tuple(APP["access_scopes"]["scopes"].split(",")) == REQUIRED


def test_every_topic_that_is_subscribed_is_understood():
    subscribed = [
        topic
        for one in APP["webhooks"]["subscriptions"]
        for topic in [*one.get("topics", []), *one.get("compliance_topics", [])]
    ]
    assert set(subscribed) <= set(TOPICS)
    assert {"customers/data_request", "customers/redact", "shop/redact"} <= set(subscribed)


def test_the_version_is_the_pinned_one():
    assert APP["webhooks"]["api_version"] == settings.SHOPIFY_API_VERSION == "2026-10"


def test_every_subject_has_a_hand_that_works_it():
    from identity.shopify import draining

    assert set(draining._WITH_SHOP) | set(draining._WITHOUT_SHOP) == set(Subject)
