"""The demo workspaces' shops, grown out of our own test orders (``data/``). The seed is fixed.

``build_demo_shop`` fills Fjellmark: about 60 customers, 150 orders and 40 products with dates, taxes,
shipping, pictures and tracking. The people of the demo's stories are among them, and their orders
look as they tell. All times count back from ``now``.
"""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.clock import written
from sandbox.shopify.money import ZERO, rounded
from sandbox.shopify.new_customer import add_address, address, new_customer
from sandbox.shopify.new_order import Cart, Item, Parcel, new_order, note_event, ship, track
from sandbox.shopify.people import PEOPLE, SEASIDE_PEOPLE, SEASIDE_STORIES, STORY_ORDERS, Person
from sandbox.shopify.shop import Settings, Shop

DATA = Path(__file__).resolve().parent / "data"
FJELLMARK = "fjellmark.myshopify.com"
SEASIDE = "seaside-supply.myshopify.com"
#: domain → what the shop says of itself.
DEMO_SHOPS = {
    FJELLMARK: {"id": 61001, "name": "Fjellmark", "email": "support@fjellmark.example", "owner": "Ida Krogh",
                "timezone": "Europe/Oslo", "presentment": ["GBP", "USD", "JPY", "KWD"]},
    SEASIDE: {"id": 61002, "name": "Seaside Supply", "email": "hello@seaside.example",
              "owner": "Eve Duarte", "timezone": "Europe/Lisbon"},
}  # fmt: skip
FIRST, LAST = 914, 1050
#: Waiting for a transfer.
UNPAID = frozenset({1035, 1044, 1048})
#: Carrier, link and how long a parcel takes, by country; others go with DHL.
CARRIERS = {
    "NL": ("PostNL", "https://postnl.example/track/{}", 30), "DE": ("DHL", "https://dhl.example/track/{}", 52),
    "GB": ("Evri", "https://evri.example/track/{}", 120), "US": ("UPS", "https://ups.example/track/{}", 190),
    "FR": ("Colissimo", "https://colissimo.example/track/{}", 74), "ES": ("GLS", "https://gls.example/track/{}", 96),
}  # fmt: skip
OTHER_CARRIER = ("DHL", "https://dhl.example/track/{}", 74)
#: What one unit of the currency is in euros.
RATES = {
    "GBP": Decimal("1.17"),
    "USD": Decimal("0.92"),
    "JPY": Decimal("0.0061"),
    "KWD": Decimal("3.01"),
}
EU = frozenset({"NL", "DE", "FR", "ES", "AT", "BE", "IT", "SE", "DK", "PT", "PL", "IE", "FI", "CZ"})


@dataclass
class Builder:
    """Builds one shop; holds the dice."""

    shop: Shop
    now: datetime
    dice: random.Random

    def __post_init__(self) -> None:
        self.db = self.shop.db
        self.products: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}

    # Goods -------------------------------------------------------------------------------

    def add_locations(self, city: str, country: str) -> None:
        for name, active in (("Warehouse", True), ("Shop", True), ("Old warehouse", False)):
            number = self.db.next_id("location")
            self.db.put("location", {
                "id": number, "name": f"{name} {city}", "isActive": active, "fulfillsOnlineOrders": active,
                "shipsInventory": active, "isFulfillmentService": False,
                "address": {"city": city, "countryCode": country},
            })  # fmt: skip

    def add_product(
        self, title: str, kind: str, price: float, variants: list[str], text: str
    ) -> None:
        number = self.db.next_id("product")
        made: dict[str, Any] = {
            "id": number, "title": title, "handle": title.lower().replace(" ", "-").replace("(", "").replace(")", ""),
            "status": "ACTIVE", "vendor": self.shop.settings.name, "productType": kind, "tags": [kind.lower()],
            "updatedAt": written(self.now - timedelta(days=30)), "descriptionHtml": f"<p>{text}</p>",
            "image": f"product-{number}.svg", "variants": [],
            "options": [{"id": number, "name": "Variant", "optionValues": [
                {"id": number * 100 + place, "name": name} for place, name in enumerate(variants)]}],
        }  # fmt: skip
        letters = "".join(word[0] for word in title.split() if word[0].isalpha()).upper()
        for place, name in enumerate(variants):
            made["variants"].append({
                "id": self.db.next_id("variant"), "title": name, "sku": f"{letters}-{number:03}-{place + 1}",
                "barcode": f"40{number:05}{place:03}", "price": f"{price:.2f}", "inventoryPolicy": "DENY",
                "inventoryQuantity": 0 if self.dice.random() < 0.06 else self.dice.randint(3, 60),
                "selectedOptions": [{"name": "Variant", "value": name}], "requiresShipping": True,
            })  # fmt: skip
        self.products[title] = made
        self.db.put("product", made)

    # People ------------------------------------------------------------------------------

    def add_person(self, person: Person) -> dict[str, Any]:
        # Older than any order, so that nobody bought before they were there.
        made = new_customer(
            self.db, person.first, person.last, email=person.email, phone=person.phone or None,
            locale=person.locale, tags=list(person.tags), subscribed=self.dice.random() < 0.4,
            created_at=self.now - timedelta(days=self.dice.randint(320, 900)),
        )  # fmt: skip
        for street in person.streets:
            text, code, city = street
            add_address(made, address(self.db.next_id("address"), person.first, person.last, person.country,
                                      address1=text, zip=code, city=city, phone=person.phone or None))  # fmt: skip
        self.db.put("customer", made)
        self.customers[person.email] = made
        return made

    # Orders ------------------------------------------------------------------------------

    def item(self, title: str, variant: str = "", quantity: int = 1, price: Decimal | None = None,
             currency: str = "EUR") -> Item:  # fmt: skip
        product = self.products[title]
        found = next(
            (each for each in product["variants"] if each["title"] == variant),
            product["variants"][0],
        )
        if price is None and currency != "EUR":
            price = rounded(Decimal(found["price"]) / RATES[currency], currency)
        return Item(product, found, quantity, price)

    def cart(self, email: str, items: list[Item], placed_at: datetime, **given: Any) -> Cart:
        customer = self.customers.get(email)
        place = customer["addresses"][0] if customer and customer["addresses"] else None
        given.setdefault("address", {**place} if place else None)
        currency = given.setdefault("currency", "EUR")
        country = (given["address"] or {}).get("countryCodeV2", "NL")
        goods = sum(
            ((each.price or Decimal(each.variant["price"])) * each.quantity for each in items), ZERO
        )
        given.setdefault("shipping", self.shipping_for(country, goods, currency))
        given.setdefault("phone", customer["phone"] if customer else None)
        given.setdefault("locale", customer["locale"] if customer else "en")
        return Cart(items, placed_at, email, customer=customer, rate=RATES.get(currency, Decimal(1)),
                    shop_currency="EUR", **given)  # fmt: skip

    @staticmethod
    def shipping_for(country: str, goods: Decimal, currency: str) -> Decimal:
        """The shop's own rule (data/kb.json, ship-costs), counted in euros."""
        rate = RATES.get(currency, Decimal(1))
        price, free = (
            ("4.90", 75) if country in EU else ("14.90", 200) if country == "US" else ("9.90", 150)
        )
        return ZERO if goods * rate >= free else rounded(Decimal(price) / rate, currency)

    def send(self, order: dict[str, Any], shipped: datetime, *, delivered: datetime | None = None,
             lines: dict[int, int] | None = None) -> dict[str, Any]:  # fmt: skip
        """Ship an order with scans as far as the time has come."""
        country = (order["shipping_address"] or {}).get("countryCodeV2", "NL")
        city = (order["shipping_address"] or {}).get("city") or "Rotterdam"
        carrier, link, hours = CARRIERS.get(country, OTHER_CARRIER)
        number = f"{carrier[:3].upper()}{self.dice.randint(10**9, 10**10 - 1)}"
        arrives = delivered or shipped + timedelta(hours=hours * self.dice.uniform(0.8, 1.3))
        whole = (arrives - shipped).total_seconds() / 3600
        steps = [("CARRIER_PICKED_UP", 0.06, "Collected by the carrier", "Rotterdam"),
                 ("IN_TRANSIT", 0.3, "Arrived at the sorting centre", "Utrecht"),
                 ("OUT_FOR_DELIVERY", 0.93, "Out for delivery", city), ("DELIVERED", 1.0, "Delivered", city)]  # fmt: skip
        come = [(status, whole * part, text, place) for status, part, text, place in steps
                if shipped + timedelta(hours=whole * part) <= self.now]  # fmt: skip
        parcel = Parcel(carrier, number, link.format(number), shipped, come, arrives, country)
        return ship(self.db, order, parcel, lines)

    def keep(self, order: dict[str, Any]) -> None:
        self.db.put("order", order)


def build_demo_shop(shop: Shop, now: datetime, seed: int = 7) -> None:
    """Fill an empty shop with Fjellmark."""
    builder = Builder(shop, now, random.Random(seed))  # noqa: S311 - dice
    with shop.db.transaction():
        builder.add_locations("Rotterdam", "NL")
        _reasons(builder)
        for row in json.loads((DATA / "catalogue.json").read_text(encoding="utf-8")):
            builder.add_product(*row)
        for person in PEOPLE:
            builder.add_person(person)
        for number in range(FIRST, LAST + 1):
            _place(builder, number)
        _eval_orders(builder)
        _policies(builder)
        shop.db.put("gift_card", {"id": shop.db.next_id("gift_card"), "code": "fjellgift25a7k2", "initialValue": "25.00",
                                  "balance": "25.00", "currency": "EUR", "customer_id": None, "expiresOn": None})  # fmt: skip


def build_small_shop(shop: Shop, now: datetime, seed: int = 11) -> None:
    """Fill an empty shop with Seaside Supply, for the other workspace."""
    builder = Builder(shop, now, random.Random(seed))  # noqa: S311 - dice
    with shop.db.transaction():
        builder.add_locations("Lisbon", "PT")
        _reasons(builder)
        builder.add_product("Wetsuit 4/3", "Suits", 219.0, ["L", "XL", "M"], "Sealed seams.")
        builder.add_product("Blue Longboard", "Boards", 549.0, ["9'2"], "Ash stringer.")
        builder.add_product("Board Wax", "Care", 6.5, ["Cold", "Warm"], "Smells of coconut.")
        for person in SEASIDE_PEOPLE:
            builder.add_person(person)
        for name, email, title, variant, days in SEASIDE_STORIES:
            placed = now - timedelta(days=days)
            order = new_order(
                builder.db, builder.cart(email, [builder.item(title, variant)], placed), name=name
            )
            if days > 2:
                builder.send(order, placed + timedelta(hours=20))
            builder.keep(order)
        _policies(builder)


def placed_at(number: int, now: datetime) -> datetime:
    """Return when the order of this number was placed: many lately, the first eight months ago."""
    age = timedelta(days=0.06 * float(LAST - number) ** 1.7 + 0.05)
    return (now - age).replace(microsecond=0)


def _place(builder: Builder, number: int) -> None:
    name, placed = f"#{number:04}", placed_at(number, builder.now)
    story = STORY_ORDERS.get(name)
    if story:
        order = new_order(builder.db, builder.cart(story.email, [
            builder.item(*item) for item in story.items], placed), name=name, number=60000 + number)  # fmt: skip
        if story.delivered_hours_ago is not None:
            done = builder.now - timedelta(hours=story.delivered_hours_ago)
            builder.send(
                order, min(placed + timedelta(hours=4), done - timedelta(hours=20)), delivered=done
            )
        builder.keep(order)
        return
    builder.keep(_ordinary(builder, name, number, placed))


def _ordinary(builder: Builder, name: str, number: int, placed: datetime) -> dict[str, Any]:
    """An order of everyday: mostly delivered, some cancelled, refunded, unpaid or abroad."""
    dice = builder.dice
    person = dice.choice(PEOPLE)
    currency = {"GB": "GBP", "US": "USD", "JP": "JPY", "KW": "KWD"}.get(person.country, "EUR")
    titles = dice.sample(sorted(builder.products), dice.choice([1, 1, 1, 2, 2, 3]))
    items = [
        builder.item(title, quantity=dice.choice([1, 1, 1, 2]), currency=currency)
        for title in titles
    ]
    codes = []
    if dice.random() < 0.12:
        codes = ["WELCOME10"]
        for each in items:
            whole = (each.price or Decimal(each.variant["price"])) * each.quantity
            each.discount = rounded(whole / 10, currency)
    gateway = dice.choice(["shopify_payments"] * 8 + ["paypal"] * 3 + ["bank_deposit"])
    payments: list[tuple[str, Decimal | None]] = [(gateway, None)]
    unpaid = number in UNPAID
    cart = builder.cart(person.email, items, placed, currency=currency, discount_codes=codes,
                        payments=[] if unpaid else payments)  # fmt: skip
    order = new_order(builder.db, cart, name=name, number=60000 + number)
    luck, age = dice.random(), builder.now - placed
    if luck < 0.05 and not unpaid:
        _cancel(builder, order, placed + timedelta(hours=5))
    elif not unpaid and age > timedelta(hours=30):
        parcel = builder.send(order, placed + timedelta(hours=dice.uniform(4, 30)))
        if luck > 0.94 and parcel["deliveredAt"]:
            _refund_one(builder, order, placed + timedelta(days=9))
        if age > timedelta(days=90):
            order["closedAt"] = order["updatedAt"]
    if dice.random() < 0.08:
        order["note"] = dice.choice(["Please leave with the neighbours.", "It is a gift, no invoice please.",
                                     "Ring twice."])  # fmt: skip
    return order


def _cancel(builder: Builder, order: dict[str, Any], moment: datetime) -> None:
    at = written(min(moment, builder.now))
    pieces = refunding.everything(order)
    shipping, most = order_math.shipping_left(order), order_math.most_refundable(order)
    refunding.apply(builder.db, order, pieces, shipping=shipping, at=at,
                    payments=refunding.spread(order, most), note="Cancelled")  # fmt: skip
    order |= {"cancelledAt": at, "cancelReason": "CUSTOMER", "updatedAt": at, "closedAt": at}
    note_event(builder.db, order, "cancelled", "The order was cancelled.", at)


def _refund_one(builder: Builder, order: dict[str, Any], moment: datetime) -> None:
    at = written(min(moment, builder.now))
    piece = refunding.Piece(order["lines"][0]["id"], 1, "RETURN", 1)
    found = refunding.suggest(order, [piece], ZERO)
    refunding.apply(builder.db, order, [piece], at=at, payments=found.payments, note="Sent back")
    order["updatedAt"] = max(order["updatedAt"], at)


def _eval_orders(builder: Builder) -> None:
    """The orders of ``data/orders.json``, moved so that its clock and ours agree."""
    known = json.loads((DATA / "orders.json").read_text(encoding="utf-8"))
    clock = json.loads((DATA / "shop_policy.json").read_text(encoding="utf-8"))["now"]
    by_id = {one["id"]: one["email"] for one in known["customers"]}
    moved = builder.now - datetime.fromisoformat(clock)
    for row in known["orders"]:
        placed = datetime.fromisoformat(row["placed_at"]) + moved
        items = [builder.item(each["title"], each["variant"], each["quantity"], Decimal(str(each["price"])))
                 for each in row["line_items"]]  # fmt: skip
        goods = sum(Decimal(str(each["price"])) * each["quantity"] for each in row["line_items"])
        cart = builder.cart(
            by_id[row["customer"]], items, placed, shipping=Decimal(str(row["total"])) - goods
        )
        if row.get("shipping_address"):
            given = row["shipping_address"]
            cart.address = {
                **(cart.address or {}),
                **{name: given[name] for name in ("address1", "city", "zip")},
            }
        cart.payments = [("paypal" if row.get("refunds") else "shopify_payments", None)]
        order = new_order(
            builder.db, cart, name=row["number"], number=int(row["number"][1:]) + 70000
        )
        for parcel in row["fulfilments"]:
            _eval_parcel(builder, order, parcel, moved, placed)
        if row["status"] == "cancelled":
            _cancel(
                builder,
                order,
                datetime.fromisoformat(f"{row['cancelled_at']}T12:00:00+01:00") + moved,
            )
        builder.keep(order)


def _eval_parcel(
    builder: Builder,
    order: dict[str, Any],
    given: dict[str, Any],
    moved: timedelta,
    placed: datetime,
) -> None:
    def moment(name: str) -> datetime | None:
        return (
            datetime.fromisoformat(f"{given[name]}T11:00:00+01:00") + moved
            if given.get(name)
            else None
        )

    shipped = moment("shipped_at") or placed + timedelta(hours=20)
    wanted = given.get("items")
    lines = {
        line["id"]: line["quantity"]
        for line in order["lines"]
        if not wanted or line["title"] in wanted
    }
    url = f"https://track.example/{given['tracking']}"
    made = ship(builder.db, order, Parcel(given["carrier"], given["tracking"], url, shipped,
                estimate=moment("estimated_delivery")), lines)  # fmt: skip
    if given.get("last_scan"):
        day, place = given["last_scan"][:10], given["last_scan"][11:]
        seen = datetime.fromisoformat(f"{day}T09:00:00+01:00") + moved
        track(builder.db, order, made, "IN_TRANSIT", seen, place, place.split()[0])
    arrived = moment("delivered_at")
    if arrived:
        track(builder.db, order, made, "DELIVERED", arrived, "Delivered")


REASONS = (
    "Too small",
    "Too large",
    "Changed my mind",
    "Not as described",
    "Wrong item",
    "Defective",
    "Other",
)
POLICIES = {
    "REFUND_POLICY": ("Refund policy", "returns"), "SHIPPING_POLICY": ("Shipping policy", "shipping"),
    "PRIVACY_POLICY": ("Privacy policy", "account"), "TERMS_OF_SERVICE": ("Terms of service", "orders"),
}  # fmt: skip


def _reasons(builder: Builder) -> None:
    for name in REASONS:
        number = builder.db.next_id("return_reason")
        handle = name.lower().replace(" ", "-")
        builder.db.put(
            "return_reason", {"id": number, "handle": handle, "name": name, "deleted": False}
        )


def _policies(builder: Builder) -> None:
    """Policies out of the help articles of the same brand."""
    articles = json.loads((DATA / "kb.json").read_text(encoding="utf-8"))["articles"]
    name = builder.shop.settings.name
    host = builder.shop.domain.replace(".myshopify.com", ".example")
    for kind, (title, category) in POLICIES.items():
        parts = [one for one in articles if one["category"].startswith(category[:5])]
        body = "".join(
            f"<h2>{one['title']}</h2><p>{one['body'].replace('Fjellmark', name)}</p>"
            for one in parts
        )
        number = builder.db.next_id("policy")
        builder.db.put("policy", {"id": number, "type": kind, "title": title, "body": body,
                                  "url": f"https://{host}/policies/{kind.lower().replace('_', '-')}",
                                  "updatedAt": written(builder.now - timedelta(days=60))})  # fmt: skip


def demo_settings(domain: str) -> Settings:
    return Settings(domain=domain, **DEMO_SHOPS[domain])  # type: ignore[arg-type]
