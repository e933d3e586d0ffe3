"""Under which keys the records of a shop are found, and how Shopify's index cuts text into words."""

import re
from collections.abc import Iterator

from sandbox.shopify.database import Keys, Record

WORD = re.compile(r"[^\W_]+")
Key = tuple[str, str]


def words(text: object) -> list[str]:
    """Cut text as the search index does: ``ada@example.com`` is three words, ``#1001`` is one."""
    return WORD.findall(str(text or "").lower())


def spelled(name: str, text: object) -> Iterator[Key]:
    """Yield the keys of a field that is searched by words."""
    for word in set(words(text)):
        yield f"{name}~", word


def customer(record: Record) -> Iterator[Key]:
    for name in ("email", "phone"):
        if record.get(name):
            yield name, record[name].lower()
            yield from spelled(name, record[name])
    yield "updated_at", record["updatedAt"]
    yield "created_at", record["createdAt"]
    yield "number", f"{record['id']:020}"


def order(record: Record) -> Iterator[Key]:
    yield from spelled("name", record["name"])
    yield from spelled("email", record.get("email"))
    yield from spelled("phone", record.get("phone"))
    if record.get("customer_id"):
        yield "customer_id", str(record["customer_id"])
    yield "updated_at", record["updatedAt"]
    yield "created_at", record["createdAt"]
    yield "processed_at", record["processedAt"]
    yield "number", f"{record['id']:020}"
    yield from (("line", str(each["id"])) for each in record["lines"])
    yield from (("transaction", str(each["id"])) for each in record["transactions"])
    yield from (("refund", str(each["id"])) for each in record["refunds"])
    yield from (("return", str(each["id"])) for each in record["returns"])
    yield from (("fulfillment", str(each["id"])) for each in record["fulfillments"])
    yield from (("fulfillment_order", str(each["id"])) for each in record["fulfillment_orders"])


def product(record: Record) -> Iterator[Key]:
    yield "updated_at", record["updatedAt"]
    yield "status", record["status"].lower()
    yield "number", f"{record['id']:020}"
    for variant in record["variants"]:
        yield "variant", str(variant["id"])
        yield from spelled("sku", variant["sku"])


def discount(record: Record) -> Iterator[Key]:
    yield "code", record["code"].lower()


def metafield(record: Record) -> Iterator[Key]:
    yield "owner", record["owner"]
    yield "place", f"{record['owner']}|{record['namespace']}|{record['key']}"


def store_credit(record: Record) -> Iterator[Key]:
    yield "owner", f"{record['customer_id']}|{record['currency']}"
    yield "customer_id", str(record["customer_id"])


def gift_card(record: Record) -> Iterator[Key]:
    yield "code", record["code"].lower()
    if record.get("customer_id"):
        yield "customer_id", str(record["customer_id"])


def grant(record: Record) -> Iterator[Key]:
    """Tokens: by what a caller shows."""
    for name in ("access", "refresh", "code"):
        if record.get(name):
            yield name, record[name]


def idempotent(record: Record) -> Iterator[Key]:
    yield "key", record["key"]


def dated(record: Record) -> Iterator[Key]:
    yield "created_at", record["createdAt"]


KEYS: dict[str, Keys] = {
    "customer": customer, "order": order, "product": product, "discount": discount,
    "metafield": metafield, "store_credit": store_credit, "gift_card": gift_card, "grant": grant,
    "bulk": dated, "idempotent": idempotent, "draft": dated,
}  # fmt: skip
