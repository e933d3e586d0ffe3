"""What a policy would say about real or sample orders, before it is saved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from identity.commerce.facts import (
    AddressFacts,
    FulfilmentState,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    ParcelState,
    PaymentState,
)
from identity.commerce.money import Money
from identity.commerce.policy import judge
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.commerce.requests import (
    CancelRequest,
    ExchangeRequest,
    Kind,
    NewPieces,
    OrderAddressRequest,
    Pieces,
    RefundRequest,
    Request,
    ReshipRequest,
    ReturnPieces,
    ReturnRequest,
)
from identity.commerce.verdicts import Case, Verdict

SHOWN = {
    Kind.REFUND: "Refund all",
    Kind.CANCEL: "Cancel",
    Kind.RETURN: "Return",
    Kind.EXCHANGE: "Exchange",
    Kind.ORDER_ADDRESS: "Change address",
    Kind.RESHIP: "Send again",
}
SOMEWHERE = AddressFacts(line1="Main street 1", city="Anywhere", country_code="NO")


@dataclass(frozen=True, slots=True)
class Row:
    """One order and what may be done with it."""

    name: str
    words: str
    verdicts: tuple[Verdict, ...]


def dry_run(
    orders: Sequence[OrderFacts], *, settings: PolicySettings, actor: Actor, now: datetime
) -> list[Row]:
    """Return the verdict of each shown action over each order."""
    return [
        Row(
            name=order.name,
            words=_words(order, now),
            verdicts=tuple(
                judge(Case(ask, settings=settings, actor=actor, now=now, order=order))
                for ask in _asked(order)
            ),
        )
        for order in orders
    ]


def _asked(order: OrderFacts) -> list[Request]:
    """Return one request for each column."""
    sent = [line for line in order.lines if line.fulfilled_quantity > 0]
    one = (sent or list(order.lines))[:1]
    back = tuple(ReturnPieces(line.id, 1) for line in one)
    return [
        RefundRequest(amount=order.left_to_refund),
        CancelRequest(),
        ReturnRequest(lines=back),
        ExchangeRequest(
            lines=back, replacements=tuple(NewPieces(line.variant_id, 1) for line in one)
        ),
        OrderAddressRequest(SOMEWHERE),
        ReshipRequest(lines=tuple(Pieces(line.id, 1) for line in one)),
    ]


def _words(order: OrderFacts, now: datetime) -> str:
    if order.cancelled:
        where = "cancelled"
    elif order.delivered_at:
        where = f"delivered {_ago(order.delivered_at, now)}"
    elif order.shipped:
        where = "on its way"
    else:
        where = f"not shipped, ordered {_ago(order.placed_at, now)}"
    return f"{order.total}, {where}"


def _ago(then: datetime, now: datetime) -> str:
    days = max((now - then).days, 0)
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"


def sample_orders(now: datetime, currency: str) -> list[OrderFacts]:
    """Return orders of every sort, for a shop whose own are not here yet."""
    return [
        _sample("Sample 1", now, currency, ordered=0, total=45),
        _sample("Sample 2", now, currency, ordered=2, total=240),
        _sample("Sample 3", now, currency, ordered=4, total=80, sent=2),
        _sample("Sample 4", now, currency, ordered=12, total=120, sent=10, arrived=7),
        _sample("Sample 5", now, currency, ordered=50, total=95, sent=48, arrived=45),
        _sample("Sample 6", now, currency, ordered=9, total=60, sent=8, arrived=5, final=True),
    ]


def _sample(
    name: str,
    now: datetime,
    currency: str,
    *,
    ordered: int,
    total: int,
    sent: int | None = None,
    arrived: int | None = None,
    final: bool = False,
) -> OrderFacts:
    price, zero = Money.of(total, currency), Money.zero(currency)
    shipped = sent is not None
    line = LineFacts(
        id="1",
        title="Tent",
        quantity=1,
        unit_price=price,
        total=price,
        current_quantity=1,
        refundable_quantity=1,
        fulfilled_quantity=1 if shipped else 0,
        unfulfilled_quantity=0 if shipped else 1,
        variant_id="1",
        final_sale=final,
    )
    parcels: tuple[ParcelFacts, ...] = ()
    if sent is not None:
        at = None if arrived is None else now - timedelta(days=arrived)
        state = ParcelState.IN_TRANSIT if at is None else ParcelState.DELIVERED
        left = now - timedelta(days=sent)
        parcels = (ParcelFacts(id="1", state=state, created_at=left, delivered_at=at),)
    return OrderFacts(
        id=name,
        name=name + (" (final sale)" if final else ""),
        currency=currency,
        subtotal=price,
        shipping=zero,
        tax=zero,
        discounts=zero,
        total=price,
        current_total=price,
        paid=price,
        refunded=zero,
        outstanding=zero,
        placed_at=now - timedelta(days=ordered),
        payment=PaymentState.PAID,
        fulfilment=FulfilmentState.FULFILLED if shipped else FulfilmentState.UNFULFILLED,
        lines=(line,),
        parcels=parcels,
        refundable=True,
        editable=not shipped,
    )
