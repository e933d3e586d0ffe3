"""shopify.md §4: install without a redirect dance, the embedded page, uninstall; and the pages people see."""

import base64
import http.server
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from playwright.sync_api import Browser

from sandbox.shopify import oauth
from sandbox.shopify.store import SandboxStore


@pytest.fixture
def admin(store: SandboxStore) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=store.base_url, headers={"accept": "text/html"}) as client:
        yield client


def frame_address(text: str) -> dict[str, str]:
    address = (
        text.partition('<iframe class="app"')[2]
        .partition('src="')[2]
        .partition('"')[0]
        .replace("&amp;", "&")
    )
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def test_the_merchant_consents_and_lands_on_the_apps_page(store: SandboxStore, admin: httpx.Client):
    """§4: "Shopify shows the consent page and installs without calling us"."""
    store.act.uninstalls()
    asked = admin.get("/admin/app")
    page = admin.get("/admin/install").text
    landed = admin.post("/admin/install", data={"optional": ["write_order_edits"]})

    assert asked.headers["location"].endswith("/admin/install")
    assert "Read and change orders" in page
    assert landed.headers["location"].endswith("/admin/app")
    assert "write_order_edits" in store.shop.settings.scopes
    assert "write_gift_cards" not in store.shop.settings.scopes


def test_the_frame_gets_a_signed_address_with_a_token_of_one_minute(
    store: SandboxStore, admin: httpx.Client
):
    given = frame_address(admin.get("/admin/app").text)
    claims = jwt.decode(
        given["id_token"], store.app.api_secret, algorithms=["HS256"], audience=store.app.api_key
    )

    assert given["embedded"] == "1"
    assert given["hmac"] == oauth.query_hmac(store.app, given)
    assert claims["dest"] == f"https://{store.domain}"
    assert claims["iss"] == f"https://{store.domain}/admin"
    assert claims["exp"] - claims["iat"] == 60
    assert store.domain in base64.urlsafe_b64decode(given["host"] + "==").decode()


def test_the_signature_is_the_one_shopifys_own_package_checks(
    store: SandboxStore, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
):
    from shopify import Session

    given = frame_address(admin.get("/admin/app").text)
    monkeypatch.setattr(Session, "secret", store.app.api_secret)

    assert Session.validate_params(given) is True


def test_an_authorization_sends_a_code_home_and_only_home(store: SandboxStore, admin: httpx.Client):
    home = "http://127.0.0.1:8000/shopify/callback/"
    page = admin.get("/admin/oauth/authorize", params={
        "client_id": store.app.api_key, "redirect_uri": home, "state": "s1", "scope": "read_orders"})  # fmt: skip
    answer = admin.post("/admin/install", data={"redirect_uri": home, "state": "s1"})
    given = {
        name: value
        for name, [value] in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }
    elsewhere = admin.post(
        "/admin/install", data={"redirect_uri": "http://evil.example/", "state": "s1"}
    )

    assert "s1" in page.text
    assert given["state"] == "s1"
    assert given["hmac"] == oauth.query_hmac(store.app, given)
    assert elsewhere.status_code == 400
    wanted = {
        "client_id": store.app.api_key,
        "client_secret": store.app.api_secret,
        "code": given["code"],
        "expiring": "1",
    }
    first, again = (admin.post("/admin/oauth/access_token", json=wanted) for _ in range(2))
    assert first.json()["expires_in"] == 3600
    assert again.json()["error"] == "invalid_request"


def test_an_uninstall_kills_the_token_and_is_told(store: SandboxStore, admin: httpx.Client):
    """§4: "the token is dead at once … shop-specific webhooks … are removed"."""
    access = store.tokens()["access_token"]
    admin.post("/admin/uninstall")
    answer = admin.post("/admin/api/2026-10/graphql.json", json={"query": "{ shop { name } }"},
                        headers={"X-Shopify-Access-Token": access})  # fmt: skip

    assert answer.status_code == 401
    assert store.wait_for_webhook("app/uninstalled").json()["myshopify_domain"] == store.domain


def test_pages_show_the_money_that_moved(store: SandboxStore, admin: httpx.Client, ask):
    order = store.order("#1042")
    ask.done("refund_create", **ask.refund(order, "49.00", note="Bent <pole>"))
    page = admin.get(f"/admin/orders/{order['id']}").text

    assert '<dd data-sum="refunded">49.00 EUR</dd>' in page
    assert "Bent &lt;pole&gt;" in page
    assert "49.00 EUR" in admin.get("/admin/orders").text


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/orders", "/admin/customers", "/admin/install", "/admin/app"]
)
def test_pages_load_nothing_from_elsewhere(admin: httpx.Client, path: str):
    answer = admin.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_person_ships_delivers_and_asks_for_a_return(store: SandboxStore, admin: httpx.Client):
    number = store.order("#1038")["id"]
    for verb in ("ships", "delivers", "asks"):
        assert admin.post(f"/admin/orders/{number}/acts", data={"act": verb}).status_code == 303
    after = store.order("#1038")

    assert after["fulfillments"][0]["displayStatus"] == "DELIVERED"
    assert after["returns"][0]["status"] == "REQUESTED"


def test_privacy_is_asked_for_on_the_customers_page(store: SandboxStore, admin: httpx.Client):
    """§5: the three compliance topics and their bodies."""
    one = store.customer("dana@shopper.example")
    for verb in ("data", "redact"):
        admin.post(f"/admin/customers/{one['id']}/acts", data={"act": verb})
    admin.post("/admin/redact")
    asked = store.wait_for_webhook("customers/data_request").json()
    shop = store.wait_for_webhook("shop/redact").json()

    assert asked["customer"] == {"id": one["id"], "email": one["email"], "phone": one["phone"]}
    assert store.order("#1042")["id"] in asked["orders_requested"]
    assert asked["data_request"]["id"]
    assert shop == {"shop_id": store.shop.settings.id, "shop_domain": store.domain}
    assert store.wait_for_webhook("customers/redact").json()["orders_to_redact"]


class _Product(http.server.BaseHTTPRequestHandler):
    """The product's side for the browser: a page with App Bridge, and a door that wants the token."""

    seen: list[str] = []
    sandbox = ""

    def do_GET(self) -> None:
        if self.path.startswith("/data"):
            self.seen.append(self.headers.get("Authorization", ""))
            again = len(self.seen) == 1
            self.send_response(401 if again else 200)
            if again:
                self.send_header("X-Shopify-Retry-Invalid-Session-Request", "1")
            self._body(b"answered", "text/plain")
            return
        self.send_response(200)
        page = (
            f'<script src="{self.sandbox}/shopify/app-bridge.js" data-api-key="k"></script><p id="out">…</p><script>'
            "fetch('/data').then(r => r.text()).then(t => document.getElementById('out').textContent = t)</script>"
        )
        self._body(page.encode(), "text/html")

    def _body(self, raw: bytes, kind: str) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def product(store: SandboxStore) -> Iterator[type[_Product]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Product)
    _Product.seen, _Product.sandbox = [], store.platform.base_url
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    store.app.app_url = f"http://127.0.0.1:{server.server_port}/shopify/"
    yield _Product
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_app_bridge_gives_every_fetch_a_token_and_tries_again(
    chromium: Browser, store: SandboxStore, product: type[_Product]
):
    """§4: "It adds Authorization: Bearer to every fetch"; a 401 with the header is tried again."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{store.base_url}/admin/app")
    page.frame_locator("iframe.app").locator("#out", has_text="answered").wait_for()
    context.close()

    assert len(product.seen) == 2
    claims = jwt.decode(product.seen[1].removeprefix("Bearer "), store.app.api_secret, algorithms=["HS256"],
                        audience=store.app.api_key)  # fmt: skip
    assert claims["dest"] == f"https://{store.domain}"
