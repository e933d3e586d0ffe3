"""Orders with all that moved: payments, refunds, parcels, returns."""

from decimal import Decimal
from html import escape
from typing import Any

from sandbox.shopify import order_math
from sandbox.shopify.money import written
from sandbox.shopify.pages.shell import act, badge, day, page, table
from sandbox.shopify.shop import Shop

Order = dict[str, Any]
SHOWN = 200


def amount(value: Decimal, order: Order) -> str:
    return f"{written(value, order['currency'])} {order['currency']}"


def listing(shop: Shop) -> str:
    """Return the newest orders."""
    rows = []
    for _at, order in shop.db.in_order("order", "processed_at", reverse=True):
        back = order_math.refunded(order)
        rows.append([
            f'<a href="/shopify/{shop.domain}/admin/orders/{order["id"]}">{escape(order["name"])}</a>',
            day(order["processedAt"]), escape(order["email"] or "guest"),
            badge(order_math.financial_status(order)), badge(order_math.fulfillment_status(order)),
            amount(order_math.price(order), order), amount(back, order) if back else "",
        ])  # fmt: skip
        if len(rows) >= SHOWN:
            break
    heads = ["Order", "Placed", "Customer", "Payment", "Fulfilment", "Total", "Refunded"]
    body = f"<h1>Orders</h1>{table(heads, rows, frozenset({5, 6}))}"
    return page(shop, "Orders", body)


def detail(shop: Shop, order: Order) -> str:
    """Return one order; the sums are the very ones the API answers."""
    sums = [
        ("Total", order_math.price(order)), ("Current total", order_math.current_total(order)),
        ("Paid", order_math.received(order)), ("Refunded", order_math.refunded(order)),
        ("Net payment", order_math.net(order)), ("Outstanding", order_math.outstanding(order)),
    ]  # fmt: skip
    shown = "".join(
        f'<dt>{name}</dt><dd data-sum="{name.lower().replace(" ", "-")}">{amount(value, order)}</dd>'
        for name, value in sums
    )
    state = (
        badge(order_math.financial_status(order))
        + " "
        + badge(order_math.fulfillment_status(order))
    )
    if order["cancelledAt"]:
        state += " " + badge("cancelled")
    address = order["shipping_address"] or {}
    where = ", ".join(
        str(address[name]) for name in ("address1", "zip", "city", "country") if address.get(name)
    )
    return page(
        shop,
        order["name"],
        f"<h1>{escape(order['name'])} {state}</h1>"
        f'<p class="soft">{day(order["processedAt"])} · {escape(order["email"] or "guest")} · {escape(where)}</p>'
        f"{_note(order)}<dl>{shown}</dl>{_acts(shop, order)}"
        f"<h2>Items</h2>{_lines(order)}<h2>Payments and refunds</h2>{_money(order)}"
        f"<h2>Parcels</h2>{_parcels(order)}<h2>Returns</h2>{_returns(order)}<h2>Timeline</h2>{_events(order)}",
    )


def _note(order: Order) -> str:
    tags = " ".join(badge(tag) for tag in order["tags"])
    note = f"<p>Note: {escape(order['note'])}</p>" if order["note"] else ""
    return note + (f"<p>{tags}</p>" if tags else "")


def _acts(shop: Shop, order: Order) -> str:
    target = f"/shopify/{shop.domain}/admin/orders/{order['id']}/acts"
    found = []
    if not order["cancelledAt"] and any(
        order_math.unfulfilled_quantity(order, line) for line in order["lines"]
    ):
        found.append(act(target, "Ship what is open", act="ships"))
    if any(not parcel["deliveredAt"] for parcel in order["fulfillments"]):
        found.append(act(target, "Deliver the last parcel", act="delivers"))
    if order["fulfillments"]:
        found.append(act(target, "Customer asks for a return", act="asks"))
    if any(each["status"] == "PENDING" for each in order["transactions"]):
        found.append(act(target, "Bank settles the refund", act="settles"))
        found.append(act(target, "Bank refuses the refund", act="refuses"))
    return f'<div class="acts">{"".join(found)}</div>'


def _lines(order: Order) -> str:
    rows = [
        [escape(line["title"]), escape(line["variant_title"] or ""), escape(line["sku"] or ""), str(line["quantity"]),
         str(order_math.refundable_quantity(order, line)), str(order_math.unfulfilled_quantity(order, line)),
         amount(order_math.line_total(line), order)]
        for line in order["lines"]
    ]  # fmt: skip
    heads = ["Product", "Variant", "SKU", "Ordered", "Refundable", "To send", "Total"]
    return table(heads, rows, frozenset({3, 4, 5, 6}))


def _money(order: Order) -> str:
    rows = [
        [day(each["processedAt"]), badge(each["kind"]), badge(each["status"]), escape(each["gateway"]),
         amount(Decimal(each["amount"]), order)]
        for each in order["transactions"]
    ]  # fmt: skip
    notes = "".join(
        f"<p>Refund note: {escape(one['note'])}</p>" for one in order["refunds"] if one["note"]
    )
    found = table(["When", "What", "State", "Through", "Amount"], rows, frozenset({4}))
    return found + notes


def _parcels(order: Order) -> str:
    rows = [
        [escape(each["name"]), badge(each["displayStatus"]),
         escape(", ".join(f"{one['company']} {one['number']}" for one in each["trackingInfo"])),
         day(each["createdAt"]), day(each["deliveredAt"])]
        for each in order["fulfillments"]
    ]  # fmt: skip
    return table(["Parcel", "State", "Tracking", "Sent", "Delivered"], rows)


def _returns(order: Order) -> str:
    rows = [
        [escape(each["name"]), badge(each["status"]), str(sum(line["quantity"] for line in each["lines"])),
         str(len(each["exchange"])), day(each["createdAt"])]
        for each in order["returns"]
    ]  # fmt: skip
    return table(["Return", "State", "Pieces", "Exchanged", "Opened"], rows, frozenset({2, 3}))


def _events(order: Order) -> str:
    rows = [
        [day(each["createdAt"]), escape(each["message"]), escape(each["appTitle"] or "")]
        for each in reversed(order["events"])
    ]
    return table(["When", "What", "By"], rows)
