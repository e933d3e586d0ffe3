"""An action in a shop as a finished one looks, without a shop that does it."""

from typing import Any

from django.utils import timezone

from identity.commerce.models import MoneyAction
from identity.commerce.money import Money
from identity.commerce.requests import RefundPieces, RefundRequest
from identity.commerce.seam import Amount, Change, Outcome, OutcomeState, Preview, PreviewLine
from identity.commerce.states import State
from identity.commerce.verdicts import Decision, Verdict
from identity.models import Membership, StoreOrder, Workspace
from identity.tenancy import tenant_scope
from tests.factories.shop import make_store


def make_action(
    workspace: Workspace, *, by: Membership, order: StoreOrder | None = None, **fields: Any
) -> MoneyAction:
    """A refund that was approved and done."""
    back = Money.of(20, "GBP")
    changes = (Change("Refunded", "0.00 GBP", "20.00 GBP"),)
    preview = Preview(
        refund=back,
        maximum=back,
        breakdown=(Amount("Items", back),),
        lines=(PreviewLine("line-1", "Tent", 1, back),),
        ways=(Amount("Visa", back),),
        changes=changes,
        warnings=("It can take days.",),
    )
    verdict = Verdict(Decision.ALLOWED, "refund.allowed", "Within the policy.", {"maximum": "20"})
    outcome = Outcome(OutcomeState.DONE, "Done.", back, changes, {"refund": "1"})
    now = timezone.now()
    with tenant_scope(workspace.pk):
        return MoneyAction.objects.create(
            store=order.store if order else make_store(workspace),
            kind="refund",
            state=State.DONE,
            order_id=order.gid if order else "order-1",
            order_name="#1001",
            lane="lane",
            request=RefundRequest(lines=(RefundPieces("line-1", 1),)).to_json(),
            preview=preview.to_json(),
            verdict=verdict.to_json(),
            rule=verdict.rule,
            outcome=outcome.to_json(),
            secrets={"code": "x"},
            actor="agent",
            requested_by=by,
            confirmed_by=by,
            approved_by=by,
            expires_at=now,
            confirmed_at=now,
            settled_at=now,
            **fields,
        )
