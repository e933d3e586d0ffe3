"""Store credit and gift cards. Neither takes a key: the caller needs a ledger of its own (§6)."""

import secrets
from decimal import Decimal
from typing import Any

from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import split
from sandbox.shopify.money import money
from sandbox.shopify.money import written as amount_text
from sandbox.shopify.shop import Shop
from sandbox.shopify.writes.inputs import amount, customer, in_past, only

Record = dict[str, Any]


def add(shop: Shop, customer_id: int, by: Decimal, currency: str) -> Record:
    """Credit a customer's account of this currency, opening it on first use."""
    found = shop.db.find("store_credit", "owner", f"{customer_id}|{currency}") or {
        "id": shop.db.next_id("store_credit"), "customer_id": customer_id, "currency": currency, "balance": "0",
    }  # fmt: skip
    found["balance"] = amount_text(Decimal(found["balance"]) + by, currency)
    shop.db.put("store_credit", found)
    return found


@mutation("storeCreditAccountCredit")
def credit_account(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["creditInput"]
    only(wanted, "StoreCreditAccountCreditInput", "creditAmount", "expiresAt", "notify")
    currency = wanted["creditAmount"]["currencyCode"]
    where = ["creditInput", "creditAmount"]
    if currency not in {call.shop.settings.currency, *call.shop.settings.presentment}:
        raise UserError(
            "Currency is not supported", [*where, "currencyCode"], "UNSUPPORTED_CURRENCY"
        )
    value = amount(wanted["creditAmount"]["amount"], currency, [*where, "amount"])
    if value <= 0:
        raise UserError(
            "A positive amount must be used", [*where, "amount"], "NEGATIVE_OR_ZERO_AMOUNT"
        )
    if in_past(call.shop, wanted.get("expiresAt")):
        raise UserError("Expiry is in the past", ["creditInput", "expiresAt"], "EXPIRES_AT_IN_PAST")
    account = add(call.shop, _owner(call, given["id"], currency), value, currency)
    moved = {"id": call.shop.db.next_id("store_credit_transaction"), "amount": money(value, currency),
             "account": account, "createdAt": call.shop.stamp}  # fmt: skip
    return {"storeCreditAccountTransaction": moved}


def _owner(call: Call, given: str, currency: str) -> int:
    kind, found = split(given)
    if kind == "Customer":
        return int(customer(call.shop, given, ["id"], "OWNER_NOT_FOUND")["id"])
    account = call.shop.db.get("store_credit", found) if kind == "StoreCreditAccount" else None
    if account is None:
        raise UserError("Store credit account does not exist", ["id"], "ACCOUNT_NOT_FOUND")
    if account["currency"] != currency:
        raise UserError("Currency does not match the account", ["id"], "MISMATCHING_CURRENCY")
    return int(account["customer_id"])


@resolves("StoreCreditAccount", "balance")
def balance(one: Record, _call: Call, _given: Given) -> Record:
    return money(Decimal(one["balance"]), one["currency"])


@mutation("giftCardCreate")
def gift_card_create(_root: Any, call: Call, given: Given) -> Record:
    wanted, currency = given["input"], call.shop.settings.currency
    only(
        wanted,
        "GiftCardCreateInput",
        "code",
        "customerId",
        "expiresOn",
        "initialValue",
        "initialAmount",
        "note",
    )
    if wanted.get("initialAmount"):
        currency = wanted["initialAmount"]["currencyCode"]
        if currency != call.shop.settings.currency:
            raise UserError("Currency must be the shop's", ["input", "initialAmount"], "INVALID")
    named = wanted.get("initialValue") or (wanted.get("initialAmount") or {}).get("amount")
    if named is None:
        raise UserError("Initial value is required", ["input", "initialValue"], "MISSING_ARGUMENT")
    value = amount(named, currency, ["input", "initialValue"])
    if value <= 0:
        raise UserError("must be greater than 0", ["input", "initialValue"], "GREATER_THAN")
    code = _code(call, wanted.get("code"))
    owner = None
    if wanted.get("customerId"):
        owner = customer(
            call.shop, wanted["customerId"], ["input", "customerId"], "CUSTOMER_NOT_FOUND"
        )["id"]
    made = {"id": call.shop.db.next_id("gift_card"), "code": code, "currency": currency, "customer_id": owner,
            "balance": amount_text(value, currency), "value": amount_text(value, currency),
            "expiresOn": wanted.get("expiresOn"), "note": wanted.get("note")}  # fmt: skip
    call.shop.db.put("gift_card", made)
    return {"giftCard": made, "giftCardCode": code}


def _code(call: Call, given: str | None) -> str:
    code = (given or secrets.token_hex(8)).lower()
    where = ["input", "code"]
    if len(code) < 8:
        raise UserError("is too short (minimum is 8 characters)", where, "TOO_SHORT")
    if len(code) > 20:
        raise UserError("is too long (maximum is 20 characters)", where, "TOO_LONG")
    if not code.isalnum():
        raise UserError("contains something else than letters and digits", where, "INVALID")
    if call.shop.db.find("gift_card", "code", code):
        raise UserError("has already been taken", where, "TAKEN")
    return code


@resolves("GiftCard", "initialValue")
def initial_value(one: Record, _call: Call, _given: Given) -> Record:
    return money(Decimal(one["value"]), one["currency"])


@resolves("GiftCard", "lastCharacters")
def last_characters(one: Record, _call: Call, _given: Given) -> str:
    return str(one["code"][-4:])
