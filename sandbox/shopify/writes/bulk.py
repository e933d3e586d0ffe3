"""bulkOperationRunQuery and its cancelling. Five at a time per shop since 2026-01."""

from typing import Any

from sandbox.shopify import bulk_plan, bulk_run
from sandbox.shopify.engine import FIELDS, Call, Given, resolves
from sandbox.shopify.engine import writes as mutation
from sandbox.shopify.errors import UserError
from sandbox.shopify.gid import number

Record = dict[str, Any]
AT_A_TIME = 5


@mutation("bulkOperationRunQuery")
def run_query(_root: Any, call: Call, given: Given) -> Record:
    running = [one for one in call.shop.db.all("bulk") if one["status"] in bulk_run.UNFINISHED]
    if len(running) >= AT_A_TIME:
        raise UserError(
            "The limit of 5 concurrent bulk operations is reached", None, "LIMIT_REACHED"
        )
    try:
        bulk_plan.read(given["query"], Call(call.shop, call.scopes, bulk=True))
    except bulk_plan.BulkQueryError as error:
        raise UserError(str(error), ["query"], "INVALID") from error
    except bulk_plan.BulkAccessError:
        pass  # told when it runs: the operation fails with ACCESS_DENIED
    record = {
        "id": call.shop.db.next_id("bulk"), "status": "CREATED", "type": "QUERY", "errorCode": None,
        "createdAt": call.shop.stamp, "completedAt": None, "objectCount": 0, "rootObjectCount": 0,
        "fileSize": None, "url": None, "partialDataUrl": None, "query": given["query"],
        "scopes": sorted(call.scopes), "grouped": bool(given.get("groupObjects", True)),
    }  # fmt: skip
    call.shop.db.put("bulk", record)
    return {"bulkOperation": record}


_write = FIELDS["Mutation", "bulkOperationRunQuery"]


@resolves("Mutation", "bulkOperationRunQuery")
def run_and_start(root: Any, call: Call, given: Given) -> Any:
    """Begin only when the row is committed: the runner reads it."""
    answer = _write(root, call, given)
    if answer.get("bulkOperation"):
        bulk_run.start(call.shop, answer["bulkOperation"])
    return answer


@mutation("bulkOperationCancel")
def cancel(_root: Any, call: Call, given: Given) -> Record:
    found = call.shop.db.get("bulk", number(given["id"], "BulkOperation"))
    if found is None:
        raise UserError("Bulk operation does not exist", ["id"])
    if found["status"] not in bulk_run.UNFINISHED:
        raise UserError("A bulk operation cannot be canceled when it is completed", ["id"])
    found["status"] = "CANCELING"
    call.shop.db.put("bulk", found)
    return {"bulkOperation": found}


@resolves("BulkOperation", "objectCount")
def object_count(one: Record, _call: Call, _given: Given) -> str:
    return str(one["objectCount"])


@resolves("BulkOperation", "rootObjectCount")
def root_count(one: Record, _call: Call, _given: Given) -> str:
    return str(one["rootObjectCount"])
