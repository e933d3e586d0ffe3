"""Consent, and the app's page inside the admin."""

from html import escape

from sandbox.shopify.app import App
from sandbox.shopify.pages.shell import act, page
from sandbox.shopify.shop import Shop

#: What a scope lets an app do, in the words of a consent page.
AREAS = {
    "customers": "customers", "orders": "orders", "all_orders": "orders older than 60 days",
    "products": "products", "returns": "returns", "discounts": "discounts", "draft_orders": "draft orders",
    "order_edits": "edits of orders", "locations": "locations", "fulfillments": "fulfilments",
    "gift_cards": "gift cards", "merchant_managed_fulfillment_orders": "shipments",
    "third_party_fulfillment_orders": "shipments by others",
    "assigned_fulfillment_orders": "shipments assigned to the app", "customer_merge": "merges of customers", "legal_policies": "shop policies",
}  # fmt: skip


def words(scope: str) -> str:
    verb, _, area = scope.partition("_")
    return f"{'Read and change' if verb == 'write' else 'Read'} {AREAS.get(area, area.replace('_', ' '))}"


def told(scopes: list[str]) -> list[str]:
    """Return what an app asks for, each area once: who changes also reads."""
    return [
        words(scope)
        for scope in sorted(scopes, key=lambda one: one.partition("_")[2])
        if scope.replace("read_", "write_", 1) not in scopes or scope.startswith("write_")
    ]


def consent(shop: Shop, app: App, *, hidden: dict[str, str]) -> str:
    """Return the page that asks the merchant; ``hidden`` are the fields of an authorization."""
    asked = "".join(f"<li>{escape(line)}</li>" for line in told(app.scopes))
    optional = "".join(
        f'<label class="check"><input type="checkbox" name="optional" value="{scope}" checked>'
        f"{escape(words(scope))}</label>"
        for scope in app.optional
    )
    fields = "".join(
        f'<input type="hidden" name="{escape(name, quote=True)}" value="{escape(value, quote=True)}">'
        for name, value in hidden.items()
    )
    return page(
        shop,
        "Install app",
        f"<h1>Install {escape(app.name)}</h1><p>This app asks to:</p>"
        f'<ul class="asked">{asked}</ul>'
        f'<form method="post" action="/shopify/{shop.domain}/admin/install">{fields}'
        f"<fieldset><legend>Also, if you agree</legend>{optional}</fieldset>"
        "<p class='soft'>It will see personal data of your customers: name, address, phone and e-mail.</p>"
        "<button>Install app</button></form>",
    )


def frame(shop: Shop, app: App, address: str) -> str:
    """Return the app's page: an iframe that the admin gives a token to."""
    root = f"/shopify/{shop.domain}/admin"
    return page(
        shop,
        app.name,
        f'<iframe class="app" title="{escape(app.name)}" src="{escape(address, quote=True)}" '
        'allow="clipboard-write"></iframe>'
        f'<div class="acts">{act(f"{root}/uninstall", "Uninstall", kind="risk")}</div>',
        script=True,
    )


def charge(shop: Shop, name: str, number: int) -> str:
    target = f"/shopify/{shop.domain}/admin/charges/{number}"
    return page(shop, "Approve charge", f"<h1>{escape(name)}</h1>{act(target, 'Approve', kind='')}")


#: The admin's side of App Bridge: gives tokens to the frame it holds, and to nobody else.
ADMIN_SCRIPT = """
"use strict";
(() => {
  const frame = document.querySelector("iframe.app");
  const root = document.body.dataset.admin;
  if (!frame) return;
  const origin = new URL(frame.src).origin;
  addEventListener("message", async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const asked = event.data || {};
    if (asked.sandbox !== "app-bridge") return;
    let answer = null;
    if (asked.want === "id-token") {
      answer = (await (await fetch(`${root}/id-token`, { method: "POST" })).json()).id_token;
    } else if (asked.want === "scopes") {
      const body = new URLSearchParams(asked.scopes.map((scope) => ["grant", scope]));
      answer = await (await fetch(`${root}/grants`, { method: "POST", body })).json();
    } else if (asked.want === "go") {
      location.assign(asked.url);
      return;
    }
    frame.contentWindow.postMessage({ sandbox: "admin", id: asked.id, answer }, origin);
  });
})();
"""

#: Stands in for https://cdn.shopify.com/shopifycloud/app-bridge.js.
APP_BRIDGE = """
"use strict";
(() => {
  const query = new URLSearchParams(location.search);
  const tag = document.currentScript;
  const waiting = new Map();
  let count = 0;
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data || event.data.sandbox !== "admin") return;
    const done = waiting.get(event.data.id);
    waiting.delete(event.data.id);
    if (done) done(event.data.answer);
  });
  const ask = (want, more = {}) => new Promise((done) => {
    const id = ++count;
    waiting.set(id, done);
    parent.postMessage({ sandbox: "app-bridge", id, want, ...more }, "*");
  });
  const idToken = () => ask("id-token");
  const go = (url) => ask("go", { url: new URL(url, location.href).href });
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has("Authorization")) {
      return plainFetch(request);
    }
    const send = async () => {
      const copy = request.clone();
      const headers = new Headers(copy.headers);
      headers.set("Authorization", `Bearer ${await idToken()}`);
      headers.set("X-Requested-With", "XMLHttpRequest");
      return plainFetch(new Request(copy, { headers }));
    };
    let answer = await send();
    if (answer.status === 401 && answer.headers.get("X-Shopify-Retry-Invalid-Session-Request")) {
      answer = await send();
    }
    const elsewhere = answer.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (answer.status === 401 && elsewhere) go(elsewhere);
    return answer;
  };
  const plainOpen = window.open.bind(window);
  window.open = (url, target, ...more) => {
    if (target === "_top") { go(url); return null; }
    return plainOpen(url, target, ...more);
  };
  window.shopify = {
    idToken,
    config: { apiKey: tag?.dataset.apiKey ?? "", shop: query.get("shop") ?? "", host: query.get("host") ?? "" },
    environment: { embedded: parent !== window, mobile: false, pos: false },
    loading: () => {}, toast: { show: () => "", hide: () => {} },
    scopes: { request: (scopes) => ask("scopes", { scopes }) },
  };
  const reload = query.get("shopify-reload");
  if (reload) {
    idToken().then((token) => {
      const target = new URL(reload, location.href);
      target.searchParams.set("id_token", token);
      location.replace(target.href);
    });
  }
})();
"""
