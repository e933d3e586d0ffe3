"""What was done in a shop stands in the conversation it was done for, once for each state."""

from uuid import UUID

from django.db import transaction

from helpdesk.foundation.events import publish
from identity.commerce.models import MoneyAction
from identity.commerce.moving import acknowledge
from identity.commerce.plans import PLANS
from identity.commerce.requests import Kind
from identity.commerce.states import REPORTABLE, State
from identity.models import Membership
from identity.tenancy import require_workspace_id
from inbox.events import ConversationChanged
from inbox.locks import lock_conversation
from inbox.models import Conversation, ConversationEvent
from inbox.realtime.news import publish as tell_screens


def tell_conversation(action_id: UUID) -> bool:
    """Write the line of the action's present state, if nobody has. Returns whether one was written.

    The mark on the action and the line are one transaction: a report that died is made again, and
    never a second time.
    """
    rows = MoneyAction.objects.select_related("requested_by__user", "approved_by__user")
    action = rows.filter(pk=action_id).first()
    if action is None or action.state not in REPORTABLE or not action.must_report:
        return False
    if not acknowledge(action):
        return False
    if action.origin_conversation_id is None:
        return False
    found = Conversation.objects.filter(pk=action.origin_conversation_id).first()
    if found is None:
        return False
    conversation = lock_conversation(found.pk)
    ConversationEvent.objects.create(
        conversation=conversation,
        kind="money_action",
        actor=_who(action),
        after_seq=conversation.last_seq,
        data=_line(action),
    )
    publish(ConversationChanged(workspace_id=action.workspace_id, conversation_id=conversation.pk))
    return True


def tell_action_moved(conversation_id: UUID | None) -> None:
    """Have open screens of the conversation fetch the shop's part again, after the commit."""
    if conversation_id is None:
        return
    news = {"workspace": str(require_workspace_id()), "conversations": [str(conversation_id)]}
    transaction.on_commit(lambda: tell_screens({"shop": news}))


def _who(action: MoneyAction) -> Membership | None:
    """Return whose deed it is: what waits or ends is the requester's, a no is the decider's."""
    if action.state == State.DECLINED:
        return action.approved_by or action.requested_by
    return action.requested_by


def _line(action: MoneyAction) -> dict[str, object]:
    outcome, preview = action.ended(), action.shown()
    moved = outcome.moved if outcome else None
    amount = moved or preview.refund or preview.value
    changes = outcome.changes if outcome and outcome.changes else preview.changes
    return {
        "action": str(action.pk),
        "kind": action.kind,
        "noun": PLANS[Kind(action.kind)].noun,
        "state": action.state,
        "order": action.order_name,
        "sentence": action.sentence,
        "reason": action.reason,
        "rule": action.rule,
        "amount": amount.to_json() if amount else None,
        "changes": [change.to_json() for change in changes],
        "approved_by": action.approved_by.name if action.approved_by else "",
    }
