"""What a query costs (shopify.md §6): scalar 0, object 1, mutation 10, connection by its size.

connection = 2 + children * floor(2 ln(size)). Asked for before it runs with the page sizes wanted;
afterwards the same sum with the rows that came, and the difference is given back.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from sandbox.shopify.schema import schema

MOST_FOR_ONE = 1000
MUTATION = 10
#: Fields that cost nothing although they are objects (Shopify's staff in its forum).
FREE = frozenset(
    {"pageInfo", "address", "billingAddress", "currencyFormats", "measurement", "unitCost"}
)


class _Meter:
    """Walks a selection, and the answer beside it when there is one."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def selections(
        self, chosen: SelectionSetNode | None, parent: Any, data: Any, *, real: bool
    ) -> int:
        always = 0
        choices: dict[int, int] = {}
        for item in chosen.selections if chosen else ():
            if isinstance(item, FieldNode):
                always += self._field(item, parent, data, real=real)
                continue
            source = (
                self._fragments[item.name.value] if isinstance(item, FragmentSpreadNode) else item
            )
            assert isinstance(source, FragmentDefinitionNode | InlineFragmentNode)
            condition = source.type_condition
            kind = schema().get_type(condition.name.value) if condition else parent
            cost = self.selections(source.selection_set, kind, data, real=real)
            if kind is parent or not is_abstract_type(parent):
                always += cost
            else:
                choices[id(kind)] = choices.get(id(kind), 0) + cost
        return always + max(choices.values(), default=0)

    def _field(self, node: FieldNode, parent: Any, data: Any, *, real: bool) -> int:
        name = node.name.value
        definition = getattr(parent, "fields", {}).get(name)
        if definition is None or name in FREE:
            return 0
        kind: GraphQLNamedType = get_named_type(definition.type)
        if not is_composite_type(kind):
            return 0
        below = (
            data.get(node.alias.value if node.alias else name) if isinstance(data, dict) else None
        )
        if real and below is None:
            return 0
        if kind.name.endswith("Connection") and "first" in definition.args:
            return self._connection(node, kind, below, real=real)
        rows = below if isinstance(below, list) else [below]
        if not real:
            return 1 + self.selections(node.selection_set, kind, None, real=False)
        return 1 + max(
            (self.selections(node.selection_set, kind, row, real=True) for row in rows), default=0
        )

    def _connection(self, node: FieldNode, kind: Any, data: Any, *, real: bool) -> int:
        inner, size = 0, self._size(node)
        for item in node.selection_set.selections if node.selection_set else ():
            if not isinstance(item, FieldNode) or item.name.value not in {"nodes", "edges"}:
                continue
            below = get_named_type(kind.fields[item.name.value].type)
            rows = (data or {}).get(item.name.value) or [] if real else [None]
            edge = 0 if item.name.value == "edges" else 1
            each = [
                edge + self.selections(item.selection_set, below, row, real=real) for row in rows
            ]
            inner = max(inner, max(each, default=0))
            size = len(rows) if real else size
        return 2 + (inner * math.floor(2 * math.log(max(2, size))) if size or not real else 0)

    def _size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                if isinstance(argument.value, VariableNode):
                    return int(self._variables.get(argument.value.name.value) or 1)
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
        return 1


def requested(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """Return what must be in the bucket before the operation runs."""
    if operation.operation.value == "mutation":
        return MUTATION * len(operation.selection_set.selections)
    root = schema().query_type
    return _Meter(document, variables).selections(operation.selection_set, root, None, real=False)


def actual(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    data: Any,
) -> int:
    """Return what the operation cost in the end, by the rows that came."""
    if operation.operation.value == "mutation":
        return MUTATION * len(operation.selection_set.selections)
    root = schema().query_type
    return _Meter(document, variables).selections(operation.selection_set, root, data, real=True)


@dataclass
class Bucket:
    """The leaky bucket of one app in one shop: Standard 2,000 points, 100 back a second."""

    clock: Callable[[], float]
    capacity: float = 2000.0
    restore: float = 100.0
    _level: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._at = self.capacity, self.clock()

    def available(self) -> float:
        now = self.clock()
        self._level = min(self.capacity, self._level + (now - self._at) * self.restore)
        self._at = now
        return self._level

    def take(self, points: float) -> bool:
        """Take points if they are there."""
        if self.available() < points:
            return False
        self._level -= points
        return True

    def give_back(self, points: float) -> None:
        self._level = min(self.capacity, self.available() + points)

    def drain(self) -> None:
        self._level, self._at = 0.0, self.clock()

    def status(self) -> dict[str, float]:
        return {
            "maximumAvailable": self.capacity,
            "currentlyAvailable": int(self.available()),
            "restoreRate": self.restore,
        }
