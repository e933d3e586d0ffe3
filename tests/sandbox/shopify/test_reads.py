"""shopify.md §6: what our reading documents get."""

from pathlib import Path

import httpx
import pytest

from helpdesk.embedded import ROOT
from sandbox.shopify.store import SandboxStore

DOCUMENTS = ROOT / "identity" / "shopify" / "documents"


def text(name: str) -> str:
    return (DOCUMENTS / f"{name}.graphql").read_text()


def ask(store: SandboxStore, name: str, **variables):
    answer = store.run(text(name), variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def test_a_customer_is_found_exactly_by_email(store: SandboxStore):
    found = ask(
        store, "customer_by_identifier", identifier={"emailAddress": "Dana@shopper.example"}
    )

    assert found["customerByIdentifier"]["displayName"] == "Dana Miller"
    assert found["customerByIdentifier"]["lastOrder"]["name"] == "#1042"


def test_the_order_of_a_story_is_found_by_name_and_reads_in_full(store: SandboxStore):
    [hit] = ask(store, "orders_search", query='name:"#1042"', first=5)["orders"]["nodes"]
    order = ask(store, "order_detail", id=hit["id"])["order"]

    assert order["displayFulfillmentStatus"] == "FULFILLED"
    assert order["fulfillments"][0]["events"]["nodes"][0]["status"] == "DELIVERED"
    assert [line["title"] for line in order["lineItems"]["nodes"]] == [
        "Nord 2 Tent",
        "Ground Sheet",
    ]


@pytest.mark.parametrize(
    "name", ["shop", "shop_policies", "current_app_installation", "public_api_versions"]
)
def test_documents_without_variables_are_answered(store: SandboxStore, name: str):
    assert all(value is not None for value in ask(store, name).values())


def test_over_http_with_an_exchanged_token(store: SandboxStore):
    access = store.tokens()["access_token"]
    answer = httpx.post(
        store.graphql_url, json={"query": text("shop")}, headers={"X-Shopify-Access-Token": access}
    )

    assert answer.json()["data"]["shop"]["myshopifyDomain"] == store.domain
    assert answer.headers["X-Shopify-API-Version"] == "2026-10"


def test_every_document_is_valid_in_the_reduced_schema():
    from graphql import parse, validate

    from sandbox.shopify.schema import schema

    for path in sorted(Path(DOCUMENTS).rglob("*.graphql")):
        assert validate(schema(), parse(path.read_text())) == [], path.name
