"""Limits, asked last: they turn what is possible into a question."""

from decimal import Decimal

from identity.commerce.policy_settings import Actor
from identity.commerce.requests import Kind
from identity.commerce.verdicts import VALUE, Answer, Case, RuleList, ask

RULES = RuleList()


@RULES.rule("limit.action", "Above what a role may move at once somebody higher approves.", VALUE)
def _limit_action(case: Case) -> Answer:
    value, limit = case.value, case.settings.limit_of(case.actor).per_action
    if value is None or limit is None or _own_money(case):
        return None
    if case.in_store_currency(value) > limit:
        return ask(
            "limit.action",
            f"{value} is above the {_plain(limit)} that may be moved at once without approval.",
            limit=_plain(limit),
        )
    return None


@RULES.rule("limit.day", "Above what a role may move on one day somebody higher approves.", VALUE)
def _limit_day(case: Case) -> Answer:
    value, limit = case.value, case.settings.limit_of(case.actor).per_day
    if value is None or limit is None or not value.amount or _own_money(case):
        return None
    if case.moved_today + case.in_store_currency(value) > limit:
        return ask(
            "limit.day",
            f"With this, more than {_plain(limit)} would be moved on one day.",
            limit=_plain(limit),
            moved_today=_plain(case.moved_today),
        )
    return None


def _own_money(case: Case) -> bool:
    """Say whether a shopper takes back what they paid, which no goodwill limit is about."""
    own = case.kind in {Kind.CANCEL, Kind.RETURN}
    return own and case.actor == Actor.CUSTOMER and case.settings.customer_money_back


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}"
