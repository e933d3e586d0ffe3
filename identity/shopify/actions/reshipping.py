"""Sending pieces again for nothing: a draft order with everything taken off, then completed."""

from typing import Any

from identity.commerce.money import Money
from identity.commerce.requests import ReshipRequest
from identity.commerce.seam import (
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
    address_input,
    found,
    pieces,
    receipt,
    unknowable,
)
from identity.shopify.desk import Desk
from identity.shopify.values import Node, node, paid_in, text


def preview(desk: Desk, request: ReshipRequest, order_id: str, customer_id: str) -> Preview:
    """Return what would be sent, and what it is worth."""
    order = desk.order(order_id)
    worth = Money.zero(order.currency)
    lines, shown = [], []
    for one in request.lines:
        line = order.line(one.line_id)
        if line is None or not line.variant_id:
            raise RefusedError("A line of this order is no longer sold, so it can't be sent again.")
        value = line.unit_price.times(one.quantity)
        worth += value
        lines.append({"variantId": line.variant_id, "quantity": one.quantity})
        shown.append(PreviewLine(one.line_id, line.name, one.quantity, value))
    where = request.address or order.shipping_address
    if where is None:
        raise RefusedError("The shop shows no address to send it to. Enter one.")
    draft: dict[str, Any] = {
        "lineItems": lines,
        "appliedDiscount": {
            "title": "Sent again",
            "description": request.reason[:200],
            "value": 100.0,
            "valueType": "PERCENTAGE",
        },
        "shippingAddress": address_input(where),
        "shippingLine": {
            "title": "Sent again",
            "priceWithCurrency": {"amount": "0", "currencyCode": order.currency},
        },
        "presentmentCurrencyCode": order.currency,
        "customAttributes": [{"key": "original_order", "value": order.name}],
    }
    if order.email:
        draft["email"] = order.email
    if order.customer_id:
        draft["purchasingEntity"] = {"customerId": order.customer_id}
    payload = desk.ask("draft_order_calculate", {"input": draft}, "draftOrderCalculate")
    total = paid_in(node(payload.get("calculatedDraftOrder")).get("totalPriceSet"))
    if total:
        raise RefusedError(f"The shop would charge {total} for it.")
    count = sum(one.quantity for one in request.lines)
    return Preview(
        value=worth,
        lines=tuple(shown),
        changes=(Change("New order", "none", f"{pieces(count)} to {where.short}, for nothing"),),
        products={
            str(one["variantId"]): product
            for one in lines
            if (product := desk.product_of(str(one["variantId"])))
        },
        platform={"draft": draft},
    )


def perform_draft(desk: Desk, job: Job) -> Result:
    """Save the draft; it charges and ships nothing."""
    draft = {
        **job.preview.platform["draft"],
        "tags": ["reship", job.reference],
        "note": f"Sent again ({job.reference})",
    }
    payload = desk.write("draft_order_create", {"input": draft}, "draftOrderCreate")
    return {"draft": text(node(payload.get("draftOrder")).get("id"))}


def perform_complete(desk: Desk, job: Job) -> Result:
    """Make an order of it. The shop refuses a second time; then the first one's order is taken."""
    variables = {"id": _draft_id(job)}
    try:
        payload = desk.write("draft_order_complete", variables, "draftOrderComplete")
    except RefusedError:
        done = _completed(desk, job)
        if done is None:
            raise
        return done
    return _order_of(node(payload.get("draftOrder")))


def _draft_id(job: Job) -> str:
    return str(job.progress.get("draft", {}).get("draft") or "")


def _order_of(draft: Node) -> Result:
    order = node(draft.get("order"))
    return {"order": text(order.get("id")), "name": text(order.get("name"))}


def _completed(desk: Desk, job: Job) -> Result | None:
    told = node(desk.read("draft_order_detail", {"id": _draft_id(job)}).get("draftOrder"))
    made = _order_of(told)
    return made if made["order"] else None


def find_complete(desk: Desk, job: Job) -> Finding:
    """See whether the draft became an order."""
    done = _completed(desk, job)
    return found(done) if done else ABSENT


def outcome(desk: Desk, job: Job) -> Receipt:
    """Read the new order."""
    made = job.progress.get("complete", {})
    order = desk.order(job.order_id)
    new = desk.order(str(made.get("order") or ""))
    return receipt(
        OutcomeState.DONE,
        f"{new.name} sends {pieces(sum(line.quantity for line in new.lines))} again, for nothing.",
        order=order,
        references={"order": new.name},
    )


ACTION = Action(preview, outcome)
STEPS = {
    # A draft too many is litter and moves nothing.
    "draft": Step(perform_draft, unknowable),
    "complete": Step(perform_complete, find_complete),
}
