"""Fills a shop with the demo store of the test corpus (``../shared/demo_store``), read where it lies.

The source has no dates, order e-mails, shipping fees or taxes; they are added with a fixed seed. Taxes
are in the prices, so that what a line costs stays what the source says. Order numbers are kept.
"""

import json
import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.shopify import order_math, refunding
from sandbox.shopify.clock import written
from sandbox.shopify.money import ZERO
from sandbox.shopify.new_customer import add_address, address, new_customer
from sandbox.shopify.new_order import Cart, Item, Parcel, new_order, ship, track
from sandbox.shopify.shop import Settings, Shop

Record = dict[str, Any]
DOMAIN = "demo-store.myshopify.com"
GATEWAYS = {"credit_card": "shopify_payments", "paypal": "paypal", "gift_card": "gift_card"}
COUNTRIES = {"USA": "US"}


def settings() -> Settings:
    return Settings(
        id=61003, domain=DOMAIN, name="Demo store", currency="USD", timezone="America/Chicago"
    )


class Importer:
    """One run over the folder. Source ids are kept in ``source`` of each record."""

    def __init__(
        self, shop: Shop, folder: Path, now: datetime, *, fees: bool = True, seed: int = 3
    ) -> None:
        self.shop, self.db, self.folder, self.now = shop, shop.db, folder, now
        self.fees, self.dice = fees, random.Random(seed)  # noqa: S311 - dice
        self.items: dict[str, tuple[Record, Record]] = {}
        self.customers: dict[str, Record] = {}
        self.methods: dict[str, Record] = {}

    def run(self) -> None:
        with self.db.transaction():
            number = self.db.next_id("location")
            self.db.put("location", {
                "id": number, "name": "Warehouse", "isActive": True, "fulfillsOnlineOrders": True,
                "shipsInventory": True, "isFulfillmentService": False,
                "address": {"city": "Chicago", "countryCode": "US"},
            })  # fmt: skip
            for name in ("Changed my mind", "Wrong item", "Defective"):
                reason = self.db.next_id("return_reason")
                self.db.put("return_reason", {"id": reason, "handle": name.lower().replace(" ", "-"),
                                              "name": name, "deleted": False})  # fmt: skip
            for row in self._read("products"):
                self._product(row)
            for row in self._read("customers"):
                self._customer(row)
            for row in self._read("orders"):
                self._order(row)

    def _read(self, name: str) -> list[Record]:
        found: list[Record] = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def _product(self, row: Record) -> None:
        number = self.db.next_id("product")
        options = sorted({name for each in row["variants"] for name in each["options"]})
        made: Record = {
            "id": number, "source": row["id"], "title": row["title"], "handle": row["title"].lower().replace(" ", "-"),
            "status": "ACTIVE", "vendor": "Demo store", "productType": row["title"], "tags": [],
            "updatedAt": written(self.now - timedelta(days=40)), "descriptionHtml": f"<p>{row['title']}</p>",
            "image": f"product-{number}.svg", "variants": [],
            "options": [
                {"id": number * 100 + place, "name": name, "optionValues": [
                    {"id": number * 10_000 + place * 100 + spot, "name": value}
                    for spot, value in enumerate(sorted({each["options"][name] for each in row["variants"]}))]}
                for place, name in enumerate(options)
            ],
        }  # fmt: skip
        for each in row["variants"]:
            variant = {
                "id": self.db.next_id("variant"), "source": each["id"], "title": " / ".join(each["options"].values()),
                "sku": each["id"], "barcode": None, "price": f"{each['price']:.2f}", "inventoryPolicy": "DENY",
                "inventoryQuantity": 20 if each["available"] else 0, "requiresShipping": True,
                "selectedOptions": [{"name": name, "value": value} for name, value in each["options"].items()],
            }  # fmt: skip
            made["variants"].append(variant)
            self.items[each["id"]] = (made, variant)
        self.db.put("product", made)

    def _customer(self, row: Record) -> None:
        made = new_customer(self.db, row["first_name"], row["last_name"], email=row["email"].lower(),
                            created_at=self.now - timedelta(days=self.dice.randint(200, 700)))  # fmt: skip
        made["source"] = row["id"]
        made["payment_methods"] = row["payment_methods"]
        add_address(
            made, self._address(row["default_address"], row["first_name"], row["last_name"])
        )
        self.customers[row["id"]] = made
        self.db.put("customer", made)
        for method in row["payment_methods"]:
            self.methods[method["id"]] = method
            if method["type"] == "gift_card":
                number = self.db.next_id("gift_card")
                value = f"{method.get('balance', 0):.2f}"
                self.db.put("gift_card", {"id": number, "code": method["id"].replace("_", ""), "currency": "USD",
                                          "balance": value, "value": value, "customer_id": made["id"],
                                          "expiresOn": None, "note": None})  # fmt: skip

    def _address(self, row: Record, first: str, last: str) -> Record:
        country = COUNTRIES.get(row["country"], str(row["country"]))
        return address(self.db.next_id("address"), first, last, country, address1=row["address1"],
                       address2=row.get("address2") or None, city=row["city"], zip=row["zip"],
                       province=row["state"], provinceCode=row["state"])  # fmt: skip

    def _order(self, row: Record) -> None:
        buyer = self.customers[row["customer_id"]]
        placed = self.now - timedelta(days=self.dice.uniform(2, 55))
        # Each line of the source is one piece: two equal lines are two pieces, and stay two lines.
        items = []
        for line in row["line_items"]:
            product, variant = self.items[line["variant_id"]]
            items.append(Item(product, variant, line["quantity"], Decimal(str(line["price"]))))
        sales = [each for each in row["transactions"] if each["kind"] == "sale"]
        payments: list[tuple[str, Decimal | None]] = [
            (self._gateway(each["payment_method_id"]), Decimal(str(each["amount"])))
            for each in sales
        ]
        shipping = Decimal(self.dice.choice(["0", "4.95", "9.95"])) if self.fees else ZERO
        if payments:  # the fee comes on top of what the source says was paid
            payments[-1] = (payments[-1][0], None)
        cart = Cart(items, placed, buyer["email"], customer=buyer, currency="USD", shop_currency="USD",
                    address=self._address(row["shipping_address"], buyer["firstName"], buyer["lastName"]),
                    shipping=shipping, tax_rate=Decimal("0.0825"), payments=payments)  # fmt: skip
        order = new_order(
            self.db, cart, name=row["number"], number=self.db.next_id("order") + 80_000
        )
        order["source_payments"] = [each["payment_method_id"] for each in sales]
        if not row["cancelled"]:  # the source lists parcels of cancelled orders, which never left
            self._send(order, row, placed)
        else:
            at = written(placed + timedelta(hours=8))
            refunding.apply(self.db, order, refunding.everything(order), shipping=shipping, at=at,
                            payments=refunding.spread(order, order_math.most_refundable(order)))  # fmt: skip
            order |= {"cancelledAt": at, "cancelReason": "CUSTOMER", "updatedAt": at}
        self.db.put("order", order)

    def _gateway(self, method: str) -> str:
        return GATEWAYS[self.methods[method]["type"]]

    def _send(self, order: Record, row: Record, placed: datetime) -> None:
        shipped = placed + timedelta(hours=self.dice.uniform(5, 30))
        for parcel in row["fulfillments"]:
            wanted = Counter(parcel["variant_ids"])
            lines = {}
            for line in order["lines"]:
                sku = line["sku"]
                if wanted[sku] > 0:
                    lines[line["id"]] = min(line["quantity"], wanted[sku])
                    wanted[sku] -= lines[line["id"]]
            number = parcel["tracking_numbers"][0] if parcel["tracking_numbers"] else ""
            url = f"https://track.example/{number}"
            made = ship(self.db, order, Parcel("UPS", number, url, shipped, country="US"), lines)
            if row["delivery_status"] == "delivered":
                arrived = min(shipped + timedelta(hours=self.dice.uniform(40, 90)), self.now)
                track(
                    self.db,
                    order,
                    made,
                    "DELIVERED",
                    arrived,
                    "Delivered",
                    row["shipping_address"]["city"],
                )


def import_demo_store(shop: Shop, folder: Path, now: datetime, *, fees: bool = True) -> None:
    """Fill an empty shop. ``fees=False`` leaves shipping fees out: totals are then the source's."""
    Importer(shop, folder, now, fees=fees).run()
