"""From a webhook to what it hints at. Pure: a topic and a body, no network, no database, no clock.

Bodies differ between versions, lack what protected data hides, and come late: nothing in them is
believed but the id of what changed, which is then read.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from identity.shopify.values import gid_of, kind_of

_VERSION = re.compile(r"20\d\d-(01|04|07|10)\Z|unstable\Z")


class Subject(StrEnum):
    """What a hint is about."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"
    RETURN = "return"
    MERGE = "merge"
    SHOP = "shop"
    SCOPES = "scopes"
    UNINSTALL = "uninstall"
    BULK = "bulk"
    DATA_REQUEST = "data_request"
    REDACT_CUSTOMER = "redact_customer"
    REDACT_SHOP = "redact_shop"


#: What is read again after a pause, so that many hints become one reading.
READ_AGAIN = frozenset({Subject.ORDER, Subject.CUSTOMER, Subject.PRODUCT, Subject.RETURN})


@dataclass(frozen=True, slots=True)
class Hint:
    """``gid`` is the thing; ``other`` a second one (the customer that is no more)."""

    subject: Subject
    gid: str = ""
    other: str = ""
    deleted: bool = False
    #: The shop's id where the body tells it; the header that names the shop is not signed.
    shop_gid: str = ""

    @property
    def key(self) -> str:
        """Return what hints about the same thing have in common."""
        return f"{self.subject}:{self.gid}"


class UnknownTopicError(Exception):
    """Not a topic, or not a version, that means anything to us."""


class UnreadableError(Exception):
    """The body does not hold what its topic says."""


Body = Mapping[str, Any]


def read_hint(topic: str, version: str, body: bytes) -> Hint:
    """Return what the webhook is about. Raises UnknownTopicError or UnreadableError."""
    reader = TOPICS.get(topic)
    if reader is None:
        raise UnknownTopicError(f"Nothing here listens to the topic {topic[:60] or '(none)'}.")
    if version and not _VERSION.match(version):
        raise UnknownTopicError(f"{version[:20]} is not an API version we know.")
    try:
        told = json.loads(body)
    except ValueError as error:
        raise UnreadableError("The body is not JSON.") from error
    if not isinstance(told, Mapping):
        raise UnreadableError("The body is not an object.")
    try:
        return reader(told)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"The body names no id where {topic} has one.") from error


def shop_gid_in(body: bytes) -> str:
    """Return the shop's id where a body tells it, or ""."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return _shop_gid(told.get("shop_id")) if isinstance(told, Mapping) else ""


def _shop_gid(value: Any) -> str:
    try:
        return value if kind_of(str(value)) == "Shop" else gid_of("Shop", value)
    except ValueError:
        return ""


def _thing(subject: Subject, kind: str, *, deleted: bool = False) -> Callable[[Body], Hint]:
    """Read ``{"id": 1, "admin_graphql_api_id": "gid://…"}``."""

    def read(body: Body) -> Hint:
        gid = str(body.get("admin_graphql_api_id") or "")
        if kind_of(gid) != kind:
            gid = gid_of(kind, body["id"])
        return Hint(subject, gid=gid, deleted=deleted)

    return read


def _customer_named(member: str) -> Callable[[Body], Hint]:
    def read(body: Body) -> Hint:
        told = body[member]
        gid = told if kind_of(str(told)) == "Customer" else gid_of("Customer", told)
        return Hint(Subject.CUSTOMER, gid=gid)

    return read


def _order_named(body: Body) -> Hint:
    return Hint(Subject.ORDER, gid=gid_of("Order", body["order_id"]))


def _edited_order(body: Body) -> Hint:
    return Hint(Subject.ORDER, gid=gid_of("Order", body["order_edit"]["order_id"]))


def _return(body: Body) -> Hint:
    """Some bodies of returns name their order, in three ways; the others only themselves."""
    order = body.get("order")
    if isinstance(order, Mapping):
        gid = str(order.get("admin_graphql_api_id") or "")
        if kind_of(gid) != "Order":
            gid = gid_of("Order", order["id"])
        return Hint(Subject.ORDER, gid=gid)
    if body.get("order_id"):
        return _order_named(body)
    return _thing(Subject.RETURN, "Return")(body)


def _merge(body: Body) -> Hint:
    kept = str(body["admin_graphql_api_customer_kept_id"])
    deleted = str(body["admin_graphql_api_customer_deleted_id"])
    if kind_of(kept) != "Customer" or kind_of(deleted) != "Customer":
        raise ValueError(kept)
    return Hint(Subject.MERGE, gid=kept, other=deleted)


def _shop(subject: Subject, member: str) -> Callable[[Body], Hint]:
    def read(body: Body) -> Hint:
        gid = _shop_gid(body[member])
        if not gid:
            raise ValueError(member)
        return Hint(subject, gid=gid, shop_gid=gid)

    return read


def _person(subject: Subject) -> Callable[[Body], Hint]:
    def read(body: Body) -> Hint:
        gid = _shop_gid(body["shop_id"])
        number = body["customer"]["id"]
        return Hint(subject, gid=gid_of("Customer", number), shop_gid=gid)

    return read


_ORDER = _thing(Subject.ORDER, "Order")
_CUSTOMER = _thing(Subject.CUSTOMER, "Customer")
_PRODUCT = _thing(Subject.PRODUCT, "Product")

TOPICS: dict[str, Callable[[Body], Hint]] = {
    "app/uninstalled": _shop(Subject.UNINSTALL, "id"),
    "app/scopes_update": _shop(Subject.SCOPES, "shop_id"),
    "shop/update": _shop(Subject.SHOP, "id"),
    "customers/create": _CUSTOMER,
    "customers/update": _CUSTOMER,
    "customers/enable": _CUSTOMER,
    "customers/disable": _CUSTOMER,
    "customers/delete": _thing(Subject.CUSTOMER, "Customer", deleted=True),
    "customers/merge": _merge,
    "customer.tags_added": _customer_named("customerId"),
    "customer.tags_removed": _customer_named("customerId"),
    "customers_email_marketing_consent/update": _customer_named("customer_id"),
    "customers_marketing_consent/update": _CUSTOMER,
    "orders/create": _ORDER,
    "orders/updated": _ORDER,
    "orders/paid": _ORDER,
    "orders/cancelled": _ORDER,
    "orders/fulfilled": _ORDER,
    "orders/partially_fulfilled": _ORDER,
    "orders/edited": _edited_order,
    "orders/delete": _thing(Subject.ORDER, "Order", deleted=True),
    "fulfillments/create": _order_named,
    "fulfillments/update": _order_named,
    "fulfillment_events/create": _order_named,
    "refunds/create": _order_named,
    "order_transactions/create": _order_named,
    "returns/request": _return,
    "returns/approve": _return,
    "returns/decline": _return,
    "returns/update": _return,
    "returns/process": _return,
    "returns/close": _return,
    "returns/cancel": _return,
    "returns/reopen": _return,
    "products/create": _PRODUCT,
    "products/update": _PRODUCT,
    "products/delete": _thing(Subject.PRODUCT, "Product", deleted=True),
    "bulk_operations/finish": _thing(Subject.BULK, "BulkOperation"),
    "customers/data_request": _person(Subject.DATA_REQUEST),
    "customers/redact": _person(Subject.REDACT_CUSTOMER),
    "shop/redact": _shop(Subject.REDACT_SHOP, "shop_id"),
}
