"""What a rule sees, what it says, and how rules are listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from identity.commerce.codec import Coded
from identity.commerce.facts import LineFacts, OrderFacts
from identity.commerce.money import Money
from identity.commerce.plans import PLANS
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.commerce.requests import (
    CancelRequest,
    DiscountRequest,
    GiftCardRequest,
    Kind,
    RefundRequest,
    Request,
    ReshipRequest,
    kind_of,
)
from identity.commerce.seam import Preview


class Decision(StrEnum):
    """What the policy says."""

    ALLOWED = "allowed"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict(Coded):
    """A decision, the rule that made it, and a sentence for the person who asked."""

    decision: Decision
    rule: str
    sentence: str
    #: Numbers behind it, as texts: "maximum" → "110.00 EUR", "until" → a time.
    limits: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a rule may look at."""

    request: Request
    settings: PolicySettings
    actor: Actor
    now: datetime
    #: None for actions about a customer.
    order: OrderFacts | None = None
    #: The shop's calculation; without it only what the order tells is judged.
    preview: Preview | None = None
    #: Finished actions of this order by kind, and value this actor moved since midnight, in the
    #: store's currency.
    done: Mapping[Kind, int] = field(default_factory=dict)
    moved_today: Decimal = Decimal(0)

    @property
    def kind(self) -> Kind:
        """Return what is asked."""
        return kind_of(self.request)

    @property
    def facts(self) -> OrderFacts:
        """Return the order; only for rules of kinds that have one."""
        if self.order is None:
            raise ValueError(f"{self.kind} is judged by an order, and none was given.")
        return self.order

    @property
    def decides(self) -> bool:
        """Say whether this person may make exceptions that others ask for."""
        return self.actor in {Actor.OWNER, Actor.ADMIN, Actor.SUPERVISOR}

    @property
    def value(self) -> Money | None:
        """Return what the action is worth: money that leaves, or goods, or a code's amount."""
        return value_of(self.request, self.order, self.preview)

    def in_store_currency(self, amount: Money) -> Decimal:
        """Return the amount limits are compared with."""
        return (self.order.in_store_currency(amount) if self.order else amount).amount


def value_of(request: Request, order: OrderFacts | None, preview: Preview | None) -> Money | None:
    """Return what limits are about; None where nothing of worth leaves."""
    if preview is not None:
        found = preview.refund if preview.refund is not None else preview.value
        if found is not None:
            return found
    if isinstance(request, GiftCardRequest | DiscountRequest):
        return request.amount
    return None if order is None else _value_by_facts(request, order)


def _value_by_facts(request: Request, order: OrderFacts) -> Money | None:
    zero = Money.zero(order.currency)
    if isinstance(request, CancelRequest):
        return order.left_to_refund if request.refund else zero
    if isinstance(request, RefundRequest):
        if request.amount is not None:
            return request.amount
        found = request.shipping or (order.shipping if request.full_shipping else zero)
        for piece in request.lines:
            found += _worth(order.line(piece.line_id), piece.quantity, zero)
        return found
    if isinstance(request, ReshipRequest):
        for pieces in request.lines:
            zero += _worth(order.line(pieces.line_id), pieces.quantity, Money.zero(order.currency))
        return zero
    return None


def _worth(line: LineFacts | None, quantity: int, zero: Money) -> Money:
    if line is None:
        return zero
    return (line.paid_price or line.unit_price).times(quantity)


Answer = Verdict | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition. ``says`` is its documentation."""

    id: str
    says: str
    kinds: frozenset[Kind]
    check: Callable[[Case], Answer]


class RuleList(list[Rule]):
    """The rules of one file, in the order they are asked."""

    def rule(
        self, rule_id: str, says: str, kinds: frozenset[Kind]
    ) -> Callable[[Callable[[Case], Answer]], Callable[[Case], Answer]]:
        """Enter the decorated function."""

        def enter(check: Callable[[Case], Answer]) -> Callable[[Case], Answer]:
            self.append(Rule(rule_id, says, kinds, check))
            return check

        return enter


ALL = frozenset(Kind)
VALUE = frozenset(kind for kind, plan in PLANS.items() if plan.moves_value)
BACK = frozenset({Kind.RETURN, Kind.EXCHANGE})
ON_ORDER = frozenset(kind for kind, plan in PLANS.items() if plan.subject == "order")


def only(*kinds: Kind) -> frozenset[Kind]:
    """Return the kinds a rule is for."""
    return frozenset(kinds)


def refuse(rule_id: str, sentence: str, **limits: str) -> Verdict:
    """Return a refusal."""
    return Verdict(Decision.REFUSED, rule_id, sentence, limits)


def ask(rule_id: str, sentence: str, **limits: str) -> Verdict:
    """Return a need for approval."""
    return Verdict(Decision.NEEDS_APPROVAL, rule_id, sentence, limits)
