"""Asking the policy about real rows: gathers what the pure engine needs."""

from collections import Counter
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from identity.commerce.facts import OrderFacts
from identity.commerce.models import MoneyAction
from identity.commerce.policies import current_policy
from identity.commerce.policy import judge
from identity.commerce.policy_settings import Actor, PolicySettings
from identity.commerce.requests import Kind, Request
from identity.commerce.seam import Preview
from identity.commerce.states import COUNTS
from identity.commerce.verdicts import Case, Verdict
from identity.models.role import Membership
from identity.models.store import Store
from identity.models.workspace import Workspace
from identity.tenancy import require_workspace_id


def judge_now(
    *,
    request: Request,
    store: Store,
    order: OrderFacts | None,
    preview: Preview | None,
    actor: Actor,
    by: Membership | None,
    now: datetime,
    settings: PolicySettings | None = None,
    leave_out: MoneyAction | None = None,
) -> tuple[Verdict, Case]:
    """Return the verdict by the policy that counts, and the case it was about.

    ``leave_out`` is the action that is judged again, so that it does not count against itself.
    """
    rows = MoneyAction.objects.filter(state__in=COUNTS)
    if leave_out is not None:
        rows = rows.exclude(pk=leave_out.pk)
    case = Case(
        request=request,
        settings=settings or current_policy(),
        actor=actor,
        now=now,
        order=order,
        preview=preview,
        done=_done(rows, store, order),
        moved_today=_moved_today(rows, store, actor, by, now),
    )
    return judge(case), case


def _done(rows: Any, store: Store, order: OrderFacts | None) -> dict[Kind, int]:
    if order is None:
        return {}
    kinds = rows.filter(store=store, order_id=order.id).values_list("kind", flat=True)
    return {Kind(kind): count for kind, count in Counter(kinds).items()}


def _moved_today(
    rows: Any, store: Store, actor: Actor, by: Membership | None, now: datetime
) -> Decimal:
    zone = ZoneInfo(Workspace.objects.get(pk=require_workspace_id()).timezone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)
    mine = rows.filter(store=store, confirmed_at__gte=midnight, value__isnull=False)
    mine = mine.filter(requested_by=by) if by is not None else mine.filter(actor=actor)
    found: Decimal | None = mine.aggregate(sum=Sum("value"))["sum"]
    return found or Decimal(0)
