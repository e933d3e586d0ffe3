"""Writing support histories into customers' metafields, where the shop's admin shows them.

The values are absolute, so that writing twice is writing once.
"""

from datetime import datetime
from typing import Any

import structlog
from django.utils import timezone

from helpdesk.foundation.ledger import (
    LeaseLostError,
    RetryPolicy,
    WorkState,
    claims,
    fail,
    finish,
)
from identity.models import Store, StoreCustomer, SupportHistory
from identity.shopify.calling import Connection
from identity.shopify.errors import ForbiddenError, RefusedError, ShopifyError, ThrottledError
from identity.tenancy import scope_of

logger = structlog.get_logger(__name__)

BATCH, LEASE_SECONDS = 20, 60.0
RETRIES = RetryPolicy(delays=(30, 120, 600, 3600), max_attempts=12)
#: ``$app`` is ours alone; shopify.app.toml declares the two fields, readable in the admin.
NAMESPACE = "$app"


def drain() -> int:
    """Write what is due. Returns how many customers were looked at."""
    worked = 0
    for batch in claims(SupportHistory, batch=BATCH, lease_seconds=LEASE_SECONDS):
        for row in batch:
            write(row)
            worked += 1
    return worked


def write(row: SupportHistory) -> None:
    """Write one customer's history, or plan another attempt."""
    try:
        with scope_of(row):
            customer: StoreCustomer = StoreCustomer.objects.get(pk=row.customer_id)
            store: Store = Store.objects.get(pk=customer.store_id)
        if customer.deleted_at is not None or not store.is_connected:
            _rest(row, "The customer or the shop is not there any more.")
            return
        if row.wanted != row.written:
            Connection(store).call(
                "metafields_set",
                {"metafields": fields(customer.gid, row.wanted)},
                background=True,
                repeatable=True,
            ).payload("metafieldsSet")
        with scope_of(row):
            finish(row, written=row.wanted, written_at=timezone.now())
    except LeaseLostError:
        logger.info("history.changed_meanwhile", history_id=str(row.pk))
    except (RefusedError, ForbiddenError) as error:
        _rest(row, error.message)
    except ThrottledError as error:
        _again(row, error.message, after=error.wait + 5.0)
    except ShopifyError as error:
        _again(row, error.message)


def fields(owner: str, wanted: dict[str, Any]) -> list[dict[str, str]]:
    """Return the metafields of one customer."""
    return [
        {
            "ownerId": owner,
            "namespace": NAMESPACE,
            "key": "support_summary",
            "type": "multi_line_text_field",
            "value": in_words(wanted),
        },
        {
            "ownerId": owner,
            "namespace": NAMESPACE,
            "key": "support_link",
            "type": "url",
            "value": str(wanted["link"]),
        },
    ]


def in_words(wanted: dict[str, Any]) -> str:
    """Return the summary as staff reads it in the admin."""
    count, still_open = int(wanted["conversations"]), int(wanted["open"])
    last = datetime.fromisoformat(str(wanted["last_at"]))
    many = "1 conversation" if count == 1 else f"{count} conversations"
    return (
        f"{many}, {still_open} open.\n"
        f"Last: #{wanted['last_number']}, {wanted['last_status']}, {last:%Y-%m-%d %H:%M} UTC."
    )


def _rest(row: SupportHistory, reason: str) -> None:
    try:
        with scope_of(row):
            finish(row, state=WorkState.IGNORED, reason=reason)
    except LeaseLostError:
        logger.info("history.changed_meanwhile", history_id=str(row.pk))


def _again(row: SupportHistory, reason: str, *, after: float | None = None) -> None:
    try:
        with scope_of(row):
            fail(row, reason=reason, policy=RETRIES, after=after)
    except LeaseLostError:
        logger.info("history.changed_meanwhile", history_id=str(row.pk))
