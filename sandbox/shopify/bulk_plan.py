"""A bulk query as a plan: which fields of a row, which connections below it (shopify.md §6).

One root field, one to five connections, two deep. The plan reads rows by the same resolvers as a
query, without a query's overhead: fifty thousand orders are a matter of seconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    StringValueNode,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
    value_from_ast_untyped,
)

from sandbox.shopify import permission
from sandbox.shopify.engine import FIELDS, Call, object_type
from sandbox.shopify.errors import not_implemented
from sandbox.shopify.gid import gid
from sandbox.shopify.schema import checked

MOST_CONNECTIONS, DEEPEST = 5, 3
#: Root fields that a bulk query may read → the kind of record behind them.
ROOTS = {"customers": "customer", "orders": "order", "products": "product"}


class BulkQueryError(ValueError):
    """The text cannot be run as a bulk query; the words say why."""


class BulkAccessError(Exception):
    """A scope is missing: the operation fails with ACCESS_DENIED."""


@dataclass(slots=True)
class Column:
    """One field of a row."""

    name: str
    read: Callable[[Any, Call, dict[str, Any]], Any]
    given: dict[str, Any]
    below: "Plan | None" = None


@dataclass(slots=True)
class Plan:
    """How rows of one type are read."""

    kind: str
    columns: list[Column] = field(default_factory=list)
    connections: list[Column] = field(default_factory=list)

    def row(self, source: Any, call: Call) -> dict[str, Any] | None:
        if source is None:
            return None
        made = {}
        for column in self.columns:
            value = column.read(source, call, column.given)
            if column.below is not None:
                below = column.below
                value = (
                    [below.row(each, call) for each in value]
                    if isinstance(value, list)
                    else below.row(value, call)
                )
            made[column.name] = value
        return made

    def children(self, source: Any, parent: str, call: Call) -> Iterator[dict[str, Any]]:
        """Yield the rows of all connections below a row, each with ``__parentId``."""
        for column in self.connections:
            assert column.below is not None
            for node in column.read(source, call, column.given)["nodes"]:
                made = column.below.row(node, call) or {}
                yield made | {"__parentId": parent}
                own = str(made.get("id") or gid(column.below.kind, node["id"]))
                yield from column.below.children(node, own, call)


@dataclass(slots=True)
class BulkQuery:
    root: str
    query: str | None
    plan: Plan


def read(text: str, call: Call) -> BulkQuery:
    """Read the text of a bulk query. Raises BulkQueryError, BulkAccessError or NOT_IMPLEMENTED."""
    document, errors = checked(text)
    if errors or document is None:
        raise BulkQueryError("; ".join(error.message for error in errors) or "Query is empty")
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    if len(operations) != 1 or operations[0].operation.value != "query":
        raise BulkQueryError("Bulk query must be exactly one query")
    roots = operations[0].selection_set.selections
    if len(roots) != 1 or not isinstance(roots[0], FieldNode):
        raise BulkQueryError("Bulk queries must have one root field")
    name = roots[0].name.value
    if name not in ROOTS:
        raise BulkQueryError("Bulk queries must contain at least one connection")
    counted = [0]
    given = _arguments(roots[0])
    kind = object_type("QueryRoot").fields[name].type
    plan = _connection(roots[0], kind, call, counted, 1)
    return BulkQuery(name, given.get("query"), plan)


def _arguments(node: FieldNode) -> dict[str, Any]:
    found = {}
    for argument in node.arguments or ():
        value = argument.value
        found[argument.name.value] = (
            value.value if isinstance(value, StringValueNode) else value_from_ast_untyped(value)
        )
    return found


def _connection(
    node: FieldNode, kind: GraphQLOutputType, call: Call, counted: list[int], depth: int
) -> Plan:
    """Return the plan of the nodes of a connection."""
    counted[0] += 1
    if counted[0] > MOST_CONNECTIONS:
        raise BulkQueryError("Bulk queries cannot contain more than 5 connections.")
    if depth > DEEPEST:
        raise BulkQueryError(
            "Bulk queries cannot have connections nested more than two levels deep."
        )
    holder = get_named_type(kind)
    assert isinstance(holder, GraphQLObjectType)
    for each in node.selection_set.selections if node.selection_set else ():
        if not isinstance(each, FieldNode):
            raise not_implemented("fragments in bulk queries")
        if each.name.value == "edges":
            edge = get_named_type(holder.fields["edges"].type)
            assert isinstance(edge, GraphQLObjectType)
            for inner in each.selection_set.selections if each.selection_set else ():
                if isinstance(inner, FieldNode) and inner.name.value == "node":
                    return _rows(inner, edge.fields["node"].type, call, counted, depth)
        if each.name.value == "nodes":
            return _rows(each, holder.fields["nodes"].type, call, counted, depth)
    raise BulkQueryError("A connection needs edges { node } or nodes")


def _rows(
    node: FieldNode, kind: GraphQLOutputType, call: Call, counted: list[int], depth: int
) -> Plan:
    of = get_named_type(kind)
    assert isinstance(of, GraphQLObjectType)
    plan = Plan(of.name)
    for each in node.selection_set.selections if node.selection_set else ():
        if not isinstance(each, FieldNode):
            raise not_implemented("fragments in bulk queries")
        _add(plan, of, each, call, counted, depth)
    return plan


def _add(
    plan: Plan, of: GraphQLObjectType, node: FieldNode, call: Call, counted: list[int], depth: int
) -> None:
    name = node.name.value
    shown = node.alias.value if node.alias else name
    kind = of.fields[name].type
    named = get_named_type(kind)
    column = Column(shown, _reader(of.name, name, kind, named.name, call), _arguments(node))
    if named.name.endswith("Connection") and "first" in of.fields[name].args:
        column.below = _connection(node, kind, call, counted, depth + 1)
        plan.connections.append(column)
        return
    if not is_leaf_type(named):
        column.below = _rows(node, kind, call, counted, depth)
    plan.columns.append(column)


def _reader(kind: str, name: str, of: Any, returned: str, call: Call) -> Any:
    denied = permission.missing(call.shop, call.scopes, f"{kind}.{name}", returned)
    if denied is not None:
        if "approval" not in denied.message:
            raise BulkAccessError(denied.message)
        empty = "" if is_non_null_type(of) else None
        return lambda _source, _call, _given: empty
    found = FIELDS.get((kind, name))
    if found is not None:
        return found
    if name == "id":
        return lambda source, _call, _given: (
            gid(kind, source["id"]) if isinstance(source["id"], int) else source["id"]
        )

    def plain(source: Any, _call: Call, _given: dict[str, Any]) -> Any:
        if name not in source:
            raise not_implemented(f"{kind}.{name}")
        return source[name]

    return plain
