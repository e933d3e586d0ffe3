"""Returns through their life: create, approve, decline, process, close, cancel, reopen."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.shopify import order_math, refunding, return_math, returning
from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError, top_error
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_order
from sandbox.shopify.money import ZERO, bag, rounded, total
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.new_order import add_transaction, note_event
from sandbox.shopify.reads.visible import within
from sandbox.shopify.refunding import Payment
from sandbox.shopify.writes import exchange, inputs
from sandbox.shopify.writes.inputs import amount, only
from sandbox.shopify.writes.refunds import give_back_gift_cards, suggested_payment

Record = dict[str, Any]


@mutation("returnCreate")
def create(_root: Any, call: Call, given: Given) -> Record:
    """Opens an approved return of what was fulfilled and not yet refunded."""
    wanted = given["returnInput"]
    only(wanted, "ReturnInput", "orderId", "returnLineItems", "exchangeLineItems", "notifyCustomer", "requestedAt",
         "returnShippingFee")  # fmt: skip
    one = inputs.order(call.shop, wanted["orderId"], ["returnInput", "orderId"], "NOT_FOUND")
    made = returning.new_return(
        call.shop, one, wanted["returnLineItems"], exchange=wanted.get("exchangeLineItems") or (),
        fee=wanted.get("returnShippingFee"),
    )  # fmt: skip
    keep_order(call.shop, one, ("returns/approve", bodies.return_body(one, made)))
    return {"return": within(one, made)}


def _change(
    call: Call,
    given: str,
    states: tuple[str, ...],
    topic: str,
    change: Callable[[Record, Record], None],
) -> Record:
    """Change a return that is in one of these states, tell of it and return it."""
    wanted = number(given, "Return")
    one = call.shop.db.find("order", "return", str(wanted))
    if one is None:
        raise UserError("Return does not exist", ["id"], "NOT_FOUND")
    found = next(each for each in one["returns"] if each["id"] == wanted)
    if found["status"] not in states:
        raise UserError(f"Return is {found['status'].lower()}", ["id"], "INVALID_STATE")
    change(one, found)
    keep_order(call.shop, one, (topic, bodies.return_body(one, found)))
    return {"return": within(one, found)}


@mutation("returnApproveRequest")
def approve(_root: Any, call: Call, given: Given) -> Record:
    only(given["input"], "ReturnApproveRequestInput", "id", "notifyCustomer")

    def change(_order: Record, one: Record) -> None:
        one |= {"status": "OPEN", "requestApprovedAt": call.shop.stamp}

    return _change(call, given["input"]["id"], ("REQUESTED",), "returns/approve", change)


@mutation("returnDeclineRequest")
def decline(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["input"]

    def change(_order: Record, one: Record) -> None:
        why = {"reason": wanted["declineReason"], "note": wanted.get("declineNote")}
        one |= {"status": "DECLINED", "decline": why, "closedAt": call.shop.stamp}

    return _change(call, wanted["id"], ("REQUESTED",), "returns/decline", change)


@mutation("returnCancel")
def cancel(_root: Any, call: Call, given: Given) -> Record:
    """Only before any work has been done on it."""

    def change(order: Record, one: Record) -> None:
        if returning.has_work(order, one):
            raise UserError("Return has been processed or refunded", ["id"], "INVALID_STATE")
        one |= {"status": "CANCELED", "closedAt": call.shop.stamp}

    return _change(call, given["id"], ("OPEN",), "returns/cancel", change)


@mutation("returnClose")
def close(_root: Any, call: Call, given: Given) -> Record:
    def change(_order: Record, one: Record) -> None:
        one |= {"status": "CLOSED", "closedAt": call.shop.stamp}

    return _change(call, given["id"], ("OPEN",), "returns/close", change)


@mutation("returnReopen")
def reopen(_root: Any, call: Call, given: Given) -> Record:
    def change(_order: Record, one: Record) -> None:
        one |= {"status": "OPEN", "closedAt": None}

    return _change(call, given["id"], ("CLOSED",), "returns/reopen", change)


# Money of a return -------------------------------------------------------------------------


class Outcome:
    """What processing so many pieces would pay back: worth, less fees and what is taken instead."""

    def __init__(self, call: Call, order: Record, one: Record, pieces: list[tuple[Record, int]],
                 swapped: list[tuple[Record, int]], shipping: Decimal) -> None:  # fmt: skip
        self.subtotal = total(return_math.line_worth(order, line, count) for line, count in pieces)
        self.tax = total(return_math.line_tax(order, line, count) for line, count in pieces)
        added = ZERO if order["taxesIncluded"] else self.tax
        restocking = total(return_math.restocking_fee(order, line, count) for line, count in pieces)
        fee = ZERO if one.get("fee_taken") else Decimal(one["fee"] or 0)
        self.fees = restocking + fee
        self.swapped = total(
            exchange.price_of(call.shop, order, each, count) for each, count in swapped
        )
        self.shipping = shipping
        self.most = order_math.most_refundable(order)
        worth = self.subtotal + added + shipping - self.fees - self.swapped
        #: Below zero the customer has to pay the rest.
        self.due = rounded(worth, order["currency"])
        self.amount = max(ZERO, min(self.most, self.due))


@resolves("Return", "suggestedFinancialOutcome")
def suggested_outcome(one: Record, call: Call, given: Given) -> Record:
    order = one["_order"]
    try:
        found = Outcome(call, order, one, _pieces(one, given["returnLineItems"]),
                        _swapped(one, given.get("exchangeLineItems") or []), _shipping(order, given))  # fmt: skip
    except UserError as error:
        raise top_error(str(error), "INVALID") from error
    transfer = None
    if found.amount > 0:
        payments = refunding.spread(order, found.amount)
        transfer = {
            "__typename": "RefundReturnOutcome", "amount": bag(found.amount, order),
            "suggestedTransactions": [suggested_payment(order, each) for each in payments],
        }  # fmt: skip
    return {
        "maximumRefundable": bag(found.most, order), "discountedSubtotal": bag(found.subtotal, order),
        "totalTax": bag(found.tax, order), "financialTransfer": transfer,
        "shipping": {"amountSet": bag(found.shipping, order),
                     "maximumRefundableSet": bag(order_math.shipping_left(order), order)},
    }  # fmt: skip


def _pieces(one: Record, given: list[Record]) -> list[tuple[Record, int]]:
    found = []
    for index, each in enumerate(given):
        where = ["returnLineItems", str(index)]
        wanted = number(each["id"], "ReturnLineItem")
        line = next((held for held in one["lines"] if held["id"] == wanted), None)
        if line is None:
            raise UserError("Return line item does not exist", [*where, "id"], "NOT_FOUND")
        if each["quantity"] < 1 or each["quantity"] > return_math.processable(one, line):
            raise UserError("Quantity cannot be processed", [*where, "quantity"], "INVALID")
        found.append((line, each["quantity"]))
    return found


def _swapped(one: Record, given: list[Record]) -> list[tuple[Record, int]]:
    found = []
    for index, each in enumerate(given):
        where = ["exchangeLineItems", str(index)]
        wanted = number(each["id"], "ExchangeLineItem")
        held = next((line for line in one["exchange"] if line["id"] == wanted), None)
        if held is None:
            raise UserError("Exchange line item does not exist", [*where, "id"], "NOT_FOUND")
        if each["quantity"] < 1 or each["quantity"] > held["quantity"] - held["processed"]:
            raise UserError("Quantity cannot be processed", [*where, "quantity"], "INVALID")
        found.append((held, each["quantity"]))
    return found


def _shipping(order: Record, given: Record) -> Decimal:
    wanted = given.get("refundShipping") or {}
    left = order_math.shipping_left(order)
    if wanted.get("fullRefund"):
        return left
    if not wanted.get("shippingRefundAmount"):
        return ZERO
    part = amount(wanted["shippingRefundAmount"]["amount"], order["currency"], ["refundShipping"])
    if part > left:
        raise UserError(
            "Shipping refund amount is more than the remaining shipping",
            ["refundShipping"],
            "INVALID",
        )
    return part


@mutation("returnProcess")
def process(_root: Any, call: Call, given: Given) -> Record:
    """Confirm what came back, put it away and, if ``financialTransfer`` is given, pay."""
    wanted = given["input"]
    only(wanted, "ReturnProcessInput", "returnId", "returnLineItems", "exchangeLineItems", "notifyCustomer", "note",
         "refundShipping", "financialTransfer")  # fmt: skip

    def change(order: Record, one: Record) -> None:
        _process(call, order, one, wanted)

    return _change(call, wanted["returnId"], ("OPEN",), "returns/process", change)


def _process(call: Call, order: Record, one: Record, wanted: Record) -> None:
    shop = call.shop
    pieces = _pieces(one, wanted.get("returnLineItems") or [])
    swapped = _swapped(one, wanted.get("exchangeLineItems") or [])
    if not pieces and not swapped:
        raise UserError("Nothing to process", ["returnLineItems"], "BLANK")
    shipping = _shipping(order, wanted)
    found = Outcome(call, order, one, pieces, swapped, shipping)
    transfer = (wanted.get("financialTransfer") or {}).get("issueRefund")
    payments = _payments(order, transfer or {}, found)
    refund = _record(call, order, one, pieces, shipping, wanted.get("note"))
    paid = ZERO
    for each in payments:
        status = "PENDING" if shop.settings.pending_refunds else "SUCCESS"
        moved = add_transaction(shop.db, order, "REFUND", each.gateway, each.amount, shop.stamp,
                                parent=each.parent_id, status=status)  # fmt: skip
        refund["transaction_ids"].append(moved["id"])
        paid += each.amount
    refund["suggested"] = amount_text(paid + found.fees, order["currency"])
    give_back_gift_cards(call, order, payments)
    for index, (line, count) in enumerate(pieces):
        line["processed"] += count
        line["refunded"] += count if transfer else 0
        returning.dispose(
            shop, order, line, wanted["returnLineItems"][index].get("dispositions") or ()
        )
    if found.fees and one["fee"]:
        one["fee_taken"] = True
    for held, count in swapped:
        exchange.add_line(shop, order, held, count)
        held["processed"] += count
    note_event(
        shop.db,
        order,
        "return_processed",
        f"Return {one['name']} was processed.",
        shop.stamp,
        "Helpdesk",
    )
    done = all(line["processed"] >= line["quantity"] for line in one["lines"])
    if done and all(each["processed"] >= each["quantity"] for each in one["exchange"]):
        one |= {"status": "CLOSED", "closedAt": shop.stamp}


def _payments(order: Record, given: Record, found: Outcome) -> list[Payment]:
    known = {name: value for name, value in given.items() if value is not False}
    only(known, "ReturnProcessRefundInput", "orderTransactions")
    by_id = {each["id"]: each for each in order["transactions"]}
    payments = []
    for index, each in enumerate(given.get("orderTransactions") or []):
        where = ["financialTransfer", "issueRefund", "orderTransactions", str(index)]
        parent = by_id.get(number(each["parentId"], "OrderTransaction"))
        if each["transactionAmount"]["currencyCode"] != order["currency"]:
            raise UserError(
                f"Currency must be {order['currency']}", [*where, "transactionAmount"], "INVALID"
            )
        part = amount(
            each["transactionAmount"]["amount"], order["currency"], [*where, "transactionAmount"]
        )
        payments.append(
            Payment(parent["id"] if parent else None, parent["gateway"] if parent else "", part)
        )
    if total(each.amount for each in payments) > found.most:
        raise UserError(
            "Refund amount is greater than the amount that can be refunded",
            ["financialTransfer"],
            "TOO_BIG",
        )
    refunding.check_payments(order, payments)
    return payments


def _record(call: Call, order: Record, one: Record, pieces: list[tuple[Record, int]], shipping: Decimal,
            note: str | None) -> Record:  # fmt: skip
    """Write the refund that a processed return leaves on the order; money is added by the caller."""
    lines = []
    for line, count in pieces:
        ordered_id = (return_math.parcel_line(order, line["parcel_line_id"]) or {})["line_id"]
        lines.append(refunding.Piece(ordered_id, count, "NO_RESTOCK"))
    found = refunding.suggest(order, lines, shipping)
    made: Record = {
        "id": call.shop.db.next_id("refund"), "createdAt": call.shop.stamp, "note": note, "lines": found.lines,
        "shipping": amount_text(shipping, order["currency"]), "return_id": one["id"], "suggested": "0",
        "store_credit": "0", "transaction_ids": [],
    }  # fmt: skip
    order["refunds"].append(made)
    return made
