"""From raw events to messages: the worker's side of the inbound ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction

from channels_app.contract import (
    Account,
    DeliveryReceipt,
    Ignored,
    InboundItem,
    InboundMessage,
    Sender,
    UnsupportedEventError,
)
from channels_app.models import InboundEvent
from channels_app.registry import adapter_for
from channels_app.services import account_of
from helpdesk.foundation.ledger import (
    LeaseLostError,
    RetryPolicy,
    WorkState,
    claims,
    fail,
    finish,
    quarantine,
)
from identity.models import Contact, Membership
from identity.tenancy import scope_of
from inbox.models import Channel, DeliveryState
from inbox.services.delivery import find_delivery, record_outcome
from inbox.services.receiving import Incoming, IncomingFile, receive
from inbox.services.sending import send

logger = structlog.get_logger(__name__)

#: Storing fails when the database is away or two workers collide; it mends itself soon.
RETRIES = RetryPolicy(delays=(1, 5, 30, 120, 600), max_attempts=6)
BATCH = 50


@dataclass(slots=True)
class Desk:
    """What one drain reads once and uses for many events."""

    known: dict[UUID, tuple[Channel, Account]] = field(default_factory=dict)

    def channel(self, event: InboundEvent) -> tuple[Channel, Account]:
        """Return the event's channel and account; runs inside the event's scope."""
        if event.channel_id not in self.known:
            channel = Channel.objects.get(pk=event.channel_id)
            self.known[event.channel_id] = (channel, account_of(channel))
        return self.known[event.channel_id]


def drain() -> int:
    """Work every due event of every workspace. Returns how many were worked."""
    worked = 0
    lease = settings.INBOUND_LEASE_SECONDS
    for batch in claims(InboundEvent, batch=BATCH, lease_seconds=lease):
        desk = Desk()
        for event in batch:
            process(event, desk)
            worked += 1
    return worked


def process(event: InboundEvent, desk: Desk) -> None:
    """Turn one claimed event into messages and finish it, both or neither."""
    try:
        with scope_of(event):
            _process_in_scope(event, desk)
    except LeaseLostError:
        logger.warning("inbound.lease_lost", event_id=str(event.pk))
    except Exception as error:
        logger.exception("inbound.failed", event_id=str(event.pk), source=event.source)
        _plan_another_attempt(event, error)


def _process_in_scope(event: InboundEvent, desk: Desk) -> None:
    if event.attempts > RETRIES.max_attempts:
        # It took a worker down with it again and again: never let it near one by itself.
        quarantine(event, reason="The worker stopped each time it read this event.")
        return
    channel, account = desk.channel(event)
    try:
        items = _parse(event, channel, account)
    except UnsupportedEventError as error:
        finish(event, state=WorkState.IGNORED, reason=str(error))
        return
    except Exception as error:
        logger.warning("inbound.quarantined", event_id=str(event.pk), error=type(error).__name__)
        quarantine(event, reason=f"It could not be read: {type(error).__name__}: {error}"[:500])
        return
    outcome = Outcome()
    for item in items:
        # One bad part must not lose the others; parts are unique, so a replay repeats none.
        with transaction.atomic(savepoint=len(items) > 1):
            _HANDLERS[type(item)](item, event, channel, outcome)
    outcome.settle(event)


def _parse(event: InboundEvent, channel: Channel, account: Account) -> list[InboundItem]:
    variant = event.source.partition("/")[2]
    return adapter_for(channel.kind).parse(bytes(event.body), event.headers, variant, account)


def _plan_another_attempt(event: InboundEvent, error: Exception) -> None:
    reason = f"It could not be stored: {type(error).__name__}: {error}"[:500]
    try:
        with scope_of(event):
            fail(event, reason=reason, policy=RETRIES)
    except (DatabaseError, LeaseLostError):
        # The database is away: the lease ends by itself and the event is worked again.
        logger.warning("inbound.left_to_lease", event_id=str(event.pk))


@dataclass(slots=True)
class Outcome:
    """What the parts of one event came to."""

    message_ids: list[UUID] = field(default_factory=list)
    receipts: int = 0
    ignored: list[str] = field(default_factory=list)

    def settle(self, event: InboundEvent) -> None:
        """Finish the event: done if anything came of it, else ignored with the reasons."""
        if self.message_ids or self.receipts:
            finish(event, message_ids=list(self.message_ids), reason="; ".join(self.ignored)[:500])
        else:
            reason = "; ".join(self.ignored)[:500] or "There was nothing in it for us."
            finish(event, state=WorkState.IGNORED, reason=reason)


def _take_message(
    item: InboundItem, event: InboundEvent, channel: Channel, outcome: Outcome
) -> None:
    assert isinstance(item, InboundMessage)
    if item.ignore_reason:
        outcome.ignored.append(item.ignore_reason)
        return
    agent = _agent_of(item.sender) if channel.kind == "email" else None
    incoming = _incoming(item, event, channel, agent)
    if agent is not None and item.forwarded_from is None:
        _take_agents_mail(incoming, agent, outcome)
        return
    # A channel with sessions of its own knows better where a message belongs.
    take = getattr(adapter_for(channel.kind), "take", receive)
    outcome.message_ids.append(take(incoming).message.pk)


def _agent_of(sender: Sender) -> Membership | None:
    """Return the colleague a proven address belongs to. An unproven one has no agent's rights."""
    if sender.kind != "email" or not sender.verified:
        return None
    found: Membership | None = (
        Membership.objects.select_related("user")
        .filter(user__email__iexact=sender.value, is_active=True)
        .first()
    )
    return found


def _take_agents_mail(incoming: Incoming, agent: Membership, outcome: Outcome) -> None:
    """A colleague's own mail is a private note where it threads; else it is a customer's mail.

    It is never sent on by itself: they wrote to us, not to the customer.
    """
    received = receive(incoming)
    outcome.message_ids.append(received.message.pk)
    if received.created and received.conversation.last_seq > 1:
        send(
            conversation=received.conversation,
            author=agent,
            body_text=f"{agent.name} wrote the message above from their own mailbox. "
            "The customer has not received it.",
            private=True,
        )


def _incoming(
    item: InboundMessage, event: InboundEvent, channel: Channel, agent: Membership | None
) -> Incoming:
    sender = item.sender
    evidence = sender.evidence
    if agent is not None and item.forwarded_from is not None:
        sender = item.forwarded_from
        evidence = f"forwarded by {agent.name}"
    return Incoming(
        channel=channel,
        provider_key=item.dedupe_key[:200],
        provider_id=item.provider_id,
        provider_time=item.provider_time,
        sender_kind=sender.kind,
        sender_value=sender.value,
        sender_name=sender.name,
        sender_verified=sender.verified,
        sender_evidence=evidence,
        text=item.text,
        html=item.html,
        new_text=item.new_text,
        subject=item.subject,
        to=[{"address": one.address, "name": one.name} for one in item.to],
        cc=[{"address": one.address, "name": one.name} for one in item.cc],
        files=[
            IncomingFile(
                name=one.filename,
                content_type=one.content_type,
                content=one.content,
                content_id=one.content_id,
                inline=one.inline,
            )
            for one in item.attachments
        ],
        machine=item.machine,
        spam=item.spam,
        old=event.old,
        first_sight=event.attempts == 1,
        warnings=item.warnings,
        attributes=item.attributes,
        reply_tokens=item.thread.reply_tokens,
        references=[*item.thread.in_reply_to, *item.thread.references],
        subject_number=item.thread.subject_number,
    )


def _take_receipt(
    item: InboundItem, event: InboundEvent, channel: Channel, outcome: Outcome
) -> None:
    assert isinstance(item, DeliveryReceipt)
    delivery = find_delivery(names=item.message_ids, bounce_token=item.bounce_token)
    if delivery is None:
        outcome.ignored.append("A delivery notice for a message we do not know.")
        return
    outcome.receipts += 1
    record_outcome(
        delivery=delivery,
        state=DeliveryState(item.outcome),
        code=item.code,
        text=_in_words(item),
        retryable=not item.permanent,
    )
    if item.complaint:
        _stop_writing_to(delivery.message.conversation.contact)


def _in_words(item: DeliveryReceipt) -> str:
    if item.complaint:
        return "The customer marked this message as spam. Don't write to this address again."
    if item.outcome != "failed":
        return ""
    who = item.recipient or "the customer"
    next_step = (
        "Check the address, or reach them on another channel."
        if item.permanent
        else "Their mailbox may be full for now; try again later."
    )
    return f"The mail to {who} came back. {next_step} ({item.text[:200]})".replace(" ()", "")


def _stop_writing_to(contact: Contact) -> None:
    """Keep the complaint where every agent sees it."""
    note = "Complained of spam: do not send mail."
    if note not in contact.notes:
        contact.notes = f"{contact.notes}\n{note}".strip()
        contact.save(update_fields=["notes", "updated_at"])


def _take_ignored(
    item: InboundItem, event: InboundEvent, channel: Channel, outcome: Outcome
) -> None:
    assert isinstance(item, Ignored)
    outcome.ignored.append(item.reason)


_HANDLERS: dict[type, Callable[[InboundItem, InboundEvent, Channel, Outcome], None]] = {
    InboundMessage: _take_message,
    DeliveryReceipt: _take_receipt,
    Ignored: _take_ignored,
}
