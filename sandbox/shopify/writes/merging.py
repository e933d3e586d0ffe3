"""Two customers become one: a preview, then a job (shopify.md §6; the schema tells who is kept)."""

from typing import Any

from sandbox.shopify import jobs
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import gid, number
from sandbox.shopify.keeping import keep_customer, keep_order
from sandbox.shopify.reads.customers import default_address, display_name
from sandbox.shopify.shop import Shop
from sandbox.shopify.writes import inputs
from sandbox.shopify.writes.inputs import only

Record = dict[str, Any]
NOTE, TAGS = 5000, 250


def obstacles(shop: Shop, one: Record) -> list[str]:
    """Return why this customer cannot be merged."""
    found = []
    if shop.db.named("gift_card", "customer_id", str(one["id"])):
        found.append("GIFT_CARDS")
    if shop.db.named("store_credit", "customer_id", str(one["id"])):
        found.append("STORE_CREDIT")
    found += one.get("obstacles", [])  # SUBSCRIPTIONS, COMPANY_CONTACT, PENDING_DATA_REQUEST …
    if jobs.waiting(shop, "merge", one=one["id"]) or jobs.waiting(shop, "merge", two=one["id"]):
        found.append("MERGE_IN_PROGRESS")
    return found


def kept_and_gone(one: Record, two: Record, override: Record) -> tuple[Record, Record]:
    """Return who stays: by the e-mail to keep, who has one, account state, consent, then the newer."""
    wanted = override.get("customerIdOfEmailToKeep")
    if wanted:
        first = number(wanted, "Customer") == one["id"]
    elif bool(one["email"]) != bool(two["email"]):
        first = bool(one["email"])
    else:
        first = _rank(one) >= _rank(two)
    return (one, two) if first else (two, one)


def _rank(one: Record) -> tuple[int, int, str]:
    state = {"ENABLED": 2, "INVITED": 1}.get(one["state"], 0)
    consent = 1 if one["emailConsent"]["marketingState"] in {"SUBSCRIBED", "PENDING"} else 0
    return state, consent, one["updatedAt"]


@resolves("QueryRoot", "customerMergePreview")
def preview(_root: Any, call: Call, given: Given) -> Record:
    one, two = _pair(call, given)
    if one is None or two is None:
        return {"resultingCustomerId": None, "defaultFields": None, "blockingFields": None,
                "customerMergeErrors": [{"errorFields": [], "message": "Customer does not exist"}]}  # fmt: skip
    errors = []
    for each in (one, two):
        found = obstacles(call.shop, each)
        if found:
            name = display_name(each, call, {})
            errors.append(
                {"errorFields": found, "message": f"{name} cannot be merged: {', '.join(found)}"}
            )
    kept, gone = kept_and_gone(one, two, given.get("overrideFields") or {})
    merged = _merged(kept, gone, {})
    orders = sum(
        len(call.shop.db.named("order", "customer_id", str(each["id"]))) for each in (one, two)
    )
    blocking = None
    if len(merged["note"] or "") > NOTE or len(merged["tags"]) > TAGS:
        blocking = {"note": merged["note"], "tags": merged["tags"]}
    fields = {
        **merged, "displayName": display_name(merged, call, {}), "orderCount": str(orders),
        "email": {"emailAddress": merged["email"], **merged["emailConsent"]} if merged["email"] else None,
        "phoneNumber": {"phoneNumber": merged["phone"], **merged["smsConsent"]} if merged["phone"] else None,
        "defaultAddress": default_address(merged, call, {}),
    }  # fmt: skip
    return {
        "resultingCustomerId": None if errors else gid("Customer", kept["id"]),
        "defaultFields": fields, "blockingFields": blocking, "customerMergeErrors": errors,
    }  # fmt: skip


def _pair(call: Call, given: Given) -> tuple[Record | None, Record | None]:
    db = call.shop.db
    return (
        db.get("customer", number(given["customerOneId"], "Customer")),
        db.get("customer", number(given["customerTwoId"], "Customer")),
    )


@mutation("customerMerge")
def merge(_root: Any, call: Call, given: Given) -> Record:
    override = given.get("overrideFields") or {}
    only(override, "CustomerMergeOverrideFields", "customerIdOfEmailToKeep", "customerIdOfPhoneNumberToKeep",
         "customerIdOfFirstNameToKeep", "customerIdOfLastNameToKeep", "customerIdOfDefaultAddressToKeep",
         "note", "tags")  # fmt: skip
    one = inputs.customer(
        call.shop, given["customerOneId"], ["customerOneId"], "INVALID_CUSTOMER_ID"
    )
    two = inputs.customer(
        call.shop, given["customerTwoId"], ["customerTwoId"], "INVALID_CUSTOMER_ID"
    )
    if one["id"] == two["id"]:
        raise UserError("Customers must be different", ["customerTwoId"], "INVALID_CUSTOMER")
    for where, each in (("customerOneId", one), ("customerTwoId", two)):
        found = obstacles(call.shop, each)
        if found:
            code = "CUSTOMER_HAS_GIFT_CARDS" if found == ["GIFT_CARDS"] else "INVALID_CUSTOMER"
            raise UserError(f"Customer cannot be merged: {', '.join(found)}", [where], code)
    kept, _gone = kept_and_gone(one, two, override)
    job = jobs.start(call.shop, "merge", one=one["id"], two=two["id"], override=override)
    return {"job": job, "resultingCustomerId": gid("Customer", kept["id"])}


def _merged(kept: Record, gone: Record, override: Record) -> Record:
    """Return the kept customer with what the other one brings."""
    made = {**kept}
    for name, key in (
        ("email", "customerIdOfEmailToKeep"), ("phone", "customerIdOfPhoneNumberToKeep"),
        ("firstName", "customerIdOfFirstNameToKeep"), ("lastName", "customerIdOfLastNameToKeep"),
    ):  # fmt: skip
        chosen = (
            gone if override.get(key) and number(override[key], "Customer") == gone["id"] else kept
        )
        made[name] = chosen[name] or kept[name] or gone[name]
    known = {each["id"] for each in kept["addresses"]}
    made["addresses"] = kept["addresses"] + [
        each for each in gone["addresses"] if each["id"] not in known
    ]
    made["default_address_id"] = kept["default_address_id"] or gone["default_address_id"]
    notes = [each["note"] for each in (kept, gone) if each["note"]]
    made["note"] = override.get("note") or "\n".join(notes) or None
    made["tags"] = inputs.tags(override.get("tags") or kept["tags"] + gone["tags"], ["tags"])
    return made


@jobs.works("merge")
def do_merge(shop: Shop, given: Record) -> None:
    one, two = shop.db.get("customer", given["one"]), shop.db.get("customer", given["two"])
    if one is None or two is None:
        return
    kept, gone = kept_and_gone(one, two, given["override"])
    made = _merged(kept, gone, given["override"])
    for found in shop.db.named("order", "customer_id", str(gone["id"])):
        keep_order(shop, shop.require("order", found) | {"customer_id": kept["id"]})
    shop.db.delete("customer", gone["id"])
    body: Record = {
        "admin_graphql_api_customer_kept_id": gid("Customer", kept["id"]),
        "admin_graphql_api_customer_deleted_id": gid("Customer", gone["id"]),
        "admin_graphql_api_job_id": None, "status": "completed", "errors": [],
    }  # fmt: skip
    keep_customer(shop, made, ("customers/merge", body))
    shop.tell(
        "customers/delete", {"id": gone["id"], "admin_graphql_api_id": gid("Customer", gone["id"])}
    )
