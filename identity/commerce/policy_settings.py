"""What a merchant has decided: windows, limits, who may do what. Pure data with sane defaults."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from identity.commerce.codec import Coded
from identity.commerce.requests import Kind


class Actor(StrEnum):
    """In whose name something is asked. The first five are the roles of a workspace, high to low."""

    OWNER = "owner"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    VIEWER = "viewer"
    #: The assistant, acting by itself.
    AI = "ai"
    #: A verified shopper in self-service.
    CUSTOMER = "customer"

    @property
    def is_member(self) -> bool:
        """Say whether this is a person of the workspace."""
        return self not in {Actor.AI, Actor.CUSTOMER}


@dataclass(frozen=True, slots=True)
class Limit(Coded):
    """How much value one actor may move, in the store's currency. None is without limit."""

    per_action: Decimal | None = None
    per_day: Decimal | None = None


def _limits() -> dict[str, Limit]:
    return {
        Actor.OWNER: Limit(),
        Actor.ADMIN: Limit(),
        Actor.SUPERVISOR: Limit(per_action=Decimal(500), per_day=Decimal(5000)),
        Actor.AGENT: Limit(per_action=Decimal(100), per_day=Decimal(1000)),
        Actor.VIEWER: Limit(per_action=Decimal(0), per_day=Decimal(0)),
        Actor.AI: Limit(per_action=Decimal(0), per_day=Decimal(0)),
        Actor.CUSTOMER: Limit(per_action=Decimal(0), per_day=Decimal(0)),
    }


@dataclass(frozen=True, slots=True)
class PolicySettings(Coded):
    """One version of a workspace's policy. Days count from delivery, hours from the order."""

    return_days: int = 30
    exchange_days: int = 30
    #: Orders whose delivery nobody knows: days from the day the last parcel left.
    transit_days: int = 14
    #: After this many hours only agents may cancel; None: as long as nothing was shipped.
    cancel_hours: int | None = None
    #: Lines with one of these product tags, or with a SKU that begins so, never come back.
    final_sale_tags: tuple[str, ...] = ("final-sale", "final sale")
    final_sale_skus: tuple[str, ...] = ()
    #: An exchange keeps to variants of the product it replaces.
    exchange_same_product: bool = False
    #: Kinds that an order sees at most once.
    once_per_order: tuple[Kind, ...] = ()
    #: Reasons a cancellation may have; none: any.
    cancel_reasons: tuple[str, ...] = ()
    limits: dict[str, Limit] = field(default_factory=_limits)
    #: What the assistant and a shopper may do by themselves, within their limits.
    ai_may: tuple[Kind, ...] = ()
    customer_may: tuple[Kind, ...] = (Kind.CANCEL, Kind.RETURN, Kind.ORDER_ADDRESS)
    #: The shopper's own cancellation and return give back what was paid, whatever their limit.
    customer_money_back: bool = True
    #: Per cent; more needs approval, more than the second is refused.
    discount_percent: int = 20
    discount_percent_most: int = 50
    #: In the store's currency: more needs approval, more than the second is refused.
    gift_card: Decimal = Decimal(50)
    gift_card_most: Decimal = Decimal(250)
    #: A reshipment needs a supervisor's approval.
    reship_needs_approval: bool = True
    #: An order with an open dispute or a high risk needs approval before value leaves.
    careful_with_disputes: bool = True

    def limit_of(self, actor: Actor) -> Limit:
        """Return the limit of an actor; one that was never set may move nothing."""
        return self.limits.get(actor, Limit(per_action=Decimal(0), per_day=Decimal(0)))
