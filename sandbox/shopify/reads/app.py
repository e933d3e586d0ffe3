"""The shop itself, the installation, jobs and everything that is asked for once."""

from typing import Any

from sandbox.shopify import clock
from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.gid import gid, number, split
from sandbox.shopify.reads.paging import connection
from sandbox.shopify.schema import VERSION, VERSIONS


@resolves("QueryRoot", "shop")
def shop(_root: Any, call: Call, _given: Given) -> dict[str, Any]:
    known = call.shop.settings
    host = known.domain.replace(".myshopify.com", ".example")
    return {
        "id": known.id, "name": known.name, "email": known.email, "contactEmail": known.email,
        "shopOwnerName": known.owner, "myshopifyDomain": known.domain, "url": f"https://{host}",
        "primaryDomain": {"id": known.id, "host": host, "url": f"https://{host}", "sslEnabled": True},
        "currencyCode": known.currency, "ianaTimezone": known.timezone, "weightUnit": "KILOGRAMS",
        "enabledPresentmentCurrencies": [known.currency, *known.presentment],
        "orderNumberFormatPrefix": known.prefix, "orderNumberFormatSuffix": "",
        "taxesIncluded": known.taxes_included,
        "plan": {"publicDisplayName": known.plan, "partnerDevelopment": True, "shopifyPlus": False},
        "customerAccountsV2": {
            "customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS",
            "loginLinksVisibleOnStorefrontAndCheckout": True,
            "url": f"https://{host}/account",
        },
    }  # fmt: skip


@resolves("Shop", "shopPolicies")
def policies(_shop: Any, call: Call, _given: Given) -> list[dict[str, Any]]:
    return list(call.shop.db.all("policy"))


@resolves("QueryRoot", "currentAppInstallation")
def installation(_root: Any, call: Call, _given: Given) -> dict[str, Any]:
    known = call.shop.settings
    name = known.domain.removesuffix(".myshopify.com")
    return {
        "id": known.id, "launchUrl": f"https://admin.shopify.com/store/{name}/apps/helpdesk",
        "accessScopes": [{"handle": scope} for scope in sorted(call.scopes)],
        "activeSubscriptions": [
            one for one in call.shop.db.all("subscription") if one["status"] == "ACTIVE"
        ],
    }  # fmt: skip


@resolves("QueryRoot", "publicApiVersions")
def versions(_root: Any, _call: Call, _given: Given) -> list[dict[str, Any]]:
    return [{"handle": each, "displayName": each, "supported": True} for each in VERSIONS]


@resolves("QueryRoot", "job")
def job(_root: Any, call: Call, given: Given) -> dict[str, Any] | None:
    return call.shop.db.get("job", number(given["id"], "Job"))


@resolves("Job", "done")
def done(one: dict[str, Any], _call: Call, _given: Given) -> bool:
    return bool(one["done"])


@resolves("QueryRoot", "locations")
def locations(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    rows = [
        one
        for one in call.shop.db.all("location")
        if one["isActive"] or given.get("includeInactive")
    ]
    return connection(call, given, rows)


@resolves("Location", "legacyResourceId")
def location_number(one: dict[str, Any], _call: Call, _given: Given) -> str:
    return str(one["id"])


@resolves("QueryRoot", "webhookSubscriptions")
def subscriptions(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    return connection(call, given, list(call.shop.db.all("webhook")))


@resolves("WebhookSubscription", "apiVersion")
def subscription_version(_one: Any, _call: Call, _given: Given) -> dict[str, Any]:
    return {"handle": VERSION, "displayName": VERSION, "supported": True}


@resolves("QueryRoot", "bulkOperation")
def bulk_operation(_root: Any, call: Call, given: Given) -> Any:
    return call.shop.db.get("bulk", number(given["id"], "BulkOperation"))


@resolves("QueryRoot", "bulkOperations")
def bulk_operations(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    wanted = (given.get("query") or "").removeprefix("status:").upper()
    rows = [one for one in call.shop.db.all("bulk") if not wanted or one["status"] == wanted]
    rows.sort(key=lambda one: (one["createdAt"], one["id"]), reverse=bool(given.get("reverse")))
    return connection(call, given, rows)


@resolves("QueryRoot", "node")
def node(_root: Any, call: Call, given: Given) -> dict[str, Any] | None:
    kind, found = split(given["id"])
    record = call.shop.db.get(kind.lower(), found)
    return {**record, "__typename": kind, "id": gid(kind, found)} if record else None


@resolves("QueryRoot", "codeDiscountNodeByCode")
def discount_by_code(_root: Any, call: Call, given: Given) -> Any:
    return call.shop.db.find("discount", "code", given["code"].lower())


@resolves("DiscountCodeNode", "codeDiscount")
def code_discount(one: dict[str, Any], _call: Call, _given: Given) -> dict[str, Any]:
    return {**one, "__typename": "DiscountCodeBasic"}


@resolves("DiscountCodeBasic", "codes")
def codes(one: dict[str, Any], call: Call, given: Given) -> dict[str, Any]:
    return connection(call, given, [{"code": one["code"]}])


@resolves("DiscountCodeBasic", "status")
def discount_status(one: dict[str, Any], call: Call, _given: Given) -> str:
    now = call.shop.stamp
    if one["endsAt"] and one["endsAt"] <= now:
        return "EXPIRED"
    return "SCHEDULED" if clock.read(one["startsAt"]) > call.shop.now() else "ACTIVE"
