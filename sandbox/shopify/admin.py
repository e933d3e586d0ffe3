"""Routes of the store's admin: install, the app's page, orders, customers, switches."""

import base64
import time
from urllib.parse import urlencode, urlsplit

from sandbox.asgi import Answer, BadRequestError, Handler, Request, json_answer
from sandbox.shopify import install, oauth
from sandbox.shopify.gid import gid
from sandbox.shopify.jobs import run_due
from sandbox.shopify.merchant import Merchant
from sandbox.shopify.pages import app as app_pages
from sandbox.shopify.pages import orders as order_pages
from sandbox.shopify.pages import shop as shop_pages
from sandbox.shopify.pages.shell import POLICY
from sandbox.shopify.platform import Platform
from sandbox.shopify.shop import PROTECTED, Shop
from sandbox.shopify.web import DOMAIN
from sandbox.shopify.writes.app import approve


class Admin:
    """What a merchant clicks."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def routes(self) -> list[tuple[str, str, Handler]]:
        root = DOMAIN + r"/admin"
        return [
            ("GET", r"/shopify/app-bridge\.js", self.app_bridge),
            ("GET", r"/shopify/admin\.js", self.admin_script),
            ("GET", root + r"/?", self.home),
            ("GET", root + r"/install", self.consent),
            ("GET", root + r"/oauth/install", self.consent),
            ("GET", root + r"/oauth/authorize", self.consent),
            ("POST", root + r"/install", self.do_install),
            ("POST", root + r"/uninstall", self.do_uninstall),
            ("GET", root + r"/app(?:s/[\w-]+/?)?", self.app_page),
            ("POST", root + r"/id-token", self.id_token),
            ("POST", root + r"/grants", self.grant),
            ("POST", root + r"/state", self.set_state),
            ("POST", root + r"/scopes", self.set_scopes),
            ("POST", root + r"/protected", self.set_protected),
            ("POST", root + r"/redact", self.redact_shop),
            ("GET", root + r"/orders", self.orders),
            ("GET", root + r"/orders/(\d+)", self.order),
            ("POST", root + r"/orders/(\d+)/acts", self.act_on_order),
            ("GET", root + r"/customers", self.customers),
            ("GET", root + r"/customers/(\d+)", self.customer),
            ("POST", root + r"/customers/(\d+)/acts", self.act_on_customer),
            ("GET", root + r"/charges/(\d+)", self.charge),
            ("POST", root + r"/charges/(\d+)", self.approve_charge),
        ]

    def _shop(self, request: Request) -> Shop:
        shop = self.platform.shop(request.matched[0])
        if shop is None:
            raise BadRequestError(f"There is no shop {request.matched[0]} here.")
        run_due(shop)
        return shop

    # The app -----------------------------------------------------------------------------

    async def app_bridge(self, _request: Request) -> Answer:
        return _script(app_pages.APP_BRIDGE)

    async def admin_script(self, _request: Request) -> Answer:
        return _script(app_pages.ADMIN_SCRIPT)

    async def consent(self, request: Request) -> Answer:
        """Ask the merchant; with ``redirect_uri`` it is an authorization code grant."""
        shop = self._shop(request)
        wanted = request.query.get("client_id", self.platform.app.api_key)
        if wanted != self.platform.app.api_key:
            return json_answer(
                {"error": "invalid_request", "error_description": "Unknown client."}, 400
            )
        hidden = {
            name: request.query[name] for name in ("redirect_uri", "state") if name in request.query
        }
        return _html(app_pages.consent(shop, self.platform.app, hidden=hidden))

    async def do_install(self, request: Request) -> Answer:
        shop, fields = self._shop(request), request.form()
        install.install(
            self.platform.app, shop, [each.decode() for each in fields.get("optional", [])]
        )
        target = fields.get("redirect_uri", [b""])[0].decode()
        if not target:
            return _go(f"/shopify/{shop.domain}/admin/app")
        if urlsplit(target).netloc != urlsplit(self.platform.app.app_url).netloc:
            raise BadRequestError("The redirect_uri is not on the list of the app.")
        given = {
            "code": oauth.issue_code(shop), "shop": shop.domain, "host": self._host(shop),
            "state": fields.get("state", [b""])[0].decode(), "timestamp": str(int(time.time())),
        }  # fmt: skip
        given["hmac"] = oauth.query_hmac(self.platform.app, given)
        return _go(f"{target}{'&' if '?' in target else '?'}{urlencode(given)}")

    def _host(self, shop: Shop) -> str:
        place = f"{urlsplit(self.platform.base_url).netloc}/shopify/{shop.domain}/admin"
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    async def do_uninstall(self, request: Request) -> Answer:
        shop = self._shop(request)
        install.uninstall(shop)
        return _go(f"/shopify/{shop.domain}/admin/")

    async def app_page(self, request: Request) -> Answer:
        """The app's page in its frame: GET app_url?embedded=1&host&shop&id_token&hmac (§4)."""
        shop, app = self._shop(request), self.platform.app
        if not shop.settings.installed_at:
            return _go(f"/shopify/{shop.domain}/admin/install")
        given = {
            "embedded": "1", "host": self._host(shop), "locale": "en", "session": "sandbox",
            "shop": shop.domain, "timestamp": str(int(time.time())),
            "id_token": oauth.session_token(app, shop),
        }  # fmt: skip
        given["hmac"] = oauth.query_hmac(app, given)
        return _html(app_pages.frame(shop, app, f"{app.app_url}?{urlencode(given)}"))

    async def id_token(self, request: Request) -> Answer:
        return json_answer(
            {"id_token": oauth.session_token(self.platform.app, self._shop(request))}
        )

    async def grant(self, request: Request) -> Answer:
        """Optional scopes that the app asked for through App Bridge."""
        shop = self._shop(request)
        wanted = {each.decode() for each in request.form().get("grant", [])} & set(
            self.platform.app.optional
        )
        install.set_scopes(shop, {*shop.settings.scopes, *wanted})
        return json_answer({"result": "granted-all", "detail": {"granted": shop.settings.scopes}})

    # Switches ----------------------------------------------------------------------------

    async def home(self, request: Request) -> Answer:
        shop = self._shop(request)
        sent = [each for each in list(self.platform.sender.sent) if each.domain == shop.domain]
        return _html(shop_pages.home(shop, self.platform.app, sent))

    async def set_state(self, request: Request) -> Answer:
        shop, state = self._shop(request), request.text_fields().get("state", "")
        if state not in shop_pages.STATES:
            raise BadRequestError(f"state is one of {', '.join(shop_pages.STATES)}.")
        shop.settings.state = state
        shop.save_settings()
        return _go(f"/shopify/{shop.domain}/admin/")

    async def set_scopes(self, request: Request) -> Answer:
        shop = self._shop(request)
        chosen = {each.decode() for each in request.form().get("scope", [])} & set(
            self.platform.app.optional
        )
        install.set_scopes(shop, {*self.platform.app.scopes, *chosen})
        return _go(f"/shopify/{shop.domain}/admin/")

    async def set_protected(self, request: Request) -> Answer:
        shop = self._shop(request)
        chosen = {each.decode() for each in request.form().get("kind", [])}
        shop.settings.protected = [kind for kind in PROTECTED if kind in chosen]
        shop.save_settings()
        return _go(f"/shopify/{shop.domain}/admin/")

    async def redact_shop(self, request: Request) -> Answer:
        shop = self._shop(request)
        Merchant(shop).redacts_shop()
        return _go(f"/shopify/{shop.domain}/admin/")

    # Orders and people -------------------------------------------------------------------

    async def orders(self, request: Request) -> Answer:
        return _html(order_pages.listing(self._shop(request)))

    async def order(self, request: Request) -> Answer:
        shop = self._shop(request)
        found = shop.db.get("order", int(request.matched[1]))
        return _html(order_pages.detail(shop, found)) if found else _missing()

    async def act_on_order(self, request: Request) -> Answer:
        shop, number = self._shop(request), int(request.matched[1])
        merchant, wanted = Merchant(shop), request.text_fields().get("act", "")
        if wanted == "ships":
            merchant.ships(number)
        elif wanted == "delivers":
            merchant.scans(number, "DELIVERED", "Delivered")
        elif wanted == "asks":
            line = shop.require("order", number)["fulfillments"][-1]["lines"][0]["id"]
            merchant.asks_to_return(number, line)
        elif wanted in {"settles", "refuses"}:
            merchant.settles(number, "SUCCESS" if wanted == "settles" else "FAILURE")
        else:
            raise BadRequestError("This cannot be done to an order.")
        return _go(f"/shopify/{shop.domain}/admin/orders/{number}")

    async def customers(self, request: Request) -> Answer:
        return _html(shop_pages.customers(self._shop(request)))

    async def customer(self, request: Request) -> Answer:
        shop = self._shop(request)
        one = shop.db.get("customer", int(request.matched[1]))
        if one is None:
            return _missing()
        held = shop.db.named("metafield", "owner", gid("Customer", one["id"]))
        return _html(
            shop_pages.customer(shop, one, [shop.require("metafield", each) for each in held])
        )

    async def act_on_customer(self, request: Request) -> Answer:
        shop, number = self._shop(request), int(request.matched[1])
        wanted = request.text_fields().get("act", "")
        if wanted == "data":
            Merchant(shop).asks_for_data(number)
        elif wanted == "redact":
            Merchant(shop).redacts_customer(number)
        else:
            raise BadRequestError("This cannot be done to a customer.")
        return _go(f"/shopify/{shop.domain}/admin/customers/{number}")

    async def charge(self, request: Request) -> Answer:
        shop = self._shop(request)
        found = shop.db.get("subscription", int(request.matched[1]))
        return _html(app_pages.charge(shop, found["name"], found["id"])) if found else _missing()

    async def approve_charge(self, request: Request) -> Answer:
        return _go(approve(self._shop(request), int(request.matched[1]))["returnUrl"])


def _html(text: str) -> Answer:
    return Answer(
        200, text.encode(), "text/html; charset=utf-8", {"content-security-policy": POLICY}
    )


def _missing() -> Answer:
    return Answer(404, b"Not here.", "text/plain")


def _script(text: str) -> Answer:
    return Answer(
        200, text.encode(), "text/javascript; charset=utf-8", {"cache-control": "no-store"}
    )


def _go(target: str) -> Answer:
    return Answer(303, headers={"location": target})
