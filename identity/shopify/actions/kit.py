"""The shapes of an action, and what several of them say alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from identity.commerce.facts import AddressFacts, OrderFacts
from identity.commerce.money import Money
from identity.commerce.requests import Request
from identity.commerce.seam import Finding, Job, Outcome, OutcomeState, Preview, Receipt, Sight
from identity.shopify.desk import Desk
from identity.shopify.values import node, paid_in, rows, text

#: Takes the desk, the request, the order's id and the customer's.
Previewing = Callable[[Desk, Any, str, str], Preview]
Result = dict[str, Any]

ABSENT = Finding(Sight.ABSENT)
UNKNOWABLE = Finding(Sight.UNKNOWABLE)


@dataclass(frozen=True, slots=True)
class Step:
    """One remote step."""

    perform: Callable[[Desk, Job], Result]
    find: Callable[[Desk, Job], Finding]


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of action."""

    preview: Previewing
    outcome: Callable[[Desk, Job], Receipt]


def found(result: Result) -> Finding:
    """Return that a step happened."""
    return Finding(Sight.FOUND, result)


def unknowable(_desk: Desk, _job: Job) -> Finding:
    """Return that the platform has no way to tell."""
    return UNKNOWABLE


def receipt(
    state: OutcomeState,
    sentence: str,
    *,
    order: OrderFacts | None = None,
    moved: Money | None = None,
    references: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    changes: tuple[Any, ...] = (),
) -> Receipt:
    """Return what an action came to."""
    return Receipt(
        outcome=Outcome(
            state=state,
            sentence=sentence,
            moved=moved,
            changes=changes,
            references=dict(references or {}),
        ),
        order=order,
        secrets=dict(secrets or {}),
    )


def address_input(address: AddressFacts) -> dict[str, str | None]:
    """Return an address as mutations take it; each member replaces what is there."""
    return {
        "firstName": address.first_name or None,
        "lastName": address.last_name or None,
        "company": address.company or None,
        "address1": address.line1 or None,
        # Empty and not null: the old second line must go, and null leaves it.
        "address2": address.line2,
        "city": address.city or None,
        "provinceCode": address.province_code or None,
        "zip": address.zip or None,
        "countryCode": address.country_code or None,
        "phone": address.phone or None,
    }


def same_place(left: AddressFacts | None, right: AddressFacts) -> bool:
    """Say whether ``left`` is the wanted address ``right``, whatever became of capitals and blanks.

    A name that was not given is the customer's own, which the shop fills in.
    """
    if left is None or _place(left) != _place(right):
        return False
    return not (right.first_name or right.last_name) or _name(left) == _name(right)


def _name(address: AddressFacts) -> str:
    return "".join(f"{address.first_name}{address.last_name}".split()).casefold()


def _place(address: AddressFacts) -> tuple[str, ...]:
    parts = (
        address.line1,
        address.line2,
        address.city,
        address.zip,
        address.country_code,
    )
    return tuple("".join(part.split()).casefold() for part in parts)


def refunds_of(desk: Desk, order_id: str) -> list[Mapping[str, Any]]:
    """Return the refunds of an order with their movements of money."""
    data = desk.read("order_refunds", {"id": order_id})
    return list(rows(node(data.get("order")).get("refunds")))


def movements(refund: Mapping[str, Any]) -> tuple[set[str], Money | None]:
    """Return the states of a refund's transactions, and what went back by those that succeeded."""
    states: set[str] = set()
    moved: Money | None = None
    for one in rows(refund.get("transactions")):
        status = text(one.get("status"))
        states.add(status)
        amount = paid_in(one.get("amountSet"))
        if status == "SUCCESS" and amount is not None:
            moved = amount if moved is None else moved + amount
    return states, moved


def pieces(count: int) -> str:
    """Return a number of pieces in words."""
    return "1 piece" if count == 1 else f"{count} pieces"


def clipped(words: str, mark: str, limit: int = 255) -> str:
    """Return words followed by our mark, within the platform's limit; the mark always fits."""
    tail = f" ({mark})"
    return f"{words.strip()[: limit - len(tail)]}{tail}".strip()


def request_of(job: Job, kind: type[Any]) -> Any:
    """Return the job's request, which is of this kind by the plan."""
    request: Request = job.request
    if not isinstance(request, kind):
        raise TypeError(f"{type(request).__name__} is no {kind.__name__}.")
    return request
