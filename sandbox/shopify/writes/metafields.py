"""metafieldsSet: 25 at a time, all or nothing, ``compareDigest`` against lost updates."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sandbox.shopify.engine import Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError, top_error
from sandbox.shopify.gid import gid, split
from sandbox.shopify.permission import owner_denied
from sandbox.shopify.reads.customers import app_namespace

Record = dict[str, Any]
MOST = 25
LETTERS = {
    "single_line_text_field",
    "multi_line_text_field",
    "json",
    "url",
    "number_integer",
    "boolean",
    "date_time",
}


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _problem(kind: str, value: str) -> str:
    """Return what is wrong with a value of a type; "" for nothing."""
    try:
        if kind == "json":
            json.loads(value)
        elif kind == "number_integer":
            int(value)
        elif kind == "date_time":
            datetime.fromisoformat(value)
    except ValueError:
        return f"Value is not a valid {kind}"
    if kind == "single_line_text_field" and "\n" in value:
        return "Value must be a single line text string"
    if kind == "url" and not value.startswith(("http://", "https://", "mailto:", "sms:", "tel:")):
        return "Value is not a valid URL"
    return (
        "Value must be true or false"
        if kind == "boolean" and value not in {"true", "false"}
        else ""
    )


@mutation("metafieldsSet")
def metafields_set(_root: Any, call: Call, given: Given) -> Record:
    wanted = given["metafields"]
    if len(wanted) > MOST:
        raise top_error(
            f"Exceeded the maximum metafields input limit of {MOST}.", "MAX_INPUT_SIZE_EXCEEDED"
        )
    made = [_one(call, each, index) for index, each in enumerate(wanted)]
    return {"metafields": made}


def _one(call: Call, wanted: Record, index: int) -> Record:
    where = ["metafields", str(index)]

    def refuse(words: str, field: str, code: str) -> UserError:
        return UserError(words, [*where, field], code, elementIndex=index)

    kind, found = split(wanted["ownerId"])
    denied = owner_denied(call.scopes, kind)
    if denied is not None:
        raise denied
    table = {
        "Order": "order",
        "Customer": "customer",
        "Product": "product",
        "DraftOrder": "draft",
    }.get(kind)
    if table is None or call.shop.db.get(table, found) is None:
        raise refuse("Owner does not exist", "ownerId", "INVALID")
    namespace = (wanted.get("namespace") or "$app").replace("$app", app_namespace(), 1)
    if len(namespace) < 3 or len(wanted["key"]) < 2:
        raise refuse("is too short", "key", "TOO_SHORT")
    owner = gid(kind, found)
    held = call.shop.db.find("metafield", "place", f"{owner}|{namespace}|{wanted['key']}")
    if "compareDigest" in wanted and wanted["compareDigest"] != (
        held["compareDigest"] if held else None
    ):
        raise refuse(
            "The resource has been updated since it was loaded.", "compareDigest", "STALE_OBJECT"
        )
    of_type = wanted.get("type") or (held["type"] if held else None)
    if of_type is None:
        raise refuse("Type can't be blank", "type", "BLANK")
    if of_type not in LETTERS:
        raise refuse(f"Type {of_type} is not known to the sandbox", "type", "INVALID_TYPE")
    if held and wanted.get("type") and held["type"] != wanted["type"]:
        raise refuse("Type cannot be changed", "type", "INVALID_TYPE")
    problem = _problem(of_type, wanted["value"])
    if problem or not wanted["value"]:
        raise refuse(
            problem or "Value can't be blank", "value", "INVALID_VALUE" if problem else "BLANK"
        )
    made = {
        "id": held["id"] if held else call.shop.db.next_id("metafield"), "owner": owner,
        "namespace": namespace, "key": wanted["key"], "type": of_type, "value": wanted["value"],
        "compareDigest": digest(wanted["value"]), "updatedAt": call.shop.stamp,
    }  # fmt: skip
    call.shop.db.put("metafield", made)
    return made


@resolves("Metafield", "jsonValue")
def json_value(one: Record, _call: Call, _given: Given) -> Any:
    if one["type"] in {"json", "number_integer", "boolean"}:
        return json.loads(one["value"])
    return one["value"]
