"""Cancelling."""

from datetime import timedelta

from identity.commerce.requests import CancelRequest, Kind
from identity.commerce.verdicts import Answer, Case, RuleList, only, refuse

RULES = RuleList()


@RULES.rule(
    "cancel.shipped",
    "What left the house can't be cancelled; it can be returned.",
    only(Kind.CANCEL),
)
def _cancel_shipped(case: Case) -> Answer:
    if case.facts.shipped:
        return refuse(
            "cancel.shipped",
            f"{case.facts.name} has been shipped, in part or whole. Open a return instead.",
        )
    return None


@RULES.rule(
    "cancel.return_open", "An order with an open return is not cancelled.", only(Kind.CANCEL)
)
def _cancel_return(case: Case) -> Answer:
    if not case.facts.cancellable and not case.facts.shipped and not case.facts.cancelled:
        return refuse("cancel.return_open", "A return is open on this order. Close it first.")
    return None


@RULES.rule(
    "cancel.window",
    "Shoppers and the assistant cancel within the merchant's hours.",
    only(Kind.CANCEL),
)
def _cancel_window(case: Case) -> Answer:
    hours = case.settings.cancel_hours
    if hours is None or case.actor.is_member:
        return None
    until = case.facts.placed_at + timedelta(hours=hours)
    if case.now > until:
        return refuse(
            "cancel.window",
            f"Orders can be cancelled within {hours} hours of being placed.",
            until=until.isoformat(),
        )
    return None


@RULES.rule(
    "cancel.reason", "Only reasons on the merchant's list, where there is one.", only(Kind.CANCEL)
)
def _cancel_reason(case: Case) -> Answer:
    assert isinstance(case.request, CancelRequest)
    allowed = case.settings.cancel_reasons
    if allowed and case.request.reason not in allowed:
        return refuse("cancel.reason", f"The shop cancels for: {', '.join(allowed)}.")
    return None
