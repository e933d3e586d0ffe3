"""Discount codes and gift cards. The code is made from the action's key, so a second one is refused."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from identity.commerce.requests import DiscountRequest, GiftCardRequest
from identity.commerce.seam import (
    Change,
    Finding,
    Job,
    OutcomeState,
    Preview,
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
    unknowable,
)
from identity.shopify.desk import Desk, writing
from identity.shopify.errors import RefusedError as ShopRefusedError
from identity.shopify.values import node, text


def secret_code(job: Job, length: int) -> str:
    """Return the code of this action: the same at every try, and guessable by nobody."""
    digest = hmac.new(settings.SECRET_KEY.encode(), job.key.bytes, hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:length]


def preview_discount(
    desk: Desk, request: DiscountRequest, order_id: str, customer_id: str
) -> Preview:
    """Return what the code would be worth; only its use costs anything."""
    if not customer_id:
        raise RefusedError("A code is for one customer: link the contact to a customer first.")
    if request.percent is not None:
        worth = f"{request.percent.normalize():f} % off one order"
    elif request.amount is not None:
        worth = f"{request.amount} off one order"
    else:
        raise RefusedError("Say a percentage or an amount.")
    currency = desk.store.currency
    if request.amount is not None and request.amount.currency != currency:
        raise RefusedError(f"Codes of this shop are in {currency}.")
    return Preview(
        value=request.amount,
        changes=(Change("Discount code", "none", f"{worth}, once, {request.days} days"),),
    )


def _discount_code(job: Job) -> str:
    return f"SORRY-{secret_code(job, 8)}"


def perform_discount(desk: Desk, job: Job) -> Result:
    """Make the code. Taken means that we made it before."""
    request: DiscountRequest = request_of(job, DiscountRequest)
    now, code = timezone.now(), _discount_code(job)
    value: dict[str, Any]
    if request.percent is not None:
        value = {"percentage": float(request.percent / 100)}
    else:
        amount = request.amount.text if request.amount else "0"
        value = {"discountAmount": {"amount": amount, "appliesOnEachItem": False}}
    variables = {
        "basicCodeDiscount": {
            "title": f"Goodwill {job.reference}",
            "code": code,
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(days=request.days)).isoformat(),
            "usageLimit": 1,
            "appliesOncePerCustomer": True,
            "context": {"customers": {"add": [job.customer_id]}},
            "customerGets": {"items": {"all": True}, "value": value},
            "combinesWith": {"shippingDiscounts": True},
        }
    }
    with writing():
        try:
            desk.shop.call("discount_code_basic_create", variables).payload(
                "discountCodeBasicCreate"
            )
        except ShopRefusedError as error:
            if not any(one.code == "TAKEN" for one in error.refusals):
                raise
    return {"code": code}


def _discount(desk: Desk, job: Job) -> dict[str, Any]:
    data = desk.read("discount_by_code", {"code": _discount_code(job)})
    return dict(node(node(data.get("codeDiscountNodeByCode")).get("codeDiscount")))


def find_discount(desk: Desk, job: Job) -> Finding:
    """Look the code up."""
    return found({"code": _discount_code(job)}) if _discount(desk, job) else ABSENT


def outcome_discount(desk: Desk, job: Job) -> Receipt:
    """Read the code back."""
    told = _discount(desk, job)
    if not told:
        return receipt(OutcomeState.FAILED, "The shop has no such code.")
    code = _discount_code(job)
    return receipt(
        OutcomeState.DONE,
        f"The code {code} works once: {text(told.get('summary')) or 'for this customer'}.",
        references={"code": code},
    )


def preview_card(desk: Desk, request: GiftCardRequest, order_id: str, customer_id: str) -> Preview:
    """Return what the card would be worth."""
    currency = desk.store.currency
    if request.amount.currency != currency:
        raise RefusedError(f"Gift cards of this shop are in {currency}.")
    return Preview(
        value=request.amount, changes=(Change("Gift card", "none", str(request.amount)),)
    )


def _card_code(job: Job) -> str:
    return secret_code(job, 16)


def perform_card(desk: Desk, job: Job) -> Result:
    """Issue the card. Taken means that we issued it before."""
    request: GiftCardRequest = request_of(job, GiftCardRequest)
    card: dict[str, Any] = {
        "initialAmount": {"amount": request.amount.text, "currencyCode": request.amount.currency},
        "code": _card_code(job),
        "note": clipped(request.note, job.reference),
    }
    if job.customer_id:
        card["customerId"] = job.customer_id
    if request.expires_on is not None:
        card["expiresOn"] = request.expires_on.isoformat()
    with writing():
        try:
            payload = desk.shop.call("gift_card_create", {"input": card}).payload("giftCardCreate")
        except ShopRefusedError as error:
            if not any(one.code == "TAKEN" for one in error.refusals):
                raise
            return {"card": ""}
    return {"card": text(node(payload.get("giftCard")).get("id"))}


def outcome_card(desk: Desk, job: Job) -> Receipt:
    """The shop's answer, or its refusal of the same code again, is all there is to read."""
    code = _card_code(job)
    return receipt(
        OutcomeState.DONE,
        f"A gift card of {job.preview.value} ending in {code[-4:]} is issued.",
        references={"card": f"…{code[-4:]}"},
        secrets={"code": code},
    )


DISCOUNT = Action(preview_discount, outcome_discount)
GIFT_CARD = Action(preview_card, outcome_card)
STEPS = {
    "code": Step(perform_discount, find_discount),
    "card": Step(perform_card, unknowable),
}
