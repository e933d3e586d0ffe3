"""The state of the whole order."""

from identity.commerce.plans import PLANS
from identity.commerce.requests import Kind
from identity.commerce.verdicts import ON_ORDER, VALUE, Answer, Case, RuleList, ask, only, refuse

RULES = RuleList()


@RULES.rule(
    "order.cancelled",
    "A cancelled order is changed no more, except that money left on it may go back.",
    ON_ORDER - only(Kind.NOTE, Kind.TAGS, Kind.REFUND, Kind.INVOICE, Kind.RESHIP),
)
def _cancelled(case: Case) -> Answer:
    if case.facts.cancelled:
        return refuse("order.cancelled", f"{case.facts.name} was cancelled already.")
    return None


@RULES.rule("order.once", "Some actions happen once per order, if the merchant says so.", ON_ORDER)
def _once(case: Case) -> Answer:
    if case.kind in case.settings.once_per_order and case.done.get(case.kind, 0):
        return refuse(
            "order.once",
            f"{PLANS[case.kind].noun}: this was done once on {case.facts.name} already.",
        )
    return None


@RULES.rule(
    "order.dispute",
    "While a bank disputes the payment, or the risk is high, an agent asks before value leaves.",
    VALUE & ON_ORDER,
)
def _dispute(case: Case) -> Answer:
    if not case.settings.careful_with_disputes or case.decides:
        return None
    if any(one.state not in {"won", "lost", "closed"} for one in case.facts.disputes):
        return ask("order.dispute", "The payment is disputed: refunding it too would pay twice.")
    if case.facts.risk == "high" and case.kind in {Kind.RESHIP, Kind.REFUND, Kind.EXCHANGE}:
        return ask("order.dispute", "The shop marks this order as high risk.")
    return None
