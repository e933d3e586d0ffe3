"""A shop of any size for measurements: ``big_shop(shop, customers=10_000, orders=50_000)``.

Rows are made one by one and written in batches, so the memory stays the same whatever the size.
"""

import random
from datetime import datetime, timedelta

from sandbox.shopify.demo_shop import build_small_shop
from sandbox.shopify.new_customer import add_address, address, new_customer
from sandbox.shopify.new_order import Cart, Item, Parcel, new_order, ship
from sandbox.shopify.shop import Settings, Shop

BATCH = 1000
STEPS = (
    ("IN_TRANSIT", 10.0, "Arrived at the sorting centre", "Utrecht"),
    ("DELIVERED", 40.0, "Delivered", ""),
)


def settings(domain: str = "big.myshopify.com") -> Settings:
    return Settings(id=61004, domain=domain, name="Big shop", timezone="Europe/Amsterdam")


def big_shop(shop: Shop, *, customers: int, orders: int, now: datetime, seed: int = 5) -> None:
    """Fill an empty shop; order n belongs to customer n modulo ``customers``."""
    build_small_shop(shop, now)
    dice, db = random.Random(seed), shop.db  # noqa: S311 - dice
    goods = [(one, variant) for one in db.all("product") for variant in one["variants"]]
    first = 1000
    for start in range(0, customers, BATCH):
        with db.transaction():
            for place in range(start, min(start + BATCH, customers)):
                made = new_customer(db, f"First{place}", f"Last{place}", email=f"buyer{place}@big.example",
                                    phone=f"+3168{place:07}", number=first + place,
                                    created_at=now - timedelta(days=700))  # fmt: skip
                add_address(made, address(db.next_id("address"), f"First{place}", f"Last{place}", "NL",
                                          address1=f"Straat {place}", zip="1012 AB", city="Amsterdam"))  # fmt: skip
                db.put("customer", made)
    db.start_ids("customer", first + customers)
    for start in range(0, orders, BATCH):
        with db.transaction():
            for place in range(start, min(start + BATCH, orders)):
                product, variant = dice.choice(goods)
                buyer = db.get("customer", first + place % customers)
                assert buyer is not None
                placed = now - timedelta(minutes=10 * (orders - place))
                cart = Cart([Item(product, variant, dice.choice([1, 1, 2]))], placed, buyer["email"],
                            customer=buyer, address=buyer["addresses"][0])  # fmt: skip
                order = new_order(db, cart, name=f"#B{place}", number=1_000_000 + place)
                if place % 10:
                    number = f"B{place:09}"
                    parcel = Parcel(
                        "PostNL", number, f"https://track.example/{number}", placed, STEPS
                    )
                    ship(db, order, parcel)
                db.put("order", order)
