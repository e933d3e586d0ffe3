"""The shop's front page, its customers, and the switches of the sandbox."""

from html import escape
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.app import App
from sandbox.shopify.pages.orders import amount
from sandbox.shopify.pages.shell import act, badge, day, page, table
from sandbox.shopify.shop import PROTECTED, Shop
from sandbox.shopify.webhooks import Sent

STATES = ("active", "frozen", "gone", "locked")


def home(shop: Shop, app: App, sent: list[Sent]) -> str:
    root, known = f"/shopify/{shop.domain}/admin", shop.settings
    installed = bool(known.installed_at)
    place = (
        f'<p>{escape(app.name)} is installed since {day(known.installed_at)}. <a href="{root}/app">Open it</a></p>'
        if installed
        else f'<p>{escape(app.name)} is not installed. <a href="{root}/install">Install it</a></p>'
    )
    counts = ", ".join(
        f"{shop.db.count(kind)} {kind}s" for kind in ("customer", "order", "product")
    )
    switches = "".join(
        act(f"{root}/state", state, kind="" if state == known.state else "plain", state=state)
        for state in STATES
    )
    rows = [
        [
            day(each.headers["X-Shopify-Triggered-At"]),
            escape(each.topic),
            str(each.status or "no answer"),
        ]
        for each in reversed(sent[-20:])
    ]
    return page(
        shop,
        "Home",
        f"<h1>{escape(known.name)} {badge(known.state)}</h1>"
        f'<p class="soft">{escape(known.domain)} · {escape(known.currency)} · {counts}</p>{place}'
        f'<h2>State of the shop</h2><div class="acts">{switches}</div>'
        f"{_scopes(shop, app, root) if installed else ''}{_protected(shop, root)}"
        f"<h2>Privacy</h2><p class='soft'>Requests about a person are on the customer's page.</p>"
        f'<div class="acts">{act(f"{root}/redact", "Redact the shop")}</div>'
        f"<h2>Last webhooks</h2>{table(['When', 'Topic', 'Answer'], rows, frozenset({2}))}",
    )


def _scopes(shop: Shop, app: App, root: str) -> str:
    boxes = "".join(
        f'<label class="check"><input type="checkbox" name="scope" value="{scope}"'
        f"{' checked' if scope in shop.settings.scopes else ''}>{scope}</label>"
        for scope in app.optional
    )
    return (
        f'<h2>Optional access</h2><form method="post" action="{root}/scopes"><fieldset>'
        f"<legend>Granted to {escape(app.name)}</legend>{boxes}</fieldset><button>Save</button></form>"
    )


def _protected(shop: Shop, root: str) -> str:
    boxes = "".join(
        f'<label class="check"><input type="checkbox" name="kind" value="{kind}"'
        f"{' checked' if kind in shop.settings.protected else ''}>{kind}</label>"
        for kind in PROTECTED
    )
    return (
        f'<h2>Protected customer data</h2><form method="post" action="{root}/protected"><fieldset>'
        f"<legend>Approved by Shopify</legend>{boxes}</fieldset><button>Save</button></form>"
    )


def customers(shop: Shop) -> str:
    rows = []
    for one in shop.db.all("customer"):
        name = f"{one['firstName'] or ''} {one['lastName'] or ''}".strip() or "No name"
        link = f'<a href="/shopify/{shop.domain}/admin/customers/{one["id"]}">{escape(name)}</a>'
        orders = len(shop.db.named("order", "customer_id", str(one["id"])))
        rows.append([link, escape(one["email"] or ""), escape(one["phone"] or ""), str(orders)])
        if len(rows) >= 200:
            break
    body = table(["Name", "E-mail", "Phone", "Orders"], rows, frozenset({3}))
    return page(shop, "Customers", f"<h1>Customers</h1>{body}")


def customer(shop: Shop, one: dict[str, Any], metafields: list[dict[str, Any]]) -> str:
    root = f"/shopify/{shop.domain}/admin"
    name = f"{one['firstName'] or ''} {one['lastName'] or ''}".strip() or "No name"
    rows = []
    for number in shop.db.named("order", "customer_id", str(one["id"])):
        order = shop.require("order", number)
        link = f'<a href="{root}/orders/{number}">{escape(order["name"])}</a>'
        rows.append([link, day(order["processedAt"]), badge(order_math.financial_status(order)),
                     amount(order_math.price(order), order)])  # fmt: skip
    facts = {
        "E-mail": one["email"], "Phone": one["phone"], "Note": one["note"], "Tags": ", ".join(one["tags"]),
        "E-mail consent": one["emailConsent"]["marketingState"], "SMS consent": one["smsConsent"]["marketingState"],
    }  # fmt: skip
    shown = "".join(
        f"<dt>{label}</dt><dd>{escape(str(value or ''))}</dd>" for label, value in facts.items()
    )
    fields = [
        [escape(f"{each['namespace']}.{each['key']}"), escape(each["value"])] for each in metafields
    ]
    target = f"{root}/customers/{one['id']}/acts"
    acts = act(target, "Ask for the data", act="data") + act(
        target, "Erase the person", kind="risk", act="redact"
    )
    return page(
        shop,
        name,
        f"<h1>{escape(name)}</h1><dl>{shown}</dl>"
        f"<h2>Orders</h2>{table(['Order', 'Placed', 'Payment', 'Total'], rows, frozenset({3}))}"
        f"<h2>Metafields</h2>{table(['Name', 'Value'], fields)}"
        f'<h2>Privacy</h2><div class="acts">{acts}</div>',
    )
