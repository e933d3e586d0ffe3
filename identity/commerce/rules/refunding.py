"""Refunds."""

from identity.commerce.requests import Kind, RefundRequest
from identity.commerce.verdicts import Answer, Case, RuleList, only, refuse

RULES = RuleList()


@RULES.rule(
    "refund.nothing", "A refund is for lines, shipping or an amount above zero.", only(Kind.REFUND)
)
def _refund_nothing(case: Case) -> Answer:
    value = case.value
    if value is None or value.amount <= 0:
        return refuse("refund.nothing", "Choose what to give money back for.")
    return None


@RULES.rule("refund.unpaid", "Only money that came in can go back.", only(Kind.REFUND))
def _refund_unpaid(case: Case) -> Answer:
    if not case.facts.left_to_refund:
        return refuse(
            "refund.unpaid", f"Nothing is left to give back on {case.facts.name}.", maximum="0"
        )
    return None


@RULES.rule(
    "refund.quantity", "No more pieces of a line than were not given back yet.", only(Kind.REFUND)
)
def _refund_quantity(case: Case) -> Answer:
    assert isinstance(case.request, RefundRequest)
    wanted: dict[str, int] = {}
    for piece in case.request.lines:
        line = case.facts.line(piece.line_id)
        wanted[piece.line_id] = wanted.get(piece.line_id, 0) + piece.quantity
        left = line.refundable_quantity if line else 0
        if piece.quantity < 1 or wanted[piece.line_id] > left:
            name = line.name if line else "That line"
            return refuse("refund.quantity", f"{name}: {left} left to refund.", maximum=str(left))
    return None


@RULES.rule("refund.maximum", "Never more than was paid and not given back.", only(Kind.REFUND))
def _refund_maximum(case: Case) -> Answer:
    value = case.value
    maximum = case.facts.left_to_refund
    if case.preview is not None and case.preview.maximum is not None:
        maximum = min(maximum, case.preview.maximum)
    if value is not None and value > maximum:
        return refuse(
            "refund.maximum",
            f"At most {maximum} can go back on {case.facts.name}.",
            maximum=str(maximum),
        )
    return None
