"""From queued messages to providers: the worker's side of the outbound ledger (P2).

Three steps, each durable before the next: claim and note "the call begins", call the provider with
no transaction open, note what came of it. A worker that dies in the second step leaves a delivery
whose call began and never ended: it becomes "unconfirmed" and is not repeated by itself.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from channels_app.contract import (
    Account,
    DeliveryError,
    Outbound,
    OutboundAttachment,
    Recipient,
    SendResult,
    UnconfirmedDeliveryError,
)
from channels_app.registry import adapter_for
from channels_app.services import account_of, report_trouble
from helpdesk.foundation.lanes import only_one
from helpdesk.foundation.ledger import LeaseLostError, RetryPolicy, WorkState, claims, fail, finish
from identity.tenancy import scope_of
from inbox.models import Attachment, Channel, Delivery, DeliveryState, Direction, Message
from inbox.services.delivery import announce, record_outcome, remember_aliases
from inbox.services.files import read_file
from inbox.services.reply_tokens import make_reply_token
from inbox.services.verification import text_to_send

logger = structlog.get_logger(__name__)

THREADS = 8
BATCH = THREADS
LANE = "outbound"

LEFT_UNCONFIRMED = (
    "The connection ended while the message was being handed over. "
    "It may have arrived: check with the customer before you send it again."
)


def drain() -> int:
    """Send everything that is due in every workspace. Returns how many were worked.

    One process of all sends at a time, with a few threads: a slow mail server then can't keep the
    other processes from taking customers' messages in.
    """
    worked = 0
    with ThreadPoolExecutor(THREADS) as threads:
        while True:
            with only_one(LANE) as alone:
                if not alone:
                    return worked
                before = worked
                worked += sum(len(list(threads.map(_work, batch))) for batch in _batches())
            # Whoever was woken while we held the lane has left again: look once more for them.
            if worked == before:
                return worked


def _batches() -> Iterator[list[Delivery]]:
    return claims(Delivery, batch=BATCH, lease_seconds=settings.OUTBOUND_LEASE_SECONDS)


def _work(delivery: Delivery) -> None:
    try:
        deliver(delivery)
    finally:
        _give_connection_back()


def _give_connection_back() -> None:
    """Nobody holds a database connection while waiting for a provider."""
    if not connection.in_atomic_block:
        connection.close()


def _retries() -> RetryPolicy:
    delays = tuple(settings.OUTBOUND_RETRY_SECONDS)
    return RetryPolicy(delays=delays, max_attempts=len(delays))


def deliver(delivery: Delivery) -> None:
    """Work one claimed delivery to an honest state."""
    try:
        with scope_of(delivery):
            prepared = _begin(delivery)
        if prepared is None:
            return
        outbound, account, channel = prepared
        _give_connection_back()
        try:
            result = adapter_for(channel.kind).send(outbound, account)
        except DeliveryError as error:
            with scope_of(delivery):
                _note_error(delivery, error, channel)
            return
        with scope_of(delivery):
            _note_success(delivery, result)
    except LeaseLostError:
        logger.warning("delivery.lease_lost", delivery_id=str(delivery.pk))
    except Exception:
        # After the call began this becomes "unconfirmed" when the lease ends, never a second copy.
        logger.exception("delivery.broken_off", delivery_id=str(delivery.pk))


def _begin(delivery: Delivery) -> tuple[Outbound, Account, Channel] | None:
    if delivery.call_started_at is not None:
        finish(delivery, state=WorkState.DONE)
        record_outcome(
            delivery=delivery,
            state=DeliveryState.UNCONFIRMED,
            code="unconfirmed",
            text=LEFT_UNCONFIRMED,
            retryable=True,
        )
        return None
    channel = Channel.objects.get(pk=delivery.channel_id)
    account = account_of(channel)
    try:
        outbound = _outbound(delivery, channel)
    except OSError:
        _give_up(
            delivery,
            code="file_missing",
            text="A file of this message can't be read from the disk. Attach it again and resend.",
            retryable=False,
        )
        return None
    delivery.call_started_at = timezone.now()
    delivery.state = DeliveryState.SENDING
    delivery.save(update_fields=["call_started_at", "state", "updated_at"])
    announce(delivery)
    return outbound, account, channel


def _note_success(delivery: Delivery, result: SendResult) -> None:
    finish(delivery)
    if result.aliases:
        remember_aliases(message_id=delivery.message_id, names=result.aliases)
    record_outcome(
        delivery=delivery,
        state=DeliveryState(result.outcome),
        code="partly_refused" if result.refused else "",
        text=" ".join(f"{one.recipient} did not get this: {one.text}" for one in result.refused),
        provider_id=result.provider_id,
    )


def _note_error(delivery: Delivery, error: DeliveryError, channel: Channel) -> None:
    logger.info(
        "delivery.refused",
        delivery_id=str(delivery.pk),
        code=error.code,
        permanent=error.permanent,
    )
    if error.code.startswith("account."):
        report_trouble(channel_id=channel.pk, text=str(error))
    if isinstance(error, UnconfirmedDeliveryError):
        finish(delivery)
        record_outcome(
            delivery=delivery,
            state=DeliveryState.UNCONFIRMED,
            code=error.code,
            text=str(error),
            retryable=True,
        )
    elif error.permanent:
        _give_up(
            delivery, code=error.code, text=str(error), retryable=error.code.startswith("account.")
        )
    elif fail(delivery, reason=str(error), policy=_retries(), after=_pause(error)):
        # The call is known not to have happened: waiting again is the truth.
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.QUEUED,
            call_started_at=None,
            error_code=error.code[:60],
            error_text=str(error),
            error_retryable=True,
        )
        delivery.refresh_from_db()
        announce(delivery)
    else:
        record_outcome(
            delivery=delivery,
            state=DeliveryState.FAILED,
            code=error.code,
            text=str(error),
            retryable=True,
        )


def _pause(error: DeliveryError) -> float | None:
    """Return the wait the provider asked for, within reason, or None for our own back-off."""
    if error.retry_after is None:
        return None
    longest: float = settings.OUTBOUND_LONGEST_PAUSE_SECONDS
    return min(error.retry_after, longest)


def _give_up(delivery: Delivery, *, code: str, text: str, retryable: bool) -> None:
    finish(delivery, reason=text)
    record_outcome(
        delivery=delivery, state=DeliveryState.FAILED, code=code, text=text, retryable=retryable
    )


def _outbound(delivery: Delivery, channel: Channel) -> Outbound:
    message = Message.objects.select_related("conversation", "author__user").get(
        pk=delivery.message_id
    )
    outbound = Outbound(
        delivery_id=str(delivery.pk),
        conversation_id=str(message.conversation_id),
        message_id=message.provider_id,
        to=_recipients(message.to),
        cc=_recipients(message.cc),
        bcc=_recipients(message.bcc),
        text=text_to_send(message),
        subject=message.subject,
        author_name=message.author_name,
        automatic=message.author_kind != "agent",
        bounce_token=delivery.bounce_token,
        attachments=tuple(
            OutboundAttachment(
                filename=one.name,
                content_type=one.content_type,
                content=read_file(one),
                content_id=one.content_id if one.inline else "",
            )
            for one in Attachment.objects.filter(message=message)
        ),
    )
    return _threaded(outbound, message) if channel.kind == "email" else outbound


def _threaded(outbound: Outbound, message: Message) -> Outbound:
    """Give a mail what makes it thread: subject, references and the signed reply address."""
    conversation = message.conversation
    earlier = list(
        Message.objects.filter(
            conversation=conversation, seq__lt=message.seq, channel__kind="email"
        )
        .exclude(provider_id="")
        .order_by("seq")
        .values_list("provider_id", "direction", "subject")
    )
    last_in = next((name for name, way, _ in reversed(earlier) if way == Direction.IN), "")
    # What the mails are called, not what we call the conversation: mailboxes thread by it too.
    base = next((title for _, _, title in reversed(earlier) if title), conversation.subject)
    subject = outbound.subject or _answering(base or "Your message")
    return replace(
        outbound,
        subject=subject,
        in_reply_to=last_in or (earlier[-1][0] if earlier else ""),
        references=tuple(name for name, _, _ in earlier),
        reply_token=make_reply_token(conversation.pk),
    )


def _answering(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _recipients(rows: list[dict[str, str]]) -> tuple[Recipient, ...]:
    return tuple(Recipient(address=one["address"], name=one.get("name", "")) for one in rows)
