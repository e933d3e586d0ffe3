"""What an app does for itself: webhook subscriptions, billing, Flow, taking itself off."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.shopify import clock, install
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import gid, number
from sandbox.shopify.money import money
from sandbox.shopify.writes.inputs import only

Record = dict[str, Any]
FLOW_BYTES = 50_000


@mutation("webhookSubscriptionCreate")
def subscribe(_root: Any, call: Call, given: Given) -> Record:
    made = {"id": call.shop.db.next_id("webhook"), "topic": given["topic"], "format": "JSON", "filter": None,
            "name": None, "includeFields": [], "metafieldNamespaces": [], "uri": ""}  # fmt: skip
    _subscription(call, made, given["webhookSubscription"])
    return {"webhookSubscription": made}


@mutation("webhookSubscriptionUpdate")
def resubscribe(_root: Any, call: Call, given: Given) -> Record:
    found = call.shop.db.get("webhook", number(given["id"], "WebhookSubscription"))
    if found is None:
        raise UserError("Webhook subscription does not exist", ["id"])
    _subscription(call, found, given["webhookSubscription"])
    return {"webhookSubscription": found}


def _subscription(call: Call, made: Record, wanted: Record) -> None:
    only(wanted, "WebhookSubscriptionInput", "uri", "callbackUrl", "format", "name", "includeFields",
         "metafieldNamespaces")  # fmt: skip
    uri = wanted.get("uri") or wanted.get("callbackUrl") or made["uri"]
    if not uri.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise UserError("Address is not allowed", ["webhookSubscription", "uri"])
    if wanted.get("format") not in {None, "JSON"}:
        raise UserError("Format is not supported by the sandbox", ["webhookSubscription", "format"])
    for each in call.shop.db.all("webhook"):
        if each["id"] != made["id"] and (each["topic"], each["uri"]) == (made["topic"], uri):
            raise UserError(
                "Address for this topic has already been taken", ["webhookSubscription", "uri"]
            )
    made |= {"uri": uri, "updatedAt": call.shop.stamp, "name": wanted.get("name", made["name"])}
    made["includeFields"] = wanted.get("includeFields") or made["includeFields"]
    made["metafieldNamespaces"] = wanted.get("metafieldNamespaces") or made["metafieldNamespaces"]
    call.shop.db.put("webhook", made)


@mutation("webhookSubscriptionDelete")
def unsubscribe(_root: Any, call: Call, given: Given) -> Record:
    found = number(given["id"], "WebhookSubscription")
    if call.shop.db.get("webhook", found) is None:
        raise UserError("Webhook subscription does not exist", ["id"])
    call.shop.db.delete("webhook", found)
    return {"deletedWebhookSubscriptionId": gid("WebhookSubscription", found)}


@mutation("appUninstall")
def app_uninstall(_root: Any, call: Call, _given: Given) -> Record:
    install.uninstall(call.shop)
    return {"app": {"id": gid("App", 1)}}


@mutation("flowTriggerReceive")
def flow_trigger(_root: Any, call: Call, given: Given) -> Record:
    if not given.get("handle"):
        raise UserError("Handle can't be blank", ["handle"])
    if len(json.dumps(given.get("payload"))) > FLOW_BYTES:
        raise UserError("Payload is too large", ["payload"])
    call.shop.db.put("flow", {"id": call.shop.db.next_id("flow"), "handle": given["handle"],
                              "payload": given.get("payload")})  # fmt: skip
    return {}


@mutation("appSubscriptionCreate")
def billing(_root: Any, call: Call, given: Given) -> Record:
    """The merchant still has to approve at ``confirmationUrl``; until then it is PENDING."""
    if not given["name"].strip():
        raise UserError("Name can't be blank", ["name"])
    found = call.shop.db.next_id("subscription")
    made = {
        "id": found, "name": given["name"], "status": "PENDING", "test": bool(given.get("test")),
        "trialDays": given.get("trialDays") or 0, "createdAt": call.shop.stamp, "currentPeriodEnd": None,
        "returnUrl": given["returnUrl"],
        "lineItems": [
            {"id": gid("AppSubscriptionLineItem", f"{found}00{place}"), "plan": {"pricingDetails": _plan(each["plan"])}}
            for place, each in enumerate(given["lineItems"])
        ],
    }  # fmt: skip
    call.shop.db.put("subscription", made)
    url = f"{call.shop.base_url}/shopify/{call.shop.domain}/admin/charges/{found}"
    return {"appSubscription": made, "confirmationUrl": url}


def _plan(given: Record) -> Record:
    fixed, usage = given.get("appRecurringPricingDetails"), given.get("appUsagePricingDetails")
    if fixed:
        price = fixed["price"]
        return {"__typename": "AppRecurringPricing", "interval": fixed.get("interval") or "EVERY_30_DAYS",
                "price": money(Decimal(str(price["amount"])), price["currencyCode"])}  # fmt: skip
    if not usage:
        raise UserError("A plan is required", ["lineItems"])
    cap = usage["cappedAmount"]
    return {"__typename": "AppUsagePricing", "terms": usage["terms"], "balanceUsed": money(Decimal(0), cap["currencyCode"]),
            "cappedAmount": money(Decimal(str(cap["amount"])), cap["currencyCode"])}  # fmt: skip


def approve(call_shop: Any, found: int) -> Record:
    """The merchant says yes to a charge."""
    made: Record = call_shop.require("subscription", found)
    end = clock.written(call_shop.now() + timedelta(days=30))
    made |= {"status": "ACTIVE", "currentPeriodEnd": end}
    call_shop.db.put("subscription", made)
    return made


@mutation("appSubscriptionCancel")
def stop_billing(_root: Any, call: Call, given: Given) -> Record:
    found = call.shop.db.get("subscription", number(given["id"], "AppSubscription"))
    if found is None:
        raise UserError("Couldn't find RecurringApplicationCharge", ["id"])
    found["status"] = "CANCELLED"
    call.shop.db.put("subscription", found)
    return {"appSubscription": found}


@resolves("AppSubscription", "currentPeriodEnd")
def period_end(one: Record, _call: Call, _given: Given) -> Any:
    return one["currentPeriodEnd"]
