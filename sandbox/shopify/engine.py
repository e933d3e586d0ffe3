"""Runs a request against a shop: documents are checked, paid for, executed and counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    execute_sync,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.values import get_variable_values

from sandbox.shopify import cost, permission
from sandbox.shopify.errors import UserError, not_implemented, top_error
from sandbox.shopify.gid import gid
from sandbox.shopify.schema import checked, schema
from sandbox.shopify.shop import Shop

logger = logging.getLogger("sandbox.shopify")
Given = dict[str, Any]
Resolver = Callable[[Any, "Call", Given], Any]
FIELDS: dict[tuple[str, str], Resolver] = {}
#: An address or number that may not be seen is no address: these become null as a whole.
HOLDERS = frozenset({"CustomerEmailAddress", "CustomerPhoneNumber"})
#: What a mutation calls its list of user errors where it is not ``userErrors``.
ERROR_LISTS = {"orderCancel": "orderCancelUserErrors"}


@dataclass
class Call:
    """One request: the shop it is about and what else has to be told beside the data."""

    shop: Shop
    scopes: frozenset[str]
    errors: list[GraphQLError] = field(default_factory=list)
    search_warnings: list[dict[str, Any]] = field(default_factory=list)
    #: The bulk runner reads whole connections.
    bulk: bool = False


def resolves(kind: str, *names: str) -> Callable[[Resolver], Resolver]:
    """Register how fields of a type are found."""

    def keep(function: Resolver) -> Resolver:
        for name in names:
            FIELDS[kind, name] = function
        return function

    return keep


def writes(name: str) -> Callable[[Resolver], Resolver]:
    """Register a mutation: it runs in one transaction, and its UserError becomes user errors."""

    def keep(function: Resolver) -> Resolver:
        def mutate(source: Any, call: Call, given: Given) -> Any:
            try:
                with call.shop.db.transaction():
                    answer = function(source, call, given)
            except UserError as error:
                answer = {ERROR_LISTS.get(name, "userErrors"): [error.answer]}
            return {ERROR_LISTS.get(name, "userErrors"): []} | answer

        FIELDS["Mutation", name] = mutate
        return function

    return keep


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
    call: Call = info.context
    kind, name = info.parent_type.name, info.field_name
    where = f"{kind}.{name}"
    returned = get_named_type(info.return_type).name
    denied = permission.missing(call.shop, call.scopes, where, returned)
    if denied is not None:
        return _denied(denied, call, info, kind)
    found = FIELDS.get((kind, name))
    if found is not None:
        if kind == "Mutation":
            given["@"] = _directives(info)
        return found(source, call, given)
    if isinstance(source, dict):
        if name == "id" and isinstance(source.get("id"), int):
            return gid(kind, source["id"])
        if name in source:
            return source[name]
        if kind == "Mutation" or returned not in schema().type_map:
            raise not_implemented(where)
        if kind.endswith(("Payload", "Error")):
            return None
    raise not_implemented(where)


def _denied(
    denied: GraphQLError, call: Call, info: GraphQLResolveInfo[Any], kind: str
) -> str | list[Any]:
    """Return what a field shows that may not be seen, or raise, which makes it null.

    Told per field: what may not be null is empty, and the error stands beside the data.
    """
    leaf = is_leaf_type(get_named_type(info.return_type))
    if not is_non_null_type(info.return_type) or kind in HOLDERS or not leaf:
        raise denied
    call.errors.append(_placed(denied, info))
    return [] if is_list_type(get_nullable_type(info.return_type)) else ""


def _placed(error: GraphQLError, info: GraphQLResolveInfo[Any]) -> GraphQLError:
    return GraphQLError(
        error.message, nodes=info.field_nodes, path=info.path.as_list(), extensions=error.extensions
    )


def _directives(info: GraphQLResolveInfo[Any]) -> dict[str, Any]:
    """Return the arguments of ``@idempotent`` on this field."""
    for node in info.field_nodes[0].directives or ():
        if node.name.value == "idempotent":
            values = {}
            for argument in node.arguments or ():
                value: Any = argument.value
                values[argument.name.value] = (
                    info.variable_values.coerced.get(value.name.value)
                    if value.kind == "variable"
                    else value.value
                )
            return values
    return {}


def _type_of(value: Any, _info: GraphQLResolveInfo[Any], _kind: Any) -> str | None:
    return str(value["__typename"]) if isinstance(value, dict) and "__typename" in value else None


def run(
    shop: Shop, scopes: frozenset[str], body: dict[str, Any], *, bulk: bool = False
) -> dict[str, Any]:
    """Execute ``{query, variables, operationName}`` and return Shopify's answer."""
    text, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(text, str) or not isinstance(variables, dict):
        return {"errors": [{"message": "query is missing"}]}
    document, errors = checked(text)
    operation = get_operation_ast(document, body.get("operationName")) if document else None
    if errors or document is None or operation is None:
        return {"errors": [_told(error) for error in errors] or [{"message": "No operation"}]}
    coerced = get_variable_values(schema(), operation.variable_definitions or (), variables)
    if isinstance(coerced, list):
        return {"errors": [_wrong_variable(error) for error in coerced]}
    wanted = cost.requested(document, operation, variables)
    if wanted > cost.MOST_FOR_ONE and not bulk:
        message = f"Query cost is {wanted}, which exceeds the single query max cost limit (1000)."
        return {
            "errors": [top_error(message, "MAX_COST_EXCEEDED", cost=wanted, maxCost=1000).formatted]
        }
    if not bulk and not shop.bucket.take(wanted):
        throttled = top_error("Throttled", "THROTTLED").formatted
        return {"errors": [throttled], "extensions": {"cost": _cost(shop, wanted, None)}}
    call = Call(shop, scopes, bulk=bulk)
    answer = _execute(call, document, variables, body.get("operationName"), operation)
    paid = cost.actual(document, operation, variables, answer.get("data"))
    if not bulk:
        shop.bucket.give_back(max(0, wanted - paid))
    answer["extensions"] = {"cost": _cost(shop, wanted, paid)}
    if call.search_warnings:
        answer["extensions"]["search"] = call.search_warnings
    return answer


def _execute(
    call: Call,
    document: Any,
    variables: Given,
    name: str | None,
    operation: OperationDefinitionNode,
) -> dict[str, Any]:
    result = execute_sync(
        schema(),
        document,
        context_value=call,
        variable_values=variables,
        operation_name=name,
        field_resolver=_resolve,
        type_resolver=_type_of,
    )
    answer: dict[str, Any] = {"data": result.data}
    errors = list(result.errors or ()) + call.errors
    for error in errors:
        cause = error.original_error
        if cause is not None and not isinstance(cause, GraphQLError):
            logger.error("sandbox.shopify.broken", exc_info=cause)
    if errors:
        answer["errors"] = [_told(error) for error in errors]
    return answer


def _told(error: GraphQLError) -> dict[str, Any]:
    """Return an error as it is told; a field the reduced schema lacks is told loudly."""
    told: dict[str, Any] = dict(error.formatted)
    extensions = dict(error.extensions or {})
    beyond = ("Cannot query field", "Unknown argument", "Unknown type", "Unknown directive")
    if error.message.startswith(beyond):
        logger.error("sandbox.shopify.not_implemented: %s", error.message)
        extensions["code"] = "NOT_IMPLEMENTED"
        told["message"] = f"The sandbox store knows only what the documents use. {error.message}"
    elif error.original_error is not None and "code" not in extensions:
        extensions["code"] = "INTERNAL_SERVER_ERROR"
    if extensions:
        told["extensions"] = extensions
    return told


def _wrong_variable(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "extensions": {"code": "INVALID_VARIABLE"}}


def _cost(shop: Shop, wanted: int, paid: int | None) -> dict[str, Any]:
    return {
        "requestedQueryCost": wanted,
        "actualQueryCost": paid,
        "throttleStatus": shop.bucket.status(),
    }


def object_type(name: str) -> GraphQLObjectType:
    """Return a type of the reduced schema."""
    found = schema().type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found
