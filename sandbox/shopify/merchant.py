"""What happens in a shop without us: buyers buy, parcels move, merchants click, laws are used."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.shopify import install, order_math
from sandbox.shopify import webhook_bodies as bodies
from sandbox.shopify.gid import gid
from sandbox.shopify.keeping import keep_customer, keep_order
from sandbox.shopify.new_customer import new_customer
from sandbox.shopify.new_order import Cart, Item, Parcel, new_order, ship, track
from sandbox.shopify.refunding import move_stock
from sandbox.shopify.returning import new_return
from sandbox.shopify.shop import Shop

Record = dict[str, Any]


class Merchant:
    """Acts on one shop as others would; every act fires its webhooks."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.db = shop, shop.db

    def buys(self, email: str | None, *wanted: tuple[str, int], currency: str = "", rate: str = "1",
             name: str = "", **cart: Any) -> Record:  # fmt: skip
        """Place and pay an order: ``buys("ada@example.com", ("Wool Beanie", 2))``."""
        with self.db.transaction():
            known = self.db.find("customer", "email", email.lower()) if email else None
            items = [self._item(title, quantity, Decimal(rate)) for title, quantity in wanted]
            place = known["addresses"][0] if known and known["addresses"] else None
            shop_currency = self.shop.settings.currency
            given: Record = {"address": place, "phone": known["phone"] if known else None} | cart
            bought = Cart(items, self.shop.now(), email, customer=known, rate=Decimal(rate),
                          currency=currency or shop_currency, shop_currency=shop_currency, **given)  # fmt: skip
            number = self.db.next_id("order")
            order = new_order(
                self.db, bought, name=name or f"#{2000 + number}", number=500_000 + number
            )
            for item in items:
                move_stock(self.db, item.variant["id"], -item.quantity)
            keep_order(self.shop, order, created=True)
        return order

    def _item(self, title: str, quantity: int, rate: Decimal) -> Item:
        product = next(one for one in self.db.all("product") if one["title"] == title)
        variant = product["variants"][0]
        return Item(
            product, variant, quantity, Decimal(variant["price"]) / rate if rate != 1 else None
        )

    def joins(
        self, first: str, last: str, email: str | None = None, phone: str | None = None
    ) -> Record:
        """A customer makes an account."""
        with self.db.transaction():
            made = new_customer(
                self.db, first, last, email=email, phone=phone, created_at=self.shop.now()
            )
            keep_customer(self.shop, made, created=True)
        return made

    def ships(self, order_id: int, *, carrier: str = "DHL", number: str = "DHL0001", delivered: bool = False,
              lines: dict[int, int] | None = None) -> Record:  # fmt: skip
        """Send what is open, or so many of some lines."""
        with self.db.transaction():
            order = self.shop.require("order", order_id)
            now = self.shop.now()
            made = ship(self.db, order, Parcel(carrier, number, f"https://track.example/{number}", now,
                        estimate=now + timedelta(days=3)), lines)  # fmt: skip
            if delivered:
                track(self.db, order, made, "DELIVERED", now, "Delivered")
            keep_order(
                self.shop, order, ("fulfillments/create", bodies.fulfillment_body(order, made))
            )
        return order

    def scans(self, order_id: int, status: str, message: str = "", city: str = "") -> Record:
        """The carrier scans the last parcel of an order."""
        with self.db.transaction():
            order = self.shop.require("order", order_id)
            parcel = order["fulfillments"][-1]
            track(self.db, order, parcel, status, self.shop.now(), message or status.title(), city)
            keep_order(
                self.shop, order,
                ("fulfillment_events/create", bodies.fulfillment_event_body(order, parcel, parcel["events"][-1])),
                ("fulfillments/update", bodies.fulfillment_body(order, parcel)),
            )  # fmt: skip
        return order

    def asks_to_return(
        self, order_id: int, parcel_line: int, quantity: int = 1, note: str = ""
    ) -> Record:
        """The customer asks for a return in the customer account."""
        with self.db.transaction():
            order = self.shop.require("order", order_id)
            wanted = {"fulfillmentLineItemId": gid("FulfillmentLineItem", parcel_line), "quantity": quantity,
                      "customerNote": note}  # fmt: skip
            made = new_return(self.shop, order, [wanted], status="REQUESTED")
            keep_order(self.shop, order, ("returns/request", bodies.return_body(order, made)))
        return order

    def settles(self, order_id: int, status: str = "SUCCESS", error: str | None = None) -> Record:
        """The bank answers: pending refunds of an order become SUCCESS or FAILURE."""
        with self.db.transaction():
            order = self.shop.require("order", order_id)
            for one in order["transactions"]:
                if one["status"] == "PENDING":
                    one |= {"status": status, "errorCode": error}
            keep_order(self.shop, order)
        return order

    def changes_customer(self, number: int, **fields: Any) -> Record:
        with self.db.transaction():
            one = self.shop.require("customer", number) | fields
            keep_customer(self.shop, one)
        return one

    def changes_order(self, number: int, **fields: Any) -> Record:
        with self.db.transaction():
            one = self.shop.require("order", number) | fields
            keep_order(self.shop, one)
        return one

    def deletes_customer(self, number: int) -> None:
        with self.db.transaction():
            self.db.delete("customer", number)
            self.shop.tell(
                "customers/delete", {"id": number, "admin_graphql_api_id": gid("Customer", number)}
            )

    def deletes_order(self, number: int) -> None:
        with self.db.transaction():
            self.db.delete("order", number)
            self.shop.tell("orders/delete", {"id": number})

    # The law and the app ------------------------------------------------------------------

    def uninstalls(self) -> None:
        install.uninstall(self.shop)

    def scopes(self, *scopes: str) -> None:
        install.set_scopes(self.shop, scopes)

    def asks_for_data(self, number: int) -> None:
        """``customers/data_request`` (§5): 30 days to give the merchant what we hold."""
        self.shop.tell("customers/data_request", self._person(number) | {
            "orders_requested": self._orders_of(number),
            "data_request": {"id": self.db.next_id("data_request")},
        })  # fmt: skip

    def redacts_customer(self, number: int) -> None:
        self.shop.tell(
            "customers/redact", self._person(number) | {"orders_to_redact": self._orders_of(number)}
        )

    def redacts_shop(self) -> None:
        """48 hours after the uninstall: ``shop_id`` and ``shop_domain`` only."""
        self.shop.tell("shop/redact", self._shop())

    def _shop(self) -> Record:
        return {"shop_id": self.shop.settings.id, "shop_domain": self.shop.domain}

    def _person(self, number: int) -> Record:
        one = self.shop.require("customer", number)
        return self._shop() | {
            "customer": {"id": number, "email": one["email"], "phone": one["phone"]}
        }

    def _orders_of(self, number: int) -> list[int]:
        return self.db.named("order", "customer_id", str(number))

    def owed(self, number: int) -> Decimal:
        return order_math.outstanding(self.shop.require("order", number))
