"""Returns and exchanges."""

from datetime import datetime, timedelta

from identity.commerce.facts import LineFacts
from identity.commerce.policy_settings import PolicySettings
from identity.commerce.requests import ExchangeRequest, Kind, ReturnRequest
from identity.commerce.verdicts import BACK, Answer, Case, RuleList, ask, only, refuse

RULES = RuleList()


def _pieces(case: Case) -> list[tuple[LineFacts | None, int]]:
    assert isinstance(case.request, ReturnRequest | ExchangeRequest)
    return [(case.facts.line(one.line_id), one.quantity) for one in case.request.lines]


@RULES.rule("return.nothing", "At least one piece, and lines of this order only.", BACK)
def _return_nothing(case: Case) -> Answer:
    pieces = _pieces(case)
    if not pieces or any(line is None or quantity < 1 for line, quantity in pieces):
        return refuse("return.nothing", "Choose at least one piece of this order.")
    return None


@RULES.rule("return.not_shipped", "Only what was sent can come back.", BACK)
def _return_not_shipped(case: Case) -> Answer:
    if not case.facts.shipped:
        return refuse(
            "return.not_shipped",
            f"{case.facts.name} has not been shipped yet. Cancel or change it.",
        )
    return None


@RULES.rule("return.not_delivered", "A parcel that is still on its way is waited for.", BACK)
def _return_not_delivered(case: Case) -> Answer:
    if _return_clock(case) is None:
        return refuse("return.not_delivered", "It is still on its way. Wait until it has arrived.")
    return None


@RULES.rule("return.quantity", "No more pieces than were sent and are not back yet.", BACK)
def _return_quantity(case: Case) -> Answer:
    wanted: dict[str, int] = {}
    for line, quantity in _pieces(case):
        if line is None:
            continue
        wanted[line.id] = wanted.get(line.id, 0) + quantity
        left = line.returnable_quantity
        if left is None:
            left = min(line.fulfilled_quantity, line.refundable_quantity)
        if wanted[line.id] > left:
            return refuse(
                "return.quantity",
                f"{line.name}: {left} can come back, {wanted[line.id]} were asked for.",
                maximum=str(left),
            )
    return None


@RULES.rule("return.final_sale", "Final sale and gift cards never come back.", BACK)
def _final_sale(case: Case) -> Answer:
    for line, _ in _pieces(case):
        if line is not None and (line.gift_card or is_final_sale(line, case.settings)):
            return refuse("return.final_sale", f"{line.name} was sold without a right to return.")
    return None


@RULES.rule(
    "return.window",
    "Within the merchant's days after delivery. Later an agent needs approval, a supervisor decides.",
    BACK,
)
def _return_window(case: Case) -> Answer:
    start = _return_clock(case)
    exchange = case.kind == Kind.EXCHANGE
    days = case.settings.exchange_days if exchange else case.settings.return_days
    if start is None or case.now <= (until := start + timedelta(days=days)):
        return None
    word = "Exchanges" if exchange else "Returns"
    sentence = f"{word} are possible for {days} days after delivery, here until {until:%d %B %Y}."
    if case.decides:
        return None
    if case.actor.is_member:
        return ask(
            "return.window", f"{sentence} An exception needs approval.", until=until.isoformat()
        )
    return refuse("return.window", sentence, until=until.isoformat())


def _return_clock(case: Case) -> datetime | None:
    """Return since when days count: the last arrival, or when it must have arrived by then."""
    arrived = case.facts.delivered_at
    if arrived is not None:
        return arrived
    left = [one.created_at for one in case.facts.parcels if one.active and one.created_at]
    if not left:
        return case.now if case.facts.shipped and not case.facts.parcels else None
    due = max(left) + timedelta(days=case.settings.transit_days)
    return due if due <= case.now else None


@RULES.rule(
    "exchange.replacement",
    "An exchange names what goes out, as many pieces as come back at most.",
    only(Kind.EXCHANGE),
)
def _exchange_replacement(case: Case) -> Answer:
    assert isinstance(case.request, ExchangeRequest)
    new = sum(one.quantity for one in case.request.replacements)
    back = sum(one.quantity for one in case.request.lines)
    if new < 1 or new > back or any(one.quantity < 1 for one in case.request.replacements):
        return refuse("exchange.replacement", "Name what goes out, piece for piece.")
    return None


@RULES.rule(
    "exchange.product",
    "Only another variant of the same product, if the merchant says so.",
    only(Kind.EXCHANGE),
)
def _exchange_product(case: Case) -> Answer:
    if not case.settings.exchange_same_product or case.preview is None:
        return None
    assert isinstance(case.request, ExchangeRequest)
    back: list[str] = []
    for line, quantity in _pieces(case):
        back += [line.product_id if line else ""] * quantity
    for one in case.request.replacements:
        for _ in range(one.quantity):
            product = case.preview.products.get(one.variant_id, "")
            if product not in back:
                return refuse(
                    "exchange.product",
                    "Pieces are exchanged for another variant of the same product.",
                )
            back.remove(product)
    return None


def is_final_sale(line: LineFacts, settings: PolicySettings) -> bool:
    """Say whether a line was sold without a right to return."""
    tags = {tag.strip().lower() for tag in line.product_tags}
    return (
        line.final_sale
        or any(tag.lower() in tags for tag in settings.final_sale_tags)
        or any(line.sku.startswith(prefix) for prefix in settings.final_sale_skus if prefix)
    )
