"""Returns, and exchanges, which are returns with pieces that go out."""

from typing import Any

from identity.commerce.facts import OrderFacts
from identity.commerce.money import Money
from identity.commerce.requests import ExchangeRequest, ReturnRequest
from identity.commerce.seam import (
    Amount,
    Change,
    Finding,
    Job,
    OutcomeState,
    Preview,
    PreviewLine,
    Receipt,
    RefusedError,
)
from identity.shopify.actions.kit import (
    ABSENT,
    Action,
    Result,
    Step,
    clipped,
    found,
    pieces,
    receipt,
)
from identity.shopify.desk import Desk
from identity.shopify.reading import RETURN
from identity.shopify.values import node, paid_in, rows, text, whole

#: Returns looked through for ours: the newest of one order.
LOOK_AT = 10

Returning = ReturnRequest | ExchangeRequest


def preview(desk: Desk, request: Returning, order_id: str, customer_id: str) -> Preview:
    """Return which pieces would come back, what they are worth, and what goes out."""
    order = desk.order(order_id)
    lines = _allocate(desk, request, order)
    worth = Money.zero(order.currency)
    shown = []
    for one in request.lines:
        line = order.line(one.line_id)
        if line is None:
            raise RefusedError("This order has no such line.")
        value = (line.paid_price or line.unit_price).times(one.quantity)
        worth += value
        shown.append(PreviewLine(one.line_id, line.name, one.quantity, value))
    count = sum(one.quantity for one in request.lines)
    changes = [Change("Coming back", "nothing", pieces(count))]
    platform: dict[str, Any] = {"orderId": order_id, "returnLineItems": lines}
    if not isinstance(request, ExchangeRequest):
        return Preview(lines=tuple(shown), changes=tuple(changes), platform=platform)
    platform["exchangeLineItems"] = [
        {"variantId": one.variant_id, "quantity": one.quantity} for one in request.replacements
    ]
    price = _price(desk, request, order)
    out = sum(one.quantity for one in request.replacements)
    changes.append(Change("Going out", "nothing", pieces(out)))
    return Preview(
        refund=worth - price if worth > price else None,
        maximum=worth if worth > price else None,
        due=price - worth if price > worth else None,
        breakdown=(Amount("Coming back", worth), Amount("Going out", price)),
        lines=tuple(shown),
        changes=tuple(changes),
        warnings=("A difference in the customer's favour goes back when the return is processed.",)
        if worth > price
        else (),
        products={
            one.variant_id: product
            for one in request.replacements
            if (product := desk.product_of(one.variant_id))
        },
        platform=platform,
    )


def _allocate(desk: Desk, request: Returning, order: OrderFacts) -> list[dict[str, Any]]:
    """Say which shipped pieces come back: the shop wants lines of parcels, not of orders."""
    data = desk.read("returnable_fulfillments", {"orderId": order.id, "first": 20})
    left: dict[str, list[list[Any]]] = {}
    for parcel in rows(data.get("returnableFulfillments")):
        for one in rows(parcel.get("returnableFulfillmentLineItems")):
            item = node(one.get("fulfillmentLineItem"))
            line_id = text(node(item.get("lineItem")).get("id"))
            left.setdefault(line_id, []).append([text(item.get("id")), whole(one.get("quantity"))])
    reasons = _reasons(desk)
    lines = []
    for wanted in request.lines:
        missing = wanted.quantity
        for place in left.get(wanted.line_id, []):
            take = min(missing, place[1])
            if take <= 0:
                continue
            place[1] -= take
            missing -= take
            line: dict[str, Any] = {
                "fulfillmentLineItemId": place[0],
                "quantity": take,
                "returnReasonNote": wanted.note,
            }
            reason = reasons.get(wanted.reason.replace("_", "-")) or reasons.get("other")
            if reason:
                line["returnReasonDefinitionId"] = reason
            lines.append(line)
        if missing:
            named = order.line(wanted.line_id)
            raise RefusedError(
                f"Of {named.name if named else 'this line'} only {wanted.quantity - missing} can come "
                "back: the others did not arrive or are in a return already."
            )
    return lines


def _reasons(desk: Desk) -> dict[str, str]:
    data = desk.read("return_reason_definitions", {"first": 100})
    return {
        text(one.get("handle")).casefold().replace("_", "-"): text(one.get("id"))
        for one in rows(data.get("returnReasonDefinitions"))
        if one.get("deleted") is not True
    }


def _price(desk: Desk, request: ExchangeRequest, order: OrderFacts) -> Money:
    """Ask the shop what the pieces that go out cost, without shipping."""
    draft: dict[str, Any] = {
        "lineItems": [
            {"variantId": one.variant_id, "quantity": one.quantity} for one in request.replacements
        ],
        "presentmentCurrencyCode": order.currency,
    }
    if order.customer_id:
        draft["purchasingEntity"] = {"customerId": order.customer_id}
    payload = desk.ask("draft_order_calculate", {"input": draft}, "draftOrderCalculate")
    told = node(payload.get("calculatedDraftOrder"))
    total = paid_in(told.get("totalPriceSet"))
    if total is None or total.currency != order.currency:
        raise RefusedError("The shop calculates no price for these pieces.")
    shipping = paid_in(told.get("totalShippingPriceSet"))
    return (
        total - shipping if shipping is not None and shipping.currency == total.currency else total
    )


def perform(desk: Desk, job: Job) -> Result:
    """Open the return; our mark stands in each line's note."""
    platform = job.preview.platform
    lines = [
        {**one, "returnReasonNote": clipped(str(one.get("returnReasonNote") or ""), job.reference)}
        for one in platform["returnLineItems"]
    ]
    variables = {"returnInput": {**platform, "returnLineItems": lines}}
    payload = desk.write("return_create", variables, "returnCreate")
    made = node(payload.get("return"))
    return {"return": text(made.get("id")), "name": text(made.get("name"))}


def find(desk: Desk, job: Job) -> Finding:
    """Look for a return with our mark."""
    for one in reversed(desk.order(job.order_id).returns[-LOOK_AT:]):
        told = node(desk.read("return_detail", {"id": one.id}).get("return"))
        notes = [text(line.get("returnReasonNote")) for line in rows(told.get("returnLineItems"))]
        if any(job.reference in note for note in notes):
            return found({"return": one.id, "name": one.name})
    return ABSENT


def outcome(desk: Desk, job: Job) -> Receipt:
    """Read the return back."""
    step = job.progress.get("exchange") or job.progress.get("return") or {}
    told = node(desk.read("return_detail", {"id": str(step.get("return") or "")}).get("return"))
    order = desk.order(job.order_id)
    name = text(told.get("name"))
    state = RETURN.get(text(told.get("status")))
    if not told or state is None or state in {"declined", "cancelled"}:
        return receipt(OutcomeState.FAILED, "The shop shows no open return.", order=order)
    noun = "exchange" if isinstance(job.request, ExchangeRequest) else "return"
    return receipt(
        OutcomeState.DONE,
        f"The {noun} {name} of {pieces(whole(told.get('totalQuantity')))} is open.",
        order=order,
        references={"return": name},
    )


ACTION = Action(preview, outcome)
STEPS = {"return": Step(perform, find), "exchange": Step(perform, find)}
