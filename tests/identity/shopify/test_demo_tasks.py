"""The 53 tasks of ``../shared/demo_store`` done through policy, actions and seam end as expected.

What the platform can't express, and what is checked in its place, stands in docs/commerce.md.
"""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.embedded import ROOT
from helpdesk.foundation.redis import client as redis
from identity.commerce.actions import confirm, preview_action
from identity.commerce.facts import AddressFacts, OrderFacts
from identity.commerce.models import MoneyAction
from identity.commerce.policies import save_policy
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.commerce.registry import commerce_of
from identity.commerce.requests import (
    CancelReason,
    CancelRequest,
    CustomerAddressRequest,
    EditRequest,
    ExchangeRequest,
    Kind,
    NewPieces,
    OrderAddressRequest,
    Pieces,
    Request,
    ReturnPieces,
    ReturnRequest,
)
from identity.commerce.runner import work_lane
from identity.commerce.states import FINAL, State
from identity.shopify.calling import Connection
from identity.shopify.fetching import fetch_product, keep_product
from identity.shopify.install import connect_to, look_around
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope

pytestmark = pytest.mark.corpus

FOLDER = ROOT.parent / "shared" / "demo_store"
REASONS = {
    "no longer needed": CancelReason.CUSTOMER,
    "ordered by mistake": CancelReason.OTHER,
}
#: What policy.md of the corpus says, in our words; its orders may be older than thirty days.
POLICY = replace(
    PolicySettings(),
    return_days=3650,
    exchange_days=3650,
    exchange_same_product=True,
    once_per_order=(Kind.EXCHANGE, Kind.EDIT),
    cancel_reasons=("customer", "other"),
)


def read(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return found


TASKS = read("tasks")


class Replay:
    """One shop, and an agent who does what a task says."""

    def __init__(self, row, store, member):
        self.row, self.store, self.member = row, store, member
        self.shop = commerce_of(row)
        everything = [each for one in store.shop.db.all("product") for each in one["variants"]]
        self.variants = {
            one["source"]: f"gid://shopify/ProductVariant/{one['id']}" for one in everything
        }
        self.sources = {gid: source for source, gid in self.variants.items()}

    def order(self, name: str) -> OrderFacts:
        self.refill()
        return self.shop.order(f"gid://shopify/Order/{self.store.order(name)['id']}")

    def customer(self, source: str) -> str:
        people = self.store.shop.db.all("customer")
        found = next(one for one in people if one["source"] == source)
        return f"gid://shopify/Customer/{found['id']}"

    def refill(self) -> None:
        for key in redis().scan_iter("hd:shop-pace:*"):
            redis().delete(key)
        bucket = self.store.shop.bucket
        bucket._level = bucket.capacity

    def do(self, tool: str, given: dict[str, Any]) -> MoneyAction:
        """Preview, agree as the customer would, carry out."""
        self.refill()
        order = self.order(given["order_id"]) if "order_id" in given else None
        if order is not None and "new_item_ids" in given:
            self.mirror({line.product_id for line in order.lines})
        request = self.request(tool, given, order)
        with tenant_scope(self.row.workspace_id):
            action = preview_action(
                store=self.row,
                request=request,
                order_id=order.id if order else "",
                customer_id="" if order else self.customer(given["user_id"]),
                actor=Actor.OWNER,
                by=self.member,
            )
            if action.state == State.REFUSED or not self.can_pay(action, given):
                return action
            confirm(action=action, by=self.member)
        return self.finish(action)

    def mirror(self, products: set[str]) -> None:
        """The rule about the same product judges by our copy of the shop's products."""
        for gid in products:
            self.refill()
            facts = fetch_product(Connection(self.row), gid)
            with tenant_scope(self.row.workspace_id):
                keep_product(self.row, gid, facts)

    def finish(self, action: MoneyAction) -> MoneyAction:
        at = timedelta(0)
        for _ in range(5):
            later = partial(_clock, at)
            work_lane(workspace_id=self.row.workspace_id, lane=action.lane, now=later)
            self.store.finish_jobs()
            with tenant_scope(self.row.workspace_id):
                action = MoneyAction.objects.get(pk=action.pk)
            if action.state in FINAL:
                break
            at += timedelta(hours=7)
        return action

    def can_pay(self, action: MoneyAction, given: dict[str, Any]) -> bool:
        """The platform charges no stored gift card; whoever agrees looks whether it would reach."""
        due = action.shown().due
        method = given.get("payment_method_id", "")
        if due is None or not method.startswith("gift_card"):
            return True
        held = [one for person in read("customers") for one in person["payment_methods"]]
        card = next(one for one in held if one["id"] == method)
        return Decimal(str(card["balance"])) >= due.amount

    def request(self, tool: str, given: dict[str, Any], order: OrderFacts | None) -> Request:
        if tool == "modify_user_address":
            return CustomerAddressRequest(address_of(given))
        assert order is not None
        if tool == "modify_pending_order_address":
            return OrderAddressRequest(address_of(given))
        if tool == "cancel_pending_order":
            return CancelRequest(reason=REASONS[given["reason"]], note=given["reason"])
        pieces = self.pieces(order, given["item_ids"])
        new = tuple(
            NewPieces(self.variants[source], count)
            for source, count in Counter(given.get("new_item_ids", ())).items()
        )
        if tool == "modify_pending_order_items":
            kept = {line.id: line.current_quantity for line in order.lines}
            lines = tuple(Pieces(line, kept[line] - count) for line, count in pieces.items())
            return EditRequest(lines=lines, add=new)
        back = tuple(ReturnPieces(line, count) for line, count in pieces.items())
        if tool == "exchange_delivered_order_items":
            return ExchangeRequest(lines=back, replacements=new)
        assert tool == "return_delivered_order_items"
        return ReturnRequest(lines=back)

    def pieces(self, order: OrderFacts, sources: list[str]) -> Counter[str]:
        """Return pieces by line: each entry of the source is one piece of its variant."""
        found: Counter[str] = Counter()
        for source in sources:
            line = next(
                one
                for one in order.lines
                if self.sources.get(one.variant_id) == source
                and found[one.id] < one.current_quantity
            )
            found[line.id] += 1
        return found


def _clock(at: timedelta) -> datetime:
    return timezone.now() + at


def address_of(given: dict[str, Any]) -> AddressFacts:
    return AddressFacts(
        line1=given["address1"],
        line2=given["address2"],
        city=given["city"],
        province_code=given["state"],
        zip=given["zip"],
        country_code="US",
    )


def same_place(held: AddressFacts | None, wanted: dict[str, Any]) -> bool:
    assert held is not None
    ours = (held.line1, held.line2, held.city, held.province_code, held.zip)
    return ours == tuple(wanted[name] for name in ("address1", "address2", "city", "state", "zip"))


@pytest.fixture
def replay(ana, shop, imported_store):
    grant = exchange_page_token(imported_store.domain, imported_store.id_token())
    row = connect_to(shop.pk, look_around(imported_store.domain, grant))
    with tenant_scope(shop.pk):
        save_policy(settings=POLICY, by=ana)
    return Replay(row, imported_store, ana)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["id"])
def test_a_task_ends_as_the_corpus_says(replay, task):
    before = {one["name"]: one for one in replay.store.orders()}
    people = {one["id"]: one for one in replay.store.shop.db.all("customer")}
    ends = [replay.do(one["tool"], one["arguments"]) for one in task["actions"]]
    for end, reference in zip(ends, task["reference_replay"], strict=True):
        done = end.state == State.DONE
        assert done == (reference == "ok"), (end.kind, end.state, end.rule, end.sentence)
    by_order = {end.order_name: end for end in ends if end.state == State.DONE}
    for wanted in task["expected_after"]["orders"]:
        compare(replay, wanted, by_order[wanted["number"]])
    touched = {one["number"] for one in task["expected_after"]["orders"]}
    for one in replay.store.orders():
        assert one["name"] in touched or one == before[one["name"]], one["name"]
    changed = {one["id"] for one in task["expected_after"]["customers"]}
    for wanted in task["expected_after"]["customers"]:
        held = replay.shop.customer(replay.customer(wanted["id"])).address
        assert same_place(held, wanted["default_address"])
    for one in replay.store.shop.db.all("customer"):
        assert one["source"] in changed or one["addresses"] == people[one["id"]]["addresses"]


def compare(replay: Replay, wanted: dict[str, Any], end: MoneyAction) -> None:
    order = replay.order(wanted["number"])
    status = wanted["source_status"]
    total = Decimal(str(wanted["total"])).quantize(Decimal("0.01"))
    assert same_place(order.shipping_address, wanted["shipping_address"])
    assert order.cancelled == wanted["cancelled"]
    if status == "cancelled":
        back = sum((Decimal(str(one["amount"])) for one in wanted["refunds"]), Decimal(0))
        assert order.refunded.amount == order.paid.amount == back.quantize(Decimal("0.01"))
        return
    held = Counter[str]()
    for line in order.lines:
        held[replay.sources[line.variant_id]] += line.current_quantity
    assert +held == Counter(one["variant_id"] for one in wanted["line_items"])
    assert order.current_total.amount == total
    if status in {"return requested", "exchange requested"}:
        compare_return(replay, order, wanted, end)


def compare_return(
    replay: Replay, order: OrderFacts, wanted: dict[str, Any], end: MoneyAction
) -> None:
    told = wanted.get("return_request") or wanted["exchange_request"]
    [opened] = replay.store.order(wanted["number"])["returns"]
    assert opened["status"] == "OPEN"
    request = end.asked()
    assert isinstance(request, ReturnRequest | ExchangeRequest)
    back = Counter[str]()
    for piece in request.lines:
        line = order.line(piece.line_id)
        assert line is not None
        back[replay.sources[line.variant_id]] += piece.quantity
    assert back == Counter(told["variant_ids"])
    if isinstance(request, ExchangeRequest):
        new = Counter(
            {replay.sources[one.variant_id]: one.quantity for one in request.replacements}
        )
        assert new == Counter(told["new_variant_ids"])
        assert difference(end) == Decimal(str(told["price_difference"])).quantize(Decimal("0.01"))


def difference(end: MoneyAction) -> Decimal:
    preview = end.shown()
    if preview.due is not None:
        return preview.due.amount
    return -preview.refund.amount if preview.refund is not None else Decimal("0.00")


def test_there_are_53_tasks_and_two_refusals():
    said = [one for task in TASKS for one in task["reference_replay"]]
    assert (len(TASKS), len(said), sum(one != "ok" for one in said)) == (53, 80, 2)
