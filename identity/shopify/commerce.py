"""The seam of ``identity/commerce`` over Shopify's Admin API."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from identity.commerce.facts import CustomerFacts, OrderFacts, ProductFacts, StoreFacts
from identity.commerce.requests import Kind, Request, kind_of
from identity.commerce.seam import Finding, GoneError, Job, Preview, Receipt
from identity.models import Store
from identity.shopify.actions import (
    addressing,
    cancelling,
    editing,
    goodwill,
    labelling,
    mailing,
    refunding,
    reshipping,
    returning,
)
from identity.shopify.actions.kit import Action, Step
from identity.shopify.client import Client
from identity.shopify.desk import Desk, reading
from identity.shopify.fetching import fetch_product
from identity.shopify.reading import customer_facts, store_facts
from identity.shopify.values import node, number_of, rows, text

ACTIONS: dict[Kind, Action] = {
    Kind.REFUND: refunding.ACTION,
    Kind.CANCEL: cancelling.ACTION,
    Kind.RETURN: returning.ACTION,
    Kind.EXCHANGE: returning.ACTION,
    Kind.ORDER_ADDRESS: addressing.ORDER,
    Kind.CUSTOMER_ADDRESS: addressing.CUSTOMER,
    Kind.NOTE: labelling.NOTE,
    Kind.TAGS: labelling.TAGS,
    Kind.EDIT: editing.ACTION,
    Kind.RESHIP: reshipping.ACTION,
    Kind.DISCOUNT: goodwill.DISCOUNT,
    Kind.GIFT_CARD: goodwill.GIFT_CARD,
    Kind.CONFIRMATION: mailing.CONFIRMATION,
    Kind.INVOICE: mailing.INVOICE,
}
STEPS: dict[str, Step] = {
    **refunding.STEPS,
    **cancelling.STEPS,
    **returning.STEPS,
    **addressing.STEPS,
    **labelling.STEPS,
    **editing.STEPS,
    **reshipping.STEPS,
    **goodwill.STEPS,
    **mailing.STEPS,
}


class ShopifyCommerce:
    """One connected Shopify store as a ``Commerce``."""

    def __init__(self, store: Store, *, client: Client | None = None) -> None:
        self._desk = Desk(store, client=client)

    def store(self) -> StoreFacts:
        """See ``Commerce``."""
        return store_facts(node(self._desk.read("shop").get("shop")))

    def order(self, order_id: str) -> OrderFacts:
        """See ``Commerce``."""
        return self._desk.order(order_id)

    def customer(self, customer_id: str) -> CustomerFacts:
        """See ``Commerce``."""
        return self._desk.customer(customer_id)

    def product(self, product_id: str) -> ProductFacts:
        """See ``Commerce``."""
        with reading():
            facts = fetch_product(self._desk.shop, product_id)
        if facts is None:
            raise GoneError("The shop has no such product any more.")
        return facts

    def find_orders(
        self, *, name: str = "", email: str = "", customer_id: str = "", limit: int = 10
    ) -> Sequence[OrderFacts]:
        """See ``Commerce``. The shop searches by words, so what comes back is compared."""
        terms = []
        if name:
            terms.append(f"name:{quoted(name)}")
        if email:
            terms.append(f"email:{quoted(email)}")
        if customer_id:
            terms.append(f"customer_id:{number_of(customer_id)}")
        if not terms:
            return []
        data = self._desk.read("orders_search", {"query": " ".join(terms), "first": 25})
        found: list[OrderFacts] = []
        for one in rows(data.get("orders")):
            if name and text(one.get("name")).casefold() != name.casefold():
                continue
            if email and text(one.get("email")).casefold() != email.casefold():
                continue
            found.append(self._desk.order(text(one.get("id"))))
            if len(found) >= limit:
                break
        return found

    def find_customers(
        self, *, text: str = "", email: str = "", phone: str = "", limit: int = 10
    ) -> Sequence[CustomerFacts]:
        """See ``Commerce``."""
        now = timezone.now()
        if email or phone:
            identifier = {"emailAddress": email} if email else {"phoneNumber": phone}
            data = self._desk.read("customer_by_identifier", {"identifier": identifier})
            told = node(data.get("customerByIdentifier"))
            return [customer_facts(told, read_at=now)] if told else []
        if not text.strip():
            return []
        data = self._desk.read(
            "customers_search", {"query": escaped(text), "first": min(limit, 50)}
        )
        return [customer_facts(one, read_at=now) for one in rows(data.get("customers"))]

    def preview(self, request: Request, *, order_id: str, customer_id: str) -> Preview:
        """See ``Commerce``."""
        return ACTIONS[kind_of(request)].preview(self._desk, request, order_id, customer_id)

    def perform(self, step: str, job: Job) -> dict[str, Any]:
        """See ``Commerce``."""
        return STEPS[step].perform(self._desk, job)

    def find(self, step: str, job: Job) -> Finding:
        """See ``Commerce``."""
        return STEPS[step].find(self._desk, job)

    def outcome(self, job: Job) -> Receipt:
        """See ``Commerce``."""
        return ACTIONS[kind_of(job.request)].outcome(self._desk, job)


def quoted(value: str) -> str:
    """Return what somebody typed as one phrase of the search syntax."""
    inner = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def escaped(value: str) -> str:
    """Return what somebody typed as plain words: nothing in it is syntax."""
    words = "".join(f"\\{char}" if char in "\\\"':()" else char for char in value).split()
    return " ".join(word if word not in {"OR", "AND", "NOT"} else word.lower() for word in words)
