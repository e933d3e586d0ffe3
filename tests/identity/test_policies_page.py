"""The page of the shop's policy: tried over orders, saved as a version, for supervisors and above."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from identity.commerce.dry_run import SHOWN, dry_run, sample_orders
from identity.commerce.models import PolicyVersion
from identity.commerce.policies import current_policy
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.commerce.requests import Kind
from identity.policy_form import LIMITED, PolicyForm
from identity.tenancy import tenant_scope
from tests.factories.identity import make_member
from tests.factories.shop import make_order

PAGE = "/settings/policies/"


def form_of(**changes):
    form = PolicyForm(settings=PolicySettings())
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value not in (None, False)}
    return {**given, **changes}


def policy_of(workspace):
    with tenant_scope(workspace.pk):
        return current_policy()


def test_saving_without_a_change_means_the_same(sign_in, ana, shop):
    assert sign_in(ana).post(PAGE, form_of()).status_code == 302
    assert policy_of(shop) == PolicySettings()


def test_what_is_typed_is_what_counts(sign_in, ana, shop):
    answer = sign_in(ana).post(
        PAGE,
        form_of(
            return_days="45",
            cancel_hours="3",
            agent_action="20.50",
            agent_day="",
            final_sale_skus="SALE-, OUT-",
            once_per_order=["exchange"],
            comment="After Christmas",
        ),
    )
    assert answer.status_code == 302
    policy = policy_of(shop)
    assert (policy.return_days, policy.cancel_hours) == (45, 3)
    assert policy.limit_of(Actor.AGENT).per_action == Decimal("20.5")
    assert policy.limit_of(Actor.AGENT).per_day is None
    assert policy.final_sale_skus == ("SALE-", "OUT-")
    assert policy.once_per_order == (Kind.EXCHANGE,)


def test_the_history_says_who_changed_what_and_why(sign_in, ana, shop):
    client = sign_in(ana)
    client.post(PAGE, form_of(return_days="45", comment="After Christmas"))
    client.post(PAGE, form_of(return_days="45", agent_action="5"))
    page = client.get(PAGE).content.decode()
    assert "After Christmas" in page
    assert "Return days: 30 → 45" in page
    assert "Limits of agent" in page
    with tenant_scope(shop.pk):
        assert PolicyVersion.objects.count() == 2


def test_the_table_tries_what_is_typed_before_it_is_saved(sign_in, ana, shop):
    order = make_order(shop)
    client = sign_in(ana)
    page = client.post(f"{PAGE}dry-run/", form_of(agent_action="0", try_as="agent"))
    body = page.content.decode()
    assert order.name in body
    assert "limit.action" in body
    assert "nothing is saved yet" in body
    assert policy_of(shop) == PolicySettings()


def test_without_orders_samples_are_tried(sign_in, ana):
    body = sign_in(ana).get(PAGE).content.decode()
    assert "Sample 1" in body
    assert "return.final_sale" in body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"return_days": "-1"}, "greater than or equal to 0"),
        ({"agent_action": "many"}, "Enter a number"),
        ({"gift_card": "300"}, "Enter at least as much as what needs no approval"),
    ],
)
def test_wrong_values_are_answered_beside_the_field(sign_in, ana, shop, changes, sentence):
    assert sentence in sign_in(ana).post(PAGE, form_of(**changes)).content.decode()
    assert policy_of(shop) == PolicySettings()
    tried = sign_in(ana).post(f"{PAGE}dry-run/", form_of(**changes)).content.decode()
    assert "not right yet" in tried


def test_supervisors_change_the_policy_and_agents_do_not(sign_in, shop, ben):
    sue = make_member(shop, name="Sue", role="supervisor")
    assert sign_in(sue).get(PAGE).status_code == 200
    assert sign_in(ben).get(PAGE).status_code == 403
    assert sign_in(ben).post(PAGE, form_of()).status_code == 403


def test_another_workspace_keeps_its_own(sign_in, ana, eve, shop, other_shop):
    sign_in(ana).post(PAGE, form_of(return_days="45"))
    assert policy_of(other_shop) == PolicySettings()


def test_the_dry_run_shows_every_sort_of_answer():
    now = timezone.now()
    rows = dry_run(sample_orders(now, "EUR"), settings=PolicySettings(), actor=Actor.AGENT, now=now)
    assert {len(row.verdicts) for row in rows} == {len(SHOWN)}
    said = {verdict.decision for row in rows for verdict in row.verdicts}
    assert said == {"allowed", "needs_approval", "refused"}


def test_every_actor_can_be_tried(sign_in, ana):
    for actor in LIMITED:
        body = sign_in(ana).post(f"{PAGE}dry-run/", form_of(try_as=actor)).content.decode()
        assert "Sample 1" in body


def test_limits_the_form_does_not_ask_for_stay():
    policy = PolicySettings()
    viewer = replace(policy, limits={**policy.limits})
    form = PolicyForm(form_of(), settings=viewer)
    assert form.is_valid(), form.errors
    assert form.settings().limits["viewer"] == policy.limits["viewer"]
