"""Goods again, codes and cards."""

from identity.commerce.money import Money
from identity.commerce.requests import DiscountRequest, GiftCardRequest, Kind, ReshipRequest
from identity.commerce.verdicts import Answer, Case, RuleList, ask, only, refuse

RULES = RuleList()


@RULES.rule(
    "reship.approval", "Sending goods again needs approval below a supervisor.", only(Kind.RESHIP)
)
def _reship(case: Case) -> Answer:
    if case.settings.reship_needs_approval and not case.decides:
        return ask("reship.approval", "Sending goods again needs a supervisor's approval.")
    return None


@RULES.rule("reship.quantity", "No more pieces than the order had.", only(Kind.RESHIP))
def _reship_quantity(case: Case) -> Answer:
    assert isinstance(case.request, ReshipRequest)
    for pieces in case.request.lines:
        line = case.facts.line(pieces.line_id)
        if line is None or not 1 <= pieces.quantity <= line.quantity:
            return refuse("reship.quantity", "Send at most what the order had.")
    if not case.request.lines:
        return refuse("reship.quantity", "Choose what to send again.")
    return None


@RULES.rule(
    "discount.form", "A code is a percentage or an amount, for 1 to 366 days.", only(Kind.DISCOUNT)
)
def _discount_form(case: Case) -> Answer:
    assert isinstance(case.request, DiscountRequest)
    request = case.request
    given = [one for one in (request.percent, request.amount) if one is not None]
    positive = all((one.amount if isinstance(one, Money) else one) > 0 for one in given)
    if len(given) != 1 or not positive or not 1 <= request.days <= 366:
        return refuse("discount.form", "Enter a percentage or an amount, for 1 to 366 days.")
    return None


@RULES.rule(
    "discount.cap",
    "Discounts above the cap need approval; above the most they are refused.",
    only(Kind.DISCOUNT),
)
def _discount_cap(case: Case) -> Answer:
    assert isinstance(case.request, DiscountRequest)
    percent, settings = case.request.percent, case.settings
    if percent is None:
        return None
    if percent > settings.discount_percent_most:
        return refuse(
            "discount.cap",
            f"Codes give at most {settings.discount_percent_most} %.",
            maximum=f"{settings.discount_percent_most} %",
        )
    if percent > settings.discount_percent and not case.decides:
        return ask(
            "discount.cap",
            f"Codes above {settings.discount_percent} % need approval.",
            maximum=f"{settings.discount_percent} %",
        )
    return None


@RULES.rule(
    "gift_card.cap",
    "Gift cards above the cap need approval; above the most they are refused.",
    only(Kind.GIFT_CARD),
)
def _gift_card_cap(case: Case) -> Answer:
    assert isinstance(case.request, GiftCardRequest)
    amount, settings = case.request.amount, case.settings
    if amount.amount <= 0:
        return refuse("gift_card.cap", "A gift card holds more than zero.")
    if amount.amount > settings.gift_card_most:
        most = Money(settings.gift_card_most, amount.currency)
        return refuse("gift_card.cap", f"Gift cards hold at most {most}.", maximum=str(most))
    if amount.amount > settings.gift_card and not case.decides:
        cap = Money(settings.gift_card, amount.currency)
        return ask("gift_card.cap", f"Gift cards above {cap} need approval.", maximum=str(cap))
    return None
