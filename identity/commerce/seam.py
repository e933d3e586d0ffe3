"""The one door to a shop platform, narrow enough for a second one (SH-10).

Everything above it (policy, actions, sidebar, assistant) knows shops through this protocol alone.
A write is cut into remote steps (``plans.py``); each is performed under the action's key, and can be
looked for afterwards, so that an answer that got lost is found and never guessed.

Nothing here may be called inside a database transaction that must stay short: it waits for a shop.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from helpdesk.foundation.errors import HelpdeskError
from identity.commerce.codec import Coded
from identity.commerce.facts import CustomerFacts, OrderFacts, ProductFacts, StoreFacts
from identity.commerce.money import Money
from identity.commerce.requests import Request


class CommerceError(HelpdeskError):
    """The shop did not do it. ``message`` is for the agent."""

    code = "shop_error"
    status = 502


class RefusedError(CommerceError):
    """The shop understood and said no, in words. Nothing happened."""

    code = "shop_refused"
    status = 422


class ThrottledError(CommerceError):
    """The shop takes no more calls for ``wait`` seconds. Nothing happened."""

    code = "shop_busy"
    status = 503

    def __init__(self, message: str, *, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class UnreachableError(CommerceError):
    """The request never left, or was turned away before it was looked at. Nothing happened."""

    code = "shop_unreachable"
    status = 503


class UnknownError(CommerceError):
    """The request left and no answer came: it may have happened. Look before doing anything else."""

    code = "shop_no_answer"
    status = 504


class GoneError(CommerceError):
    """The shop is no longer ours to call, or the order, customer or product is no longer there."""

    code = "shop_gone"
    status = 409


class NotApprovedError(CommerceError):
    """The platform has not granted the app what this needs."""

    code = "shop_not_approved"
    status = 409


@dataclass(frozen=True, slots=True)
class Amount(Coded):
    """One line of a calculation."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PreviewLine(Coded):
    """What the shop calculates for one line."""

    line_id: str
    name: str
    quantity: int
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Change(Coded):
    """One thing that will look different, as texts for people."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview(Coded):
    """What the shop itself says would happen. Nothing has happened yet."""

    #: Goes back to the customer.
    refund: Money | None = None
    #: The most that could go back by this action.
    maximum: Money | None = None
    #: The customer owes it afterwards.
    due: Money | None = None
    #: What the action costs the merchant without moving money: goods, a code, a card.
    value: Money | None = None
    breakdown: tuple[Amount, ...] = ()
    lines: tuple[PreviewLine, ...] = ()
    #: How the money goes back: "Visa ending in 4242".
    ways: tuple[Amount, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    #: Product of each variant that would go out.
    products: dict[str, str] = field(default_factory=dict)
    #: What the platform needs to do exactly this. Nobody else reads it.
    platform: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One action on its way: what the platform is told with each step."""

    request: Request
    preview: Preview
    order_id: str
    customer_id: str
    #: The same for every try of this action, stored before the first.
    key: UUID
    #: What finished steps answered, by step.
    progress: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """Return a short mark to leave at the shop, to find this action by."""
        return f"HD-{self.key.hex[:12]}"


class Sight(StrEnum):
    """What looking for a step showed."""

    FOUND = "found"
    ABSENT = "absent"
    #: The platform has no way to tell.
    UNKNOWABLE = "unknowable"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a step happened, and what it would have answered."""

    sight: Sight
    result: dict[str, Any] = field(default_factory=dict)


class OutcomeState(StrEnum):
    """How an action ended, as read back."""

    DONE = "done"
    #: The shop took it; money or a job is still on its way.
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome(Coded):
    """What the shop shows after the last step. Only this may be told as done."""

    state: OutcomeState
    sentence: str
    #: What really moved to the customer.
    moved: Money | None = None
    changes: tuple[Change, ...] = ()
    #: Names people know: a refund's number, the return "#1001-R1", a new order's name.
    references: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """An outcome, the order as it is now, and what only the person who asked may read."""

    outcome: Outcome
    order: OrderFacts | None = None
    #: Worth money to whoever knows it, such as a gift card's code; kept sealed.
    secrets: dict[str, str] = field(default_factory=dict)


class Commerce(Protocol):
    """One connected shop."""

    def store(self) -> StoreFacts:
        """Return the shop itself."""
        ...

    def order(self, order_id: str) -> OrderFacts:
        """Read an order by its id, from the shop and not from a copy. Raises GoneError."""
        ...

    def customer(self, customer_id: str) -> CustomerFacts:
        """Read a customer. Raises GoneError."""
        ...

    def product(self, product_id: str) -> ProductFacts:
        """Read a product with its variants. Raises GoneError."""
        ...

    def find_orders(
        self, *, name: str = "", email: str = "", customer_id: str = "", limit: int = 10
    ) -> Sequence[OrderFacts]:
        """Return orders that match exactly, newest first."""
        ...

    def find_customers(
        self, *, text: str = "", email: str = "", phone: str = "", limit: int = 10
    ) -> Sequence[CustomerFacts]:
        """Return customers; by e-mail and phone exactly, by text as the shop's search does."""
        ...

    def preview(self, request: Request, *, order_id: str, customer_id: str) -> Preview:
        """Return the shop's own calculation. Raises RefusedError in words."""
        ...

    def perform(self, step: str, job: Job) -> dict[str, Any]:
        """Do one remote step and return what it answered, as JSON. Raises CommerceError."""
        ...

    def find(self, step: str, job: Job) -> Finding:
        """Look whether a step whose answer was lost has happened."""
        ...

    def outcome(self, job: Job) -> Receipt:
        """Read back how it ended, after the last step."""
        ...
