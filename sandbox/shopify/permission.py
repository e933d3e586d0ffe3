"""Who may read what: scopes, and the four kinds of protected customer data (shopify.md §4)."""

from collections.abc import Iterable

from graphql import GraphQLError

from sandbox.shopify.errors import access_denied
from sandbox.shopify.schema import access
from sandbox.shopify.shop import Shop

#: What the schema says in words only.
ALSO = {"Mutation.refundCreate": ["write_orders"]}
#: Owner of tags and metafields → the scope that its change needs.
OWNERS = {
    "Order": "write_orders", "Customer": "write_customers", "DraftOrder": "write_draft_orders",
    "Product": "write_products",
}  # fmt: skip


def has(granted: Iterable[str], scope: str) -> bool:
    """Tell whether a scope is granted; write implies read."""
    held = set(granted)
    return scope in held or (scope.startswith("read_") and f"write_{scope[5:]}" in held)


def missing(shop: Shop, granted: frozenset[str], where: str, returned: str) -> GraphQLError | None:
    """Return why a field may not be read, or None. ``where`` is ``Type.field``."""
    table = access()
    for key in (where, returned):
        wanted = ALSO.get(key) or table.get(key, {}).get("scopes")
        if wanted and not any(has(granted, scope) for scope in wanted):
            return access_denied(where.partition(".")[2], f"`{wanted[0]}` access scope.")
    protected = table.get(where, {}).get("protected")
    if protected:
        kind = protected.rpartition(" ")[2]
        if kind not in shop.settings.protected:
            return access_denied(
                where.partition(".")[2], f"approval for protected customer data: {kind}"
            )
    return None


def owner_denied(granted: frozenset[str], kind: str) -> GraphQLError | None:
    """Return why the tags or metafields of this kind of thing may not be written."""
    scope = OWNERS.get(kind)
    if scope and not has(granted, scope):
        return access_denied("id", f"`{scope}` access scope.")
    return None
