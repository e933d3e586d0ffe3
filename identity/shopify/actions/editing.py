"""Changing what an order holds: an edit is prepared at the shop, and nothing changes before commit."""

from typing import Any

from identity.commerce.facts import OrderFacts
from identity.commerce.money import Money
from identity.commerce.requests import EditRequest
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
    receipt,
    request_of,
)
from identity.shopify.desk import Desk
from identity.shopify.values import Node, node, number_of, paid_in, rows, text


def _prepare(desk: Desk, request: EditRequest, order: OrderFacts) -> tuple[str, Node]:
    """Begin an edit and put the changes in. Returns its id and the order as it would be."""
    begun = desk.ask("order_edit_begin", {"id": order.id}, "orderEditBegin")
    calculated = node(begun.get("calculatedOrder"))
    edit_id = text(calculated.get("id"))
    lines = {
        number_of(text(one.get("id"))): text(one.get("id"))
        for one in rows(calculated.get("lineItems"))
    }
    for wanted in request.lines:
        # A calculated line has the number of the line it stands for.
        line_id = lines.get(number_of(wanted.line_id))
        if line_id is None:
            raise RefusedError("This line can't be changed any more.")
        payload = desk.ask(
            "order_edit_set_quantity",
            {
                "id": edit_id,
                "lineItemId": line_id,
                "quantity": wanted.quantity,
                "restock": request.restock,
            },
            "orderEditSetQuantity",
        )
        calculated = node(payload.get("calculatedOrder"))
    for new in request.add:
        payload = desk.ask(
            "order_edit_add_variant",
            {"id": edit_id, "variantId": new.variant_id, "quantity": new.quantity},
            "orderEditAddVariant",
        )
        calculated = node(payload.get("calculatedOrder"))
    return edit_id, calculated


def preview(desk: Desk, request: EditRequest, order_id: str, customer_id: str) -> Preview:
    """Return the order as it would be, by the shop's own calculation."""
    order = desk.order(order_id)
    if not order.editable:
        why = " ".join(order.edit_refusals) or "The shop does not allow it."
        raise RefusedError(f"{order.name} can't be changed: {why}")
    _, calculated = _prepare(desk, request, order)
    total = paid_in(calculated.get("totalPriceSet"))
    if total is None:
        raise RefusedError("The shop calculates no new total.")
    nothing = Money.zero(order.currency)
    held = order.paid - order.refunded if order.paid > order.refunded else nothing
    owed = total - held if total > held else nothing
    over = held - total if held > total else nothing
    return Preview(
        refund=over or None,
        maximum=over or None,
        due=owed or None,
        breakdown=(Amount("Before", order.current_total), Amount("After", total)),
        lines=tuple(
            PreviewLine(one.line_id, named.name if named else "", one.quantity)
            for one in request.lines
            for named in [order.line(one.line_id)]
        ),
        changes=(Change("Total", str(order.current_total), str(total)),),
        warnings=("Money is not sent back by the change itself: refund it afterwards.",)
        if over
        else (),
        products={
            one.variant_id: product
            for one in request.add
            if (product := desk.product_of(one.variant_id))
        },
        platform={"target": _target(order, request)},
    )


def _target(order: OrderFacts, request: EditRequest) -> dict[str, Any]:
    """Return how many pieces of what there shall be, to know the order by afterwards."""
    wanted = {one.line_id: one.quantity for one in request.lines}
    added: dict[str, int] = {}
    for line in order.lines:
        if line.variant_id:
            added.setdefault(line.variant_id, 0)
            added[line.variant_id] += wanted.get(line.id, line.current_quantity)
    for new in request.add:
        added[new.variant_id] = added.get(new.variant_id, 0) + new.quantity
    return {
        "lines": wanted,
        "variants": {new.variant_id: added[new.variant_id] for new in request.add},
    }


def perform(desk: Desk, job: Job) -> Result:
    """Prepare the edit again and commit it. Until the last call nothing has changed."""
    request: EditRequest = request_of(job, EditRequest)
    edit_id, _ = _prepare(desk, request, desk.order(job.order_id))
    variables = {
        "id": edit_id,
        "notifyCustomer": request.notify,
        "staffNote": clipped(request.note, job.reference),
    }
    desk.write("order_edit_commit", variables, "orderEditCommit")
    return {"edit": edit_id}


def _is_so(order: OrderFacts, target: dict[str, Any]) -> bool:
    for line_id, quantity in target["lines"].items():
        line = order.line(line_id)
        if (line.current_quantity if line else 0) != quantity:
            return False
    for variant_id, quantity in target["variants"].items():
        held = sum(one.current_quantity for one in order.lines if one.variant_id == variant_id)
        if held != quantity:
            return False
    return True


def find(desk: Desk, job: Job) -> Finding:
    """See whether the order holds what it shall hold."""
    so = _is_so(desk.order(job.order_id), job.preview.platform["target"])
    return found({"edit": ""}) if so else ABSENT


def outcome(desk: Desk, job: Job) -> Receipt:
    """Read the order back."""
    order = desk.order(job.order_id)
    if not _is_so(order, job.preview.platform["target"]):
        return receipt(OutcomeState.FAILED, f"{order.name} holds something else.", order=order)
    still = f" {order.outstanding} is due." if order.outstanding else ""
    return receipt(
        OutcomeState.DONE,
        f"{order.name} is changed; its total is {order.current_total}.{still}",
        order=order,
        changes=job.preview.changes,
    )


ACTION = Action(preview, outcome)
STEPS = {"edit": Step(perform, find)}
