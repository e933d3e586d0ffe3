"""Doors of an action: preview, confirm, approve or decline. Committing is the runner's."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from helpdesk.foundation.errors import NotFoundError
from identity.commerce.basis import basis_of
from identity.commerce.errors import (
    ApprovalAboveYouError,
    NotAwaitingError,
    NotConfirmableError,
    OwnApprovalError,
    PreviewExpiredError,
)
from identity.commerce.facts import OrderFacts
from identity.commerce.judging import judge_now
from identity.commerce.models import MoneyAction
from identity.commerce.moving import move
from identity.commerce.plans import PLANS, Subject
from identity.commerce.policy_settings import Actor
from identity.commerce.registry import commerce_of
from identity.commerce.requests import Kind, Request, kind_of
from identity.commerce.seam import Commerce, Preview, RefusedError
from identity.commerce.states import APPROVAL_LASTS, State
from identity.commerce.verdicts import Decision, Verdict, refuse, value_of
from identity.commerce.waking import wake_actions
from identity.models.role import Membership, Role
from identity.models.store import Store

#: A preview older than this is made again.
PREVIEW_LASTS = timedelta(minutes=15)


def actor_of(membership: Membership) -> Actor:
    """Return the actor a member is."""
    return Actor(membership.role)


def preview_action(
    *,
    store: Store,
    request: Request,
    order_id: str = "",
    customer_id: str = "",
    actor: Actor,
    by: Membership | None = None,
    reason: str = "",
    conversation_id: UUID | None = None,
    now: datetime | None = None,
) -> MoneyAction:
    """Ask the shop what would happen and the policy whether it may; store both. Nothing moves.

    A refusal, of the policy or the shop, is an answer: the action is stored as refused. Raises
    CommerceError when the shop can't be asked, NotFoundError without an order where one is needed.
    """
    now = now or timezone.now()
    kind = kind_of(request)
    if not order_id and PLANS[kind].subject == Subject.ORDER:
        raise NotFoundError("Say which order this is about.")
    shop = commerce_of(store)
    order = shop.order(order_id) if order_id else None
    customer_id = customer_id or (order.customer_id if order else "")
    verdict, preview = _look(shop, store, request, order, customer_id, actor, by, now)
    action = MoneyAction(
        store=store,
        kind=kind,
        order_id=order_id,
        order_name=order.name if order else "",
        customer_id=customer_id,
        lane=lane_of(store, kind, order_id, customer_id),
        request=request.to_json(),
        preview=preview.to_json(),
        verdict=verdict.to_json(),
        rule=verdict.rule,
        basis=basis_of(order) if order else {},
        actor=actor,
        requested_by=by,
        reason=reason[:500],
        origin_conversation_id=conversation_id,
        value=_value(request, order, preview),
        sentence=verdict.sentence,
        expires_at=now + PREVIEW_LASTS,
    )
    if verdict.decision == Decision.REFUSED:
        action.state, action.settled_at = State.REFUSED, now
    else:
        action.due_at = action.expires_at
    action.save(force_insert=True)
    return action


def lane_of(store: Store, kind: Kind, order_id: str, customer_id: str) -> str:
    """Return the lane: everything about one order, or one customer, goes one after the other."""
    about = order_id if PLANS[kind].subject == Subject.ORDER else customer_id or order_id
    return f"commerce:{store.pk}:{about}"


def confirm(*, action: MoneyAction, by: Membership | None) -> MoneyAction:
    """Let it happen, or ask for approval where the verdict says so. Twice is the same as once.

    ``by`` is None for the assistant and for shoppers. Raises NotConfirmableError,
    PreviewExpiredError.
    """
    action = locked(action.pk)
    if action.confirmed_at is not None:
        return action
    if action.state != State.PREVIEWED:
        raise NotConfirmableError(action.sentence or "This can't be confirmed any more.")
    now = timezone.now()
    if now > action.expires_at:
        raise PreviewExpiredError(
            "This preview is too old. Make it again: prices may have changed."
        )
    if by is not None and by.pk != action.requested_by_id and not by.may(Role.SUPERVISOR):
        raise NotConfirmableError("Somebody else prepared this. Make a preview of your own.")
    changes = {"confirmed_at": now, "confirmed_by": by}
    if action.judged().decision == Decision.NEEDS_APPROVAL:
        return move(
            action,
            State.AWAITING_APPROVAL,
            **changes,
            expires_at=now + APPROVAL_LASTS,
            due_at=now + APPROVAL_LASTS,
        )
    move(action, State.CONFIRMED, **changes, due_at=now)
    transaction.on_commit(lambda: wake_actions(action.lane), robust=True)
    return action


def approve(*, action: MoneyAction, by: Membership, reason: str = "") -> MoneyAction:
    """Let an action go on in the approver's name.

    Raises NotAwaitingError, OwnApprovalError, ApprovalAboveYouError.
    """
    action = _awaiting(action, by)
    request, actor = action.asked(), actor_of(by)
    if not by.may(Role.SUPERVISOR) and Actor(action.actor).is_member:
        raise ApprovalAboveYouError("A supervisor or somebody above has to approve this.")
    order = commerce_of(action.store).order(action.order_id) if action.order_id else None
    verdict, _ = judge_now(
        request=request,
        store=action.store,
        order=order,
        preview=action.shown(),
        actor=actor,
        by=by,
        now=timezone.now(),
        leave_out=action,
    )
    if verdict.decision != Decision.ALLOWED:
        raise ApprovalAboveYouError(verdict.sentence, extra={"rule": verdict.rule})
    now = timezone.now()
    move(
        action,
        State.CONFIRMED,
        approved_by=by,
        approval_reason=reason[:500],
        due_at=now,
        sentence=f"Approved by {by.name}.",
    )
    transaction.on_commit(lambda: wake_actions(action.lane), robust=True)
    return action


def decline(*, action: MoneyAction, by: Membership, reason: str = "") -> MoneyAction:
    """Say no. Raises NotAwaitingError; the requester may take it back themselves."""
    action = _awaiting(action, None)
    own = action.requested_by_id == by.pk
    if not own and not by.may(Role.SUPERVISOR) and Actor(action.actor).is_member:
        raise ApprovalAboveYouError("A supervisor or somebody above has to decide this.")
    why = f": {reason}" if reason else "."
    return move(
        action,
        State.DECLINED,
        approved_by=None if own else by,
        approval_reason=reason[:500],
        sentence=f"{'Taken back' if own else f'Declined by {by.name}'}{why}",
    )


def locked(pk: UUID) -> MoneyAction:
    """Return the row, locked until the transaction ends. Raises NotFoundError."""
    rows = MoneyAction.objects.select_for_update(of=("self",)).select_related("store")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFoundError("There is no such action.")
    return found


def _awaiting(action: MoneyAction, by: Membership | None) -> MoneyAction:
    action = locked(action.pk)
    if action.state != State.AWAITING_APPROVAL:
        raise NotAwaitingError("Nobody waits for an approval here.")
    if by is not None and by.pk in {action.requested_by_id, action.confirmed_by_id}:
        raise OwnApprovalError("Somebody else has to approve what you asked for.")
    return action


def _look(
    shop: Commerce,
    store: Store,
    request: Request,
    order: OrderFacts | None,
    customer_id: str,
    actor: Actor,
    by: Membership | None,
    now: datetime,
) -> tuple[Verdict, Preview]:
    """Return verdict and preview; the shop is not asked about what the policy refuses anyway."""

    def verdict_with(preview: Preview | None) -> Verdict:
        found, _ = judge_now(
            request=request,
            store=store,
            order=order,
            preview=preview,
            actor=actor,
            by=by,
            now=now,
        )
        return found

    first = verdict_with(None)
    if first.decision == Decision.REFUSED:
        return first, Preview()
    try:
        preview = shop.preview(request, order_id=order.id if order else "", customer_id=customer_id)
    except RefusedError as error:
        return refuse("shop.refused", error.message), Preview()
    return verdict_with(preview), preview


def _value(request: Request, order: OrderFacts | None, preview: Preview) -> Decimal | None:
    value = value_of(request, order, preview)
    if value is None:
        return None
    return (order.in_store_currency(value) if order else value).amount
