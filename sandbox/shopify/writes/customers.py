"""Customers: created, changed, addressed, asked for consent."""

from typing import Any

from sandbox.shopify import clock
from sandbox.shopify.engine import Call, Given
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import number
from sandbox.shopify.keeping import keep_customer
from sandbox.shopify.new_customer import add_address, new_customer
from sandbox.shopify.writes import inputs
from sandbox.shopify.writes.inputs import only

Record = dict[str, Any]
#: What a merchant or an app may set; the others come about by themselves.
SETTABLE = frozenset({"SUBSCRIBED", "UNSUBSCRIBED", "PENDING"})


@mutation("customerCreate")
def create(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["input"]
    if not any(wanted.get(name) for name in ("firstName", "lastName", "email", "phone")):
        raise UserError("A name, phone number, or email address must be present", None)
    made = new_customer(call.shop.db, None, None, created_at=call.shop.now())
    _fill(call, made, wanted)
    keep_customer(call.shop, made, created=True)
    return {"customer": made}


@mutation("customerUpdate")
def update(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["input"]
    if not wanted.get("id"):
        raise UserError("Customer id is required", ["id"])
    one = inputs.customer(call.shop, wanted["id"], ["id"])
    _fill(call, one, wanted)
    keep_customer(call.shop, one)
    return {"customer": one}


def _fill(call: Call, one: Record, wanted: Record) -> None:
    """Each member that is sent replaces what the customer holds."""
    only(wanted, "CustomerInput", "id", "addresses", "email", "firstName", "lastName", "locale", "note", "phone",
         "tags", "taxExempt")  # fmt: skip
    for name, read in (("email", inputs.email), ("phone", inputs.phone)):
        if name in wanted:
            value = read(wanted[name], [name])
            holder = call.shop.db.find("customer", name, value) if value else None
            if holder is not None and holder["id"] != one["id"]:
                raise UserError(f"{name.capitalize()} has already been taken", [name])
            one[name] = value
    if wanted.get("tags") is not None:
        one["tags"] = inputs.tags(wanted["tags"], ["tags"])
    if wanted.get("addresses") is not None:
        one |= {"addresses": [], "default_address_id": None}
        for index, each in enumerate(wanted["addresses"]):
            add_address(one, inputs.address(call.shop, each, ["addresses", str(index)]))
    for name in ("firstName", "lastName", "note", "locale", "taxExempt"):
        if name in wanted:
            one[name] = wanted[name]


@mutation("customerAddressUpdate")
def address_update(_root: Any, call: Call, given: Given) -> Record:
    one = inputs.customer(call.shop, given["customerId"], ["customerId"])
    wanted = number(given["addressId"].partition("?")[0], "MailingAddress")
    held = next((each for each in one["addresses"] if each["id"] == wanted), None)
    if held is None:
        raise UserError("Address does not exist", ["addressId"])
    found = inputs.address(call.shop, given["address"], ["address"])
    sent = {name for name, value in given["address"].items() if value is not None}
    if "countryCode" in sent or "country" in sent:
        sent |= {"countryCodeV2", "country"}
    held |= {name: value for name, value in found.items() if name in sent and name != "id"}
    if given.get("setAsDefault"):
        one["default_address_id"] = wanted
    keep_customer(call.shop, one)
    return {"address": held}


@mutation("customerEmailMarketingConsentUpdate")
def email_consent(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["input"]
    one = inputs.customer(call.shop, wanted["customerId"], ["input", "customerId"], "INVALID")
    if not one["email"]:
        raise UserError("Customer has no email address", ["input", "customerId"], "INVALID")
    one["emailConsent"] = _consent(call, wanted["emailMarketingConsent"], "emailMarketingConsent")
    body = {
        "customer_id": one["id"], "email_address": one["email"],
        "email_marketing_consent": {"state": one["emailConsent"]["marketingState"].lower(),
                                    "consent_updated_at": one["emailConsent"]["marketingUpdatedAt"]},
    }  # fmt: skip
    keep_customer(call.shop, one, ("customers_email_marketing_consent/update", body))
    return {"customer": one}


@mutation("customerSmsMarketingConsentUpdate")
def sms_consent(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["input"]
    one = inputs.customer(call.shop, wanted["customerId"], ["input", "customerId"], "INVALID")
    if not one["phone"]:
        raise UserError("Customer has no phone number", ["input", "customerId"], "INVALID")
    one["smsConsent"] = _consent(call, wanted["smsMarketingConsent"], "smsMarketingConsent")
    keep_customer(call.shop, one)
    return {"customer": one}


def _consent(call: Call, given: Record, name: str) -> Record:
    only(given, name, "marketingState", "marketingOptInLevel", "consentUpdatedAt")
    state = given["marketingState"]
    if state not in SETTABLE:
        raise UserError(
            f"Cannot specify {state} as a marketing state input",
            ["input", name, "marketingState"],
            "INVALID",
        )
    at = given.get("consentUpdatedAt") or call.shop.stamp
    if clock.read(at) > call.shop.now():
        raise UserError(
            "Consent time is in the future", ["input", name, "consentUpdatedAt"], "INVALID"
        )
    level = given.get("marketingOptInLevel") or ("SINGLE_OPT_IN" if state == "SUBSCRIBED" else None)
    return {
        "marketingState": state,
        "marketingOptInLevel": level,
        "marketingUpdatedAt": clock.written(clock.read(at)),
    }
