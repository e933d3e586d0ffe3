"""Discount codes. The code itself is the guard against doubles: TAKEN (shopify.md §6)."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import clock
from sandbox.shopify.engine import Call, Given
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError, not_implemented
from sandbox.shopify.gid import number
from sandbox.shopify.writes.inputs import amount, only

Record = dict[str, Any]
INPUT = "basicCodeDiscount"


@mutation("discountCodeBasicCreate")
def create(_root: Any, call: Call, given: Given) -> Record:
    wanted, shop = given[INPUT], call.shop
    only(wanted, "DiscountCodeBasicInput", "title", "code", "startsAt", "endsAt", "usageLimit",
         "appliesOncePerCustomer", "context", "customerGets", "combinesWith", "customerSelection",
         "minimumRequirement")  # fmt: skip
    code = (wanted.get("code") or "").strip()
    for name in ("title", "code"):
        if not (wanted.get(name) or "").strip():
            raise UserError(
                f"{name.capitalize()} can't be blank", [INPUT, name], "BLANK", extraInfo=None
            )
    if len(code) > 255:
        raise UserError("Code is too long (maximum is 255 characters)", [INPUT, "code"], "TOO_LONG")
    if shop.db.find("discount", "code", code.lower()):
        raise UserError(
            "Code must be unique. Please try a different code.", [INPUT, "code"], "TAKEN"
        )
    starts = clock.written(clock.read(wanted.get("startsAt") or shop.stamp))
    ends = clock.written(clock.read(wanted["endsAt"])) if wanted.get("endsAt") else None
    if ends and ends <= starts:
        raise UserError(
            "Ends at needs to be after starts_at", [INPUT, "endsAt"], "END_DATE_BEFORE_START_DATE"
        )
    limit = wanted.get("usageLimit")
    if limit is not None and limit < 1:
        raise UserError("Usage limit must be greater than 0", [INPUT, "usageLimit"], "GREATER_THAN")
    buyers = _buyers(call, wanted)
    made = {
        "id": shop.db.next_id("discount"), "title": wanted["title"], "code": code, "startsAt": starts,
        "endsAt": ends, "usageLimit": limit, "asyncUsageCount": 0, "customers": buyers,
        "summary": _summary(call, wanted, buyers), "value": wanted.get("customerGets", {}).get("value"),
    }  # fmt: skip
    shop.db.put("discount", made)
    return {"codeDiscountNode": made}


def _buyers(call: Call, wanted: Record) -> list[int]:
    context = wanted.get("context") or {}
    if wanted.get("customerSelection"):
        raise not_implemented("DiscountCodeBasicInput.customerSelection (use context)")
    only(context, "DiscountContextInput", "all", "customers")
    found = []
    for given in (context.get("customers") or {}).get("add") or []:
        one = number(given, "Customer")
        if call.shop.db.get("customer", one) is None:
            raise UserError(
                "Customer is invalid", [INPUT, "context", "customers", "add"], "INVALID"
            )
        found.append(one)
    return found


def _summary(call: Call, wanted: Record, buyers: list[int]) -> str:
    gets = wanted.get("customerGets") or {}
    value, items = gets.get("value") or {}, gets.get("items") or {}
    where = [INPUT, "customerGets", "value"]
    if not items.get("all"):
        raise not_implemented("DiscountItemsInput but all")
    if value.get("percentage") is not None:
        if not 0 < value["percentage"] <= 1:
            raise UserError(
                "Value must be between 0.0 and 1.0", [*where, "percentage"], "VALUE_OUTSIDE_RANGE"
            )
        part = Decimal(str(value["percentage"])) * 100
        words = f"{part.normalize():f}% off entire order"
    elif value.get("discountAmount"):
        currency = call.shop.settings.currency
        off = amount(value["discountAmount"]["amount"], currency, [*where, "discountAmount"])
        if off <= 0:
            raise UserError(
                "Amount must be greater than 0", [*where, "discountAmount"], "GREATER_THAN"
            )
        words = f"{off} {currency} off entire order"
    else:
        raise UserError("A value is required", where, "MISSING_ARGUMENT")
    if buyers:
        words += " • For specific customers" if len(buyers) > 1 else " • For one customer"
    return words + (" • One use per customer" if wanted.get("appliesOncePerCustomer") else "")


@mutation("discountCodeDeactivate")
def deactivate(_root: Any, call: Call, given: Given) -> Record:
    found = call.shop.db.get("discount", number(given["id"], "DiscountCodeNode"))
    if found is None:
        raise UserError("Discount does not exist", ["id"], "INVALID")
    found["endsAt"] = call.shop.stamp
    call.shop.db.put("discount", found)
    return {"codeDiscountNode": found}
