"""What the actions work with: calls to one shop whose errors are the seam's own.

A read whose answer got lost changed nothing: it is "unreachable". Only a write can leave us not
knowing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from identity.commerce import seam
from identity.commerce.facts import CustomerFacts, OrderFacts
from identity.models import Store, StoreProduct
from identity.shopify.calling import Connection
from identity.shopify.client import Client
from identity.shopify.errors import (
    AnswerLostError,
    DisconnectedError,
    ForbiddenError,
    RefusedError,
    ShopFrozenError,
    ShopGoneError,
    ShopifyError,
    ShopLockedError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from identity.shopify.fetching import fetch_customer, fetch_order, keep_customer, keep_order
from identity.tenancy import tenant_scope

_NOT_OURS = (ShopFrozenError, ShopGoneError, ShopLockedError, TokenRefusedError, DisconnectedError)


class Desk:
    """One connected shop, as actions and reads see it."""

    def __init__(self, store: Store, *, client: Client | None = None) -> None:
        self.store = store
        self.shop = Connection(store, client=client)

    def read(self, name: str, variables: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Run a query and return its data."""
        with reading():
            return self.shop.call(name, variables).data

    def ask(self, name: str, variables: Mapping[str, Any], payload: str) -> Mapping[str, Any]:
        """Run a mutation that changes nothing that lasts, such as a calculation."""
        with reading():
            return self.shop.call(name, variables, repeatable=True).payload(payload)

    def write(
        self, name: str, variables: Mapping[str, Any], payload: str, *, repeatable: bool = False
    ) -> Mapping[str, Any]:
        """Run a mutation and return its payload. Raises UnknownError when the answer got lost."""
        with writing():
            return self.shop.call(name, variables, repeatable=repeatable).payload(payload)

    def order(self, order_id: str) -> OrderFacts:
        """Read an order and bring the mirror up to date with it. Raises GoneError."""
        with reading():
            facts = fetch_order(self.shop, order_id)
        with tenant_scope(self.store.workspace_id):
            keep_order(self.store, order_id, facts)
        if facts is None:
            raise seam.GoneError("The shop does not show this order any more.")
        return facts

    def customer(self, customer_id: str) -> CustomerFacts:
        """Read a customer and bring the mirror up to date with it. Raises GoneError."""
        with reading():
            facts = fetch_customer(self.shop, customer_id)
        with tenant_scope(self.store.workspace_id):
            keep_customer(self.store, customer_id, facts)
        if facts is None:
            raise seam.GoneError("The shop has no such customer any more.")
        return facts

    def product_of(self, variant_id: str) -> str:
        """Return the product a variant belongs to, as the mirror knows it, or ""."""
        with tenant_scope(self.store.workspace_id):
            found = StoreProduct.objects.filter(
                store=self.store, facts__variants__contains=[{"id": variant_id}]
            ).first()
        return found.gid if found else ""


@contextmanager
def reading() -> Iterator[None]:
    """Turn the client's errors into the seam's, where nothing can have happened."""
    try:
        with writing():
            yield
    except seam.UnknownError as error:
        raise seam.UnreachableError(
            "The shop does not answer now. Nothing was done; try again in a minute."
        ) from error


@contextmanager
def writing() -> Iterator[None]:
    """Turn the client's errors into the seam's."""
    try:
        yield
    except ThrottledError as error:
        raise seam.ThrottledError(error.message, wait=error.wait) from error
    except UnreachableError as error:
        raise seam.UnreachableError(error.message) from error
    except AnswerLostError as error:
        raise seam.UnknownError(error.message) from error
    except RefusedError as error:
        raise seam.RefusedError(error.message) from error
    except ForbiddenError as error:
        raise seam.NotApprovedError(
            "The app may not do this in the shop yet. Open it in Shopify's admin once and allow it."
        ) from error
    except _NOT_OURS as error:
        raise seam.GoneError(error.message) from error
    except ShopifyError as error:
        raise seam.CommerceError(error.message) from error
