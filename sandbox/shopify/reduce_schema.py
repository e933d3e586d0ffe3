"""Cut the official Admin schema down to what our documents reach.

    python -m sandbox.shopify.reduce_schema ../shared/shopify/schema/admin_2026-10.graphql.gz \
        identity/shopify/documents

writes ``admin_2026-10.graphql`` and ``access_2026-10.json`` beside this file: every field and argument
that a document uses, every input field and enum value behind those arguments, no descriptions. The
access table lies beside the official schema and is cut to the same fields.
"""

import gzip
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    UnionTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    get_named_type,
    is_abstract_type,
    is_interface_type,
    is_object_type,
    parse,
    print_ast,
    visit,
)

HERE = Path(__file__).resolve().parent
#: Shopify's own page arguments: a client may leave them out of a document and still page later.
PAGING = ("first", "after")
#: What bulk texts may add to the connection they read (the date window).
BULK_ARGUMENTS = ("query",)


@dataclass
class Reached:
    """What the documents use of the schema."""

    schema: GraphQLSchema
    #: type name → field name → argument names
    fields: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)

    def note_field(self, parent: str, name: str) -> set[str]:
        self.types.add(parent)
        return self.fields.setdefault(parent, {}).setdefault(name, set())

    def note_type(self, kind: GraphQLNamedType) -> None:
        """Take a type; of an input object everything it can hold."""
        if kind.name in self.types:
            return
        self.types.add(kind.name)
        if isinstance(kind, GraphQLInputObjectType):
            for member in kind.fields.values():
                self.note_type(get_named_type(member.type))


class _Walk(Visitor):
    """Notes every field, argument and type condition of one document."""

    def __init__(self, info: TypeInfo, reached: Reached, *, bulk: bool) -> None:
        super().__init__()
        self._info, self._reached, self._bulk = info, reached, bulk

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, found = self._info.get_parent_type(), self._info.get_field_def()
        if parent is None or found is None:
            raise ValueError(f"{node.name.value} is not in the official schema")
        if node.name.value.startswith("__"):
            self._reached.types.add(parent.name)
            return
        arguments = self._reached.note_field(parent.name, node.name.value)
        used = {argument.name.value for argument in node.arguments or ()}
        used |= {name for name in PAGING if "after" in found.args}
        used |= {name for name in BULK_ARGUMENTS if self._bulk and name in found.args}
        arguments |= used
        for name in used:
            self._reached.note_type(get_named_type(found.args[name].type))
        self._reached.note_type(get_named_type(found.type))

    def enter_selection_set(self, _node: SelectionSetNode, *_: Any) -> None:
        kind = self._info.get_type()
        if kind is not None:
            self._reached.types.add(get_named_type(kind).name)


def reach(schema: GraphQLSchema, texts: list[tuple[DocumentNode, bool]]) -> Reached:
    """Return what these documents (and whether each is a bulk text) use."""
    reached = Reached(schema)
    for document, bulk in texts:
        info = TypeInfo(schema)
        visit(document, TypeInfoVisitor(info, _Walk(info, reached, bulk=bulk)))
    reached.note_field("QueryRoot", "node").add("id")
    reached.types.update({"Node", "ID"})
    _give_bodies(reached)
    _close_interfaces(reached)
    _fill_empty(reached)
    return reached


def _give_bodies(reached: Reached) -> None:
    """An interface that no document narrows down keeps every type that can stand behind it."""
    for name in sorted(reached.types):
        kind = reached.schema.get_type(name)
        if kind is None or not is_abstract_type(kind):
            continue
        possible = {each.name for each in reached.schema.get_possible_types(kind)}
        if not possible & reached.types:
            reached.types |= possible


def _fill_empty(reached: Reached) -> None:
    """A type of which only ``__typename`` is read needs one field to be valid."""
    for name in sorted(reached.types):
        kind = reached.schema.get_type(name)
        if kind is None or not (is_object_type(kind) or is_interface_type(kind)):
            continue
        if not reached.fields.get(name):
            known = kind.fields
            first = "id" if "id" in known else min(known)
            reached.note_field(name, first)
            reached.note_type(get_named_type(known[first].type))


def _close_interfaces(reached: Reached) -> None:
    """An object has every field of the interfaces it keeps."""
    for name in sorted(reached.types):
        kind = reached.schema.get_type(name)
        if kind is None or not is_object_type(kind):
            continue
        for interface in kind.interfaces:
            if interface.name in reached.types:
                for member, arguments in reached.fields.get(interface.name, {}).items():
                    reached.note_field(name, member).update(arguments)


def reduced(document: DocumentNode, reached: Reached) -> DocumentNode:
    """Return the definitions that are reached, without descriptions."""
    kept = []
    for definition in document.definitions:
        if isinstance(definition, DirectiveDefinitionNode):
            if definition.name.value == "idempotent":
                kept.append(_bare(definition))
        elif getattr(definition, "name", None) is None:
            kept.append(_bare(definition))  # schema { query: … mutation: … }
        elif definition.name.value in reached.types:  # type: ignore[attr-defined]
            kept.append(_cut(definition, reached))
    return DocumentNode(definitions=tuple(kept))


def _bare(node: Any) -> Any:
    if isinstance(node, tuple):
        return tuple(_bare(item) for item in node)
    if not hasattr(node, "kind") or not hasattr(node, "keys"):
        return node
    changes = {"description": None} if "description" in node.keys else {}
    for key in ("fields", "values", "arguments"):
        if getattr(node, key, None) and node.kind.endswith("definition"):
            changes[key] = _bare(getattr(node, key))
    return _copy(node, **changes)


def _copy(node: Any, **changes: Any) -> Any:
    given = {key: getattr(node, key) for key in node.keys if key != "loc"} | changes
    return type(node)(**given)


def _cut(node: Any, reached: Reached) -> Any:
    if isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode):
        return _bare(node)
    if isinstance(node, InputObjectTypeDefinitionNode):
        return _bare(node)
    if isinstance(node, UnionTypeDefinitionNode):
        members = tuple(each for each in node.types or () if each.name.value in reached.types)
        return _copy(node, description=None, types=members)
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        wanted = reached.fields.get(node.name.value, {})
        fields = tuple(
            _copy(
                each,
                description=None,
                arguments=tuple(
                    _bare(argument)
                    for argument in each.arguments or ()
                    if argument.name.value in wanted[each.name.value]
                ),
            )
            for each in node.fields or ()
            if each.name.value in wanted
        )
        interfaces = tuple(
            each for each in node.interfaces or () if each.name.value in reached.types
        )
        return _copy(node, description=None, fields=fields, interfaces=interfaces)
    raise TypeError(f"{node.kind} is not known here")


def reduced_access(table: dict[str, Any], reached: Reached) -> dict[str, Any]:
    """Return scopes, protection and GID kinds of what is reached."""
    kept = {}
    for key, entry in table.items():
        kind, _, member = key.partition(".")
        if kind not in reached.types or (
            member and kind in reached.fields and member not in reached.fields[kind]
        ):
            continue
        wanted = {name: entry[name] for name in ("scopes", "protected", "gid") if name in entry}
        if wanted:
            kept[key] = wanted
    return kept


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)  # noqa: T201 - a command
        return 2
    official, folder = Path(arguments[0]), Path(arguments[1])
    document = parse(gzip.decompress(official.read_bytes()).decode(), no_location=True)
    schema = build_ast_schema(document, assume_valid=True)
    texts = [
        (parse(path.read_text(encoding="utf-8")), path.parent.name == "bulk")
        for path in sorted(folder.rglob("*.graphql"))
    ]
    reached = reach(schema, texts)
    version = official.name.removeprefix("admin_").removesuffix(".graphql.gz")
    (HERE / f"admin_{version}.graphql").write_text(
        print_ast(reduced(document, reached)) + "\n", encoding="utf-8"
    )
    beside = official.with_name(f"access_{version}.json.gz")
    table = json.loads(gzip.decompress(beside.read_bytes()))
    (HERE / f"access_{version}.json").write_text(
        json.dumps(reduced_access(table, reached), indent=0, sort_keys=True) + "\n",
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
