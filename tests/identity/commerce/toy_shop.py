"""A second platform, as small as one can be: a shop in a dictionary, honest about money.

It fulfils ``identity.commerce.seam.Commerce`` and counts what really happened, so that a test can
say "at most once". Answers get lost, requests too, on demand.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from identity.commerce.facts import (
    AddressFacts,
    CustomerFacts,
    ExchangeLine,
    OrderFacts,
    ProductFacts,
    RefundFacts,
    ReturnFacts,
    ReturnLine,
    ReturnState,
    StoreFacts,
)
from identity.commerce.money import Money, total
from identity.commerce.requests import (
    CancelRequest,
    CustomerAddressRequest,
    DiscountRequest,
    EditRequest,
    ExchangeRequest,
    GiftCardRequest,
    NoteRequest,
    OrderAddressRequest,
    RefundRequest,
    Request,
    ReturnRequest,
    TagsRequest,
)
from identity.commerce.seam import (
    Change,
    CommerceError,
    Finding,
    GoneError,
    Job,
    Outcome,
    OutcomeState,
    Preview,
    Receipt,
    RefusedError,
    Sight,
    UnknownError,
)


@dataclass
class ToyShop:
    """What a corner shop knows, and what is to go wrong next."""

    orders: dict[str, OrderFacts]
    customers: dict[str, CustomerFacts] = field(default_factory=dict)
    #: (step, key) → how often it really happened.
    effects: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: step → errors to raise instead of doing it, and after having done it.
    before: dict[str, list[CommerceError]] = field(default_factory=dict)
    after: dict[str, list[CommerceError]] = field(default_factory=dict)
    pending: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    memory: dict[str, Any] = field(default_factory=dict)

    # --- reading -----------------------------------------------------------------------------

    def store(self) -> StoreFacts:
        return StoreFacts(id="corner", name="Corner", currency="EUR")

    def order(self, order_id: str) -> OrderFacts:
        with self.lock:
            self._fail("order")
            if order_id not in self.orders:
                raise GoneError("There is no such order.")
            return self.orders[order_id]

    def customer(self, customer_id: str) -> CustomerFacts:
        return self.customers.get(customer_id, CustomerFacts(id=customer_id))

    def product(self, product_id: str) -> ProductFacts:
        return ProductFacts(id=product_id, title=product_id)

    def find_orders(self, *, name="", email="", customer_id="", limit=10) -> list[OrderFacts]:
        return [one for one in self.orders.values() if one.name == name][:limit]

    def find_customers(self, *, text="", email="", phone="", limit=10) -> list[CustomerFacts]:
        return [one for one in self.customers.values() if one.email == email][:limit]

    # --- previews ----------------------------------------------------------------------------

    def preview(self, request: Request, *, order_id: str, customer_id: str) -> Preview:
        with self.lock:
            self._fail("preview")
            order = self.orders.get(order_id)
            if isinstance(request, RefundRequest):
                assert order is not None
                suggested = request.shipping or Money.zero(order.currency)
                for piece in request.lines:
                    line = order.line(piece.line_id)
                    assert line is not None
                    suggested += line.unit_price.times(piece.quantity)
                return Preview(refund=request.amount or suggested, maximum=order.left_to_refund)
            if isinstance(request, CancelRequest) and order is not None:
                return Preview(refund=order.left_to_refund if request.refund else None)
            return Preview()

    # --- writing -----------------------------------------------------------------------------

    def perform(self, step: str, job: Job) -> dict[str, Any]:
        with self.lock:
            self._fail(step)
            result = WRITES[step](self, job)
            if errors := self.after.get(step):
                raise errors.pop(0)
            return result

    def find(self, step: str, job: Job) -> Finding:
        with self.lock:
            self._fail("find")
            if step in {"mail", "card"}:
                return Finding(Sight.UNKNOWABLE)
            if step in {"note", "tags_add", "tags_remove", "order_address", "customer_address"}:
                return Finding(Sight.ABSENT)
            found = self.memory.get(f"{step}:{job.key}")
            return Finding(Sight.FOUND, found) if found else Finding(Sight.ABSENT)

    def outcome(self, job: Job) -> Receipt:
        with self.lock:
            self._fail("outcome")
            state = OutcomeState.PENDING if self.pending else OutcomeState.DONE
            outcome = Outcome(
                state, "As the shop shows.", changes=(Change("Refunded", "0", "so much"),)
            )
            secrets = {"code": job.key.hex[:16]} if isinstance(job.request, GiftCardRequest) else {}
            return Receipt(outcome, order=self.orders.get(job.order_id), secrets=secrets)

    def happened(self, step: str) -> int:
        return sum(count for (name, _), count in self.effects.items() if name == step)

    def lose_answer(self, step: str, times: int = 1) -> None:
        self.after.setdefault(step, []).extend(UnknownError("No answer.") for _ in range(times))

    def lose_request(self, step: str, times: int = 1) -> None:
        self.before.setdefault(step, []).extend(UnknownError("No answer.") for _ in range(times))

    def _fail(self, step: str) -> None:
        if errors := self.before.get(step):
            raise errors.pop(0)

    def _did(self, step: str, job: Job, result: dict[str, Any]) -> dict[str, Any]:
        self.effects[step, str(job.key)] += 1
        self.memory[f"{step}:{job.key}"] = result
        return result

    def _put(self, order_id: str, **changes: Any) -> OrderFacts:
        changed = replace(self.orders[order_id], updated_at=timezone.now(), **changes)
        self.orders[order_id] = changed
        return changed

    def _refund(self, job: Job) -> dict[str, Any]:
        known: dict[str, Any] | None = self.memory.get(f"refund:{job.key}")
        if known:
            return known
        order, amount = self.orders[job.order_id], job.preview.refund
        assert isinstance(job.request, RefundRequest)
        assert amount is not None
        wanted = {piece.line_id: piece.quantity for piece in job.request.lines}
        if amount > order.left_to_refund or any(
            line.refundable_quantity < wanted.get(line.id, 0) for line in order.lines
        ):
            raise RefusedError("That is more than is left.")
        lines = tuple(
            replace(line, refundable_quantity=line.refundable_quantity - wanted.get(line.id, 0))
            for line in order.lines
        )
        refund = RefundFacts(id=f"refund-{len(order.refunds) + 1}", total=amount)
        refunds = (*order.refunds, refund)
        refunded = total([one.total for one in refunds], order.currency)
        self._put(job.order_id, lines=lines, refunds=refunds, refunded=refunded)
        return self._did("refund", job, {"id": refund.id})

    def _cancel(self, job: Job) -> dict[str, Any]:
        order = self.orders[job.order_id]
        if order.cancelled:
            raise RefusedError("It was cancelled already.")
        self._put(job.order_id, cancelled_at=timezone.now(), refunded=order.paid)
        return self._did("cancel", job, {"id": "cancelled"})

    def _return(self, job: Job) -> dict[str, Any]:
        assert isinstance(job.request, ReturnRequest | ExchangeRequest)
        step = "exchange" if isinstance(job.request, ExchangeRequest) else "return"
        order = self.orders[job.order_id]
        name = f"{order.name}-R{len(order.returns) + 1}"
        new = job.request.replacements if isinstance(job.request, ExchangeRequest) else ()
        opened = ReturnFacts(
            id=name,
            name=name,
            state=ReturnState.OPEN,
            lines=tuple(
                ReturnLine(one.line_id, one.line_id, one.quantity) for one in job.request.lines
            ),
            exchange=tuple(ExchangeLine("x", one.variant_id, one.quantity) for one in new),
        )
        self._put(job.order_id, returns=(*order.returns, opened))
        return self._did(step, job, {"id": name})

    def _edit(self, job: Job) -> dict[str, Any]:
        assert isinstance(job.request, EditRequest)
        wanted = {one.line_id: one.quantity for one in job.request.lines}
        order = self.orders[job.order_id]
        lines = tuple(
            replace(line, current_quantity=wanted.get(line.id, line.current_quantity))
            for line in order.lines
        )
        self._put(job.order_id, lines=lines, edited=True)
        return self._did("edit", job, {"id": "edited"})

    def _draft(self, job: Job) -> dict[str, Any]:
        number = self.memory["drafts"] = self.memory.get("drafts", 0) + 1
        return {"id": f"draft-{number}"}

    def _complete(self, job: Job) -> dict[str, Any]:
        draft = job.progress["draft"]["id"]
        if self.memory.get(draft):
            raise RefusedError("That draft is an order already.")
        self.memory[draft] = True
        return self._did("complete", job, {"id": f"order-of-{draft}"})

    def _code(self, job: Job) -> dict[str, Any]:
        step = "code" if isinstance(job.request, DiscountRequest) else "card"
        code = job.key.hex[:16]
        if code in self.memory:
            return {"code": code}
        self.memory[code] = True
        return self._did(step, job, {"code": code})

    def _note(self, job: Job) -> dict[str, Any]:
        assert isinstance(job.request, NoteRequest)
        self._put(job.order_id, note=job.request.note)
        return {}

    def _tags(self, job: Job) -> dict[str, Any]:
        assert isinstance(job.request, TagsRequest)
        old = self.orders[job.order_id].tags
        kept = [tag for tag in (*old, *job.request.add) if tag not in job.request.remove]
        self._put(job.order_id, tags=tuple(dict.fromkeys(kept)))
        return {}

    def _address(self, job: Job) -> dict[str, Any]:
        assert isinstance(job.request, OrderAddressRequest | CustomerAddressRequest)
        address: AddressFacts = job.request.address
        if isinstance(job.request, OrderAddressRequest):
            self._put(job.order_id, shipping_address=address)
        else:
            known = self.customer(job.customer_id)
            self.customers[job.customer_id] = replace(known, address=address)
        return {}

    def _mail(self, job: Job) -> dict[str, Any]:
        return self._did("mail", job, {"sent": True})


WRITES = {
    "refund": ToyShop._refund,
    "cancel": ToyShop._cancel,
    "return": ToyShop._return,
    "exchange": ToyShop._return,
    "edit": ToyShop._edit,
    "draft": ToyShop._draft,
    "complete": ToyShop._complete,
    "code": ToyShop._code,
    "card": ToyShop._code,
    "note": ToyShop._note,
    "tags_add": ToyShop._tags,
    "tags_remove": ToyShop._tags,
    "order_address": ToyShop._address,
    "customer_address": ToyShop._address,
    "mail": ToyShop._mail,
}
