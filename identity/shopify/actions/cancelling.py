"""Cancelling an order: a job at the shop that can't be undone."""

from identity.commerce.money import Money
from identity.commerce.requests import CancelReason, CancelRequest, RefundRequest
from identity.commerce.seam import (
    Change,
    Finding,
    Job,
    OutcomeState,
    Preview,
    Receipt,
    RefusedError,
)
from identity.shopify.actions import refunding
from identity.shopify.actions.kit import (
    ABSENT,
    Action,
    Result,
    Step,
    clipped,
    found,
    movements,
    receipt,
    refunds_of,
    request_of,
)
from identity.shopify.desk import Desk
from identity.shopify.values import node, text

_REASONS = {
    CancelReason.CUSTOMER: "CUSTOMER",
    CancelReason.STOCK: "INVENTORY",
    CancelReason.FRAUD: "FRAUD",
    CancelReason.DECLINED: "DECLINED",
    CancelReason.STAFF: "STAFF",
    CancelReason.OTHER: "OTHER",
}


def preview(desk: Desk, request: CancelRequest, order_id: str, customer_id: str) -> Preview:
    """Return what would go back and change."""
    order = desk.order(order_id)
    if order.cancelled:
        raise RefusedError(f"{order.name} is cancelled already.")
    refund: Money | None = None
    base = Preview()
    if request.refund and order.left_to_refund:
        base = refunding.preview(desk, RefundRequest(), order_id, customer_id)
        refund = base.refund
    changes = [Change("Order", "open", "cancelled")]
    if request.restock:
        changes.append(Change("Stock", "taken", "put back"))
    return Preview(
        refund=refund,
        maximum=base.maximum,
        breakdown=base.breakdown,
        ways=base.ways,
        changes=tuple(changes),
        platform={},
    )


def perform(desk: Desk, job: Job) -> Result:
    """Start the shop's job."""
    request: CancelRequest = request_of(job, CancelRequest)
    variables = {
        "orderId": job.order_id,
        "reason": _REASONS[request.reason],
        "restock": request.restock,
        "notifyCustomer": request.notify,
        "refundMethod": {"originalPaymentMethodsRefund": request.refund},
        "staffNote": clipped(request.note, job.reference),
    }
    payload = desk.write("order_cancel", variables, "orderCancel")
    return {"job": text(node(payload.get("job")).get("id"))}


def find(desk: Desk, job: Job) -> Finding:
    """An order that is cancelled is, whoever did it."""
    return found({"job": ""}) if desk.order(job.order_id).cancelled else ABSENT


def outcome(desk: Desk, job: Job) -> Receipt:
    """Read the order; while the job runs nothing is told as done."""
    order = desk.order(job.order_id)
    request: CancelRequest = request_of(job, CancelRequest)
    if not order.cancelled:
        job_id = str(job.progress.get("cancel", {}).get("job") or "")
        told = node(desk.read("job_status", {"id": job_id}).get("job")) if job_id else {}
        if told.get("done") is True:
            order = desk.order(job.order_id)
            if not order.cancelled:
                return receipt(
                    OutcomeState.FAILED, f"The shop did not cancel {order.name}.", order=order
                )
        else:
            return receipt(
                OutcomeState.PENDING, f"The shop is cancelling {order.name}.", order=order
            )
    if not request.refund or job.preview.refund is None:
        return receipt(OutcomeState.DONE, f"{order.name} is cancelled.", order=order)
    moved: Money | None = None
    states: set[str] = set()
    for one in refunds_of(desk, job.order_id):
        its_states, its_money = movements(one)
        states |= its_states
        if its_money is not None:
            moved = its_money if moved is None else moved + its_money
    if states & {"PENDING", "AWAITING_RESPONSE", "UNKNOWN"}:
        return receipt(
            OutcomeState.PENDING,
            f"{order.name} is cancelled; the payment provider has not confirmed the refund.",
            order=order,
        )
    if order.left_to_refund:
        return receipt(
            OutcomeState.FAILED,
            f"{order.name} is cancelled, but {order.left_to_refund} did not go back. "
            "Look at it in the shop.",
            order=order,
        )
    return receipt(
        OutcomeState.DONE,
        f"{order.name} is cancelled and {job.preview.refund} went back.",
        order=order,
        moved=job.preview.refund,
    )


ACTION = Action(preview, outcome)
STEPS = {"cancel": Step(perform, find)}
