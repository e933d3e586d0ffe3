"""Products and their variants."""

from decimal import Decimal
from typing import Any

from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.gid import number
from sandbox.shopify.money import money
from sandbox.shopify.reads.paging import connection, searched

Product = dict[str, Any]
READERS = {
    "default": lambda one: [one["title"], *(each["sku"] for each in one["variants"])],
    "title": lambda one: one["title"],
    "status": lambda one: one["status"],
    "sku": lambda one: [each["sku"] for each in one["variants"]],
    "vendor": lambda one: one["vendor"],
    "product_type": lambda one: one["productType"],
    "tag": lambda one: one["tags"] or None,
    "id": lambda one: one["id"],
    "handle": lambda one: one["handle"],
    "updated_at": lambda one: one["updatedAt"],
}


@resolves("QueryRoot", "product")
def product(_root: Any, call: Call, given: Given) -> Product | None:
    return call.shop.db.get("product", number(given["id"], "Product"))


@resolves("QueryRoot", "products")
def products(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    return searched(call, given, "product", READERS, sort="number")


@resolves("QueryRoot", "productVariants")
def variants_search(_root: Any, call: Call, given: Given) -> dict[str, Any]:
    hits = searched(call, {**given, "first": 250, "after": None}, "product", READERS, sort="number")
    query = given.get("query") or ""
    rows = []
    for one in hits["nodes"]:
        found = [_variant(one, each) for each in one["variants"]]
        if "sku:" in query:
            wanted = query.partition("sku:")[2].strip("\"' ").lower()
            found = [each for each in found if each["sku"].lower() == wanted]
        rows += found
    return connection(call, given, rows)


@resolves("Product", "legacyResourceId")
def legacy_id(one: Product, _call: Call, _given: Given) -> str:
    return str(one["id"])


@resolves("Product", "onlineStoreUrl")
def online_store_url(one: Product, call: Call, _given: Given) -> str | None:
    host = call.shop.domain.replace(".myshopify.com", ".example")
    return f"https://{host}/products/{one['handle']}" if one["status"] == "ACTIVE" else None


@resolves("Product", "priceRangeV2")
def price_range(one: Product, call: Call, _given: Given) -> dict[str, Any]:
    prices = [Decimal(each["price"]) for each in one["variants"]]
    currency = call.shop.settings.currency
    return {
        "minVariantPrice": money(min(prices), currency),
        "maxVariantPrice": money(max(prices), currency),
    }


@resolves("Product", "featuredMedia")
def featured_media(one: Product, call: Call, _given: Given) -> Any:
    if not one.get("image"):
        return None
    picture = {"url": call.shop.file_url(one["image"]), "altText": one["title"]}
    return {"__typename": "MediaImage", "id": one["id"], "preview": {"image": picture}}


@resolves("Image", "url")
def image_url(one: dict[str, Any], _call: Call, given: Given) -> str:
    """A picture may be asked for in a size; ours are drawn, so every size is the same file."""
    wanted = given.get("transform") or {}
    width = wanted.get("maxWidth")
    return f"{one['url']}?width={width}" if width else str(one["url"])


@resolves("Product", "variants")
def variants(one: Product, call: Call, given: Given) -> dict[str, Any]:
    return connection(call, given, [_variant(one, each) for each in one["variants"]])


def _variant(one: Product, variant: dict[str, Any]) -> dict[str, Any]:
    return {**variant, "product": one}


def variant_of(call: Call, found: int | None) -> dict[str, Any] | None:
    """Return a variant with its product, or None when it is no longer sold."""
    if not found:
        return None
    one = call.shop.db.find("product", "variant", str(found))
    if one is None:
        return None
    return next((_variant(one, each) for each in one["variants"] if each["id"] == found), None)


@resolves("ProductVariant", "displayName")
def display_name(one: dict[str, Any], _call: Call, _given: Given) -> str:
    return f"{one['product']['title']} - {one['title']}"


@resolves("ProductVariant", "availableForSale")
def available(one: dict[str, Any], _call: Call, _given: Given) -> bool:
    return bool(one["inventoryQuantity"] > 0 or one["inventoryPolicy"] == "CONTINUE")
