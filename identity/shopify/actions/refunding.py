"""Refunds: what the shop suggests, at most what it suggests, under one key, then read back."""

from collections.abc import Mapping
from typing import Any

from identity.commerce.money import Money
from identity.commerce.requests import RefundRequest, Restock
from identity.commerce.seam import (
    Amount,
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
    movements,
    receipt,
    refunds_of,
    request_of,
)
from identity.shopify.desk import Desk
from identity.shopify.values import Node, node, paid_in, rows, text, whole

_RESTOCK = {
    Restock.CANCELLED: "CANCEL",
    Restock.RETURNED: "RETURN",
    Restock.NONE: "NO_RESTOCK",
}


def suggestion(desk: Desk, order_id: str, request: RefundRequest) -> tuple[Node, Node]:
    """Return (order, suggested refund) as the shop calculates it."""
    only_amount = not request.lines and request.shipping is None and not request.full_shipping
    variables: dict[str, Any] = {
        "id": order_id,
        "refundLineItems": [
            {
                "lineItemId": one.line_id,
                "quantity": one.quantity,
                "restockType": _RESTOCK[one.restock],
            }
            for one in request.lines
        ],
        "refundShipping": request.full_shipping or None,
        "shippingAmount": request.shipping.text if request.shipping else None,
        "suggestFullRefund": True if only_amount else None,
    }
    order = node(desk.read("order_suggested_refund", variables).get("order"))
    told = node(order.get("suggestedRefund"))
    if not told:
        raise RefusedError("The shop calculates no refund for this order.")
    return order, told


def preview(desk: Desk, request: RefundRequest, order_id: str, customer_id: str) -> Preview:
    """Return what would go back, and how."""
    order, told = suggestion(desk, order_id, request)
    suggested, maximum = paid_in(told.get("amountSet")), paid_in(told.get("maximumRefundableSet"))
    if suggested is None or maximum is None:
        raise RefusedError("The shop calculates no amount for this refund.")
    only_amount = not request.lines and request.shipping is None and not request.full_shipping
    ceiling = maximum if only_amount else min(suggested, maximum)
    amount = request.amount or ceiling
    if amount.currency != ceiling.currency:
        raise RefusedError(f"This order was paid in {ceiling.currency}.")
    if amount > ceiling:
        raise RefusedError(f"At most {ceiling} can go back for this.")
    if not amount:
        raise RefusedError("Nothing would go back: it was refunded already, or it was free.")
    transactions, ways = _spread(told, amount, order_id)
    platform: dict[str, Any] = {
        "orderId": order_id,
        "notify": request.notify,
        "refundLineItems": _lines(request, told),
        "transactions": transactions,
    }
    if request.full_shipping:
        platform["shipping"] = {"fullRefund": True}
    elif request.shipping is not None:
        platform["shipping"] = {"amount": request.shipping.text}
    if amount < suggested or only_amount:
        platform["discrepancyReason"] = "OTHER"
    if text(order.get("currencyCode")) != amount.currency:
        platform["currency"] = amount.currency
    return Preview(
        refund=amount,
        maximum=maximum,
        breakdown=_breakdown(told, amount, suggested, only_amount=only_amount),
        lines=tuple(
            PreviewLine(
                line_id=text(node(one.get("lineItem")).get("id")),
                name=text(node(one.get("lineItem")).get("name")),
                quantity=whole(one.get("quantity")),
                amount=paid_in(one.get("subtotalSet")),
            )
            for one in rows(told.get("refundLineItems"))
        ),
        ways=ways,
        platform=platform,
    )


def _lines(request: RefundRequest, told: Node) -> list[dict[str, Any]]:
    places = {
        text(node(one.get("lineItem")).get("id")): text(node(one.get("location")).get("id"))
        for one in rows(told.get("refundLineItems"))
    }
    lines = []
    for one in request.lines:
        line: dict[str, Any] = {
            "lineItemId": one.line_id,
            "quantity": one.quantity,
            "restockType": _RESTOCK[one.restock],
        }
        if one.restock is not Restock.NONE:
            place = places.get(one.line_id, "")
            if not place:
                raise RefusedError("The shop names no place to put the pieces back to.")
            line["locationId"] = place
        lines.append(line)
    return lines


def _spread(
    told: Node, amount: Money, order_id: str
) -> tuple[list[dict[str, str]], tuple[Amount, ...]]:
    """Send the money back the way it came: as suggested first, then up to each way's maximum."""
    ways = list(rows(told.get("suggestedTransactions")))
    shares = [Money.zero(amount.currency) for _ in ways]
    left = amount
    for member in ("amountSet", "maximumRefundableSet"):
        for index, one in enumerate(ways):
            ceiling = paid_in(one.get(member))
            if ceiling is not None and ceiling > shares[index]:
                more = min(left, ceiling - shares[index])
                shares[index] += more
                left -= more
    if left:
        raise RefusedError("The shop names no way for all of this money to go back.")
    transactions, shown = [], []
    for one, share in zip(ways, shares, strict=True):
        if not share:
            continue
        transactions.append(
            {
                "orderId": order_id,
                "parentId": text(node(one.get("parentTransaction")).get("id")),
                "gateway": text(one.get("gateway")),
                "kind": "REFUND",
                "amount": share.text,
            }
        )
        shown.append(
            Amount(
                label=text(one.get("formattedGateway")) or text(one.get("gateway")), amount=share
            )
        )
    return transactions, tuple(shown)


def _breakdown(
    told: Node, amount: Money, suggested: Money, *, only_amount: bool
) -> tuple[Amount, ...]:
    if only_amount:
        return (Amount("Amount", amount),)
    parts = [
        ("Items", paid_in(told.get("discountedSubtotalSet")) or paid_in(told.get("subtotalSet"))),
        ("Tax", paid_in(told.get("totalTaxSet"))),
        ("Shipping", paid_in(node(told.get("shipping")).get("amountSet"))),
        ("Duties", paid_in(told.get("totalDutiesSet"))),
    ]
    shown = [Amount(label, part) for label, part in parts if part is not None and part]
    if amount < suggested:
        shown.append(Amount("Kept back", suggested - amount))
    return tuple(shown)


def perform(desk: Desk, job: Job) -> Result:
    """Give the money back; the key makes a second time the first one's answer."""
    request: RefundRequest = request_of(job, RefundRequest)
    variables = {
        "input": {**job.preview.platform, "note": clipped(request.reason, job.reference)},
        "idempotencyKey": str(job.key),
    }
    payload = desk.write("refund_create", variables, "refundCreate", repeatable=True)
    return {"refund": text(node(payload.get("refund")).get("id"))}


def find(desk: Desk, job: Job) -> Finding:
    """Look for the refund by our mark in its note."""
    refund = _ours(desk, job)
    return found({"refund": text(refund.get("id"))}) if refund else ABSENT


def _ours(desk: Desk, job: Job) -> Mapping[str, Any]:
    known = str(job.progress.get("refund", {}).get("refund") or "")
    for one in refunds_of(desk, job.order_id):
        if text(one.get("id")) == known or job.reference in text(one.get("note")):
            return one
    return {}


def outcome(desk: Desk, job: Job) -> Receipt:
    """Read back: a refund is done when its transactions succeeded, and not before."""
    refund = _ours(desk, job)
    order = desk.order(job.order_id)
    wanted = job.preview.refund
    if not refund:
        return receipt(OutcomeState.FAILED, "The shop shows no such refund.", order=order)
    states, moved = movements(refund)
    reference = {"refund": text(refund.get("id")).rpartition("/")[2]}
    if states & {"PENDING", "AWAITING_RESPONSE", "UNKNOWN"}:
        return receipt(
            OutcomeState.PENDING,
            f"The shop has taken the refund of {wanted}; the payment provider has not confirmed it.",
            order=order,
            moved=moved,
            references=reference,
        )
    if states & {"ERROR", "FAILURE"}:
        return receipt(
            OutcomeState.FAILED,
            f"The payment provider refused the refund of {wanted}. "
            f"{f'{moved} went back.' if moved else 'No money went back.'} Look at it in the shop.",
            order=order,
            moved=moved,
            references=reference,
        )
    return receipt(
        OutcomeState.DONE,
        f"{moved} went back to the customer."
        if moved
        else "The refund is recorded; no money moved.",
        order=order,
        moved=moved,
        references=reference,
    )


ACTION = Action(preview, outcome)
STEPS = {"refund": Step(perform, find)}
