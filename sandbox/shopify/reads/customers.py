"""Customers: by id, by what identifies them, by search."""

from decimal import Decimal
from typing import Any

from sandbox.shopify import clock
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.errors import top_error
from sandbox.shopify.gid import gid, number
from sandbox.shopify.money import money, rounded, total
from sandbox.shopify.order_math import net
from sandbox.shopify.reads.paging import connection, searched
from sandbox.shopify.reads.visible import visible

Customer = dict[str, Any]
READERS = {
    "default": lambda one: [one["firstName"], one["lastName"], one["email"], one["phone"]],
    "email": lambda one: one["email"],
    "phone": lambda one: one["phone"],
    "first_name": lambda one: one["firstName"],
    "last_name": lambda one: one["lastName"],
    "id": lambda one: one["id"],
    "tag": lambda one: one["tags"] or None,
    "updated_at": lambda one: one["updatedAt"],
    "customer_date": lambda one: one["createdAt"],
    "created_at": lambda one: one["createdAt"],
    "country": lambda one: [each["countryCodeV2"] for each in one["addresses"]],
    "state": lambda one: one["state"],
}
SORTS = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at"}


@resolves("QueryRoot", "customer")
def by_id(_root: Any, call: Call, given: Given) -> Customer | None:
    return call.shop.db.get("customer", number(given["id"], "Customer"))


@resolves("QueryRoot", "customerByIdentifier")
def by_identifier(_root: Any, call: Call, given: Given) -> Customer | None:
    """Exact, and exactly one member: oneOf (shopify.md §6)."""
    wanted = {name: value for name, value in given["identifier"].items() if value is not None}
    if len(wanted) != 1:
        raise top_error("exactly one member of the identifier must be set", "BAD_REQUEST")
    [(name, value)] = wanted.items()
    if name == "id":
        return call.shop.db.get("customer", number(value, "Customer"))
    if name == "customId":
        raise top_error("The sandbox store does not know customId", "NOT_IMPLEMENTED")
    field = {"emailAddress": "email", "phoneNumber": "phone"}[name]
    return call.shop.db.find("customer", field, value.strip().lower())


@resolves("QueryRoot", "customers")
def search(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    sort = SORTS.get(given.get("sortKey") or "", "number")
    return searched(call, given, "customer", READERS, sort=sort)


@resolves("Customer", "legacyResourceId")
def legacy_id(one: Customer, _call: Call, _given: Given) -> str:
    return str(one["id"])


@resolves("Customer", "displayName")
def display_name(one: Customer, _call: Call, _given: Given) -> str:
    full = f"{one['firstName'] or ''} {one['lastName'] or ''}".strip()
    return full or one["email"] or one["phone"] or ""


def orders_of(call: Call, one: Customer) -> list[dict[str, Any]]:
    """Return the customer's orders, newest first."""
    db = call.shop.db
    found = [db.get("order", each) for each in db.named("order", "customer_id", str(one["id"]))]
    seen = [order for order in found if order is not None and visible(call, order)]
    return sorted(seen, key=lambda order: (order["processedAt"], order["id"]), reverse=True)


@resolves("Customer", "numberOfOrders")
def number_of_orders(one: Customer, call: Call, _given: Given) -> str:
    return str(len(call.shop.db.named("order", "customer_id", str(one["id"]))))


@resolves("Customer", "amountSpent")
def amount_spent(one: Customer, call: Call, _given: Given) -> dict[str, str]:
    """In the shop's currency, cancelled orders left out."""
    db = call.shop.db
    found = [db.get("order", each) for each in db.named("order", "customer_id", str(one["id"]))]
    spent = total(
        net(order) * Decimal(order["rate"]) for order in found if order and not order["cancelledAt"]
    )
    currency = call.shop.settings.currency
    return money(rounded(spent, currency), currency)


@resolves("Customer", "lifetimeDuration")
def lifetime(one: Customer, call: Call, _given: Given) -> str:
    days = (call.shop.now() - clock.read(one["createdAt"])).days
    return f"about {days // 30} months" if days >= 60 else f"{days} days"


@resolves("Customer", "statistics")
def statistics(one: Customer, _call: Call, _given: Given) -> dict[str, Any]:
    return {"predictedSpendTier": one.get("spendTier")}


@resolves("Customer", "lastOrder")
def last_order(one: Customer, call: Call, _given: Given) -> Any:
    return next(iter(orders_of(call, one)), None)


@resolves("Customer", "orders")
def orders(one: Customer, call: Call, given: Given) -> dict[str, Any]:
    found = orders_of(call, one)
    field = {"UPDATED_AT": "updatedAt", "CREATED_AT": "createdAt"}.get(
        given.get("sortKey") or "", "processedAt"
    )
    found.sort(key=lambda order: (order[field], order["id"]), reverse=bool(given.get("reverse")))
    return connection(call, given, found)


@resolves("Customer", "defaultEmailAddress")
def default_email(one: Customer, _call: Call, _given: Given) -> dict[str, Any] | None:
    if not one["email"]:
        return None
    return {"emailAddress": one["email"], **one["emailConsent"]}


@resolves("Customer", "defaultPhoneNumber")
def default_phone(one: Customer, _call: Call, _given: Given) -> dict[str, Any] | None:
    if not one["phone"]:
        return None
    return {"phoneNumber": one["phone"], **one["smsConsent"]}


@resolves("Customer", "defaultAddress")
def default_address(one: Customer, _call: Call, _given: Given) -> Any:
    return next(
        (each for each in one["addresses"] if each["id"] == one["default_address_id"]), None
    )


@resolves("Customer", "addressesV2")
def addresses(one: Customer, call: Call, given: Given) -> dict[str, Any]:
    return connection(call, given, one["addresses"])


@resolves("MailingAddress", "formatted")
def formatted(address: dict[str, Any], _call: Call, given: Given) -> list[str]:
    name = f"{address.get('firstName') or ''} {address.get('lastName') or ''}".strip()
    lines = [
        name if given.get("withName") else "",
        address.get("company") or "" if given.get("withCompany", True) else "",
        address.get("address1") or "",
        address.get("address2") or "",
        " ".join(
            part
            for part in (address.get("zip"), address.get("city"), address.get("provinceCode"))
            if part
        ),
        address.get("country") or address.get("countryCodeV2") or "",
    ]
    return [line for line in lines if line]


@resolves("Customer", "metafields")
def customer_metafields(one: Customer, call: Call, given: Given) -> dict[str, Any]:
    return metafields_of(call, gid("Customer", one["id"]), given)


@resolves("Order", "metafields")
def order_metafields(one: Customer, call: Call, given: Given) -> dict[str, Any]:
    return metafields_of(call, gid("Order", one["id"]), given)


def metafields_of(call: Call, owner: str, given: Given) -> dict[str, Any]:
    db = call.shop.db
    wanted = given.get("namespace")
    if wanted and wanted.startswith("$app"):
        wanted = wanted.replace("$app", app_namespace(), 1)
    found = [db.get("metafield", each) for each in db.named("metafield", "owner", owner)]
    rows = [one for one in found if one and (not wanted or one["namespace"] == wanted)]
    return connection(call, given, rows)


def app_namespace() -> str:
    """Return what ``$app`` stands for in what is read back."""
    return "app--1234567"
