"""Sending one-time codes and taking them when the customer types them (ID-2).

The mail's text is kept without the digits: they are put in when it leaves, so that neither the thread,
the search index nor a backup holds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from helpdesk.foundation.events import publish
from identity.models import (
    ContactPoint,
    CustomerLink,
    Membership,
    OneTimeCode,
    PointKind,
    StoreOrder,
    Workspace,
)
from identity.services.codes import (
    Entered,
    Outcome,
    digits_of,
    enter_code,
    issue_code,
    open_code,
)
from identity.services.resolution import survivor_of
from identity.tenancy import require_workspace_id
from inbox.errors import CannotSendError
from inbox.events import ConversationChanged
from inbox.locks import lock_conversation
from inbox.models import (
    AuthorKind,
    Channel,
    ChannelKind,
    Conversation,
    ConversationEvent,
    Message,
)
from inbox.services.digits import typed_digits
from inbox.services.orders_spoken import judge_orders, keys_spoken_of
from inbox.services.sending import send
from inbox.services.showing import speaker_in, speaker_of

logger = structlog.get_logger(__name__)

#: What stands in the kept text where the digits were.
HIDDEN = "••••••"
#: Channel kinds that can carry a code to an address of this kind. SMS joins with its channel.
CARRIERS: dict[str, tuple[str, ...]] = {
    PointKind.EMAIL: (ChannelKind.EMAIL,),
    PointKind.PHONE: (ChannelKind.SMS,),
}


@dataclass(frozen=True, slots=True)
class Target:
    """An address a code may go to, and why it is one."""

    kind: str
    value: str
    because: str


def targets_of(conversation: Conversation) -> list[Target]:
    """Return where a code would prove something: orders' addresses first, then claimed ones."""
    found: dict[tuple[str, str], Target] = {}

    def add(kind: str, value: str, because: str) -> None:
        if value and _carrier(kind) is not None:
            found.setdefault((kind, value), Target(kind, value, because))

    orders = StoreOrder.objects.filter(
        name_key__in=keys_spoken_of(conversation), deleted_at__isnull=True
    )
    for order in orders.order_by("-placed_at")[:5]:
        add(PointKind.EMAIL, order.email, f"placed {order.name}")
        add(PointKind.PHONE, order.phone, f"placed {order.name}")
    contact = survivor_of(conversation.contact)
    links = CustomerLink.objects.filter(
        contact=contact, undone_at=None, customer__deleted_at=None
    ).select_related("customer")
    for link in links.order_by("-verified", "pk")[:5]:
        add(PointKind.EMAIL, link.customer.email, f"is {link.customer}'s")
        add(PointKind.PHONE, link.customer.phone, f"is {link.customer}'s")
    points = ContactPoint.objects.filter(contact=contact, kind__in=list(CARRIERS))
    for point in points.order_by("-verified", "-pk"):
        add(point.kind, point.value, point.evidence or "said by the customer")
    return list(found.values())


def send_code(*, conversation: Conversation, by: Membership | None, to: str = "") -> Message:
    """Send a code to one of ``targets_of`` and ask the customer to type it where they write.

    ``to`` chooses the address; without it the best one. Raises CannotSendError, TooManyCodesError.
    """
    conversation = lock_conversation(conversation.pk)
    speaker = speaker_in(conversation)
    if speaker is None:
        raise CannotSendError("The customer has to write first.", code="nobody_to_verify")
    target = _chosen(targets_of(conversation), to)
    channel = _carrier(target.kind)
    assert channel is not None
    code = issue_code(
        contact=survivor_of(conversation.contact),
        kind=target.kind,
        value=target.value,
        through=speaker,
        conversation_id=conversation.pk,
        by=by,
    )
    message = _quietly(
        conversation,
        channel=channel,
        to=[target.value],
        cc=[],
        subject=f"Your code for {_shop()}",
        body_text=_MAIL.format(code=HIDDEN, shop=_shop()),
        attributes={"one_time_code": str(code.pk)},
    )
    if (speaker.kind, speaker.value) != (target.kind, target.value):
        ask = _ASK.format(where=masked(target.value))
        _quietly(conversation, channel=conversation.last_channel, body_text=ask)
    _note(conversation, "code_sent", by, {"to": masked(target.value)})
    return message


def text_to_send(message: Message) -> str:
    """Return a message's text as its channel carries it: with the digits, while the code is good."""
    code_id = message.attributes.get("one_time_code")
    if not code_id:
        return message.body_text
    code = OneTimeCode.objects.filter(pk=code_id, closed_at=None).first()
    digits = digits_of(code.pk) if code is not None else "(no longer valid)"
    return message.body_text.replace(HIDDEN, digits)


def take_code(message: Message) -> Entered | None:
    """See whether a customer's message is the code we wait for; answer them. None if it is not one."""
    digits = typed_digits(message.new_text or message.body_text)
    speaker = speaker_of(message) if digits else None
    if speaker is None or open_code(speaker) is None:
        return None
    conversation = lock_conversation(message.conversation_id)
    entered = enter_code(through=speaker, digits=digits)
    if entered.outcome is Outcome.NONE or entered.code is None:
        return None
    answer = _ANSWERS[entered.outcome].format(left=entered.left)
    if entered.outcome is Outcome.RIGHT:
        conversation = lock_conversation(conversation.pk)  # it may be another contact's now
        judge_orders(conversation)
        facts = {"address": masked(entered.code.value), "how": "a one-time code was entered"}
        _note(conversation, "verified", None, facts)
    _quietly(conversation, channel=message.channel, body_text=answer)
    logger.info("code.entered", outcome=str(entered.outcome), code_id=str(entered.code.pk))
    return entered


def masked(value: str) -> str:
    """Return an address as somebody may see it who has not proven that it is theirs."""
    local, at, domain = value.partition("@")
    if not at:
        return f"…{value[-2:]}"
    host, dot, rest = domain.rpartition(".")
    return f"{local[:1]}…@{host[:1]}…{dot}{rest}"


def _chosen(targets: Sequence[Target], to: str) -> Target:
    if to:
        targets = [one for one in targets if one.value == to.strip().lower()]
    if not targets:
        raise CannotSendError(
            "There is no address that a code could prove: link a customer, or ask for the e-mail "
            "address or the order number first.",
            code="no_address",
        )
    return targets[0]


def _carrier(kind: str) -> Channel | None:
    """Return the channel that reaches an address of this kind; None while there is none."""
    found: Channel | None = Channel.objects.filter(
        kind__in=CARRIERS.get(kind, ()), is_active=True
    ).first()
    return found


def _quietly(conversation: Conversation, **message: Any) -> Message:
    """Send something that is no answer to the customer's question: the list row stays as it is."""
    conversation = lock_conversation(conversation.pk)
    shown = {
        name: getattr(conversation, name)
        for name in ("status", "snoozed_until", "waiting_since", "last_direction", "preview")
    }
    sent = send(conversation=conversation, author=None, author_kind=AuthorKind.SYSTEM, **message)
    Conversation.objects.filter(pk=conversation.pk).update(**shown)
    return sent


def _note(
    conversation: Conversation, kind: str, by: Membership | None, data: dict[str, str]
) -> None:
    last = Conversation.objects.values_list("last_seq", flat=True).get(pk=conversation.pk)
    ConversationEvent.objects.create(
        conversation=conversation, kind=kind, actor=by, after_seq=last, data=data
    )
    publish(
        ConversationChanged(workspace_id=require_workspace_id(), conversation_id=conversation.pk)
    )


def _shop() -> str:
    return Workspace.objects.values_list("name", flat=True).get(pk=require_workspace_id())


_MAIL = (
    "Hello,\n\nyour code is {code}\n\nType it where you are talking with {shop}, or answer this mail "
    "if that is where you wrote. It is good for ten minutes.\n\nYou did not ask for it? Then "
    "somebody typed your address or order number. Nothing was shown to them: do nothing, and tell "
    "nobody the code.\n\n{shop}"
)
_ASK = (
    "To show you this order we have to know that it is yours. We sent a code of six digits to "
    "{where}. Please type it here."
)
_ANSWERS = {
    Outcome.RIGHT: "Thank you, that is the right code.",
    Outcome.WRONG: "That is not the code we sent. Please check it; you can try {left} more times.",
    Outcome.SPENT: "This code does not work any more. Ask us for a new one.",
}
