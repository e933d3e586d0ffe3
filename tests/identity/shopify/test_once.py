"""P3 over the sandbox's store: a worker that dies at a remote step, and answers that never come.

``tests/identity/commerce/test_once.py`` dies at every checkpoint of every kind over the toy platform;
here each remote step of each kind dies between intent, deed and note against real documents.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.foundation.errors import HelpdeskError
from helpdesk.foundation.redis import client as redis
from identity.commerce.actions import confirm, preview_action
from identity.commerce.facts import AddressFacts, OrderFacts
from identity.commerce.models import MoneyAction
from identity.commerce.money import Money
from identity.commerce.plans import PLANS, Repeat
from identity.commerce.policy_settings import Actor
from identity.commerce.requests import (
    CancelRequest,
    ConfirmationRequest,
    CustomerAddressRequest,
    DiscountRequest,
    EditRequest,
    ExchangeRequest,
    GiftCardRequest,
    Kind,
    NewPieces,
    NoteRequest,
    OrderAddressRequest,
    Pieces,
    RefundPieces,
    RefundRequest,
    Request,
    ReshipRequest,
    ReturnPieces,
    ReturnRequest,
    TagsRequest,
)
from identity.commerce.runner import work_lane
from identity.commerce.states import FINAL, State
from identity.commerce.tasks import drain
from identity.shopify import client as product
from identity.shopify.documents import document
from identity.shopify.install import connect_to, look_around
from identity.shopify.reading import order_facts
from identity.shopify.tokens import exchange_page_token
from identity.tenancy import tenant_scope
from sandbox.shopify.cost import Bucket

LATER = timedelta(hours=7)
HOME = AddressFacts(line1="Hauptstr. 1", zip="10115", city="Berlin", country_code="DE")
MOMENTS = ("begun", "answered", "noted")
STEPS = [(kind, step) for kind in Kind for step in PLANS[kind].steps]


class Crash(BaseException):
    """The worker is gone."""


@pytest.fixture
def fjellmark(shop, store, monkeypatch):
    monkeypatch.setattr(product, "TIMEOUT", httpx.Timeout(2.0, connect=5.0))
    return connect_to(
        shop.pk, look_around(store.domain, exchange_page_token(store.domain, store.id_token()))
    )


@pytest.fixture
def shelf(store) -> Callable[[Kind], OrderFacts]:
    """Hand out an order that a kind can be asked about, each once."""
    used: set[str] = set()

    def take(kind: Kind) -> OrderFacts:
        for told in store.orders():
            name, sent = told["name"], bool(told["fulfillments"])
            back = kind in {Kind.RETURN, Kind.EXCHANGE}
            fresh = not (told["refunds"] or told["returns"] or told["cancelledAt"])
            arrived = sent and all(one.get("deliveredAt") for one in told["fulfillments"])
            if name in used or not fresh or not told["customer_id"] or not told["email"]:
                continue
            if arrived if back else not sent:
                used.add(name)
                facts = facts_of(store, told)
                if facts.payment == "paid" and facts.left_to_refund and not facts.store_total:
                    return facts
        raise LookupError(kind)

    return take


def facts_of(store, told) -> OrderFacts:
    refill(store)
    answer = store.run(document("order_detail").text, {"id": f"gid://shopify/Order/{told['id']}"})
    return order_facts(answer["data"]["order"], read_at=datetime.now(UTC))


def refill(store) -> None:
    """Pacing is tested elsewhere; here nobody waits for points."""
    store.shop.bucket = Bucket(time.monotonic)
    for key in redis().scan_iter("hd:shop-pace:*"):
        redis().delete(key)


def request_for(kind: Kind, order: OrderFacts, currency: str) -> Request:
    line = order.lines[0]
    back = (ReturnPieces(line.id, 1),)
    made: dict[Kind, Request] = {
        Kind.REFUND: RefundRequest(lines=(RefundPieces(line.id, 1),)),
        Kind.CANCEL: CancelRequest(),
        Kind.RETURN: ReturnRequest(lines=back),
        Kind.EXCHANGE: ExchangeRequest(lines=back, replacements=(NewPieces(line.variant_id, 1),)),
        Kind.EDIT: EditRequest(add=(NewPieces(line.variant_id, 1),)),
        Kind.RESHIP: ReshipRequest(lines=(Pieces(line.id, 1),)),
        Kind.DISCOUNT: DiscountRequest(percent=Decimal(10)),
        Kind.GIFT_CARD: GiftCardRequest(Money.of(20, currency)),
        Kind.ORDER_ADDRESS: OrderAddressRequest(HOME),
        Kind.CUSTOMER_ADDRESS: CustomerAddressRequest(HOME),
        Kind.NOTE: NoteRequest("Call first"),
        Kind.TAGS: TagsRequest(add=("spoken-to",), remove=("new",)),
        Kind.CONFIRMATION: ConfirmationRequest(),
    }
    return made[kind]


def counts(store, name: str) -> dict[Kind, int]:
    """How often each thing of value has happened to an order, or in the shop."""
    told = store.order(name)
    return {
        Kind.REFUND: len(told["refunds"]),
        Kind.CANCEL: len(told["refunds"]),
        Kind.RETURN: len(told["returns"]),
        Kind.EXCHANGE: len(told["returns"]),
        Kind.EDIT: sum(line["quantity"] - line["removed"] for line in told["lines"]),
        Kind.RESHIP: len(store.orders()),
        Kind.DISCOUNT: len(list(store.shop.db.all("discount"))),
        Kind.GIFT_CARD: len(list(store.shop.db.all("gift_card"))),
    }


def confirmed(row, member, kind: Kind, order: OrderFacts) -> MoneyAction:
    with tenant_scope(row.workspace_id):
        action = preview_action(
            store=row,
            request=request_for(kind, order, row.currency),
            order_id=order.id,
            actor=Actor(member.role),
            by=member,
        )
        return confirm(action=action, by=member)


def work(action, store, *, at=timedelta(0), observe: Callable[[str], None] = lambda _: None):
    refill(store)
    work_lane(
        workspace_id=action.workspace_id,
        lane=action.lane,
        observe=observe,
        now=lambda: timezone.now() + at,
    )
    store.finish_jobs()
    return again(action)


def again(action) -> MoneyAction:
    with tenant_scope(action.workspace_id):
        return MoneyAction.objects.get(pk=action.pk)


def work_on(action, store) -> MoneyAction:
    at, row = timedelta(0), again(action)
    for _ in range(12):
        at += LATER
        row = work(action, store, at=at)
        if State(row.state) in FINAL or row.due_at is None or row.settled_at:
            break
    return row


@pytest.mark.parametrize(("kind", "step"), STEPS)
def test_a_worker_that_dies_at_a_remote_step_moves_everything_once(
    ana, store, fjellmark, shelf, kind, step
):
    for moment in MOMENTS:
        order = shelf(kind)
        before = counts(store, order.name)
        action = confirmed(fjellmark, ana, kind, order)

        def die(checkpoint, moment=moment):
            if checkpoint == f"{step.name}:{moment}":
                raise Crash

        with pytest.raises(Crash):
            work(action, store, observe=die)
        assert again(action).state != State.DONE
        row = work_on(action, store)
        told = (moment, row.state, row.sentence)
        if step.repeat == Repeat.NEVER and moment != "noted":
            assert row.state == State.UNCONFIRMED, told
        else:
            assert row.state == State.DONE, told
        if kind in before:
            assert counts(store, order.name)[kind] - before[kind] == 1, told


@pytest.mark.parametrize(("kind", "step"), STEPS)
def test_an_answer_that_never_comes_is_looked_for(ana, store, fjellmark, shelf, kind, step):
    order = shelf(kind)
    before = counts(store, order.name)
    action = confirmed(fjellmark, ana, kind, order)

    def lose(checkpoint):
        if checkpoint == f"{step.name}:begun":
            store.fault("timeout_after_commit", times=1, at="write")

    row = work(action, store, observe=lose)
    assert row.state in {State.UNCONFIRMED, State.DONE, State.READING_BACK, State.PENDING}
    row = work_on(action, store)
    if step.repeat == Repeat.NEVER:
        assert row.state == State.UNCONFIRMED
    else:
        assert row.state == State.DONE, row.sentence
    if kind in before:
        assert counts(store, order.name)[kind] - before[kind] == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_people_refund_the_same_line_and_money_moves_once(ana, store, fjellmark, shelf):
    order = shelf(Kind.REFUND)
    actions = []
    for _ in range(50):
        refill(store)
        with tenant_scope(fjellmark.workspace_id):
            actions.append(
                preview_action(
                    store=fjellmark,
                    request=request_for(Kind.REFUND, order, fjellmark.currency),
                    order_id=order.id,
                    actor=Actor.OWNER,
                    by=ana,
                )
            )
    store.fault("timeout_after_commit", times=1, operation="RefundCreate")

    def press(action):
        try:
            with tenant_scope(fjellmark.workspace_id):
                confirm(action=action, by=ana)
            refill(store)
            drain()
        except HelpdeskError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(press, actions))
    ends = [work_on(action, store) for action in actions]
    assert sorted(one.state for one in ends) == ["done"] + ["refused"] * 49
    told = store.order(order.name)
    assert len(told["refunds"]) == 1
    moved = [one for one in told["transactions"] if one["kind"] == "REFUND"]
    assert sum(Decimal(one["amount"]) for one in moved) == Decimal(
        actions[0].preview["refund"]["amount"]
    )
