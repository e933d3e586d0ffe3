"""What a shop's own page of a customer says of their conversations with us (SH-7).

The inbox hands over a summary whenever a conversation moves; many of them become one write, because
there is one row for each customer and the write waits a little.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from helpdesk.foundation.ledger import WorkState
from identity.models import CustomerLink, Store, StoreStatus, SupportHistory

#: Seconds a summary waits for the next one.
WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told. No words of the customer: the shop's staff may see it, and its apps."""

    conversations: int
    open: int
    last_at: datetime
    last_number: int
    last_status: str
    #: Where an agent reads on.
    link: str

    def as_json(self) -> dict[str, object]:
        """Return the stored form."""
        return {**asdict(self), "last_at": self.last_at.isoformat()}


def has_listeners() -> bool:
    """Say whether any shop of the open workspace wants histories, before somebody counts."""
    return Store.objects.filter(status=StoreStatus.INSTALLED).exists()


def keep_history(*, contact_id: UUID, summary: Summary) -> int:
    """Plan to write the summary to every customer this contact is. Returns how many."""
    customers = CustomerLink.objects.filter(
        contact_id=contact_id,
        undone_at__isnull=True,
        customer__deleted_at__isnull=True,
        customer__store__status=StoreStatus.INSTALLED,
    ).values_list("customer_id", flat=True)
    due = timezone.now() + timedelta(seconds=WAIT_SECONDS)
    wanted = summary.as_json()
    planned = 0
    for customer_id in customers:
        row, made = SupportHistory.objects.get_or_create(
            customer_id=customer_id,
            defaults={"wanted": wanted, "due_at": due, "order_key": f"history:{customer_id}"},
        )
        if made:
            planned += 1
        elif row.wanted != wanted:
            # A row in a worker's hands loses its lease here and is written once more.
            SupportHistory.objects.filter(pk=row.pk).update(
                wanted=wanted,
                work_state=WorkState.NEW,
                attempts=F("attempts") * 0,
                due_at=due,
                lease_token=None,
                lease_until=None,
            )
            planned += 1
    return planned
