"""What the tests of the store share: our documents, and answers without errors."""

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.embedded import ROOT
from sandbox.shopify.gid import gid
from sandbox.shopify.store import SandboxStore

DOCUMENTS = ROOT / "identity" / "shopify" / "documents"


class Asking:
    """Asks the store with one of our documents."""

    def __init__(self, store: SandboxStore) -> None:
        self.store = store

    def raw(self, name: str, /, *scopes: str, **variables: Any) -> dict[str, Any]:
        text = (DOCUMENTS / f"{name}.graphql").read_text()
        return self.store.run(text, variables, *scopes)

    def __call__(self, name: str, /, **variables: Any) -> Any:
        answer = self.raw(name, **variables)
        assert "errors" not in answer, answer["errors"]
        [found] = answer["data"].values()
        return found

    def done(self, name: str, /, **variables: Any) -> Any:
        """Write, and expect that nothing was refused."""
        found = self(name, **variables)
        errors = [value for key, value in found.items() if key.lower().endswith("usererrors")]
        assert errors == [[]], errors
        return found

    def refused(self, name: str, /, **variables: Any) -> dict[str, Any]:
        """Write, and return the first user error."""
        found = self(name, **variables)
        [errors] = [value for key, value in found.items() if key.lower().endswith("usererrors")]
        assert errors, f"{name} was not refused"
        return dict(errors[0])

    def refund(
        self, order: dict[str, Any], amount: str, key: str = "key-1", **more: Any
    ) -> dict[str, Any]:
        """Return variables of a refund of so much through the first payment."""
        payment = order["transactions"][0]
        given: dict[str, Any] = {
            "orderId": gid("Order", order["id"]),
            "transactions": [
                {"orderId": gid("Order", order["id"]), "parentId": gid("OrderTransaction", payment["id"]),
                 "gateway": payment["gateway"], "kind": "REFUND", "amount": amount}
            ],
        }  # fmt: skip
        return {"input": given | more, "idempotencyKey": key}

    def detail(self, order: dict[str, Any]) -> dict[str, Any]:
        return dict(self("order_detail", id=gid("Order", order["id"])))


@pytest.fixture
def ask(store: SandboxStore) -> Asking:
    return Asking(store)


@pytest.fixture
def line_of() -> Callable[..., dict[str, Any]]:
    """Return the input of a refund line."""

    def build(
        order: dict[str, Any], index: int = 0, quantity: int = 1, **more: Any
    ) -> dict[str, Any]:
        return {
            "lineItemId": gid("LineItem", order["lines"][index]["id"]),
            "quantity": quantity,
            **more,
        }

    return build
