"""Reading what a caller sent. What the sandbox does not honour it refuses loudly."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.shopify.clock import read
from sandbox.shopify.errors import UserError, not_implemented
from sandbox.shopify.gid import number
from sandbox.shopify.money import AmountError, read_amount
from sandbox.shopify.new_customer import COUNTRIES
from sandbox.shopify.shop import Shop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+[1-9]\d{6,14}")
ADDRESS = (
    "firstName", "lastName", "company", "address1", "address2", "city", "province", "provinceCode",
    "zip", "phone",
)  # fmt: skip


def only(given: Mapping[str, Any], where: str, *known: str) -> None:
    """Refuse members that the sandbox does not know what to do with."""
    for name, value in given.items():
        # The schema has defaults: an empty list or "no" asks for nothing.
        if name not in known and value not in (None, [], False) and name != "@":
            raise not_implemented(f"{where}.{name}")


def amount(given: Any, currency: str, field: list[str]) -> Decimal:
    """Read an amount of a currency. Raises UserError."""
    try:
        return read_amount(given, currency)
    except AmountError as error:
        raise UserError(str(error), field, "INVALID") from error


def email(given: str | None, field: list[str]) -> str | None:
    if not given:
        return None
    if not EMAIL.fullmatch(given.strip()):
        raise UserError("Email is invalid", field, "INVALID")
    return given.strip().lower()


def phone(given: str | None, field: list[str]) -> str | None:
    """Read a phone number: E.164, spaces aside."""
    if not given:
        return None
    found = re.sub(r"[\s().-]", "", given)
    if not PHONE.fullmatch(found):
        raise UserError("Phone is invalid", field, "INVALID")
    return found


def address(shop: Shop, given: Mapping[str, Any], field: list[str]) -> dict[str, Any]:
    """Read a mailing address. What is not sent is empty: an address is replaced as a whole."""
    only(given, "MailingAddressInput", *ADDRESS, "country", "countryCode", "id")
    code = given.get("countryCode")
    if not code and given.get("country"):
        code = next((each for each, name in COUNTRIES.items() if name == given["country"]), None)
        if code is None:
            raise UserError("Country is invalid", [*field, "country"], "INVALID")
    made: dict[str, Any] = {name: given.get(name) or None for name in ADDRESS}
    country = COUNTRIES.get(code, code) if code else None
    made |= {"id": shop.db.next_id("address"), "countryCodeV2": code, "country": country}
    made["phone"] = phone(given.get("phone"), [*field, "phone"])
    return made


def tags(given: list[str], field: list[str]) -> list[str]:
    """Read tags: trimmed, each once whatever its case, at most 250 of 255 letters."""
    found: dict[str, str] = {}
    for each in given:
        for one in each.split(","):
            if one.strip():
                found.setdefault(one.strip().lower(), one.strip())
    if len(found) > 250:
        raise UserError("Tags exceed the limit of 250", field, "TOO_MANY_ARGUMENTS")
    if any(len(one) > 255 for one in found.values()):
        raise UserError("Tag is too long (maximum is 255 characters)", field, "TOO_LONG")
    return sorted(found.values(), key=str.lower)


def attributes(given: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"key": each["key"], "value": each["value"]} for each in given]


def order(shop: Shop, given: str, field: list[str], code: str | None = None) -> dict[str, Any]:
    """Return an order to write to. Raises UserError when there is none."""
    found = shop.db.get("order", number(given, "Order"))
    if found is None:
        raise UserError("Order does not exist", field, code)
    return found


def customer(shop: Shop, given: str, field: list[str], code: str | None = None) -> dict[str, Any]:
    found = shop.db.get("customer", number(given, "Customer"))
    if found is None:
        raise UserError("Customer does not exist", field, code)
    return found


def in_past(shop: Shop, moment: str | None) -> bool:
    return bool(moment) and read(str(moment)) < shop.now()
