"""Actions in a shop over the API: preview, confirm, approve, and what the conversation is told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from identity.commerce.models import MoneyAction
from identity.commerce.policies import save_policy
from identity.commerce.policy_settings import PolicySettings
from identity.commerce.requests import Kind
from identity.commerce.tasks import drain
from identity.models import StoreOrder
from identity.tenancy import tenant_scope
from inbox.models import ConversationEvent
from inbox.services.money_news import tell_conversation
from inbox.subscribers import show_money
from tests.factories.identity import make_member
from tests.factories.inbox import receive_mail
from tests.identity.commerce.conftest import an_order, corner, eur, order, store

__all__ = ["corner", "order", "store"]


@pytest.fixture
def copy(store, order):
    """The mirror's row of the order."""
    return copy_of(store, order)


def copy_of(store, facts):
    with tenant_scope(store.workspace_id):
        return StoreOrder.objects.create(
            store=store,
            gid=facts.id,
            number=1001,
            name=facts.name,
            customer_gid=facts.customer_id,
            facts=facts.to_json(),
            synced_at=timezone.now(),
        )


@pytest.fixture
def talk(mail):
    return receive_mail(mail).conversation


def refund(copy, talk=None, **members):
    given = {
        "kind": "refund",
        "order": str(copy.pk),
        "lines": [{"line_id": "line-1", "quantity": 1, "restock": "none"}],
        "reason": "One pole is bent.",
        **members,
    }
    return {**given, "conversation": str(talk.pk)} if talk else given


def previewed(person, body):
    answer = person.post("money-actions", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def confirmed(person, action):
    answer = person.post(f"money-actions/{action['id']}/confirmation")
    assert answer.status_code == 200, answer.content
    return answer.json()


def carried_out(person, action, run):
    with run(execute=True):
        drain()
    return person.get(f"money-actions/{action['id']}").json()


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_a_refund_is_previewed_confirmed_done_and_told(ben, corner, copy, talk, as_person, run):
    person = as_person(ben)
    action = previewed(person, refund(copy, talk))
    assert action["state"] == "previewed"
    assert action["verdict"]["decision"] == "allowed"
    assert action["verdict"]["rule"] == "refund.allowed"
    assert action["preview"]["refund"] == {"amount": "50.00", "currency": "EUR"}
    assert not corner.effects
    assert confirmed(person, action)["state"] == "confirmed"
    done = carried_out(person, action, run)
    assert (done["state"], done["order_name"]) == ("done", "#1001")
    assert done["order"] == str(copy.pk)
    assert done["requested_by"]["name"] == "Ben"
    assert corner.orders["order-1"].refunded == eur(50)
    (line,) = person.get(f"conversations/{talk.pk}/messages").json()["events"]
    assert line["kind"] == "money_action"
    assert line["actor"]["name"] == "Ben"
    assert line["data"]["state"] == "done"
    assert line["data"]["reason"] == "One pole is bent."
    assert line["data"]["amount"] == {"amount": "50.00", "currency": "EUR"}
    assert line["data"]["changes"] == [{"label": "Refunded", "before": "0", "after": "so much"}]


def test_two_clicks_are_one_action(ben, corner, copy, as_person, run):
    person = as_person(ben)
    action = previewed(person, refund(copy))
    first, second = confirmed(person, action), confirmed(person, action)
    assert first["confirmed_at"] == second["confirmed_at"]
    carried_out(person, action, run)
    assert confirmed(person, action)["state"] == "done"
    assert corner.happened("refund") == 1


def test_a_repeated_request_with_a_key_is_the_same_preview(ben, copy, as_person):
    person, key = as_person(ben), str(uuid4())
    first = person.post("money-actions", refund(copy), Idempotency_Key=key)
    again = person.post("money-actions", refund(copy), Idempotency_Key=key)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotent-Replayed"] == "true"


def test_above_the_limit_a_supervisor_approves_and_never_the_requester(
    ana, ben, corner, copy, talk, as_person, run
):
    body = refund(copy, talk, lines=[], amount={"amount": "110.00", "currency": "EUR"})
    agent, owner = as_person(ben), as_person(ana)
    action = previewed(agent, body)
    assert action["verdict"]["rule"] == "limit.action"
    with run(execute=True):
        assert confirmed(agent, action)["state"] == "awaiting_approval"
    waiting = owner.get("conversations", q="is:approval").json()["results"]
    assert [one["id"] for one in waiting] == [str(talk.pk)]
    assert owner.get("counts").json()["approvals"] == 1
    own = agent.post(f"money-actions/{action['id']}/approval", {})
    assert (own.status_code, own.json()["code"]) == (403, "own_approval")
    drain()
    assert not corner.effects
    yes = owner.post(f"money-actions/{action['id']}/approval", {"reason": "Old customer"})
    assert yes.status_code == 200, yes.content
    done = carried_out(owner, action, run)
    assert (done["state"], done["approved_by"]["name"]) == ("done", "Ana")
    assert corner.orders["order-1"].refunded == eur(110)
    events = agent.get(f"conversations/{talk.pk}/messages").json()["events"]
    assert [one["data"]["state"] for one in events] == ["awaiting_approval", "done"]
    assert owner.get("counts").json()["approvals"] == 0


def test_another_agent_can_not_approve(ana, ben, shop, copy, as_person):
    cem = make_member(shop, name="Cem")
    body = refund(copy, lines=[], amount={"amount": "110.00", "currency": "EUR"})
    action = previewed(as_person(ben), body)
    confirmed(as_person(ben), action)
    answer = as_person(cem).post(f"money-actions/{action['id']}/approval", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "approval_above_you")


@pytest.mark.parametrize(
    ("path", "body"),
    [("refusal", {"reason": "No."}), ("approval", {"decision": "decline", "reason": "No."})],
)
def test_what_is_declined_is_not_done(ana, ben, corner, copy, talk, as_person, run, path, body):
    asked = refund(copy, talk, lines=[], amount={"amount": "110.00", "currency": "EUR"})
    action = previewed(as_person(ben), asked)
    with run(execute=True):
        confirmed(as_person(ben), action)
    with run(execute=True):
        answer = as_person(ana).post(f"money-actions/{action['id']}/{path}", body)
    assert answer.json()["state"] == "declined"
    assert answer.json()["sentence"] == "Declined by Ana: No."
    drain()
    assert not corner.effects
    again = as_person(ben).post(f"money-actions/{action['id']}/confirmation")
    assert again.json()["state"] == "declined"
    with tenant_scope(talk.workspace_id):
        last = ConversationEvent.objects.order_by("id").last()
        assert last is not None
        assert last.actor is not None
        assert (last.data["state"], last.actor.name) == ("declined", "Ana")


def test_what_the_policy_refuses_is_an_answer_and_can_not_be_confirmed(
    ben, store, corner, as_person
):
    corner.orders["order-1"] = an_order(cancelled_at=timezone.now())
    copy = copy_of(store, corner.orders["order-1"])
    action = previewed(as_person(ben), {"kind": "cancel", "order": str(copy.pk)})
    assert (action["state"], action["verdict"]["rule"]) == ("refused", "order.cancelled")
    answer = as_person(ben).post(f"money-actions/{action['id']}/confirmation")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_confirmable")
    assert answer.json()["detail"] == "#1001 was cancelled already."


def test_an_old_preview_is_made_again(ben, copy, as_person):
    action = previewed(as_person(ben), refund(copy))
    with tenant_scope(ben.workspace_id):
        MoneyAction.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = as_person(ben).post(f"money-actions/{action['id']}/confirmation")
    assert (answer.status_code, answer.json()["code"]) == (409, "preview_expired")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "steal"},
        {"amount": {"amount": 5, "currency": "EUR"}},
        {"amount": {"amount": "five", "currency": "EUR"}},
        {"lines": [{"line_id": "line-1"}]},
        {"lines": [{"line_id": "line-1", "quantity": "1"}]},
        {"lines": {}},
        {"order": None},
        {"lines": [{"line_id": "x", "quantity": 1}] * 251},
    ],
)
def test_wrong_members_are_refused_in_words(ben, corner, copy, as_person, wrong):
    answer = as_person(ben).post("money-actions", refund(copy, **wrong))
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert not corner.effects


def test_who_only_reads_neither_previews_nor_confirms(shop, ben, copy, as_person):
    vera = make_member(shop, name="Vera", role="viewer")
    assert as_person(vera).post("money-actions", refund(copy)).status_code == 403
    action = previewed(as_person(ben), refund(copy))
    answer = as_person(vera).post(f"money-actions/{action['id']}/confirmation")
    assert answer.status_code == 403


def test_a_key_that_may_only_read_moves_nothing(ben, copy, as_program):
    assert as_program(ben, "read").post("money-actions", refund(copy)).status_code == 403


def test_another_workspaces_order_and_action_are_404(ben, eve, copy, as_person):
    assert as_person(eve).post("money-actions", refund(copy)).status_code == 404
    action = previewed(as_person(ben), refund(copy))
    for way in ("confirmation", "approval", "refusal"):
        assert as_person(eve).post(f"money-actions/{action['id']}/{way}", {}).status_code == 404
    assert as_person(eve).get(f"money-actions/{action['id']}").status_code == 404


def test_the_list_is_of_one_conversation_or_order(ben, store, corner, copy, talk, as_person):
    corner.orders["order-2"] = an_order(id="order-2", name="#1002")
    other = copy_of(store, corner.orders["order-2"])
    first = previewed(as_person(ben), refund(copy, talk))
    second = previewed(as_person(ben), refund(other))

    def ids(**query):
        page = as_person(ben).get("money-actions", **query).json()
        return [one["id"] for one in page["results"]], page["next"]

    assert ids() == ([second["id"], first["id"]], None)
    assert ids(conversation=str(talk.pk))[0] == [first["id"]]
    assert ids(order=str(other.pk))[0] == [second["id"]]
    assert ids(state="done")[0] == []
    rows, cursor = ids(limit=1)
    assert (rows, ids(cursor=cursor)[0]) == ([second["id"]], [first["id"]])


def test_codes_worth_money_are_shown_to_who_asked_alone(ana, ben, copy, as_person, run):
    body = {
        "kind": "gift_card",
        "order": str(copy.pk),
        "amount": {"amount": "20", "currency": "EUR"},
    }
    action = previewed(as_person(ben), body)
    confirmed(as_person(ben), action)
    assert carried_out(as_person(ben), action, run)["secrets"]["code"]
    assert as_person(ana).get(f"money-actions/{action['id']}").json()["secrets"] == {}


def test_an_invoice_is_a_pdf_of_the_order(ben, copy, as_person, run):
    person = as_person(ben)
    action = previewed(person, {"kind": "invoice", "order": str(copy.pk)})
    assert person.get(f"money-actions/{action['id']}/document").status_code == 404
    confirmed(person, action)
    done = carried_out(person, action, run)
    answer = person.client.get(done["url"])
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'inline; filename="invoice-1001.pdf"'


def test_a_report_that_died_is_made_once_by_the_sweep(ben, corner, copy, talk, as_person):
    """The process died after the commit and before anybody heard of it."""
    person = as_person(ben)
    action = previewed(person, refund(copy, talk))
    confirmed(person, action)
    drain()  # outside of run(): nobody hears the event
    with tenant_scope(ben.workspace_id):
        row = MoneyAction.objects.get()
        assert (row.state, row.reported_state) == ("done", "")
        assert row.due_at is not None
        assert tell_conversation(row.pk) is True
        assert tell_conversation(row.pk) is False
        row = MoneyAction.objects.get()
        assert row.reported_state == "done"
        assert row.due_at is None
        assert ConversationEvent.objects.filter(kind="money_action").count() == 1


def test_limits_of_a_day_add_up_over_orders(ben, ana, store, corner, copy, as_person, run):
    with tenant_scope(ben.workspace_id):
        shop = PolicySettings()
        low = replace(shop.limits["agent"], per_day=Decimal(60))
        save_policy(settings=replace(shop, limits={**shop.limits, "agent": low}), by=ana)
    corner.orders["order-2"] = an_order(id="order-2", name="#1002")
    other = copy_of(store, corner.orders["order-2"])
    person = as_person(ben)
    first, second = previewed(person, refund(copy)), previewed(person, refund(other))
    for action in (first, second):
        assert confirmed(person, action)["state"] == "confirmed"
    with run(execute=True):
        drain()
    states = [person.get(f"money-actions/{one['id']}").json() for one in (first, second)]
    assert [one["state"] for one in states] == ["done", "awaiting_approval"]
    assert states[1]["verdict"]["rule"] == "limit.day"
    assert previewed(person, refund(other))["verdict"]["rule"] == "limit.day"


def test_a_shop_that_is_not_connected_says_so(ben, store, copy, as_person):
    with tenant_scope(ben.workspace_id):
        store.status = "uninstalled"
        store.save()
    answer = as_person(ben).post("money-actions", refund(copy))
    assert (answer.status_code, answer.json()["code"]) == (409, "shop_gone")


def test_every_kind_can_be_asked_for(ben, corner, copy, as_person):
    address = {"line1": "Karl Johans gate 1", "city": "Oslo", "zip": "0154", "country_code": "NO"}
    members: dict[Kind, dict[str, Any]] = {
        Kind.REFUND: {"full_shipping": True, "amount": {"amount": "5", "currency": "EUR"}},
        Kind.CANCEL: {"reason": "customer", "note": "Wishes it"},
        Kind.RETURN: {"lines": [{"line_id": "line-1", "quantity": 1, "reason": "style"}]},
        Kind.EXCHANGE: {
            "lines": [{"line_id": "line-1", "quantity": 1}],
            "replacements": [{"variant_id": "v", "quantity": 1}],
        },
        Kind.ORDER_ADDRESS: {"address": address},
        Kind.CUSTOMER_ADDRESS: {"address": address},
        Kind.NOTE: {"note": "x"},
        Kind.TAGS: {"add": ["x"]},
        Kind.EDIT: {"lines": [{"line_id": "line-1", "quantity": 0}], "add": []},
        Kind.RESHIP: {"lines": [{"line_id": "line-1", "quantity": 1}]},
        Kind.DISCOUNT: {"percent": "10", "days": 30},
        Kind.GIFT_CARD: {"amount": {"amount": "5", "currency": "EUR"}},
        Kind.CONFIRMATION: {},
        Kind.INVOICE: {},
    }
    assert set(members) == set(Kind)
    for kind, more in members.items():
        action = previewed(as_person(ben), {"kind": kind, "order": str(copy.pk), **more})
        assert action["kind"] == kind


def test_a_line_is_written_when_the_event_is_heard(ben, copy, talk, as_person):
    action = previewed(as_person(ben), refund(copy, talk))
    confirmed(as_person(ben), action)
    drain()
    with tenant_scope(ben.workspace_id):
        row = MoneyAction.objects.get()
    from identity.commerce.events import MoneyActionMoved

    show_money(MoneyActionMoved(row.workspace_id, row.pk, row.state, row.store_id, "", talk.pk))
    with tenant_scope(ben.workspace_id):
        assert ConversationEvent.objects.filter(kind="money_action").count() == 1
