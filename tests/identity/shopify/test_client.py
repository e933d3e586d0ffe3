"""The client alone: a scripted network answers as Shopify's documents say, and nothing sleeps."""

import json
from typing import Any

import httpx
import pytest
from django.conf import settings

from identity.shopify.client import Client, Shop
from identity.shopify.documents import document
from identity.shopify.errors import (
    AnswerLostError,
    ForbiddenError,
    QueryFailedError,
    RefusedError,
    SearchIgnoredError,
    ShopFrozenError,
    ShopGoneError,
    ShopLockedError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)

SHOP = Shop(domain="nordlys.myshopify.com", token="shpat_secret")
READ, WRITE = document("shop"), document("refund_create")
COST: dict[str, Any] = {
    "requestedQueryCost": 12,
    "actualQueryCost": 8,
    "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 1990, "restoreRate": 100},
}


class NoPace:
    def __init__(self):
        self.settled = []

    def take(self, shop, cost, *, background):
        return 0.0

    def settle(self, shop, throttle):
        self.settled.append((shop, throttle))


class Script:
    """Answers one after the other; an exception among them is raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.slept: list[float] = []
        self.pace = NoPace()
        self.client = Client(
            transport=httpx.MockTransport(self), pace=self.pace, sleep=self.slept.append
        )

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ok(data=None, **body):
    return httpx.Response(
        200,
        json={"data": data or {"shop": {"id": "gid://shopify/Shop/1"}}, **body},
        headers={"x-shopify-api-version": settings.SHOPIFY_API_VERSION, "x-request-id": "r-1"},
    )


def failed(code, data=None, **cost):
    error = {"message": "no", "extensions": {"code": code}, "path": ["shop"]}
    body = {"data": data, "errors": [error]}
    if cost:
        body["extensions"] = {"cost": cost}
    return httpx.Response(200, json=body)


def test_shop_token_and_version_go_with_each_call():
    script = Script(ok())
    script.client.call(SHOP, READ, {"a": 1})
    [request] = script.requests
    assert str(request.url) == (
        f"https://nordlys.myshopify.com/admin/api/{settings.SHOPIFY_API_VERSION}/graphql.json"
    )
    assert request.headers["x-shopify-access-token"] == "shpat_secret"
    body = json.loads(request.content)
    assert body["operationName"] == "Shop"
    assert body["variables"] == {"a": 1}


def test_the_token_is_in_no_text_of_the_shop():
    assert "shpat" not in repr(SHOP)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, TokenRefusedError),
        (402, ShopFrozenError),
        (403, ForbiddenError),
        (404, ShopGoneError),
        (423, ShopLockedError),
        (400, QueryFailedError),
    ],
)
def test_each_refusal_has_its_own_kind_and_is_not_repeated(status, kind):
    script = Script(httpx.Response(status, headers={"x-request-id": "r-9"}))
    with pytest.raises(kind) as raised:
        script.client.call(SHOP, READ)
    assert raised.value.request_id == "r-9"
    assert not raised.value.sent


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut"), httpx.Response(503)]
)
def test_a_read_is_tried_three_times_with_pauses(trouble):
    script = Script(trouble, trouble, ok())
    assert script.client.call(SHOP, READ).data["shop"]["id"]
    assert len(script.slept) == 2
    script = Script(trouble, trouble, trouble)
    with pytest.raises(AnswerLostError):
        script.client.call(SHOP, READ)


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ReadTimeout("slow"),
        httpx.Response(502),
        httpx.Response(200, text="<html>"),
        httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        failed("INTERNAL_SERVER_ERROR"),
    ],
)
def test_a_write_whose_answer_is_lost_is_never_repeated(trouble):
    script = Script(trouble, ok())
    with pytest.raises(AnswerLostError) as raised:
        script.client.call(SHOP, WRITE)
    assert raised.value.sent
    assert len(script.requests) == 1


def test_a_write_that_is_safe_to_repeat_is_repeated():
    script = Script(httpx.ReadTimeout("slow"), ok({"refundCreate": {"userErrors": []}}))
    assert script.client.call(SHOP, WRITE, repeatable=True).payload("refundCreate")
    assert script.requests[0].content == script.requests[1].content


def test_a_write_that_was_throttled_ran_nowhere_and_waits_for_its_points():
    cost = {
        **COST,
        "requestedQueryCost": 112,
        "throttleStatus": {**COST["throttleStatus"], "currentlyAvailable": 12},
    }
    script = Script(failed("THROTTLED", **cost), ok({"refundCreate": {"userErrors": []}}))
    script.client.call(SHOP, WRITE)
    assert 1.0 <= script.slept[0] <= 1.2


def test_a_wait_longer_than_an_agents_patience_is_told_instead():
    script = Script(httpx.Response(429, headers={"retry-after": "30"}))
    with pytest.raises(ThrottledError) as raised:
        script.client.call(SHOP, READ)
    assert raised.value.wait == 30
    assert script.slept == []


def test_no_connection_means_that_nothing_was_sent():
    script = Script(*[httpx.ConnectError("refused")] * 3)
    with pytest.raises(UnreachableError) as raised:
        script.client.call(SHOP, WRITE)
    assert not raised.value.sent
    assert len(script.requests) == 1


def test_a_search_that_was_half_understood_is_an_error_not_everything():
    warning = {"search": [{"query": "emial:x", "warnings": [{"field": "emial", "code": "x"}]}]}
    script = Script(ok({"customers": {"nodes": [{"id": "1"}]}}, extensions=warning))
    with pytest.raises(SearchIgnoredError):
        script.client.call(SHOP, READ)


def test_data_beside_errors_is_kept_with_the_paths_that_were_denied():
    error = {
        "message": "Access denied",
        "path": ["customer", "defaultEmailAddress"],
        "extensions": {"code": "ACCESS_DENIED"},
    }
    script = Script(ok({"customer": {"id": "1", "defaultEmailAddress": None}}, errors=[error]))
    answer = script.client.call(SHOP, READ)
    assert answer.data["customer"]["id"] == "1"
    assert answer.denied == (("customer", "defaultEmailAddress"),)


def test_errors_without_data_are_told_apart():
    with pytest.raises(ForbiddenError):
        Script(failed("ACCESS_DENIED", {"shop": None})).client.call(SHOP, READ)
    with pytest.raises(QueryFailedError):
        Script(failed("MAX_COST_EXCEEDED")).client.call(SHOP, READ)


def test_user_errors_are_a_refusal_in_words():
    refused = {
        "orderCancel": {
            "job": None,
            "orderCancelUserErrors": [{"field": ["orderId"], "message": "Shipped", "code": "X"}],
        }
    }
    answer = Script(ok(refused)).client.call(SHOP, WRITE)
    with pytest.raises(RefusedError, match=r"The shop refused: Shipped\.") as raised:
        answer.payload("orderCancel")
    assert raised.value.refusals[0].code == "X"


def test_an_answer_in_another_version_raises_the_alarm(caplog):
    response = ok()
    response.headers["x-shopify-api-version"] = "2026-04"
    Script(response).client.call(SHOP, READ)
    [told] = [one for one in caplog.records if "version_fell_forward" in str(one.msg)]
    assert told.levelname == "ERROR"


def test_answers_teach_the_pace():
    script = Script(ok(extensions={"cost": COST}))
    script.client.call(SHOP, READ)
    [(shop, throttle)] = script.pace.settled
    assert shop == SHOP.domain
    assert (throttle.requested, throttle.available) == (12, 1990)
